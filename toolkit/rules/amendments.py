"""An agreement's versions: as signed, and whole again after each amendment.

The registers hold some hundred rows; versions are values, so that they can be compared
and printed. What an amendment of a kind may change is a table, not code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

Reason = Literal["not_allowed", "changes_nothing", "after_end"]
Status = Literal["not_signed", "signed", "in_force", "ended", "terminated"]

MAY_CHANGE: Mapping[str, frozenset[str]] = {
    "term": frozenset({"ends_on"}),
    "termination": frozenset({"ends_on"}),
    "institutions": frozenset({"coverage"}),
    "measures": frozenset({"measures"}),
    "money": frozenset({"amount_cents"}),
    "party": frozenset({"partner"}),
}
"""Kind of amendment, and the fields it may change."""
TERMS = ("partner", "valid_from", "ends_on", "measures", "amount_cents", "coverage")


@dataclass(frozen=True, slots=True, order=True)
class Covered:
    """An institution in an agreement: which semesters and grades, and when support starts there."""

    institution: str
    from_semester: str
    to_semester: str = ""
    grades: tuple[int, ...] = ()
    """Empty: all of the target group."""
    starts_on: date | None = None

    def covers(self, semester: str) -> bool:
        """Whether the institution is in the agreement in the semester."""
        return self.from_semester <= semester <= (self.to_semester or semester)


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment, its value read: a day, codes, cents or a partner, by its kind."""

    number: str
    kind: str
    signed_on: date
    effective_on: date
    value: Any = None
    coverage: tuple[Covered, ...] = ()
    note: str = ""

    @property
    def order(self) -> tuple[date, int, str]:
        """Amendments apply by effective day, then number."""
        known = self.number.isdecimal()
        return self.effective_on, int(self.number) if known else 10**9, self.number


@dataclass(frozen=True, slots=True)
class AgreementVersion:
    """The whole agreement as it reads after an amendment; `number` 0 is as signed."""

    agreement: str
    number: int
    partner: str
    signed_on: date
    valid_from: date
    ends_on: date | None
    measures: tuple[str, ...] = ()
    amount_cents: int | None = None
    coverage: tuple[Covered, ...] = ()
    amendment: Amendment | None = None

    @property
    def in_force_from(self) -> date:
        """The day this version takes effect."""
        return self.amendment.effective_on if self.amendment else self.valid_from


@dataclass(frozen=True, slots=True)
class Change:
    """A field that two versions have differently; of coverage one institution."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an amendment may not be: a rule, and the field or value it is about."""

    rule: Reason
    about: str = ""


def versions(
    signed: AgreementVersion, amendments: Iterable[Amendment]
) -> tuple[AgreementVersion, ...]:
    """Every version of an agreement in its order. Source: design §5, table amendments."""
    found = [signed]
    for number, amendment in enumerate(sorted(amendments, key=lambda a: a.order), 1):
        found.append(replace(amended(found[-1], amendment), number=number, amendment=amendment))
    return tuple(found)


def amended(before: AgreementVersion, amendment: Amendment) -> AgreementVersion:
    """The agreement after an amendment, whether that may be or not.

    `termination` only ever brings the end forward; other kinds put a new value in place.
    """
    value: dict[str, Any] = {}
    if amendment.kind == "term" and amendment.value:
        value["ends_on"] = amendment.value
    elif amendment.kind == "termination" and amendment.value:
        value["ends_on"] = min(amendment.value, before.ends_on or amendment.value)
    elif amendment.kind == "party" and amendment.value:
        value["partner"] = amendment.value
    elif amendment.kind == "measures" and amendment.value is not None:
        value["measures"] = amendment.value
    elif amendment.kind == "money" and amendment.value is not None:
        value["amount_cents"] = amendment.value
    if amendment.coverage:
        new = {(c.institution, c.from_semester) for c in amendment.coverage}
        kept = (c for c in before.coverage if (c.institution, c.from_semester) not in new)
        value["coverage"] = tuple(sorted((*kept, *amendment.coverage), key=_place))
    return replace(before, **value)


def _place(covered: Covered) -> tuple[str, str]:
    return covered.institution, covered.from_semester


def refusals(before: AgreementVersion, after: AgreementVersion, kind: str) -> list[Refusal]:
    """Every reason why an amendment of the kind may not make `after` of `before`."""
    changed = changed_fields(before, after)
    found = [
        Refusal("not_allowed", name)
        for name in TERMS
        if name in changed and name not in MAY_CHANGE.get(kind, frozenset())
    ]
    if not changed:
        found.append(Refusal("changes_nothing"))
    made = after.amendment
    if made and before.ends_on and made.effective_on > before.ends_on:
        found.append(Refusal("after_end", "ends_on"))
    return found


def changed_fields(before: AgreementVersion, after: AgreementVersion) -> frozenset[str]:
    """The terms that are not the same in both."""
    return frozenset(n for n in TERMS if getattr(before, n) != getattr(after, n))


def difference(before: AgreementVersion, after: AgreementVersion) -> Iterator[Change]:
    """What an annex prints: each changed term, of the coverage each changed institution."""
    for name in (f.name for f in fields(AgreementVersion) if f.name in TERMS):
        if name != "coverage" and name in changed_fields(before, after):
            yield Change(name, getattr(before, name), getattr(after, name))
    was = {_place(c): c for c in before.coverage}
    now = {_place(c): c for c in after.coverage}
    for place in sorted(was.keys() | now.keys()):
        if was.get(place) != now.get(place):
            yield Change("coverage", was.get(place), now.get(place))


def version_on(known: Sequence[AgreementVersion], day: date) -> AgreementVersion:
    """The version in force on a day; before the first amendment, the agreement as signed."""
    begun = [v for v in known if v.amendment is not None and v.in_force_from <= day]
    return begun[-1] if begun else known[0]


def status_on(known: Sequence[AgreementVersion], day: date) -> Status:
    """Where an agreement stands on a day: three dates of its own, and how it ended."""
    version = version_on(known, day)
    if day < version.signed_on:
        return "not_signed"
    if day < version.valid_from:
        return "signed"
    if version.ends_on is None or day <= version.ends_on:
        return "in_force"
    begun = known[: version.number + 1]
    ended_by = [v for v in begun[1:] if v.ends_on != begun[v.number - 1].ends_on]
    last = ended_by[-1].amendment if ended_by else None
    return "terminated" if last is not None and last.kind == "termination" else "ended"
