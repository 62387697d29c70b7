"""Opening a database: SQLite by file, PostgreSQL by URL; the same promises on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, get_ident
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from toolkit.errors import StoreError

BUSY_SECONDS = 120
"""How long a writer waits for its turn before a person hears of it."""
HEAD = "0002"
"""The newest migration this version of the toolkit knows."""
SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # a decision that was answered with "done" outlives a power cut
    "foreign_keys = ON",
    "trusted_schema = OFF",
)
"""What each connection to SQLite asks for, whichever library opens it."""
_WRITERS = 8_304_001
"""The number of the advisory lock that lets one writer at a time append to the journal."""

_ONE_LIBRARY = Lock()
_holder: list[int] = []


@contextmanager
def one_library(database: Database) -> Iterator[None]:
    """Keeps the SQLite of Python and that of ADBC from holding the file at the same time.

    They are two libraries in one process. When one closes the file, the system drops the
    locks of the other, and the other's write-ahead log is removed with what it holds:
    a committed entry was lost so. Each therefore opens the file anew and alone.
    """
    if database.dialect != "sqlite":
        yield
        return
    if _holder == [get_ident()]:
        raise RuntimeError("read what a transaction needs before it begins")
    if not _ONE_LIBRARY.acquire(timeout=BUSY_SECONDS):
        raise StoreError("error.store.busy", place=place(database.url), reason="—")
    _holder[:] = [get_ident()]
    try:
        yield
    finally:
        _holder.clear()
        _ONE_LIBRARY.release()


@dataclass(frozen=True)
class Database:
    """An open database of one programme."""

    url: str = field(repr=False)
    engine: Engine = field(repr=False)

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL."""
        return Path(self.engine.url.database or "") if self.dialect == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look at the database."""
        with (
            _sentences(self),
            one_library(self),
            self.engine.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, written whole or not at all; writers wait for each other."""
        with _sentences(self), one_library(self), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.execution_options(writes=True)
            else:
                # a repeated read would not see what was written while it waited for its turn
                connection.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                if self.dialect == "postgresql":
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _WRITERS})
                yield connection


def connect(url: str) -> Database:
    """The database at a URL, whatever stands in it; `opened` asks more of it."""
    return Database(url, _engine(url))


def opened(url: str) -> Database:
    """The database at a URL, ready to be used.

    Raises StoreError when there is none, when `grants init` has not been run on it, or
    when it is newer or older than this version of the toolkit.
    """
    database = connect(url)
    file = database.file
    if file is not None and not file.is_file():
        raise StoreError("error.store.none", place=place(url))
    found = revision(database)
    if found is None:
        raise StoreError("error.store.none", place=place(url))
    if found != HEAD:
        key = "error.store.newer" if found > HEAD else "error.store.older"
        raise StoreError(key, place=place(url), found=found, known=HEAD)
    return database


def revision(database: Database) -> str | None:
    """The migration a database stands at; None when it is not one of ours."""
    with database.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def place(url: str) -> str:
    """A URL for a person, without a password wherever it stands in it; of SQLite the file."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return f"{url.partition(':')[0]}:…" if ":" in url else "…"
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.database
    return parsed.set(query={}).render_as_string(hide_password=True)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed, poolclass=NullPool, isolation_level="REPEATABLE READ")
    except (ArgumentError, ValueError):
        # `from None`: what SQLAlchemy says quotes the URL with its password
        raise StoreError("error.store.url", url=place(url)) from None
    if parsed.get_backend_name() != "sqlite" or parsed.host or not parsed.database:
        raise StoreError("error.store.url", url=place(url))
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, poolclass=NullPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # transactions are begun by us below: sqlite3 would begin them only at the first change
    connection.isolation_level = None
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _sentences(database: Database) -> Iterator[None]:
    """What the database itself complains of, as a sentence for a person."""
    driver = database.engine.dialect.loaded_dbapi
    try:
        yield
    except (DBAPIError, driver.Error, UnicodeDecodeError) as error:
        # the last is what sqlite3 says of a message that quotes a damaged file
        reason = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(reason, driver.IntegrityError):
            raise
        raise complaint(database, reason) from error


def complaint(database: Database, reason: object) -> StoreError:
    """Why the database could not do what was asked: busy, or nothing to be used."""
    busy = any(sign in str(reason) for sign in ("is locked", "lock timeout"))
    key = "error.store.busy" if busy else "error.store.unreachable"
    return StoreError(key, place=place(database.url), reason=reason)
