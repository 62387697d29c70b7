"""The law in the store: its text is kept whenever it is another than before."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import polars as pl

from toolkit.frames.ledger import LAWS
from toolkit.services.laws import DEFAULT_PROGRAMME, law_file
from toolkit.services.people import Person
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing


def law_known(
    database: Database, programme: str, as_of: datetime | None, basis: int
) -> tuple[str, str]:
    """Name and text of the law file in force here; of the past, as the store kept it then."""
    if as_of is not None:
        kept = records.standing(database, "laws", basis).filter(pl.col("programme") == programme)
        if kept.height:
            return kept["file"].item(), kept["text"].item()
    path = law_file(programme=programme)
    return path.name, path.read_text(encoding="utf-8-sig")


def law_change(database: Database, programme: str) -> tuple[int, pl.DataFrame]:
    """The version the law's text in force has in the store, and the row to add when it is new."""
    file, text = law_known(database, programme, None, 0)
    newest = records.newest(database, "laws").filter(pl.col("programme") == programme)
    version = int(newest["version"].item()) if newest.height else 0
    row = (programme, file, sha256(text.encode()).hexdigest(), text)
    frame = pl.DataFrame([row], schema=LAWS.columns, orient="row")
    if newest.height and newest["text"].item() == text:
        return version, frame.clear()
    return version + 1, frame.with_columns(version=pl.lit(version + 1, pl.Int64))


def keep_law(
    database: Database, by: Person, subject: str, now: datetime, reason: str = "",
    programme: str = DEFAULT_PROGRAMME,
) -> None:  # fmt: skip
    """Keep the law's text as it is now in force here; nothing when it is kept already."""
    _, law = law_change(database, programme)
    if law.height:
        with writing(database, Act(by.code, "law", subject, now, reason)) as w:
            w.put("laws", law)
