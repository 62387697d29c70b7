"""Individual support plans, one per learner and semester, without any name or personal code."""

from __future__ import annotations

import polars as pl

from toolkit.frames.promise import Promise

SIMULATED = Promise(
    "simulated plans",
    {
        "plan": pl.Int64,
        "learner": pl.Int64,  # a number of this file only; never a personal code
        "semester": pl.String,
        "institution": pl.String,
        "programme": pl.String,
        "grade": pl.Int64,
        "plan_kind": pl.String,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
    },
    key=("plan",),
)

COUNT_KEY = ("semester", "institution", "programme", "grade", "plan_kind")
