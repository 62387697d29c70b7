"""What a person may read: all of it, or the rows of the one partner they are there for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from typing import Any

import polars as pl

from toolkit.frames.registers import REGISTERS
from toolkit.personal import masked
from toolkit.rules.amendments import AgreementVersion, Covered
from toolkit.rules.obligations import Obligation
from toolkit.rules.schools import members_by_any_code
from toolkit.rules.succession import Heirs, members_on
from toolkit.semester import Semester
from toolkit.services.agreements import AgreementOn, semester_of
from toolkit.services.inputs import Inputs
from toolkit.services.owners import Owners, owners
from toolkit.services.people import Person
from toolkit.store.tables import STORED

PARTNER = "partner"
"""The role that sees the rows of its partner alone; who has another beside it sees all."""
OPEN = ("semesters", "laws", "steps")
"""Tables in which nothing is any partner's."""
Rule = tuple[Sequence[str], Callable[..., bool]]
"""Columns of a table, and whether the row with their values is the person's."""


class Visible:
    """What of the store a person may read on a day.

    A partner's rows are its own and those of predecessors that it has taken over by the
    day; what a split leaves open is nobody's. Somebody without a role sees nothing.
    """

    def __init__(self, person: Person, inputs: Inputs, day: date) -> None:
        self.person = person
        self.everything = bool(person.roles - {PARTNER})
        self._code = person.code if person.roles else ""
        self._partner = person.partner if PARTNER in person.roles else ""
        self._inputs, self._day = inputs, day
        self.owners = cache(self._owners_of)

    def owns(self, partner: str | None, institution: str = "") -> bool:
        """Whether what a partner has, or has at an institution, is the person's to see."""
        if self.everything:
            return True
        if not self._partner or not partner:
            return False
        members = self._members.get(institution, frozenset())
        return self._partner in (partner, self._heirs.heir(partner, members))

    def register(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of a table that the person may read; nobody reads passwords."""
        if table == "passwords":
            return frame.clear()
        if self.everything or (table in OPEN and self._code):
            return frame
        return frame.clear() if table in OPEN else kept(frame, *self._rules[table])

    def agreements(self, found: Iterable[AgreementOn]) -> list[AgreementOn]:
        """The agreements the person may read, each with the institutions they may."""
        if self.everything:
            return list(found)
        return [self._agreement(own) for own in found if own.version.agreement in self._agreements]

    def due(self, found: Iterable[tuple[Obligation, str]]) -> list[tuple[Obligation, str]]:
        """The obligations of the agreements the person may read, with the institutions they may."""
        if self.everything:
            return list(found)
        return [
            (self._obligation(own), state) for own, state in found
            if own.agreement in self._agreements
        ]  # fmt: skip

    @cached_property
    def subjects(self) -> frozenset[str] | None:
        """The subjects of the journal that are the person's alone; None when they see all."""
        if self.everything:
            return None
        found = {self._code}
        for table, frame in self._inputs.frames.items():
            if table in REGISTERS and table not in OPEN:
                keys = self.register(table, frame).select(STORED[table].key).iter_rows()
                named = {" · ".join(map(str, key)) for key in keys}
                found |= {f"{table}: {name}" for name in named}
                # these two are entered by an action whose subject is their number alone
                found |= named if table in ("agreements", "amendments") else set()
        return frozenset(masked(subject) for subject in found if subject)

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        by_partner: Rule = (["partner"], self.owns)
        by_agreement: Rule = (["agreement"], lambda code: code in self._agreements)
        counted: Rule = (["semester", "institution", "grade"], self.counted)
        none: Rule = ([], _never)
        return {
            "partners": by_partner, "unspent": by_partner, "quotas": by_partner,
            "note_lines": by_partner,
            "memberships": (["partner", "institution"], self.owns),
            "agreements": by_agreement, "amendments": by_agreement,
            "strategic_partners": by_agreement,
            "coverage": (["agreement", "institution"], self._covers),
            "institutions": (["institution"], lambda code: code in self.institutions),
            "counts": counted, "plans": counted,
            "measures": (["plan"], lambda plan: plan in self._plans),
            "successions": (["predecessor", "successor"], self._passes),
            "people": (["person"], lambda code: code == self._code != ""),
            # all partners' figures stand in one text: these are narrowed as values
            "runs": none, "notes": none,
        }  # fmt: skip

    def counted(self, semester: str, institution: str, grade: int | None) -> bool:
        """Whether counts of an institution are the person's to see: of all that may have them."""
        if self.everything:
            return True
        found = self.owners(semester)(institution, grade)
        return bool(found) and all(self.owns(partner, institution) for partner in found)

    @cached_property
    def institutions(self) -> frozenset[str]:
        """The institutions that any row of the person's names, and those theirs on the day."""
        tables = ("memberships", "coverage", "counts", "plans")
        named = {
            code
            for table in tables
            for code in self.register(table, self._inputs.frames[table])["institution"]
        }
        members = self._members.items()
        return frozenset(
            named | {code for code, own in members if any(self.owns(p, code) for p in own)}
        )

    @cached_property
    def _heirs(self) -> Heirs:
        return Heirs(self._inputs.successions[0], self._day)

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        members = members_on(self._inputs.frames["memberships"], self._day)
        return members_by_any_code(members, Heirs(self._inputs.successions[1], self._day))

    @cached_property
    def _parties(self) -> Mapping[str, str]:
        rows = self._inputs.agreements_on(self._day).select("agreement", "partner")
        return dict(rows.iter_rows())

    @cached_property
    def _agreements(self) -> frozenset[str]:
        covered: dict[str, list[str]] = {}
        for agreement, institution in self._inputs.coverage.select(
            "agreement", "institution"
        ).iter_rows():
            covered.setdefault(agreement, []).append(institution)
        return frozenset(
            agreement
            for agreement, party in self._parties.items()
            if any(self.owns(party, institution) for institution in covered.get(agreement, [""]))
        )

    @cached_property
    def _plans(self) -> frozenset[str]:
        return frozenset(self.register("plans", self._inputs.frames["plans"])["plan"])

    def _covers(self, agreement: str, institution: str) -> bool:
        return self.owns(self._parties.get(agreement), institution)

    def _passes(self, predecessor: str, successor: str) -> bool:
        codes = (predecessor, successor)
        return any(self.owns(code) or code in self.institutions for code in codes)

    def _owners_of(self, semester: str) -> Owners:
        if semester not in self._inputs.known_semesters:
            return lambda *_: ()
        return owners(self._inputs, self._inputs.calendar(Semester.parse(semester)))

    def _obligation(self, own: Obligation) -> Obligation:
        mine = (one for one in own.institutions if self._covers(own.agreement, one.institution))
        return replace(own, institutions=tuple(mine))

    def _agreement(self, own: AgreementOn) -> AgreementOn:
        """One agreement without what co-heirs of a split party have in it."""
        version = self._version(own.version)
        semester = semester_of(self._inputs, self._day)
        institutions = {c.institution for c in version.coverage if c.covers(semester)}
        known = tuple(map(self._version, own.known))
        return replace(own, known=known, version=version, institutions=len(institutions))

    def _version(self, whole: AgreementVersion) -> AgreementVersion:
        def mine(coverage: Iterable[Covered]) -> tuple[Covered, ...]:
            return tuple(c for c in coverage if self._covers(whole.agreement, c.institution))

        amendment = whole.amendment and replace(
            whole.amendment, coverage=mine(whole.amendment.coverage)
        )
        return replace(whole, coverage=mine(whole.coverage), amendment=amendment)


def kept(frame: pl.DataFrame, columns: Sequence[str], fits: Callable[..., bool]) -> pl.DataFrame:
    """The rows whose values in the columns fit, in their order; without columns none does."""
    if not columns:
        return frame.clear()
    values = frame.select(columns).unique(maintain_order=True)
    fit = pl.Series([fits(*row) for row in values.iter_rows()], dtype=pl.Boolean)
    return frame.join(
        values.filter(fit), on=columns, how="semi", nulls_equal=True, maintain_order="left"
    )


def _never(*_: Any) -> bool:
    return False
