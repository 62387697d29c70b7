"""What one entry of the journal has changed, from what to what, as far as a person may read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from toolkit.errors import UsageError
from toolkit.frames.registers import REGISTERS
from toolkit.services import journal, people, registers
from toolkit.services.journal import Entry
from toolkit.services.people import Person
from toolkit.services.visible import Visible
from toolkit.store import changes, records
from toolkit.store.changes import Written
from toolkit.store.connect import Database
from toolkit.store.tables import STORED

MOST = 200
"""So many records are told one by one."""
KINDS: tuple[Kind, ...] = ("new", "changed", "withdrawn")
PASSWORDS: Mapping[Kind, tuple[str | None, str | None]] = {
    "new": (None, "set"), "changed": ("known", "changed"), "withdrawn": ("known", None),
}  # fmt: skip
"""All that is told of a password."""
OWN = {*REGISTERS, "people", "passwords"}
"""Tables of which a partner's person reads here: what is computed reaches them when released."""
_LONGEST = 18
Kind = Literal["new", "changed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A column whose value differs; of a new or withdrawn record each that says something."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that the entry wrote."""

    table: str
    kind: Kind
    row: Mapping[str, Any]
    """Its values as they are after it; of a withdrawn record the last."""
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class TableChanges:
    """How many records of a table it wrote, by kind, and the first of them."""

    table: str
    counts: Mapping[Kind, int]
    records: tuple[RecordChange, ...]

    @property
    def height(self) -> int:
        """All of them."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class EntryChanges:
    """An entry and what it changed."""

    entry: Entry
    tables: tuple[TableChanges, ...]
    names: Mapping[str, Mapping[str, str]]
    """What partners, institutions, agreements and persons are called, by code."""


def entry_changes(
    database: Database, by: Person, day: date, written: str, most: int = MOST
) -> EntryChanges:
    """What the entry of a number, as a person writes it, has changed.

    `most` records are told one by one: an even part of each table, what small ones leave
    goes to larger ones. Raises RefusedError for who may read no journal, UsageError for a
    number of which the person finds no entry.
    """
    # of the registers no more is read than it takes to know what is the person's
    visible = Visible(by, registers.inputs(database, records.entry_at(database, None)), day)
    entry = journal.entry(database, visible, _number(written))
    seen = [_seen(visible, own) for own in changes.written(database, entry.number)]
    seen = [own for own in seen if own.kinds.height]
    tables: dict[str, TableChanges] = {}
    for left, own in zip(
        range(len(seen), 0, -1), sorted(seen, key=lambda own: own.kinds.height), strict=True
    ):
        tables[own.table] = _table(own, most // left)
        most -= len(tables[own.table].records)
    ordered = tuple(tables[own.table] for own in seen)
    return EntryChanges(entry, ordered, _names(database, visible, entry.number))


def _number(written: str) -> int:
    found = written.strip()
    if not found.isdecimal() or len(found) > _LONGEST:
        raise UsageError("error.journal.none", text=written)
    return int(found)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What of a table a person may read, with the kind of each change by key and version."""

    table: str
    after: pl.DataFrame
    before: pl.DataFrame
    kinds: pl.DataFrame


def _seen(visible: Visible, own: Written) -> _Seen:
    """Of a row that went from a partner to another each reads its own side."""
    after, before = (_readable(visible, own.table, rows) for rows in (own.after, own.before))
    # what was withdrawn before is new again
    before = before.filter(~pl.col("withdrawn")).with_columns(pl.col("version") + 1)
    key = [*STORED[own.table].key, "version"]
    stands, stood = (
        rows.select(*key, ~pl.col("withdrawn").alias(name))
        for rows, name in ((after, "stands"), (before, "stood"))
    )
    both = stands.join(stood, on=key, how="full", coalesce=True)
    there = {name: pl.col(name).fill_null(value=False) for name in ("stands", "stood")}
    kind = (
        pl.when(there["stands"] & there["stood"]).then(pl.lit("changed"))
        .when(there["stands"]).then(pl.lit("new"))
        .otherwise(pl.lit("withdrawn"))
    )  # fmt: skip
    return _Seen(own.table, after, before, both.select(*key, kind=kind).sort(key))


def _readable(visible: Visible, table: str, rows: pl.DataFrame) -> pl.DataFrame:
    if not visible.everything and table not in OWN:
        return rows.clear()
    # that somebody has another password may be read, as what else is written of them
    return visible.register("people" if table == "passwords" else table, rows)


def _table(own: _Seen, most: int) -> TableChanges:
    counts = dict(own.kinds["kind"].value_counts().iter_rows())
    told = tuple(_records(own, own.kinds.head(most)))
    return TableChanges(own.table, {kind: counts.get(kind, 0) for kind in KINDS}, told)


def _records(own: _Seen, kinds: pl.DataFrame) -> Iterator[RecordChange]:
    key = [*STORED[own.table].key, "version"]
    after, before = (
        {tuple(row[name] for name in key): row for row in found.iter_rows(named=True)}
        for found in (rows.join(kinds, on=key, how="semi") for rows in (own.after, own.before))
    )
    for *place, kind in kinds.iter_rows():
        now, was = after.get(tuple(place), {}), before.get(tuple(place), {})
        if kind == "withdrawn":
            now, was = {}, was or now
        elif kind == "new":
            was = {}
        fields = tuple(_fields(own.table, kind, was, now))
        yield RecordChange(own.table, kind, now or was, fields)


def _fields(
    table: str, kind: Kind, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[FieldChange]:
    if table == "passwords":
        yield FieldChange("password", *PASSWORDS[kind])
        return
    stored = STORED[table]
    for name in stored.content:
        # an empty text and none at all are shown alike
        before, after = (None if row.get(name) == "" else row.get(name) for row in (was, now))
        if name not in stored.key and before != after:
            yield FieldChange(name, before, after)
    if table == "people" and _open(was) != _open(now):
        yield FieldChange("access", _open(was), _open(now))


def _open(row: Mapping[str, Any]) -> bool | None:
    """Whether the person gets in: who has no role does not."""
    return bool(row["roles"]) if row else None


def _names(database: Database, visible: Visible, entry: int) -> dict[str, dict[str, str]]:
    """Names as they were when the entry was written; of what it withdrew, from before it."""
    found: dict[str, dict[str, str]] = {"partner": {}, "institution": {}, "agreement": {}}
    for basis in (entry - 1, entry):
        frames = registers.inputs(database, basis).frames
        for kind in ("partner", "institution"):
            rows = visible.register(f"{kind}s", frames[f"{kind}s"])
            found[kind] |= dict(rows.select(kind, "name").iter_rows())
        rows = visible.register("agreements", frames["agreements"])
        partners = found["partner"]
        parties = rows.select("agreement", "partner").iter_rows()
        found["agreement"] |= {code: partners[of] for code, of in parties if of in partners}
    found["person"] = {code: who.name for code, who in people.people(database, entry).items()}
    return found
