"""When obligations were met, as the store knows it."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from toolkit.rules.obligations import Closures
from toolkit.services.stored import HERE
from toolkit.store import records
from toolkit.store.connect import Database


def closures(database: Database, as_of: datetime | None = None) -> Closures:
    """Counts are met on the day an institution's first are recorded, a settlement on release."""
    until = records.entry_at(database, as_of)
    days = records.days_of_entries(database, HERE)
    counts = pl.concat(
        records.versions(database, table, until).select("semester", "institution", "entry")
        for table in ("counts", "plans")
    )
    coverage = records.standing(database, "coverage", until)
    pairs = (
        coverage.select("agreement", "institution", "from_semester", "to_semester")
        .join(counts, on="institution")
        .filter(
            pl.col("from_semester") <= pl.col("semester"),
            (pl.col("to_semester") == "") | (pl.col("to_semester") >= pl.col("semester")),
        )
    )
    found = {}
    for agreement, semester, entry in (
        pairs.group_by("agreement", "semester").agg(pl.col("entry").min()).iter_rows()
    ):
        found["counts", agreement, semester] = days[entry]
    steps = records.versions(database, "steps", until).filter(pl.col("state") == "released")
    released = {code: days[entry] for code, entry in steps.select("semester", "entry").rows()}
    for _, agreement, semester in list(found):
        if semester in released:
            found["settlement", agreement, semester] = released[semester]
    return found
