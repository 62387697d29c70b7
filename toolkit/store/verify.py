"""Walking the chain: whether all that stands in the database is what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
from sqlalchemy import inspect, text

from toolkit.errors import DamageError, StoreError
from toolkit.store import guards
from toolkit.store.bulk import snapshot
from toolkit.store.connect import Database
from toolkit.store.journal import FIRST
from toolkit.store.records import versions_in
from toolkit.store.sealing import Part, entry_hash, parts_of, payload_hash
from toolkit.store.tables import COUNTED, METADATA, STORED, Stored


@dataclass(frozen=True, slots=True)
class Verified:
    """What was walked; the last hash, kept elsewhere, proves that no later entry is missing."""

    entries: int
    rows: int
    last_hash: str
    damage: tuple[DamageError, ...]


def verify(database: Database, progress: Callable[[int, int], None] | None = None) -> Verified:
    """Every entry, part, row and guard; `damage` names what differs, the first first.

    Raises StoreError when the database is busy.
    """
    damage: list[DamageError] = []
    try:
        damage += _structure(database)
        if any(found.key == "error.damage.no_table" for found in damage):
            return Verified(0, 0, "", tuple(damage))
        return _walk(database, damage, progress)
    except DamageError as error:
        damage.append(error)
    except (StoreError, pl.exceptions.PolarsError) as error:
        if isinstance(error, StoreError) and error.key == "error.store.busy":
            raise
        reason = error.facts["reason"] if isinstance(error, StoreError) else error
        damage.append(DamageError("error.damage.unreadable", reason=reason))
    return Verified(0, 0, "", tuple(damage))


def _walk(
    database: Database, damage: list[DamageError], progress: Callable[[int, int], None] | None
) -> Verified:
    rows = 0
    with snapshot(database) as state:
        journal = state.read("SELECT * FROM journal ORDER BY entry", strict=False)
        parts = state.read("SELECT * FROM parts ORDER BY entry, part", strict=False)
        damage += _chain(journal, parts)
        known = {int(entry) for entry in journal["entry"]} if journal.height else set()
        for done, stored in enumerate(STORED.values(), 1):
            found = versions_in(state, stored.name, strict=False)
            rows += found.height
            damage += _rows(stored, found, _parts(parts, stored.name), known)
            if progress is not None:
                progress(done, len(STORED))
    last = str(journal["hash"][-1]) if journal.height else FIRST
    return Verified(journal.height, rows, last, tuple(damage))


def _structure(database: Database) -> Iterator[DamageError]:
    """What the database itself finds, tables that are missing, guards that were taken away."""
    with database.reading() as connection:
        tables = set(inspect(connection).get_table_names())
        if database.dialect == "sqlite":
            for (found,) in connection.execute(text("PRAGMA integrity_check")).all():
                if found != "ok":
                    yield DamageError("error.damage.unreadable", reason=found)
        there = guards.in_force(connection, COUNTED)
    for table in METADATA.tables:
        if table not in tables:
            yield DamageError("error.damage.no_table", table=table)
        for trigger in guards.names(database.dialect, table):
            if trigger not in there:
                yield DamageError("error.damage.no_guard", table=table, trigger=trigger)


def _chain(journal: pl.DataFrame, parts: pl.DataFrame) -> Iterator[DamageError]:
    """Entries out of their order, or other than their hash says."""
    by_entry = {
        entry: [Part(*row[2:]) for row in rows.iter_rows()]
        for (entry,), rows in parts.partition_by("entry", as_dict=True).items()
    }
    nth = pl.int_range(1, pl.len() + 1).over("entry")
    renumbered = set(parts.filter(pl.col("part") != nth)["entry"])
    previous = FIRST
    for number, entry in enumerate(journal.iter_rows(named=True), 1):
        written = payload_hash(by_entry.pop(entry["entry"], []))
        if entry["entry"] != number:
            yield DamageError("error.damage.gap", entry=number)
            return
        if entry["previous"] != previous or entry["hash"] != entry_hash(entry):
            yield DamageError("error.damage.entry", entry=number, at=entry["recorded_at"])
        elif entry["payload"] != written or number in renumbered:
            yield DamageError("error.damage.parts", entry=number, at=entry["recorded_at"])
        previous = entry["hash"]
    for entry in by_entry:
        yield DamageError("error.damage.parts", entry=entry, at="—")


def _parts(parts: pl.DataFrame, table: str) -> dict[int, list[Part]]:
    own = parts.filter(pl.col("table_name").cast(pl.String) == table)
    return {
        int(entry): [Part(*row[2:]) for row in rows.iter_rows()]
        for (entry,), rows in own.partition_by("entry", as_dict=True, maintain_order=True).items()
    }


def _rows(
    stored: Stored, found: pl.DataFrame, sealed: dict[int, list[Part]], known: set[int]
) -> Iterator[DamageError]:
    """Rows that are not what their entry wrote: changed, missing or added."""
    there = {
        int(entry): list(parts_of(stored, rows))
        for (entry,), rows in found.partition_by("entry", as_dict=True).items()
    }
    for entry in sorted(there.keys() | sealed.keys()):
        now, then = Counter(there.get(entry, [])), Counter(sealed.get(entry, []))
        # parts in another order are a finding of the chain
        if not (differing := then - now or now - then):
            continue
        key = "error.damage.rows" if entry in known else "error.damage.unknown_entry"
        first = next(iter(differing))
        yield DamageError(
            key, table=stored.name, entry=entry, first=first.first_key, last=first.last_key
        )
