"""The due list of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl

from toolkit.law import Law
from toolkit.rules.handing_in import Counted
from toolkit.rules.obligations import DueTerms, Met, Obligation, TermsOn, obligations
from toolkit.services.agreements import agreements_on, calendars
from toolkit.services.closures import Closures
from toolkit.services.inputs import Inputs

Due = tuple[Obligation, str]
"""What has to be done, and whether it is due or overdue."""


def due_list(
    inputs: Inputs, law: Law, day: date, within: int, closures: Closures | None = None
) -> list[Due]:
    """What is due within so many days or overdue on a day, with its state and partner of the day.

    Counts are handed in when every institution the agreement covers has some in the
    semester; `closures` say since when, and what was released. Without them all that is
    known counts as known always.
    """
    now = {own.version.agreement: own for own in agreements_on(inputs, day)}
    released = closures.released if closures else {}
    found = obligations(
        (own.known for own in now.values()), calendars(inputs), _terms_on(law),
        Met(_counted(inputs, closures), released, inputs.successions[1]),
    )  # fmt: skip
    states = ((obligation, obligation.state(day, within)) for obligation in found)
    return [
        (replace(obligation, partner=now[obligation.agreement].partner), state)
        for obligation, state in states
        if state in ("due", "overdue")
    ]


def _terms_on(law: Law) -> TermsOn:
    """The deadlines of a day; before the law's first ones, those. LawError when there are none."""
    names = ("due.counts_days", "due.settlement_days", "due.renewal_days")
    first = max(
        (law.parameters[name].values[0].since for name in names if name in law.parameters),
        default=date.min,
    )

    @cache
    def terms_on(day: date) -> DueTerms:
        on = law.on(max(day, first))
        return DueTerms(*(int(str(on.need(name).value)) for name in names))

    return terms_on


def _counted(inputs: Inputs, closures: Closures | None) -> Mapping[str, Counted]:
    """The counts and plans that stand; those withdrawn close nothing any more."""
    key = ["semester", "institution", "grade"]
    counts = inputs.frames["counts"].filter(pl.col("plans").is_not_null())
    standing = pl.concat([counts.select(key), inputs.frames["plans"].select(key)]).drop_nulls()
    since = (
        closures.counted if closures
        else pl.DataFrame(schema={**standing.schema, "known_on": pl.Date})
    )  # fmt: skip
    by_school = (
        standing.unique()
        .join(since, on=key, how="left", validate="1:1")
        .with_columns(pl.col("known_on").fill_null(date.min))
        .group_by("semester", "institution")
        .agg("grade", "known_on")
    )
    found: dict[str, dict[str, list[tuple[int, date]]]] = {}
    for semester, institution, grades, days in by_school.iter_rows():
        found.setdefault(semester, {})[institution] = list(zip(grades, days, strict=True))
    return found
