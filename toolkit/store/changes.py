"""What one journal entry wrote, table by table, beside the versions it followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl
from sqlalchemy import select

from toolkit.store.bulk import Snapshot, snapshot
from toolkit.store.connect import Database
from toolkit.store.records import selected
from toolkit.store.tables import PARTS, STORED

LEFT_OUT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        # nobody who reads what was changed is given a hash of a password
        "passwords": frozenset({"hash"}),
        # whole documents: their hashes, which stand beside them, tell that they are others
        "laws": frozenset({"text"}),
        "runs": frozenset({"result"}),
        "notes": frozenset({"document"}),
    }
)
"""Columns that are not read."""


@dataclass(frozen=True, slots=True)
class Written:
    """The versions of a table that an entry wrote, and those directly before them."""

    table: str
    after: pl.DataFrame
    before: pl.DataFrame


def written(database: Database, entry: int) -> list[Written]:
    """What an entry wrote, in the order of the tables; nothing but its own rows is read."""
    parts = select(PARTS.c.table_name).distinct().where(PARTS.c.entry == entry)
    with database.reading() as connection:
        named = set(connection.execute(parts).scalars())
    with snapshot(database) as state:
        return [_written(state, table, entry) for table in STORED if table in named]


def _written(state: Snapshot, table: str, entry: int) -> Written:
    stored, but = STORED[table], LEFT_OUT.get(table, ())
    after = selected(state, stored, f"{table} WHERE entry = {entry:d}", but=but)
    columns = stored.table.c
    renamed = (columns[name].label(f"own_{name}") for name in (*stored.key, "version"))
    query = select(*renamed).where(columns.entry == entry)
    own = f"({query.compile(compile_kwargs={'literal_binds': True})}) AS own"
    same = [*(f"{name} = own_{name}" for name in stored.key), "version = own_version - 1"]
    # crossed, so that SQLite looks up each row of the entry and not each row of the table
    former = f"{own} CROSS JOIN {table} WHERE {' AND '.join(same)}"
    before = selected(state, stored, former, but=but)
    return Written(table, after, before)
