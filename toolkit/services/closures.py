"""When obligations were met, as the store knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.texts.formats import HERE


@dataclass(frozen=True, slots=True)
class Closures:
    """The days on which counts first came in, and semesters were released."""

    counted: pl.DataFrame
    """Semester, institution, grade and `known_on`, also of counts withdrawn since."""
    released: Mapping[str, date]
    """Semesters with their day."""


def closures(database: Database, as_of: datetime | None = None) -> Closures:
    """When each institution's counts were first recorded, and each semester was released."""
    until = records.entry_at(database, as_of)
    days = records.days_of_entries(database, HERE)
    key = ["semester", "institution", "grade"]
    counts = pl.concat(
        records.versions(database, table, until).select(*key, "entry")
        for table in ("counts", "plans")
    )
    first = counts.group_by(key).agg(pl.col("entry").min())
    counted = first.with_columns(
        known_on=pl.col("entry").replace_strict(days, return_dtype=pl.Date)
    ).drop("entry")
    steps = records.versions(database, "steps", until).filter(pl.col("state") == "released")
    released = {code: days[entry] for code, entry in steps.select("semester", "entry").rows()}
    return Closures(counted, released)
