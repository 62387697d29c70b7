"""Our side of the measurements: the services as the commands call them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from tests.bench.engines import Rows
from toolkit.frames.registers import COUNTS
from toolkit.law import Law
from toolkit.rules.counts import count_plans
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.laws import load_law
from toolkit.services.overview import overview
from toolkit.services.simulate import PLANS_FILE


@dataclass(frozen=True, slots=True)
class Prepared:
    """Inputs that are read and the law they are judged by."""

    inputs: Inputs
    law: Law


def prepared(folder: Path) -> Prepared:
    """The tables and the law of a folder."""
    return Prepared(read_inputs(folder), load_law(folder=folder))


def from_plans(folder: Path) -> Rows:
    """Semester, partner and cents for all plans of a folder."""
    read = prepared(folder)
    text = pl.col("grade", "plans").cast(pl.String).name.suffix("_text")
    counted = count_plans(pl.scan_parquet(folder / PLANS_FILE)).collect(engine="streaming")
    counts = counted.with_columns(
        text, pl.lit(PLANS_FILE).alias("file"), pl.int_range(2, pl.len() + 2).alias("row")
    )
    frames = {**read.inputs.frames, "counts": COUNTS.held(counts)}
    semesters = counts["semester"].unique().sort().to_list()
    inputs = replace(read.inputs, frames=frames)
    maxima = overview(inputs, read.law, map(Semester.parse, semesters))
    if maxima["refused"].sum():
        raise SystemExit("rows were refused: totals would not compare")
    return maxima.select("semester", "partner", "maximum_cents").rows()


def allocated(read: Prepared, semesters: list[str]) -> Rows:
    """Semester, partner and cents. Raises when a row was refused: totals would not compare."""
    rows: Rows = []
    for code in semesters:
        result = allocate(read.inputs, read.law, Semester.parse(code))
        if not result.complete:
            raise SystemExit(f"{result.refused.height} rows of {code} were refused")
        rows += [
            (code, partner, cents)
            for partner, cents in result.partners.select("partner", "maximum_cents").iter_rows()
        ]
    return rows
