"""Bulk reads through ADBC into polars, bulk writes through the driver's fastest way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import Connection, make_url

from toolkit.store.connect import BUSY_SECONDS, Database, complaint, one_library

if TYPE_CHECKING:
    from adbc_driver_manager import AdbcConnection

_COPY_FROM_ROWS = 1_000


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


def _replaced(column: pl.Series) -> pl.Series:
    read = (None if cell is None else cell.decode("utf-8", "replace") for cell in column)
    return pl.Series(column.name, read, pl.String)


@contextmanager
def snapshot(database: Database) -> Iterator[Snapshot]:
    """Several reads of one and the same state. Raises StoreError when they cannot be had."""
    import adbc_driver_manager as adbc

    try:
        with (
            one_library(database),
            adbc.AdbcDatabase(**_driver(database)) as driver,
            adbc.AdbcConnection(driver) as connection,
        ):
            found = Snapshot(database.dialect, connection)
            if database.dialect == "sqlite":
                # without it a reader is refused while another process closes or opens the log
                found.read(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
            connection.set_autocommit(False)
            if database.dialect == "postgresql":
                found.read("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield found
    except adbc.Error as error:
        raise complaint(database, error) from error


def read(database: Database, query: str) -> pl.DataFrame:
    """The result of one query."""
    with snapshot(database) as state:
        return state.read(query)


def _driver(database: Database) -> dict[str, Any]:
    if database.file is not None:
        import adbc_driver_sqlite

        return {"driver": adbc_driver_sqlite._driver_path(), "uri": database.file.as_uri()}
    import adbc_driver_postgresql

    plain = make_url(database.url).set(drivername="postgresql")
    uri = plain.render_as_string(hide_password=False)
    return {"driver": adbc_driver_postgresql._driver_path(), "uri": uri}


def insert(connection: Connection, table: str, rows: pl.DataFrame) -> None:
    """Add the rows to a table, in the transaction of the connection."""
    columns = ", ".join(rows.columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        plain = rows.with_columns(pl.col(pl.Date).cast(pl.String))
        marks = ", ".join("?" * rows.width)
        driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", plain.rows())  # noqa: S608
        return
    with driver.cursor() as cursor:
        if rows.height < _COPY_FROM_ROWS:
            marks = ", ".join(["%s"] * rows.width)
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                rows.rows(),
            )
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows.iter_rows():
                copy.write_row(row)
