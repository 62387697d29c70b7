"""Records in frames: as they are now, as they were, and with all their versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass
from sqlalchemy import Row, func, select

from toolkit.errors import DamageError
from toolkit.store.bulk import Snapshot, read, snapshot
from toolkit.store.connect import Database
from toolkit.store.tables import JOURNAL, STORED, VERSIONED, Stored

Kind = DataType | DataTypeClass


def versions(database: Database, table: str, until: int | None = None) -> pl.DataFrame:
    """Every version of every record, up to a journal entry when one is named."""
    with snapshot(database) as state:
        return versions_in(state, table, until)


def versions_in(
    state: Snapshot, table: str, until: int | None = None, *, strict: bool = True
) -> pl.DataFrame:
    """Every version of every record in one state of the database.

    Raises DamageError for a value that cannot have been written; when the reading is not
    `strict`, its row comes with another value than was written.
    """
    where = "" if until is None else f" WHERE entry <= {until:d}"
    return selected(state, STORED[table], f"{table}{where}", strict=strict)


def selected(
    state: Snapshot, stored: Stored, source: str, *, but: Collection[str] = (),
    strict: bool = True,
) -> pl.DataFrame:  # fmt: skip
    """The rows of a table, with their versions, that stand in a `source` of a query.

    Columns named in `but` are not read. Raises DamageError as `versions_in` does.
    """
    names = [name for name in (*stored.columns, *VERSIONED) if name not in but]
    columns = [_column(stored, name, state.dialect) for name in names]
    # the names are those of our own tables, never a person's
    query = f"SELECT {', '.join(columns)} FROM {source}"  # noqa: S608
    try:
        return typed(state.read(query, strict=strict), stored, strict=strict)
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise DamageError("error.damage.table", table=stored.name, reason=reason) from error


def standing(database: Database, table: str, until: int | None = None) -> pl.DataFrame:
    """The newest version of each record that is not withdrawn, as it was at an entry.

    Carries `version` and `entry` beside the columns kept.
    """
    with snapshot(database) as state:
        return standing_in(state, table, until)


def standing_in(state: Snapshot, table: str, until: int | None = None) -> pl.DataFrame:
    """The same in one state of the database."""
    found = versions_in(state, table, until)
    stored = STORED[table]
    return _newest(found, stored).filter(~pl.col("withdrawn")).drop("withdrawn").sort(stored.key)


def record(database: Database, table: str, key: Mapping[str, object]) -> dict[str, Any] | None:
    """The newest version of one record; None when there is none, or it is withdrawn."""
    found = latest(database, table, key)
    return None if found is None or found.pop("withdrawn") else found


def latest(database: Database, table: str, key: Mapping[str, object]) -> dict[str, Any] | None:
    """The newest version of one record, be it that it is withdrawn; None when there is none."""
    stored = STORED[table]
    columns = stored.table.c
    same = (columns[name] == compared(key[name], database.dialect) for name in stored.key)
    query = select(stored.table).where(*same).order_by(columns.version.desc()).limit(1)
    with database.reading() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else typed(pl.DataFrame([dict(row)]), stored).row(0, named=True)


def compared(value: object, dialect: str) -> object:
    """A value as a query compares it: SQLite keeps days as text."""
    return str(value) if dialect == "sqlite" and isinstance(value, date) else value


def newest(database: Database, table: str) -> pl.DataFrame:
    """The newest version of each record, withdrawn ones too, as the next change builds on it."""
    return _newest(versions(database, table), STORED[table])


def numbered(database: Database, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """New records with the versions they take: a key once withdrawn may come again."""
    stored = STORED[table]
    last = newest(database, table).select(*stored.key, _last="version")
    given = kept(rows, stored).join(last, on=stored.key, how="left", validate="1:1")
    return given.with_columns(version=pl.col("_last").fill_null(0) + 1).drop("_last")


def entry_at(database: Database, moment: datetime | None) -> int:
    """The last journal entry recorded by a moment (UTC); the last of all without one; 0 if none."""
    query = select(func.max(JOURNAL.c.entry))
    if moment is not None:
        query = query.where(JOURNAL.c.recorded_at <= timestamp(moment))
    with database.reading() as connection:
        return connection.execute(query).scalar() or 0


def entry_in(state: Snapshot) -> int:
    """The last journal entry in one state of the database; 0 if there is none."""
    last = state.read("SELECT coalesce(max(entry), 0) AS entry FROM journal")
    return int(last["entry"].item())


def journal_entry(database: Database, entry: int) -> Row[tuple[object, ...]] | None:
    """One line of the journal."""
    with database.reading() as connection:
        return connection.execute(select(JOURNAL).where(JOURNAL.c.entry == entry)).first()


def journal(database: Database, columns: list[str], last: int) -> list[tuple[object, ...]]:
    """Columns of the newest entries, the newest first."""
    query = select(*(JOURNAL.c[name] for name in columns)).order_by(JOURNAL.c.entry.desc())
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query.limit(last))]


def entries(database: Database) -> pl.DataFrame:
    """The whole journal in its order. Raises DamageError for what cannot have been written."""
    columns = [column.name for column in JOURNAL.columns]
    query = f"SELECT {', '.join(columns)} FROM journal ORDER BY entry"  # noqa: S608
    try:
        found = read(database, query)
        return found.select(pl.col("entry").cast(pl.Int64), pl.col(columns[1:]).cast(pl.String))
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise DamageError("error.damage.table", table="journal", reason=reason) from error


def days_of_entries(database: Database, zone: tzinfo) -> dict[int, date]:
    """The day, in a time zone, on which each journal entry was recorded."""
    with database.reading() as connection:
        rows = connection.execute(select(JOURNAL.c.entry, JOURNAL.c.recorded_at)).all()
    return {entry: datetime.fromisoformat(at).astimezone(zone).date() for entry, at in rows}


def timestamp(moment: datetime) -> str:
    """A moment (UTC) as the journal writes it; sorts by time as text."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def typed(frame: pl.DataFrame, stored: Stored, *, strict: bool = True) -> pl.DataFrame:
    """The columns that were read with the types of the store, whatever types they came with."""
    kinds = stored.columns | {"version": pl.Int64, "entry": pl.Int64, "withdrawn": pl.Boolean}
    kinds = {name: kind for name, kind in kinds.items() if name in frame.columns}
    columns = {
        name: _something(name, frame.schema[name]) if name in stored.promise.nullable
        else pl.col(name)
        for name in kinds
    }  # fmt: skip
    return frame.select(
        _typed(columns[name], kind, frame.schema[name], strict=strict)
        for name, kind in kinds.items()
    )


