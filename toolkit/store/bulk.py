"""Bulk reads through ADBC into polars, bulk writes through the driver's fastest way."""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import Connection, make_url

from toolkit.errors import StoreError
from toolkit.store.connect import Database, one_library, place

_COPY_FROM_ROWS = 1_000


def read(database: Database, query: str) -> pl.DataFrame:
    """The result of a query as a frame; no Arrow library is needed in between."""
    import adbc_driver_manager as adbc

    try:
        with (
            one_library(database),
            adbc.AdbcDatabase(**_driver(database)) as driver,
            adbc.AdbcConnection(driver) as connection,
            adbc.AdbcStatement(connection) as statement,
        ):
            statement.set_sql_query(query)
            stream, _ = statement.execute_query()
            return pl.DataFrame(stream)
    except adbc.Error as error:
        raise StoreError(
            "error.store.unreachable", place=place(database.url), reason=error
        ) from error


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
