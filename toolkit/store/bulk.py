"""Whole frames from and to a database through ADBC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import make_url

from toolkit.store.connect import BUSY_SECONDS, Database, complaint, one_library

if TYPE_CHECKING:
    from adbc_driver_manager import AdbcConnection, AdbcDatabase


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of a database, whoever writes meanwhile."""

    dialect: str
    connection: AdbcConnection

    def read(self, query: str, *, strict: bool = True) -> pl.DataFrame:
        """The result of a query as a frame; no Arrow library is needed in between.

        Raises PolarsError for bytes that are no text; they come as � when not `strict`.
        """
        import adbc_driver_manager as adbc

        with adbc.AdbcStatement(self.connection) as statement:
            statement.set_sql_query(query)
            stream, _ = statement.execute_query()
            found = pl.DataFrame(stream)
        # a damaged file hands on any bytes as text, and polars takes them on trust
        texts = found.select(pl.col(pl.String).cast(pl.Binary))
        try:
            return found.with_columns(texts.cast(pl.String))
        except pl.exceptions.PolarsError:
            if strict:
                raise
            return found.with_columns(_replaced(column) for column in texts)

    def run(self, statement: str, rows: pl.DataFrame | None = None) -> None:
        """Execute a statement, for each of the rows when there are some."""
        import adbc_driver_manager as adbc

        with adbc.AdbcStatement(self.connection) as prepared:
            prepared.set_sql_query(statement)
            if rows is not None:
                prepared.prepare()
                prepared.bind_stream(rows)
            prepared.execute_update()


def _replaced(column: pl.Series) -> pl.Series:
    read = (None if cell is None else cell.decode("utf-8", "replace") for cell in column)
    return pl.Series(column.name, read, pl.String)


@contextmanager
def snapshot(database: Database) -> Iterator[Snapshot]:
    """Several reads of one and the same state. Raises StoreError when they cannot be had."""
    with opened_by_adbc(database) as state:
        state.connection.set_autocommit(False)
        if database.dialect == "postgresql":
            state.read("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield state


@contextmanager
def opened_by_adbc(database: Database) -> Iterator[Snapshot]:
    """A connection of ADBC, no transaction begun. What it complains of is a StoreError."""
    import adbc_driver_manager as adbc

    try:
        with (
            one_library(database),
            _driver(database) as driver,
            adbc.AdbcConnection(driver) as connection,
        ):
            found = Snapshot(database.dialect, connection)
            if database.dialect == "sqlite":
                # without it a reader is refused while another process closes or opens the log
                found.run(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            yield found
    except adbc.Error as error:
        raise complaint(database, error) from error


def read(database: Database, query: str) -> pl.DataFrame:
    """The result of one query."""
    with snapshot(database) as state:
        return state.read(query)


@contextmanager
def _driver(database: Database) -> Iterator[AdbcDatabase]:
    if database.file is None:
        yield _postgresql(database.url)
        return
    import adbc_driver_manager as adbc
    import adbc_driver_sqlite

    path = adbc_driver_sqlite._driver_path()
    with adbc.AdbcDatabase(driver=path, uri=database.file.as_uri()) as driver:
        yield driver


@lru_cache(8)
def _postgresql(url: str) -> AdbcDatabase:
    """The types of a server, which the driver asks for at first; no connection stays open."""
    import adbc_driver_manager as adbc
    import adbc_driver_postgresql

    plain = make_url(url).set(drivername="postgresql")
    uri = plain.render_as_string(hide_password=False)
    return adbc.AdbcDatabase(driver=adbc_driver_postgresql._driver_path(), uri=uri)
