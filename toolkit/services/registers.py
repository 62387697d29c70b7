"""One record changed by hand: what a grid cell or a form hands over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from toolkit.errors import UsageError
from toolkit.services.people import Person
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing
from toolkit.store.tables import STORED, Stored


def record(database: Database, table: str, **key: object) -> dict[str, Any]:
    """A record as it stands, with the `version` a change of it builds on.

    Raises UsageError when there is none.
    """
    found = records.record(database, table, key)
    if found is None:
        raise UsageError("error.record.none", record=_named(STORED[table], key))
    return found


def change(
    database: Database, by: Person, table: str, seen: Mapping[str, Any],
    values: Mapping[str, Any], now: datetime, reason: str = "",
) -> int:  # fmt: skip
    """Write a record anew with other values, building on the version the person has `seen`.

    The new version's number. Raises RefusedError when the person may not, ConflictError
    saying who was faster and when; the values are still in the person's hands then.
    """
    by.must("import")
    stored = STORED[table]
    version = int(seen["version"]) + 1
    row = {name: values.get(name, seen[name]) for name in stored.columns}
    frame = pl.DataFrame([row], schema_overrides=dict(stored.columns))
    written = frame.with_columns(version=pl.lit(version, pl.Int64))
    subject = f"{table}: {_named(stored, row)}"
    with writing(database, Act(by.code, "change", subject, now, reason)) as w:
        w.put(table, written)
    return version


def _named(stored: Stored, values: Mapping[str, object]) -> str:
    return " · ".join(str(values[name]) for name in stored.key)
