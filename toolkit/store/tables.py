"""The tables of the store, made from the promises of the frames they hold.

Each record has its key and a version; a change is a new version, "now" is the highest.
Each version names the journal entry that wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from polars.datatypes import DataType, DataTypeClass
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import Date as Day
from sqlalchemy.types import TypeEngine

from toolkit.frames import ledger
from toolkit.frames.promise import Promise
from toolkit.frames.registers import REGISTERS

METADATA = MetaData()
_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_DAY = Day().with_variant(Text(), "sqlite")
_FLAG = Boolean().with_variant(Integer(), "sqlite")

JOURNAL = Table(
    "journal",
    METADATA,
    Column("entry", _WHOLE, primary_key=True, autoincrement=False),
    *(
        Column(name, Text, nullable=False)
        for name in (
            "recorded_at", "person", "action", "subject", "reason", "payload", "previous", "hash",
        )
    ),
    UniqueConstraint("hash", name="journal_hash_once"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)  # fmt: skip
"""Who did what, when (UTC) and why; `payload` is the hash of what was written, `hash` of all."""

PARTS = Table(
    "parts",
    METADATA,
    Column("entry", _WHOLE, ForeignKey("journal.entry"), primary_key=True, autoincrement=False),
    Column("part", _WHOLE, primary_key=True, autoincrement=False),
    Column("table_name", Text, nullable=False),
    Column("first_key", Text, nullable=False),
    Column("last_key", Text, nullable=False),
    Column("rows", _WHOLE, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
"""The hashes that a payload is made of, so that a changed byte is found close to where it is."""


@dataclass(frozen=True, slots=True)
class Stored:
    """How a promised frame is kept."""

    promise: Promise
    key: tuple[str, ...]
    derived: frozenset[str] = frozenset()
    """Columns that are made anew from the others when the frame is read."""
    place: tuple[str, ...] = ()
    """Columns that say where a row was read: another place alone is no change."""

    @property
    def name(self) -> str:
        return self.promise.name

    @property
    def columns(self) -> dict[str, DataType | DataTypeClass]:
        """The columns kept, with the types they have in a frame of the store."""
        return {
            name: pl.String() if isinstance(kind, (pl.List, pl.Enum)) else kind
            for name, kind in self.promise.columns.items()
            if name not in self.derived
        }

    @property
    def content(self) -> list[str]:
        """The columns whose change is a change of the record."""
        return [name for name in self.columns if name not in self.place]

    @property
    def table(self) -> Table:
        return METADATA.tables[self.name]


_PLACE = ("file", "row")
_KEYS = {
    "memberships": ("institution", "partner", "valid_from"),
    "successions": ("predecessor", "successor", "effective_on"),
    "amendments": ("agreement", "amendment"),
    "coverage": ("agreement", "institution", "from_semester", "amendment"),
    "counts": ("semester", "institution", "programme", "grade", "plan_kind"),
}
_DERIVED = {
    "amendments": frozenset({"ends_on"}),
    "counts": frozenset({"grade_text", "plans_text"}),
}
LEDGER = {
    promise.name: promise
    for promise in (
        ledger.PEOPLE, ledger.PASSWORDS, ledger.LAWS, ledger.RUNS, ledger.STEPS, ledger.NOTES,
        ledger.NOTE_LINES,
    )
}  # fmt: skip
STORED = {
    name: Stored(
        promise,
        _KEYS.get(name, promise.key),
        _DERIVED.get(name, frozenset()),
        _PLACE if name in REGISTERS else (),
    )
    for name, promise in (REGISTERS | LEDGER).items()
}
VERSIONED = ("version", "entry", "withdrawn")


def _column_type(kind: DataType | DataTypeClass) -> TypeEngine[Any]:
    if kind == pl.Int64:
        return _WHOLE
    if kind == pl.Date:
        return _DAY
    return _FLAG if kind == pl.Boolean else Text()


def _table(stored: Stored) -> Table[Any]:
    keyed = [
        Column(name, _column_type(stored.columns[name]), primary_key=True, autoincrement=False)
        for name in stored.key
    ]
    versioned = [
        Column("version", _WHOLE, primary_key=True, autoincrement=False),
        Column("entry", _WHOLE, ForeignKey("journal.entry"), nullable=False),
        Column("withdrawn", _FLAG, nullable=False),
    ]
    rest = [
        Column(name, _column_type(kind), nullable=name in stored.promise.nullable)
        for name, kind in stored.columns.items()
        if name not in stored.key
    ]
    return Table(
        stored.name,
        METADATA,
        *keyed,
        *versioned,
        *rest,
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


for _stored in STORED.values():
    _table(_stored)

COUNTED = {name: tuple(table.primary_key.columns.keys()) for name, table in METADATA.tables.items()}
"""The key of each table; its last column counts up."""
