"""The transaction a journal entry is written in: ADBC on SQLite, psycopg on PostgreSQL.

Both take a whole frame at once. Python's SQLite asks for each cell, which made an
import of 300 000 rows twice as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import polars as pl
from sqlalchemy import Connection, Select
from sqlalchemy.dialects import sqlite

from toolkit.store.bulk import Snapshot, opened_by_adbc
from toolkit.store.connect import SETTINGS, Database
from toolkit.store.guards import REFUSAL

_ROOM = "cache_size = -65536"
"""64 MiB: what a large import has written is not pushed out to be changed again."""
_REFUSALS = ("constraint failed", REFUSAL)


class TakenError(Exception):
    """The database refuses rows: their version is there already, or is not the next."""


class Transaction(Protocol):
    """One transaction of one writer."""

    rows_first: ClassVar[bool]
    """Whether rows may be there before the journal entry they name."""

    def first(self, query: Select[Any]) -> Mapping[str, Any] | None:
        """The first row of a query, as it is for this transaction."""
        ...

    def insert(self, table: str, rows: pl.DataFrame) -> None:
        """Add the rows. After a TakenError the transaction can still be asked."""
        ...


@contextmanager
def transaction(database: Database) -> Iterator[Transaction]:
    """A transaction, written whole or not at all; writers wait for each other."""
    if database.dialect == "sqlite":
        with _sqlite(database) as found:
            yield found
    else:
        with database.writing() as connection:
            yield Copied(connection)


@dataclass(slots=True)
class Copied:
    """The transaction of a PostgreSQL connection."""

    rows_first: ClassVar[bool] = False
    connection: Connection
    _marked: bool = False

    def first(self, query: Select[Any]) -> Mapping[str, Any] | None:
        row = self.connection.execute(query).mappings().first()
        return None if row is None else dict(row)

    def insert(self, table: str, rows: pl.DataFrame) -> None:
        dbapi = self.connection.dialect.dbapi
        assert dbapi is not None
        if not self._marked:
            # an error ends a transaction of PostgreSQL, but for what came before this mark
            self.connection.exec_driver_sql("SAVEPOINT before")
            self._marked = True
        driver: Any = self.connection.connection.driver_connection
        copy = f"COPY {table} ({', '.join(rows.columns)}) FROM STDIN (FORMAT csv)"
        try:
            with driver.cursor() as cursor, cursor.copy(copy) as target:
                # texts in quotes, the empty one too; null is nothing at all
                target.write(rows.write_csv(include_header=False, quote_style="non_numeric"))
        except dbapi.IntegrityError as error:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before")
            raise TakenError from error


@dataclass(frozen=True, slots=True)
class _Bound:
    """The transaction of an ADBC connection to SQLite."""

    rows_first: ClassVar[bool] = True
    state: Snapshot

    def first(self, query: Select[Any]) -> Mapping[str, Any] | None:
        whole = {"literal_binds": True}
        compiled = query.compile(dialect=sqlite.dialect(), compile_kwargs=whole)
        found = self.state.read(str(compiled))
        return found.row(0, named=True) if found.height else None

    def insert(self, table: str, rows: pl.DataFrame) -> None:
        import adbc_driver_manager as adbc

        marks = ", ".join("?" * rows.width)
        query = f"INSERT INTO {table} ({', '.join(rows.columns)}) VALUES ({marks})"  # noqa: S608
        kept = rows.with_columns(pl.col(pl.Date).cast(pl.String), pl.col(pl.Boolean).cast(pl.Int64))
        try:
            self.state.run(query, kept)
        except adbc.Error as error:
            # a refusal of any row but the first comes as an error of the driver's own
            if not any(sign in str(error) for sign in _REFUSALS):
                raise
            raise TakenError from error


@contextmanager
def _sqlite(database: Database) -> Iterator[_Bound]:
    import adbc_driver_manager as adbc

    with opened_by_adbc(database) as state:
        for setting in (*SETTINGS, _ROOM):
            state.run(f"PRAGMA {setting}")
        state.run("BEGIN IMMEDIATE")
        # to the end of this transaction: see `rows_first`
        state.run("PRAGMA defer_foreign_keys = ON")
        try:
            yield _Bound(state)
        except BaseException:
            # a full disk has ended it already, and is what a person must hear of
            with suppress(adbc.Error):
                state.run("ROLLBACK")
            raise
        state.run("COMMIT")
