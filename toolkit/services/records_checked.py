"""A record typed by hand: read as its form reads a file, held to what an import is held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toolkit import money
from toolkit.errors import Finding, UsageError
from toolkit.intake.folder import Tables
from toolkit.intake.forms import Column, Form
from toolkit.intake.reading import empty_table, read_record
from toolkit.intake.registers import amendment_findings, completed
from toolkit.intake.table import Table, cell_finding
from toolkit.services.imports_checked import REFERENCES, checked, lost_references
from toolkit.services.inputs import Inputs, known_forms
from toolkit.store import records
from toolkit.store.tables import STORED

ENTERED = "grants"
"""What stands for the file of a record that was entered by hand."""
REFERRING = (
    *((table, (column,), target) for table, column, target in REFERENCES),
    ("successions", ("predecessor",), "partners"),
    ("successions", ("successor",), "partners"),
    ("successions", ("predecessor",), "institutions"),
    ("successions", ("successor",), "institutions"),
    ("counts", ("institution",), "institutions"),
    ("counts", ("semester",), "semesters"),
    ("plans", ("semester",), "semesters"),
    ("measures", ("plan",), "plans"),
    ("coverage", ("agreement", "amendment"), "amendments"),
)
"""Table, columns, and the table whose key they name: what holds a record in its place."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A record as it would be stored, and what is wrong in which column."""

    row: pl.DataFrame
    """The columns kept, without a version."""
    wrong: Mapping[str, Finding]


class Replaced(Mapping[str, pl.DataFrame]):
    """Registers of which one is another; the others are read only when they are asked for."""

    def __init__(self, base: Mapping[str, pl.DataFrame], table: str, frame: pl.DataFrame) -> None:
        self._base, self._table, self._frame = base, table, frame

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self._frame if table == self._table else self._base[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._base)

    def __len__(self) -> int:
        return len(self._base)


def form_of(table: str) -> Form:
    """The form of a register. Raises UsageError for what is none: the ledger has no forms."""
    forms = known_forms()
    if table not in forms:
        raise UsageError("error.import.table", table=table, known=", ".join(sorted(forms)))
    return forms[table]


def column_of(form: Form, name: str) -> Column:
    """The column of a form by its name there or in the store."""
    for column in form.columns:
        if name in (column.name, stored_name(column)):
            return column
    raise UsageError("error.record.column", column=name, table=form.table)


def stored_name(column: Column) -> str:
    """What a column of a form is called in the store."""
    return f"{column.name}_cents" if column.kind == "money" else column.name


def texts_of(form: Form, values: Mapping[str, Any]) -> dict[str, str]:
    """Values of the store, or texts that a person has typed, as cells of the form."""
    return {
        column.name: _text(column, values.get(stored_name(column), values.get(column.name)))
        for column in form.columns
    }


def typed_record(form: Form, texts: Mapping[str, str], others: Inputs) -> Typed:
    """A record read from its cells, and what is wrong with it among the `others`.

    While a cell cannot be read nothing but cells and codes is looked at: the rest of the
    checks stand on whole records.
    """
    table = read_record(form, ENTERED, texts)
    stored = STORED[form.table]
    kept = records.kept(completed(form.table, table.frame), stored)
    row = kept.with_columns(row=pl.lit(0, pl.Int64))
    found = [*table.findings]
    found += amendment_findings(table) if form.table == "amendments" else []
    none = {name: empty_table(other) for name, other in known_forms().items()}
    tables = Tables(none | {form.table: table}, ())
    if any(finding.severity == "blocks" for finding in found):
        found += lost_references(others, tables, [form.table])
    else:
        found += checked(_after(others, table, row), tables, [form.table])
    columns = {f"{letters}1": name for name, letters in table.letters.items()}
    wrong = {
        columns[f.cell]: f
        for f in reversed(found)
        if f.severity == "blocks" and f.table == form.table and f.cell in columns
    }
    return Typed(row, wrong)


def twice(form: Form, row: Mapping[str, Any]) -> Finding:
    """That a record of the same key stands already."""
    key = STORED[form.table].key
    value = " · ".join(str(row[name]) for name in key)
    return cell_finding(empty_table(form), "row.duplicate_key", key[0], None, value)


def referring(others: Inputs, table: str, row: Mapping[str, Any]) -> list[str]:
    """The tables in which other records name this one."""
    key = [row[name] for name in STORED[table].key]
    return list(
        dict.fromkeys(
            name
            for name, columns, target in REFERRING
            if target == table
            and others.frames[name]
            .filter(pl.col(c) == value for c, value in zip(columns, key, strict=True))
            .height
        )
    )


def _after(others: Inputs, table: Table, row: pl.DataFrame) -> Inputs:
    """The registers as they would be with the record."""
    name = table.form.table
    stored = STORED[name]
    kept = records.kept(others.frames[name], stored).join(row, on=stored.key, how="anti")
    unread = ("grade", "plans") if name == "counts" else stored.key
    whole = records.given_back(pl.concat([kept, row]).drop_nulls(unread), stored)
    frame = stored.promise.held(completed(name, whole))
    counts = table if name == "counts" else others.counts_table
    return Inputs(Replaced(others.frames, name, frame), counts, ())


def _text(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and column.kind == "money":
        return money.euros(value)
    if isinstance(value, list):
        return ",".join(map(str, value))
    # what no database keeps as text: NUL, and halves of letters
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()