_DAY = "%Y-%m-%d"
_READ = (pl.String, pl.Int64)
_NOTHING: dict[bool, str | int] = {True: "\uffff", False: -(2**63)}
"""What stands for null, of texts and of numbers, while rows come from SQLite."""


def _column(stored: Stored, name: str, dialect: str) -> str:
    """A column of a query. ADBC guesses SQLite's types by the first rows, and null has none."""
    if dialect != "sqlite" or name not in stored.promise.nullable:
        return name
    nothing = _NOTHING[stored.columns[name] in (pl.String, pl.Date)]
    shown = f"'{nothing}'" if isinstance(nothing, str) else nothing
    return f"coalesce({name}, {shown}) AS {name}"


def _something(name: str, found: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return column.replace(_NOTHING[found == pl.String], None) if found in _READ else column


def _typed(column: pl.Expr, kind: Kind, found: pl.DataType, *, strict: bool) -> pl.Expr:
    if kind == pl.Date and found == pl.String:
        day = column.str.to_date(_DAY, strict=strict)
        if strict:
            return day
        broken = column.is_not_null() & day.dt.to_string(_DAY).ne_missing(column)
        return pl.when(~broken).then(day).otherwise(date.min)
    if kind == pl.Boolean and found == pl.Int64:
        default = {} if strict else {"default": None}
        return column.replace_strict({0: False, 1: True}, return_dtype=pl.Boolean, **default)
    return column.cast(kind)


def _newest(found: pl.DataFrame, stored: Stored) -> pl.DataFrame:
    """Versions follow each other without a gap: one is the newest when the next is not there."""
    later = found.filter(pl.col("version") > 1)
    if later.is_empty():
        return found
    overtaken = later.select(*stored.key, pl.col("version") - 1)
    return found.join(overtaken, on=[*stored.key, "version"], how="anti")


def kept(frame: pl.DataFrame, stored: Stored) -> pl.DataFrame:
    """A promised frame as the store keeps it: lists as text, what can be derived left out."""
    return frame.select(
        _joined(name) if isinstance(frame.schema[name], pl.List) else pl.col(name).cast(kind)
        for name, kind in stored.columns.items()
    )


def given_back(rows: pl.DataFrame, stored: Stored) -> pl.DataFrame:
    """Records as the promised frame, but for the derived columns; lists are lists again."""
    lists = {n: k for n, k in stored.promise.columns.items() if isinstance(k, pl.List)}
    return rows.with_columns(_split(name, kind) for name, kind in lists.items())


def _joined(name: str) -> pl.Expr:
    return pl.col(name).list.eval(pl.element().cast(pl.String)).list.join(",")


def _split(name: str, kind: pl.List) -> pl.Expr:
    return pl.col(name).str.split(",").cast(kind)
