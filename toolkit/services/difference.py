"""Explain what a late change makes of a released maximum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from toolkit.errors import UsageError
from toolkit.frames.allocation import Allocation
from toolkit.frames.difference import CHANGED_ROWS, DIFFERENCE, NOTED, STEPS, DifferenceNote
from toolkit.law import Law
from toolkit.rules import difference
from toolkit.rules.plans import at_prices_of
from toolkit.semester import Semester
from toolkit.services.allocation import ENGINE, allocate, checked_counts, maxima, planned
from toolkit.services.inputs import Inputs

TABLES = {
    "count": ("counts", "plans", "measures"),
    "rate": (),
    "coverage": (
        "agreements",
        "amendments",
        "coverage",
        "institutions",
        "semesters",
        "strategic_partners",
    ),
    "succession": ("successions", "memberships", "partners", "unspent", "quotas"),
}
"""What is put in for each cause.

For `rate` the law, the envelope, the day of knowledge, and the prices of measures that were
planned before: a price is what one unit is paid. `measures` belong to `count` but for these.
"""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a semester's maximum is computed from."""

    inputs: Inputs
    law: Law
    semester: Semester
    envelope_cents: int | None = None
    known_on: date | None = None
    """The day as of which the law is known; None for all that is known now."""
    method: str = "per_plan"

    @property
    def known_law(self) -> Law:
        return self.law if self.known_on is None else self.law.as_known(self.known_on)

    def allocation(self) -> Allocation:
        """The maximum in this situation."""
        return allocate(
            self.inputs, self.known_law, self.semester, self.envelope_cents, self.method
        )


def explain(
    before: Situation, after: Situation, already: pl.DataFrame | None = None
) -> DifferenceNote:
    """The difference between a released maximum and the present one, with its causes.

    `before` is always the situation that was released, never that of a later note;
    `already` (NOTED) are the rows of the notes decided since. So it does not matter in
    which order changes came to light, and with nothing new the note is empty.

    The causes are found by putting the present counts, plans and quantities of measures,
    then the present law and prices, then agreements with coverage and calendar, then
    successions with memberships in place of the released ones, and computing the
    maximum after each of these steps. The effect of a cause on a partner is how its
    *exact* maximum changes in that step: when the envelope binds, that is its share
    with all fractions of a cent, so a partner also loses through the counts of others.
    Over all partners each effect is the change of the total, a whole number of cents;
    the partners' effects are rounded to whole cents so that they keep this total. A
    cause that did not change has no effect on anyone. **Rounding** is what is left of
    the partner's difference: the cent that largest remainder gave it on one side and
    not on the other. It only moves cents between partners and is nothing in total.

    Raises UsageError when the two are not of one semester, and what `allocate` raises.
    """
    if before.semester != after.semester:
        raise UsageError("error.difference.semester", before=before.semester, after=after.semester)
    old, new = before.allocation(), after.allocation()
    steps = [old, *_steps(before, after), new]
    effects = difference.effects([difference.exact_maxima(s.partners, s.terms) for s in steps])
    noted = NOTED.held(already) if already is not None else pl.DataFrame(schema=dict(NOTED.columns))
    rows = CHANGED_ROWS.held(
        difference.changed_rows(old.lines.lazy(), new.lines.lazy(), new.refused.lazy()).collect(
            engine=ENGINE
        )
    )
    partners = difference.differences(
        old.partners.lazy(), new.partners.lazy(), effects.lazy(), noted.lazy(), rows.lazy()
    )
    return DifferenceNote(old, new, DIFFERENCE.held(partners.collect(engine=ENGINE)), rows)


def _steps(before: Situation, after: Situation) -> Iterator[Allocation]:
    """The maximum after each cause but the last, which is the present."""
    now = before
    for cause in STEPS[:-1]:
        now = _with(now, after, cause)
        calendar, found, rows = checked_counts(
            now.inputs, _begun(now), now.semester, now.envelope_cents
        )
        priced = planned(now.inputs, calendar, now.method)
        yield maxima(rows, found, calendar, now.law, priced, now.method)


def _with(now: Situation, after: Situation, cause: str) -> Situation:
    """The situation with what belongs to the cause as it is after."""
    known, measures = after.inputs.frames, after.inputs.frames["measures"]
    if cause == "rate":
        return replace(after, inputs=_holding(now.inputs, measures=measures))
    frames = {table: known[table] for table in TABLES[cause]}
    if cause == "count":
        before = now.inputs.frames["measures"]
        frames["measures"] = at_prices_of(measures.lazy(), before.lazy()).collect(engine=ENGINE)
    return replace(now, inputs=_holding(now.inputs, **frames))


def _holding(inputs: Inputs, **frames: pl.DataFrame) -> Inputs:
    return replace(inputs, frames={**inputs.frames, **frames})


def _begun(now: Situation) -> Law:
    """The law without what begins after the semester's first day.

    Only between the two situations may a count wait for a rate that comes with the
    next step: it earns nothing until then, whereas `allocate` would refuse the law.
    """
    law = now.known_law
    begun = law.on(now.inputs.calendar(now.semester).first_day).all()
    return replace(law, parameters={found.name: found.parameter for found in begun})
