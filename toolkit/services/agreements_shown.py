"""The register of agreements as a page shows it: a day, the names of all concerned, a search."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from toolkit.errors import UsageError
from toolkit.intake.cells import read_day
from toolkit.services.agreements import AgreementOn, agreements_on
from toolkit.services.inputs import Inputs
from toolkit.services.visible import Visible

STATUSES = ("not_signed", "signed", "in_force", "ended", "terminated")
UNDECIDED = "?"
"""Stands for the partner of the day where a split leaves it open."""


@dataclass(frozen=True)
class Register:
    """Every agreement as it stands on a day, and what the codes in it are called."""

    day: date
    agreements: tuple[AgreementOn, ...]
    partners: Mapping[str, str]
    institutions: Mapping[str, str]

    def one(self, number: str) -> AgreementOn:
        """An agreement by its number. Raises UsageError when there is none."""
        for found in self.agreements:
            if found.version.agreement == number:
                return found
        raise UsageError("error.agreement.none", agreement=number)

    def found(self, query: str, status: str = "") -> Iterator[AgreementOn]:
        """The agreements that hold every word asked for, of one status or of any."""
        words = folded(query).split()
        for own, told in zip(self.agreements, self._told, strict=True):
            if status in ("", own.status) and all(word in told for word in words):
                yield own

    def partner_names(self, own: AgreementOn) -> str:
        """The partners of the day, several after a split."""
        codes = own.partner.split(", ")
        return ", ".join(self.partners.get(code, code) for code in codes)

    @cached_property
    def _told(self) -> list[str]:
        """What can be searched: numbers, codes and names of parties, partners, institutions."""
        return [folded(" ".join(self._words(own))) for own in self.agreements]

    def _words(self, own: AgreementOn) -> Iterator[str]:
        version = own.version
        yield version.agreement
        for code in (version.partner, *own.partner.split(", ")):
            yield from (code, self.partners.get(code, ""))
        for covered in version.coverage:
            yield from (covered.institution, self.institutions.get(covered.institution, ""))


def register_on(inputs: Inputs, visible: Visible, day: date) -> Register:
    """The register on a day, as far as somebody may see it."""
    own = visible.agreements(agreements_on(inputs, day))
    names = (_names(inputs, visible, sort) for sort in ("partner", "institution"))
    return Register(day, tuple(own), *names)


def succession_days(inputs: Inputs) -> list[date]:
    """The days on which successions take effect, the latest first."""
    return sorted({row.effective_on for rows in inputs.successions for row in rows}, reverse=True)


def day_of(written: str, field: str = "") -> date:
    """A day as people write it in a field. Raises UsageError for a text that is none."""
    found = read_day(written)
    if found is None:
        raise UsageError("error.day", text=written).placed(field)
    return found


def folded(text: str) -> str:
    """A text as it is searched: without case and diacritics."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _names(inputs: Inputs, visible: Visible, sort: str) -> dict[str, str]:
    table = f"{sort}s"
    return dict(visible.register(table, inputs.frames[table]).select(sort, "name").iter_rows())
