"""The difference between a released maximum and the present one, divided among its causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import polars as pl

from toolkit import money
from toolkit.frames.allocation import Terms
from toolkit.frames.difference import STEPS

_STEP_CENTS = [f"{cause}_cents" for cause in STEPS]
_ROW_KEY = ["institution", "programme", "grade", "plan_kind"]


def exact_maxima(partners: pl.DataFrame, terms: Terms) -> dict[str, Fraction]:
    """Each partner's maximum before any cent is rounded: its uncut share of a binding envelope."""
    limited = dict(partners.select("partner", "limited_cents").iter_rows())
    whole, envelope = sum(limited.values()), terms.envelope_cents
    binds = envelope is not None and envelope < whole
    share = Fraction(envelope or 0, whole) if binds else Fraction(1)
    return {partner: cents * share for partner, cents in limited.items()}


def effects(steps: Sequence[Mapping[str, Fraction]]) -> pl.DataFrame:
    """What each cause does to each partner, in whole cents.

    `steps` are the exact maxima before, and after each cause of STEPS was put in. A
    cause's effect on a partner is the change of its exact maximum; over all partners
    it is a whole number of cents, to which the effects are rounded together.
    """
    names = sorted(set().union(*steps))
    nothing = Fraction(0)
    columns: dict[str, list[int]] = {}
    for cause, before, after in zip(_STEP_CENTS, steps, steps[1:], strict=False):
        exact = {name: after.get(name, nothing) - before.get(name, nothing) for name in names}
        columns[cause] = list(money.whole_cents(exact).values())
    schema = {"partner": pl.String, **dict.fromkeys(_STEP_CENTS, pl.Int64)}
    return pl.DataFrame({"partner": names, **columns}, schema=schema)


def differences(
    old: pl.LazyFrame, new: pl.LazyFrame, caused: pl.LazyFrame, noted: pl.LazyFrame,
    rows: pl.LazyFrame,
) -> pl.LazyFrame:  # fmt: skip
    """DIFFERENCE: from the maxima of both sides, the effects, earlier notes and changed rows.

    What earlier notes have settled is taken off cause by cause. Rounding is what the
    causes leave of the difference: the cents that largest remainder gives and takes.
    """
    parts = [
        old.select("partner", old_cents="maximum_cents", _esf_before_cents="esf_cents"),
        new.select("partner", new_cents="maximum_cents", _esf_cents="esf_cents"),
        noted.select(
            "partner",
            *(-pl.col(cause) for cause in _STEP_CENTS),
            noted_cents="difference_cents",
            _esf_before_cents="esf_difference_cents",
        ),
        caused,
        rows.filter(pl.col("rule").is_not_null()).select(
            partner="partner_before", refused=pl.lit(1, pl.Int64)
        ),
    ]
    summed = pl.concat(parts, how="diagonal").group_by("partner")
    columns = ("old_cents", "noted_cents", "new_cents", "_esf_before_cents", "_esf_cents")
    return (
        summed.agg(*map(money.total, (*columns, *_STEP_CENTS)), pl.col("refused").sum())
        .with_columns(
            difference_cents=pl.col("new_cents") - pl.col("old_cents") - pl.col("noted_cents"),
            esf_difference_cents=pl.col("_esf_cents") - pl.col("_esf_before_cents"),
        )
        .with_columns(
            rounding_cents=pl.col("difference_cents") - pl.sum_horizontal(_STEP_CENTS),
            state_difference_cents=pl.col("difference_cents") - pl.col("esf_difference_cents"),
        )
        .sort("partner")
    )


def changed_rows(before: pl.LazyFrame, after: pl.LazyFrame, refused: pl.LazyFrame) -> pl.LazyFrame:
    """CHANGED_ROWS: the accepted rows of both sides that differ, and why one is refused now."""
    rules = refused.select(
        "institution", "programme", "plan_kind", "rule",
        grade=pl.col("grade_text").str.to_integer(strict=False),
    ).unique(_ROW_KEY, keep="first", maintain_order=True)  # fmt: skip
    sides = [_side(before, "before"), _side(after, "after")]
    differs = pl.any_horizontal(
        pl.col(f"{what}_before{unit}").ne_missing(pl.col(f"{what}_after{unit}"))
        for what, unit in (("partner", ""), ("plans", ""), ("rate", "_cents"))
    )
    return (
        sides[0]
        .join(sides[1], on=_ROW_KEY, how="full", coalesce=True, validate="1:1")
        .filter(differs)
        .join(rules, on=_ROW_KEY, how="left", validate="1:1")
        .with_columns(rule=pl.when(pl.col("partner_after").is_null()).then("rule"))
        .sort(pl.coalesce("partner_before", "partner_after"), *_ROW_KEY)
    )


def _side(lines: pl.LazyFrame, side: str) -> pl.LazyFrame:
    return lines.select(
        *_ROW_KEY,
        *(pl.col(what).alias(f"{what}_{side}") for what in ("partner", "plans")),
        *(pl.col(f"{what}_cents").alias(f"{what}_{side}_cents") for what in ("rate", "earned")),
    )
