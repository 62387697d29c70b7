"""The agreement that is open on the page: its terms on the day, its versions, what it covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.errors import UsageError
from toolkit.pages.agreements_rows import TONES
from toolkit.services import annexes
from toolkit.services.agreements import AgreementOn, strategic_partners
from toolkit.services.agreements_shown import Register
from toolkit.services.agreements_withdrawing import Taken
from toolkit.services.amending import KINDS
from toolkit.services.annexes import Annex
from toolkit.services.inputs import Inputs
from toolkit.services.plans import measure_names


class One:
    """One agreement; `amending` and `withdrawing` say which of its forms is open."""

    kinds = KINDS

    def __init__(self, inputs: Inputs, register: Register, number: str, lang: str) -> None:
        self.number, self._lang = number, lang
        self.on: AgreementOn = register.one(number)
        self.last = self.on.known[-1]
        self.party = register.partners.get(self.on.version.partner, self.on.version.partner)
        self.partner = register.partner_names(self.on)
        self.measures = measure_names(lang)
        self.names: Mapping[str, str] = {
            **register.partners, **register.institutions, **self.measures,
        }  # fmt: skip
        self.strategic = strategic_partners(inputs, number).to_dicts()
        self.annexes: list[Annex] = list(annexes.annexes(self.on))
        self.semesters = [code for code in inputs.known_semesters if self._covered_in(code)]
        self.semester = ""
        self.amending = False
        self.withdrawing: Taken | None = None

    @property
    def form(self) -> str:
        """The name of its form, so that each agreement has a draft of its own."""
        return f"amend {self.number}"

    def address(self) -> Mapping[str, str]:
        """Which of its forms is open, so that a reload opens it again."""
        if self.amending:
            return {"form": "amend"}
        return {"form": "withdraw", "of": self.withdrawing.amendment} if self.withdrawing else {}

    def resume(self, asked: Mapping[str, str]) -> None:
        """Open the form that an address names."""
        form = asked.get("form", "")
        self.amending = form == "amend"
        self.withdrawing = self.taken(asked.get("of", "")) if form == "withdraw" else None

    @property
    def withdrawal(self) -> str:
        """The name of the form that takes back what is chosen."""
        return f"withdraw {self.withdrawing.subject}" if self.withdrawing else ""

    def taken(self, amendment: str) -> Taken:
        """What is to be taken back: an amendment, or all of it without one."""
        if amendment not in ("", *(annex.amendment.number for annex in self.annexes)):
            raise UsageError("error.record.none", record=f"{self.number} · {amendment}")
        return Taken(self.number, self.on.known, amendment)

    @property
    def next_number(self) -> str:
        """The number after the last amendment's, where that is one."""
        numbers = [annex.amendment.number for annex in self.annexes]
        whole = [int(number) for number in numbers if number.isdecimal()]
        return str(max(whole, default=0) + 1) if len(whole) == len(numbers) else ""

    @property
    def coverage(self) -> list[Any]:
        """What the version of the day covers, in the semester chosen or in any."""
        covered = self.on.version.coverage
        return [one for one in covered if not self.semester or one.covers(self.semester)]

    def grades(self, known: tuple[int, ...]) -> str:
        """Grades in words."""
        return annexes.grades(known, self._lang)

    @property
    def tone(self) -> str:
        """The class of its status."""
        tone = TONES[self.on.status]
        return f" {tone}" if tone else ""

    def field(self, change: Any) -> str:
        """What of it an amendment has changed."""
        return annexes.field(change, self._lang)

    def value(self, name: str, found: object) -> str:
        """A term in words."""
        return annexes.value(name, found, self._lang, self.names)

    def _covered_in(self, semester: str) -> bool:
        return any(covered.covers(semester) for covered in self.on.version.coverage)
