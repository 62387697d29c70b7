"""Individual support plans: counted by themselves and by learner, and held against counts."""

from __future__ import annotations

import polars as pl

from toolkit.frames.plans import COUNT_KEY
from toolkit.rules.counts import count_plans
from toolkit.semester import Calendar


def counts_rows(plans: pl.LazyFrame) -> pl.LazyFrame:
    """The counts rows that plans amount to; `row` is that of the first plan of each."""
    return (
        plans.group_by(*COUNT_KEY)
        .agg(pl.col("file").first(), pl.col("row").min(), plans=pl.len().cast(pl.Int64))
        .with_columns(
            grade_text=pl.col("grade").cast(pl.String), plans_text=pl.col("plans").cast(pl.String)
        )
        .sort(*COUNT_KEY)
    )


def learners_and_plans(plans: pl.LazyFrame) -> pl.LazyFrame:
    """Plans, and the different learners who have them, by semester and institution.

    A learner has one plan in a semester and many over time: 286 plans of one school year
    were 181 learners. The two figures are never added to each other.
    """
    return (
        plans.group_by("semester", "institution")
        .agg(
            plans=pl.len().cast(pl.Int64),
            learners=pl.col("learner").n_unique().cast(pl.Int64),
        )
        .sort("semester", "institution")
    )


def differing(counts: pl.LazyFrame, plans: pl.LazyFrame) -> pl.LazyFrame:
    """Counts rows that are not what the plans amount to, with `plans` and `counted`.

    A row that only one of the two has counts with 0 on the other side.
    """
    own = counts.group_by(*COUNT_KEY).agg(pl.col("plans").sum(), pl.col("row").min())
    derived = count_plans(plans).rename({"plans": "counted"})
    return (
        own.join(derived, on=COUNT_KEY, how="full", coalesce=True, validate="1:1")
        .with_columns(pl.col("plans", "counted").fill_null(0))
        .filter(pl.col("plans") != pl.col("counted"))
        .sort(*COUNT_KEY)
    )


def starting_outside(plans: pl.LazyFrame, semesters: pl.LazyFrame) -> pl.LazyFrame:
    """Plans whose first day is no day of their semester; the last may lie after it."""
    days = semesters.select("semester", "first_day", "last_day")
    return plans.join(days, on="semester", how="inner", validate="m:1").filter(
        ~pl.col("starts_on").is_between("first_day", "last_day")
    )


def at_prices_of(measures: pl.LazyFrame, before: pl.LazyFrame) -> pl.LazyFrame:
    """The measures at the prices that the same measures of the same plans had before.

    One that is new comes with its own price.
    """
    prices = before.select("plan", "measure", _before="price_cents")
    return (
        measures.join(
            prices, on=["plan", "measure"], how="left", validate="1:1", maintain_order="left"
        )
        .with_columns(price_cents=pl.coalesce("_before", "price_cents"))
        .drop("_before")
    )


def planned_cents(plans: pl.LazyFrame, measures: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """`measures_cents` by institution, programme, grade and kind: quantity times price, summed.

    A plan without measures adds nothing.
    """
    own = plans.filter(pl.col("semester") == calendar.semester.code)
    cost = pl.col("quantity").cast(pl.Int128) * pl.col("price_cents")
    line = [name for name in COUNT_KEY if name != "semester"]
    return (
        measures.join(own.select("plan", *line), on="plan", how="inner", validate="m:1")
        .group_by(line)
        .agg(measures_cents=cost.sum().cast(pl.Int64))
    )
