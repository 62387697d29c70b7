"""Writing: one transaction, one journal entry, everything chained by hashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import polars as pl
from sqlalchemy import and_, func, select

from toolkit.errors import ConflictError
from toolkit.personal import masked
from toolkit.store.connect import Database
from toolkit.store.records import compared, timestamp
from toolkit.store.sealing import Part, digest, entry_hash, parts_of, payload_hash
from toolkit.store.tables import JOURNAL, PARTS, STORED, VERSIONED, Stored
from toolkit.store.transaction import TakenError, Transaction, transaction

FIRST = digest("")
"""What the first entry has for the hash before it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what to which subject, when (UTC) and why."""

    person: str
    action: str
    subject: str
    at: datetime
    reason: str = ""


@dataclass
class Writing:
    """A transaction being filled; `put` adds new versions of records."""

    transaction: Transaction
    dialect: str
    entry: int
    waiting: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def put(self, table: str, rows: pl.DataFrame, *, withdrawn: bool = False) -> None:
        """Records with the `version` they take, which is one after the version they change.

        Raises ConflictError at the end of the transaction when somebody else has
        written that version meanwhile.
        """
        if rows.is_empty():
            return
        stored = STORED[table]
        whole = rows.with_columns(entry=pl.lit(self.entry, pl.Int64), withdrawn=pl.lit(withdrawn))
        columns = dict.fromkeys((*stored.key, *VERSIONED, *stored.columns))
        self.waiting.setdefault(table, []).append(whole.select(*columns))

    def unchanged_since(self, basis: int, tables: list[str]) -> None:
        """Raises ConflictError when any of the tables was written after the entry `basis`."""
        later = (
            select(JOURNAL)
            .join(PARTS, PARTS.c.entry == JOURNAL.c.entry)
            .where(JOURNAL.c.entry > basis, PARTS.c.table_name.in_(tables))
            .order_by(JOURNAL.c.entry.desc())
            .limit(1)
        )
        if row := self.transaction.first(later):
            raise ConflictError(
                "error.conflict.tables", subject=row["subject"], **_who(self.transaction, row)
            )


@contextmanager
def writing(database: Database, act: Act) -> Iterator[Writing]:
    """A transaction that ends in one journal entry; nothing is written when it raises.

    Who has waited seconds for their turn is recorded at the turn, or a moment that
    somebody asked for meanwhile would show more when it is asked for again.
    """
    came = monotonic()
    with transaction(database) as begun:
        act = replace(act, at=act.at + timedelta(seconds=int(monotonic() - came)))
        newest = begun.first(select(JOURNAL).order_by(JOURNAL.c.entry.desc()).limit(1))
        last = newest or {"entry": 0, "hash": FIRST, "recorded_at": ""}
        writing_ = Writing(begun, database.dialect, last["entry"] + 1)
        yield writing_
        _finish(writing_, act, last["hash"], last["recorded_at"])


def _finish(done: Writing, act: Act, previous: str, before: str) -> None:
    # in the order of the key: rows then go in one after the other
    written = {
        name: pl.concat(frames).sort(*STORED[name].key) for name, frames in done.waiting.items()
    }
    begun = done.transaction
    # hashing and writing leave the interpreter to others: they go side by side
    with ThreadPoolExecutor() as side:
        hashed = side.map(lambda name: list(parts_of(STORED[name], written[name])), written)
        if begun.rows_first:
            _insert(done, written)
        parts = [part for by_table in hashed for part in by_table]
    entry = {
        "entry": done.entry,
        # the journal's time never runs back, or a moment would not name one state
        "recorded_at": max(timestamp(act.at), before),
        "person": act.person,
        "action": act.action,
        # whatever a person types or names a file: no personal code stays in the journal
        "subject": masked(act.subject),
        "reason": masked(act.reason),
        "payload": payload_hash(parts),
        "previous": previous,
    }
    begun.insert("journal", pl.DataFrame([{**entry, "hash": entry_hash(entry)}]))
    if parts:
        begun.insert("parts", _part_rows(done.entry, parts))
    if not begun.rows_first:
        _insert(done, written)


def _insert(done: Writing, written: Mapping[str, pl.DataFrame]) -> None:
    for name, rows in written.items():
        try:
            done.transaction.insert(name, rows)
        except TakenError as error:
            conflict = _conflict(done, STORED[name], rows)
            if conflict is None:
                raise
            raise conflict from error


def _part_rows(entry: int, parts: list[Part]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (entry, n, part.table, part.first_key, part.last_key, part.rows, part.sha256)
            for n, part in enumerate(parts, 1)
        ],
        schema=[column.name for column in PARTS.columns],
        orient="row",
    )


def _conflict(done: Writing, stored: Stored, rows: pl.DataFrame) -> ConflictError | None:
    """Who has written the version of one of the rows, and when."""
    columns, find = stored.table.c, done.transaction.first
    for row in rows.select(*stored.key, "version").iter_rows(named=True):
        same = and_(*(columns[name] == compared(row[name], done.dialect) for name in stored.key))
        # rows of one's own may stand before the one that was refused
        others = and_(same, columns.entry != done.entry)
        newest = find(
            select(func.max(columns.version).label("version"), func.max(columns.entry).label("by"))
            .where(others)
        )  # fmt: skip
        if newest and newest["version"] is not None and newest["version"] >= row["version"]:
            by = find(select(JOURNAL).where(JOURNAL.c.entry == newest["by"]))
            assert by is not None, "each version names the entry that wrote it"
            return ConflictError(
                "error.conflict.record", table=stored.name, **_who(done.transaction, by),
                record=" · ".join(str(row[name]) for name in stored.key),
            )  # fmt: skip
    return None


def _who(begun: Transaction, entry: Mapping[str, Any]) -> dict[str, str]:
    """Whose an entry is, by code and by name, and when it was written."""
    people = STORED["people"].table.c
    known = begun.first(
        select(people["name"])
        .where(people["person"] == entry["person"])
        .order_by(people["version"].desc())
        .limit(1)
    )
    name = known["name"] if known else ""
    return {
        "person": entry["person"], "name": name or entry["person"], "at": entry["recorded_at"],
    }  # fmt: skip
