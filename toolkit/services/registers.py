"""Records changed by hand, one at a time: what a grid cell or a form hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from toolkit.errors import ConflictError, RecordError, RefusedError, ToolkitError, UsageError
from toolkit.frames.registers import REGISTERS
from toolkit.intake.reading import empty_table
from toolkit.services.inputs import Inputs
from toolkit.services.people import Person
from toolkit.services.records_checked import (
    REFERRING,
    column_of,
    form_of,
    referring,
    stored_name,
    texts_of,
    twice,
    typed_record,
)
from toolkit.services.stored import register, register_in
from toolkit.store import records
from toolkit.store.bulk import snapshot
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing
from toolkit.store.tables import STORED, Stored


def record(database: Database, table: str, **key: object) -> dict[str, Any]:
    """A record as it stands, with the `version` a change of it builds on.

    Raises UsageError when there is none.
    """
    form_of(table)
    found = records.record(database, table, key)
    if found is None:
        raise UsageError("error.record.none", record=_named(STORED[table], key))
    return found


def rows(database: Database, table: str, entry: int | None = None) -> pl.DataFrame:
    """The standing records of a register in the order of their key, now or at a journal entry.

    Each has the `version` that a change of it builds on.
    """
    form_of(table)
    return records.standing(database, table, entry)


def judge(table: str, name: str, text: str, row: Mapping[str, Any], others: Inputs) -> Any:
    """What the text of a cell stands for, as it is stored; or a ToolkitError that says why not.

    `row` are the record's other values, with its `version` when it is stored already;
    `others` are the registers it has to agree with.
    """
    form, stored = form_of(table), STORED[table]
    column = column_of(form, name)
    kept = stored_name(column)
    typed = typed_record(form, texts_of(form, {**row, kept: text}), others)
    value = typed.row[kept].item()
    spans = [span for span in form.spans if column.name in span]
    for at in (column.name, *(last for _, last in spans)):
        if at in typed.wrong and (at == column.name or typed.wrong[at].rule.startswith("row.")):
            return RecordError({at: typed.wrong[at]})
    if kept in stored.key:
        if "version" in row:
            return None if value == row[kept] else UsageError("error.record.key")
        if others.frames[table].join(typed.row, on=stored.key, how="semi").height:
            return RecordError({column.name: twice(form, typed.row.row(0, named=True))})
    return value


def add(
    database: Database, by: Person, table: str, values: Mapping[str, Any], now: datetime,
    reason: str = "",
) -> int:  # fmt: skip
    """Write a new record; its version, which is 1, or after a withdrawal the next.

    Values are those of the store, or texts as a person types them. Raises RefusedError,
    RecordError with every cell at fault, ConflictError when somebody else was faster.
    """
    by.must("import")
    row, basis = _checked(database, table, values)
    key = {name: row[name].item() for name in STORED[table].key}
    last = records.latest(database, table, key)
    if last is not None and not last["withdrawn"]:
        form = form_of(table)
        raise RecordError({column_of(form, next(iter(key))).name: twice(form, key)})
    version = 1 + (last["version"] if last else 0)
    act = Act(by.code, "add", f"{table}: {_named(STORED[table], key)}", now, reason)
    _write(database, act, table, row, version, basis)
    return version


def change(
    database: Database, by: Person, table: str, seen: Mapping[str, Any],
    values: Mapping[str, Any], now: datetime, reason: str = "",
) -> int:  # fmt: skip
    """Write a record anew with other values, building on the version the person has `seen`.

    The new version's number; that of `seen` when nothing is another than before. Raises
    RefusedError when the person may not, RecordError with every cell at fault, UsageError
    for another key, ConflictError saying who was faster and when, with what stands now;
    the values are still in the person's hands then.
    """
    by.must("import")
    row, basis = _checked(database, table, {**seen, **values})
    stored = STORED[table]
    if any(row[name].item() != seen[name] for name in stored.key):
        raise UsageError("error.record.key")
    if all(row[name].item() == seen[name] for name in stored.content):
        return int(seen["version"])
    version = int(seen["version"]) + 1
    act = Act(by.code, "change", f"{table}: {_named(stored, seen)}", now, reason)
    _write(database, act, table, row, version, basis)
    return version


def withdraw(
    database: Database, by: Person, table: str, seen: Mapping[str, Any], now: datetime,
    reason: str = "",
) -> int:  # fmt: skip
    """Withdraw a record, building on the version the person has `seen`; the new version's number.

    Raises RefusedError when the person may not or other records name it, ConflictError.
    """
    by.must("import")
    form_of(table)
    stored = STORED[table]
    with snapshot(database) as state:
        basis = records.entry_in(state)
        found = referring(_inputs(partial(register_in, state)), table, seen)
    if found:
        named = _named(stored, seen)
        raise RefusedError(
            [ToolkitError("error.record.referred", record=named, referring=", ".join(found))]
        )
    values = {name: seen[name] for name in stored.columns}
    row = pl.DataFrame([values], schema_overrides=dict(stored.columns))
    version = int(seen["version"]) + 1
    act = Act(by.code, "withdraw", f"{table}: {_named(stored, seen)}", now, reason)
    _write(database, act, table, row, version, basis, withdrawn=True)
    return version


class _Frames(Mapping[str, pl.DataFrame]):
    """The registers in one state, each read when it is first asked for."""

    def __init__(self, read: Callable[[str], pl.DataFrame]) -> None:
        self._read, self._known = read, dict[str, pl.DataFrame]()

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table not in self._known:
            self._known[table] = self._read(table)
        return self._known[table]

    def __iter__(self) -> Iterator[str]:
        return iter(REGISTERS)

    def __len__(self) -> int:
        return len(REGISTERS)


def inputs(database: Database, basis: int) -> Inputs:
    """The registers at a journal entry, for a record to be checked against."""
    return _inputs(lambda table: register(database, table, basis))


def _inputs(read: Callable[[str], pl.DataFrame]) -> Inputs:
    return Inputs(_Frames(read), empty_table(form_of("counts")), ())


def _checked(database: Database, table: str, values: Mapping[str, Any]) -> tuple[pl.DataFrame, int]:
    """The record as it would be stored, and the journal entry it was checked at."""
    form = form_of(table)
    for name in values.keys() - {"file", "row", "version", "entry"}:
        column_of(form, name)
    with snapshot(database) as state:
        basis = records.entry_in(state)
        others = _inputs(partial(register_in, state))
        typed = typed_record(form, texts_of(form, values), others)
    if typed.wrong:
        raise RecordError(typed.wrong)
    return typed.row, basis


def _write(
    database: Database, act: Act, table: str, row: pl.DataFrame, version: int, basis: int,
    *, withdrawn: bool = False,
) -> None:  # fmt: skip
    try:
        with writing(database, act) as w:
            w.unchanged_since(basis, _relied_on(table, withdrawn=withdrawn))
            w.put(table, row.with_columns(version=pl.lit(version, pl.Int64)), withdrawn=withdrawn)
    except ConflictError as conflict:
        key = {name: row[name].item() for name in STORED[table].key}
        conflict.now = records.record(database, table, key)
        raise


def _relied_on(table: str, *, withdrawn: bool) -> list[str]:
    """The other tables whose records this one names, or is named by."""
    if withdrawn:
        return [name for name, _, target in REFERRING if target == table]
    return [target for name, _, target in REFERRING if name == table]


def _named(stored: Stored, values: Mapping[str, object]) -> str:
    return " · ".join(str(values[name]) for name in stored.key)
