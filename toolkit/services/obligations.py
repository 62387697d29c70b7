"""The due list of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl

from toolkit.law import Law
from toolkit.rules.obligations import Closures, DueTerms, Obligation, TermsOn, obligations
from toolkit.services.agreements import agreements_on, calendars
from toolkit.services.inputs import Inputs

Due = tuple[Obligation, str]
"""What has to be done, and whether it is due or overdue."""


def due_list(
    inputs: Inputs, law: Law, day: date, within: int, closures: Closures | None = None
) -> list[Due]:
    """What is due within so many days or overdue on a day, with its state and partner of the day.

    Counts are handed in when any institution of the agreement has some in the semester;
    `closures` say when, and what else was closed. Without one they count as closed always.
    """
    now = {own.version.agreement: own for own in agreements_on(inputs, day)}
    found = obligations(
        (own.known for own in now.values()), calendars(inputs), _terms_on(law),
        {**_counted(inputs), **(closures or {})},
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


def _counted(inputs: Inputs) -> dict[tuple[str, str, str], date]:
    """Agreements and semesters that counts are known for."""
    counts = inputs.frames["counts"].select("semester", "institution")
    known = pl.concat([counts, inputs.frames["plans"].select("semester", "institution")]).unique()
    pairs = (
        inputs.coverage.select("agreement", "institution", "from_semester", "to_semester")
        .join(known, on="institution")
        .filter(
            pl.col("from_semester") <= pl.col("semester"),
            (pl.col("to_semester") == "") | (pl.col("to_semester") >= pl.col("semester")),
        )
        .select("agreement", "semester")
        .unique()
    )
    return {("counts", agreement, semester): date.min for agreement, semester in pairs.iter_rows()}
