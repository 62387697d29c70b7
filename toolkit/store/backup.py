"""The whole store as one file, and a store made from such a file; from and to either database.

Nothing is ever changed in the store, so that all up to one journal entry is one
consistent state, however long the copying takes and whoever writes meanwhile.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from sqlalchemy import Integer

from toolkit.errors import DamageError, StoreError, UsageError
from toolkit.store import records
from toolkit.store.bulk import read
from toolkit.store.connect import HEAD, Database, connect, place, revision
from toolkit.store.migrate import migrate, migrated
from toolkit.store.tables import JOURNAL, METADATA, PARTS, STORED, VERSIONED, Stored
from toolkit.store.transaction import Copied, TakenError, Transaction, transaction
from toolkit.store.verify import Verified, verify

MANIFEST = "manifest.json"
_CHAIN = {
    JOURNAL.name: ["entry"],
    PARTS.name: ["entry", "part"],
}
_SINCE = {"passwords": "0002"}
"""The migration that made a table, where it was not the first."""
_OLDEST_TIME = (1980, 1, 1, 0, 0, 0)
"""Two backups of one state are the same bytes: no hour of copying in them."""


def back_up(database: Database, target: Path) -> int:
    """Write all up to the newest entry into a file, whole or not at all; the entry's number.

    The server may run on. Raises UsageError when the file is there already.
    """
    if target.exists():
        raise UsageError("error.backup.exists", path=target)
    until = records.entry_at(database, None)
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        with zipfile.ZipFile(draft, "w") as archive:
            for name in (*_CHAIN, *STORED):
                _add(archive, f"{name}.parquet", _parquet(_rows(database, name, until)))
            about = {"revision": HEAD, "entry": until, "head": _head(database, until)}
            _add(archive, MANIFEST, json.dumps(about, indent=1).encode())
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    except OSError as error:
        raise UsageError("error.backup.unwritable", path=target, reason=error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)
    return until


def restore(source: Path, url: str) -> Verified:
    """A new database at the URL with all that the backup holds; verified before it takes its place.

    Raises UsageError when a database is there already, DamageError when the backup is no
    longer what was written.
    """
    tables = _opened(source)
    target = connect(url)
    file = target.file
    if (file is not None and file.exists()) or (file is None and revision(target) is not None):
        raise UsageError("error.restore.exists", place=place(url))
    with TemporaryDirectory(prefix=".restore.", dir=_beside(file)) as folder:
        draft = Path(folder) / "draft.db"
        try:
            whole = _filled(f"sqlite:///{draft}", tables)
        except TakenError as error:
            raise DamageError("error.damage.backup", path=source.name) from error
        found = verify(whole)
        if found.damage:
            raise found.damage[0]
        if file is None:
            _filled(url, tables)
        else:
            with whole.reading() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            draft.replace(file)
    return found


def _beside(file: Path | None) -> Path | None:
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    return file and file.parent


def _filled(url: str, tables: dict[str, pl.DataFrame]) -> Database:
    """A database with the rows; on PostgreSQL in one transaction with the making of its tables."""
    database = connect(url)
    if database.file is not None:
        with transaction(migrated(url)) as begun:
            _fill(begun, tables)
        return database
    with database.writing() as connection:
        migrate(connection)
        _fill(Copied(connection), tables)
    return database


def _fill(begun: Transaction, tables: dict[str, pl.DataFrame]) -> None:
    for name, rows in tables.items():
        order = _CHAIN.get(name) or [*STORED[name].key, "version"]
        begun.insert(name, rows.sort(order))


def _rows(database: Database, name: str, until: int) -> pl.DataFrame:
    if name in _CHAIN:
        order = ", ".join(_CHAIN[name])
        return read(database, f"SELECT * FROM {name} WHERE entry <= {until} ORDER BY {order}")  # noqa: S608
    stored = STORED[name]
    return (
        records.versions(database, name, until)
        .select(_columns(stored))
        .sort(*stored.key, "version")
    )


def _head(database: Database, until: int) -> str:
    found = records.journal_entry(database, until)
    return "" if found is None else str(found.hash)


def _parquet(rows: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    rows.write_parquet(out, compression="zstd")
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _OLDEST_TIME), content)


def _opened(source: Path) -> dict[str, pl.DataFrame]:
    """The tables of a backup, in the order they go in."""
    if not source.is_file():
        raise UsageError("error.no_such_input", path=source)
    try:
        with zipfile.ZipFile(source) as archive:
            about = json.loads(archive.read(MANIFEST))
            revision_, head = str(about["revision"]), about["head"]
            if revision_ > HEAD:
                raise StoreError(
                    "error.store.newer", place=source.name, found=revision_, known=HEAD
                )
            # a table that came later was empty when the backup was made
            found = {
                name: pl.DataFrame(schema=_schema(name))
                if revision_ < _SINCE.get(name, "")
                else pl.read_parquet(io.BytesIO(archive.read(f"{name}.parquet")))
                for name in (*_CHAIN, *STORED)
            }
    except _UNREADABLE as error:
        raise DamageError("error.damage.backup", path=source.name) from error
    as_written = all(frame.schema == _schema(name) for name, frame in found.items())
    if not as_written or (found["journal"].tail(1)["hash"].to_list() or [""]) != [head]:
        raise DamageError("error.damage.backup", path=source.name)
    return found


_UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile,
    zlib.error, pl.exceptions.PolarsError,
)  # fmt: skip
"""What is said of bytes that are no zip, no JSON and no Parquet."""


def _schema(name: str) -> pl.Schema:
    if name in _CHAIN:
        columns = METADATA.tables[name].columns
        return pl.Schema(
            {c.name: pl.Int64 if isinstance(c.type, Integer) else pl.String for c in columns}
        )
    stored = STORED[name]
    kinds = stored.columns | {"version": pl.Int64, "entry": pl.Int64, "withdrawn": pl.Boolean}
    return pl.Schema({column: kinds[column] for column in _columns(stored)})


def _columns(stored: Stored) -> list[str]:
    return list(dict.fromkeys((*stored.key, *VERSIONED, *stored.columns)))
