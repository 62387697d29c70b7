"""Partners' maxima over several semesters, without institutions and rows."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from toolkit.frames.allocation import PARTNER_MAXIMA
from toolkit.law import Law
from toolkit.rules import funding
from toolkit.semester import Semester
from toolkit.services.allocation import ENGINE, checked_counts
from toolkit.services.inputs import Inputs


def overview(inputs: Inputs, law: Law, semesters: Iterable[Semester]) -> pl.DataFrame:
    """Each partner's maximum in each of the semesters, in cents, each under its own law.

    `refused` is the number of counts rows of the semester that no money is computed
    for; where it is not 0 the maxima are incomplete, and `allocate` says why.
    """
    queries = []
    for semester in semesters:
        _, found, rows = checked_counts(inputs, law, semester)
        earned = funding.per_plan(rows.filter(pl.col("rule").is_null()))
        refused = rows.select(refused=pl.col("rule").is_not_null().sum().cast(pl.Int64))
        partners = funding.partner_maxima(earned, found.terms).select(*PARTNER_MAXIMA.columns)
        queries.append(
            partners.join(refused, how="cross").with_columns(semester=pl.lit(semester.code))
        )
    columns = {"semester": pl.String, **PARTNER_MAXIMA.columns, "refused": pl.Int64}
    frames = pl.collect_all(queries, engine=ENGINE)
    parts = [pl.DataFrame(schema=columns), *(frame.select(*columns) for frame in frames)]
    return pl.concat(parts).sort("semester", "partner")
