"""What moves when partners and institutions are succeeded, and whether its sum is kept."""

from __future__ import annotations

import polars as pl

from toolkit.frames.promise import Promise

THINGS = ("institutions", "plans", "agreements", "unspent", "quotas")
"""What follows a succession; `unspent` is counted in cents."""
_WHAT = {"semester": pl.String, "thing": pl.String, "item": pl.String}

HELD = Promise(
    "held",
    # `item`: institution, agreement, or call of a quota; no semester where a thing has none
    _WHAT | {"partner": pl.String, "amount": pl.Int64},
)
PASSED = Promise("passed", _WHAT | {"partner": pl.String, "heir": pl.String, "amount": pl.Int64})
"""The parts of what was held that found a partner on the day; the partner itself when it stayed."""
BALANCE = Promise(
    "balance",
    {
        "semester": pl.String, "thing": pl.String, "partner": pl.String, "heirs": pl.String,
        "before": pl.Int64, "after": pl.Int64, "difference": pl.Int64,
    },
    key=("semester", "thing", "partner"),
    rules={"after less before": pl.col("difference") == pl.col("after") - pl.col("before")},
)  # fmt: skip


def in_order(column: str) -> pl.Expr:
    """THINGS in their order, to sort by."""
    return pl.col(column).cast(pl.Enum(THINGS))
