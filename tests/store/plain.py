"""A plain client of the database: somebody with its file or its password, and no toolkit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from toolkit.store.connect import Database
from toolkit.store.guards import names
from toolkit.store.tables import METADATA


@contextmanager
def client(database: Database) -> Iterator[Any]:
    """A connection on which every statement stands at once."""
    if database.file is not None:
        with closing(sqlite3.connect(database.file, isolation_level=None)) as connection:
            yield connection
        return
    import psycopg

    url = database.url.replace("+psycopg", "")
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        yield connection


def without_guards(database: Database) -> None:
    """Every trigger of ours taken away, and with PostgreSQL the foreign keys."""
    with client(database) as connection:
        for table in METADATA.tables:
            if database.dialect == "postgresql":
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                continue
            for trigger in names("sqlite", table):
                connection.execute(f"DROP TRIGGER {trigger}")


def plainly(database: Database, *statements: str) -> None:
    """Statements of a plain client that is gone again: SQLite's two libraries must not meet."""
    with client(database) as connection:
        for statement in statements:
            connection.execute(statement)
