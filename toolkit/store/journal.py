"""Writing: one transaction, one journal entry, everything chained by hashes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from sqlalchemy import Connection, and_, func, select

from toolkit.errors import ConflictError
from toolkit.personal import masked
from toolkit.store.bulk import insert
from toolkit.store.connect import Database
from toolkit.store.records import timestamp
from toolkit.store.sealing import Part, digest, entry_hash, parts_of, payload_hash
from toolkit.store.tables import JOURNAL, PARTS, STORED, VERSIONED, Stored

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

    connection: Connection
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
        )
        if row := self.connection.execute(later).first():
            raise ConflictError(
                "error.conflict.tables", person=row.person, at=row.recorded_at,
                subject=row.subject,
            )  # fmt: skip


@contextmanager
def writing(database: Database, act: Act) -> Iterator[Writing]:
    """A transaction that ends in one journal entry; nothing is written when it raises."""
    with database.writing() as connection:
        last = connection.execute(select(JOURNAL).order_by(JOURNAL.c.entry.desc()).limit(1)).first()
        writing_ = Writing(connection, 1 if last is None else last.entry + 1)
        yield writing_
        _finish(
            writing_, act, FIRST if last is None else last.hash, last.recorded_at if last else ""
        )


def _finish(done: Writing, act: Act, previous: str, before: str) -> None:
    # in the order of the key: rows then go in one after the other
    written = {
        name: pl.concat(frames).sort(*STORED[name].key) for name, frames in done.waiting.items()
    }
    parts = [part for name, rows in written.items() for part in parts_of(STORED[name], rows)]
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
    insert(done.connection, "journal", pl.DataFrame([{**entry, "hash": entry_hash(entry)}]))
    if parts:
        insert(done.connection, "parts", _part_rows(done.entry, parts))
    for name, rows in written.items():
        _insert_versions(done.connection, STORED[name], rows)


def _part_rows(entry: int, parts: list[Part]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (entry, n, part.table, part.first_key, part.last_key, part.rows, part.sha256)
            for n, part in enumerate(parts, 1)
        ],
        schema=[column.name for column in PARTS.columns],
        orient="row",
    )


def _insert_versions(connection: Connection, stored: Stored, rows: pl.DataFrame) -> None:
    dbapi = connection.dialect.dbapi
    assert dbapi is not None
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SAVEPOINT records")
    try:
        insert(connection, stored.name, rows)
    except dbapi.IntegrityError as error:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT records")
        conflict = _conflict(connection, stored, rows)
        if conflict is None:
            raise
        raise conflict from error


def _conflict(connection: Connection, stored: Stored, rows: pl.DataFrame) -> ConflictError | None:
    """Who has written the version of one of the rows, and when."""
    table = stored.table
    for row in rows.select(*stored.key, "version").iter_rows(named=True):
        same = and_(*(table.c[name] == row[name] for name in stored.key))
        found = connection.execute(
            select(func.max(table.c.version).label("version"), func.max(table.c.entry)).where(same)
        ).first()
        if found and found.version is not None and found.version >= row["version"]:
            by = connection.execute(select(JOURNAL).where(JOURNAL.c.entry == found[1])).one()
            return ConflictError(
                "error.conflict.record", table=stored.name, person=by.person, at=by.recorded_at,
                record=" · ".join(str(row[name]) for name in stored.key),
            )  # fmt: skip
    return None
