"""What is due: derived from the calendar and the agreements each time, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from toolkit.semester import Calendar

State = Literal["later", "due", "overdue", "closed"]


@dataclass(frozen=True, slots=True)
class DueTerms:
    """How many days the law gives for each obligation."""

    counts_days: int
    settlement_days: int
    renewal_days: int


@dataclass(frozen=True, slots=True, order=True)
class Obligation:
    """Something that has to be done by a day; `closed_on` when it was."""

    due_on: date
    kind: Literal["counts", "settlement", "renewal"]
    agreement: str
    partner: str
    semester: str = ""
    closed_on: date | None = None

    def state(self, day: date, within: int) -> State:
        """Where it stands on a day: closed for ever, overdue after its day, due shortly before."""
        if self.closed_on is not None and self.closed_on <= day:
            return "closed"
        if day > self.due_on:
            return "overdue"
        return "due" if self.due_on - day <= timedelta(days=within) else "later"


@dataclass(frozen=True, slots=True)
class Bound:
    """An agreement as obligations see it: when it is valid, and the semesters it covers."""

    agreement: str
    partner: str
    valid_from: date
    ends_on: date | None
    semesters: frozenset[str]


TermsOn = Callable[[date], DueTerms]
"""The deadlines of a day: an obligation keeps those of the day it arose on."""
Closures = Mapping[tuple[str, str, str], date]
"""When an obligation was met: kind, agreement, semester."""


def obligations(
    agreements: Iterable[Bound],
    calendars: Iterable[Calendar],
    terms_on: TermsOn,
    closures: Closures,
) -> list[Obligation]:
    """Everything that agreements ask for, each once, in the order of its day.

    For a semester that an agreement covers and is valid in: counts within some days of its
    first day, the settlement within some days of its last. For an agreement with an end:
    a decision on its renewal some days before it; with the end the question is closed.
    Source: parameters `due.*`, assumed.
    """
    semesters = list(calendars)
    found = [
        obligation
        for agreement in agreements
        for obligation in (
            *_of_semesters(agreement, semesters, terms_on),
            *_renewal(agreement, terms_on),
        )
    ]
    met = [_closed(obligation, closures) for obligation in found]
    return sorted(met, key=lambda o: (o.due_on, o.kind, o.agreement, o.semester))


def _of_semesters(
    agreement: Bound, semesters: Iterable[Calendar], terms_on: TermsOn
) -> Iterator[Obligation]:
    for calendar in semesters:
        valid = agreement.valid_from <= calendar.last_day and (
            agreement.ends_on is None or agreement.ends_on >= calendar.first_day
        )
        code = calendar.semester.code
        if valid and code in agreement.semesters:
            terms = terms_on(calendar.first_day)
            counts = calendar.first_day + timedelta(days=terms.counts_days)
            settlement = calendar.last_day + timedelta(days=terms.settlement_days)
            who = agreement.agreement, agreement.partner
            yield Obligation(counts, "counts", *who, code)
            yield Obligation(settlement, "settlement", *who, code)


def _renewal(agreement: Bound, terms_on: TermsOn) -> Iterator[Obligation]:
    if agreement.ends_on is None or agreement.ends_on == date.max:
        return
    due_on = agreement.ends_on - timedelta(days=terms_on(agreement.valid_from).renewal_days)
    yield Obligation(
        due_on, "renewal", agreement.agreement, agreement.partner, "",
        agreement.ends_on + timedelta(days=1),
    )  # fmt: skip


def _closed(obligation: Obligation, closures: Closures) -> Obligation:
    met = closures.get((obligation.kind, obligation.agreement, obligation.semester))
    if met is None:
        return obligation
    return Obligation(
        obligation.due_on, obligation.kind, obligation.agreement, obligation.partner,
        obligation.semester, min(met, obligation.closed_on or met),
    )  # fmt: skip
