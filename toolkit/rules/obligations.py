"""What is due: derived from the calendar and the agreements each time, never stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from toolkit.rules.amendments import AgreementVersion
from toolkit.rules.handing_in import Asked, Counted, asked
from toolkit.rules.succession import Heirs, Succession
from toolkit.semester import Calendar

State = Literal["later", "due", "overdue", "closed"]
Kind = Literal["counts", "settlement", "renewal", "amendment"]


@dataclass(frozen=True, slots=True)
class DueTerms:
    """How many days the law gives for each obligation."""

    counts_days: int
    settlement_days: int
    renewal_days: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that has to be done by a day; `closed_on` when it was.

    `subject` is the semester, the end to be decided on, or the amendment's number.
    """

    due_on: date
    kind: Kind
    agreement: str
    subject: str
    partner: str
    known_on: date
    """The day it was signed: nobody is reminded of what nobody has agreed to."""
    closed_on: date | None = None
    institutions: tuple[Asked, ...] = ()
    """Whose counts it waits for."""

    def state(self, day: date, within: int) -> State:
        """Where it stands on a day: closed for ever, overdue after its day, due shortly before."""
        if self.closed_on is not None and self.closed_on <= day:
            return "closed"
        if day > self.due_on:
            return "overdue"
        soon = self.due_on - day <= timedelta(days=within)
        return "due" if soon and self.known_on <= day else "later"

    def missing(self, day: date) -> tuple[str, ...]:
        """The institutions that counts have not come from by a day."""
        return tuple(
            one.institution
            for one in self.institutions
            if one.known_on is None or one.known_on > day
        )


@dataclass(frozen=True, slots=True)
class Met:
    """What has been done, and when: it closes obligations."""

    counted: Mapping[str, Counted] = field(default_factory=dict)
    """By semester."""
    released: Mapping[str, date] = field(default_factory=dict)
    """Semesters with the day of their release."""
    successions: Sequence[Succession] = ()
    """Of institutions: whose counts are whose."""


TermsOn = Callable[[date], DueTerms]
"""The deadlines of a day: an obligation keeps those of the day it arose on."""


def obligations(
    agreements: Iterable[Sequence[AgreementVersion]],
    calendars: Iterable[Calendar],
    terms_on: TermsOn,
    met: Met,
) -> list[Obligation]:
    """Everything that agreements ask for, each once, in the order of its day.

    For a semester that an agreement covers institutions and is valid in: counts within
    some days of its beginning, the settlement within some days of its last. For each end
    an agreement has had: a decision on its renewal some days before. Until an amendment
    takes effect: that it will. Source: parameters `due.*`, assumed, on the semester's
    first day or the day an end was signed.
    """
    every = list(agreements)
    found = [
        *(o for calendar in calendars for o in _of_semester(every, calendar, terms_on, met)),
        *(o for known in every for o in (*_renewals(known, terms_on), *_amendments(known))),
    ]
    return sorted(found, key=lambda o: (o.due_on, o.kind, o.agreement, o.subject))


def _of_semester(
    agreements: Iterable[Sequence[AgreementVersion]], calendar: Calendar, terms_on: TermsOn,
    met: Met,
) -> Iterator[Obligation]:  # fmt: skip
    """Counts and settlements, by the agreements with all their amendments.

    Counts are met when the last institution's are known, a settlement on release.
    """
    valid = [known[-1] for known in agreements if _valid(known[-1], calendar)]
    code = calendar.semester.code
    heirs = Heirs(met.successions, calendar.first_day)
    waited = asked(valid, calendar, met.counted.get(code, {}), heirs)
    for last in valid:
        institutions = waited[last.agreement]
        if not institutions:
            continue
        starts = min(one.starts_on for one in institutions)
        begun = max(calendar.first_day, last.valid_from, last.signed_on, starts)
        over = max(calendar.last_day, begun)
        terms = terms_on(calendar.first_day)
        who = last.agreement, code, last.partner, last.signed_on
        came = [one.known_on for one in institutions if one.known_on is not None]
        yield Obligation(
            begun + timedelta(days=terms.counts_days), "counts", *who,
            max(came) if len(came) == len(institutions) else None, institutions,
        )  # fmt: skip
        yield Obligation(
            over + timedelta(days=terms.settlement_days), "settlement", *who,
            met.released.get(code) if came else None,
        )  # fmt: skip


def _valid(agreement: AgreementVersion, calendar: Calendar) -> bool:
    ends_on = agreement.ends_on
    return agreement.valid_from <= calendar.last_day and (
        ends_on is None or ends_on >= calendar.first_day
    )


def _renewals(known: Sequence[AgreementVersion], terms_on: TermsOn) -> Iterator[Obligation]:
    """For each end as signed or prolonged: decided when another is signed, or over with it."""
    ends = [known[0], *(now for was, now in pairwise(known) if now.ends_on != was.ends_on)]
    for version, following in zip(ends, [*ends[1:], None], strict=True):
        made = version.amendment
        terminated = made is not None and made.kind == "termination"
        if version.ends_on in (None, date.max) or terminated:
            continue
        signed = made.signed_on if made else version.signed_on
        due = version.ends_on - timedelta(days=terms_on(signed).renewal_days)
        over = version.ends_on + timedelta(days=1)
        if following is not None and following.amendment is not None:
            over = min(over, following.amendment.signed_on)
        yield Obligation(
            max(due, signed), "renewal", version.agreement, version.ends_on.isoformat(),
            version.partner, signed, over,
        )  # fmt: skip


def _amendments(known: Sequence[AgreementVersion]) -> Iterator[Obligation]:
    """Amendments signed before they take effect: over the day after they have."""
    for version in known:
        made = version.amendment
        if made is not None and made.signed_on < made.effective_on:
            yield Obligation(
                made.effective_on, "amendment", version.agreement, made.number, version.partner,
                made.signed_on, made.effective_on + timedelta(days=1),
            )  # fmt: skip
