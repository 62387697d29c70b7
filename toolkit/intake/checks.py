"""What can be wrong in a table: its cells, its rows, and the traps a workbook holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from toolkit.errors import Finding, Severity
from toolkit.intake.cells import is_semester, plain
from toolkit.intake.columns import FrameRows, Reading, Written
from toolkit.intake.forms import Column
from toolkit.intake.headings import Headings
from toolkit.intake.sheets import (
    RawSheet,
    Row,
    column_index,
    column_letters,
    shown,
    split_address,
)  # fmt: skip
from toolkit.intake.table import Table, cell_finding, limited
from toolkit.personal import Doubtful, Fault, fault, holds_code

COUNTED = "counts"
"""The table whose cells the rules judge, each row by itself."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A table's rows as they were written, and what each distinct text stands for."""

    numbers: Sequence[int]
    cells: Mapping[str, Written]
    readings: Mapping[str, Reading]


def overlong(table: Table, below: Sequence[Row], headings: Headings) -> Iterator[Finding]:
    """Rows with something right of the last heading: a mark too many has shifted the cells."""
    width = headings.width
    if _widest(below) <= width:
        return iter(())
    beyond = {
        number: cells[0]
        for number, row in enumerate(below, headings.first_data_row)
        if len(row) > width and (cells := [cell for cell in row[width:] if cell.strip()])
    }
    findings = (
        Finding(
            "row.too_many_cells", table.form.table, table.file, table.sheet, number,
            f"{column_letters(width)}{number}", _told(table, cell),
        )
        for number, cell in beyond.items()
    )  # fmt: skip
    return limited(findings, len(beyond))


def _widest(rows: Sequence[Row]) -> int:
    return rows.frame.width if isinstance(rows, FrameRows) else max(map(len, rows), default=0)


def _told(table: Table, cell: str) -> str:
    """A stray cell as it may be said: beside personal codes it may be a name."""
    private = any(column.kind == "person" for column in table.form.columns)
    return "…" if private else shown(cell)


def cell_findings(table: Table, written: Cells, raw: RawSheet) -> Iterator[Finding]:
    """Cells that are empty and may not be, or that cannot be read as their kind."""
    judged_here = table.form.table != COUNTED
    for column in table.form.columns:
        read = written.readings[column.name]
        filled = {cell: value for cell, value in read.items() if cell.strip()}
        if column.required and judged_here:
            trapped = _rows_of(table.letters[column.name], raw)
            yield from _at(table, "value.missing", column, written, read.keys() - filled, trapped)
        unread = {cell for cell, value in filled.items() if value is None}
        if column.kind in ("day", "grades", "codes", "money"):
            yield from _at(table, f"value.not_{column.kind}", column, written, unread)
        if column.kind == "whole" and judged_here:
            yield from _at(table, "value.not_whole", column, written, unread)
        if column.kind == "person":
            yield from _person_findings(table, column, written, filled)
        else:
            codes = {cell for cell in filled if holds_code(cell)}
            yield from _at(table, "value.personal_code", column, written, codes)
        if column.kind == "semester" and judged_here:
            no_code = {cell for cell, value in filled.items() if not is_semester(str(value))}
            yield from _at(table, "value.not_semester", column, written, no_code)
        if column.closed:
            known = set(column.values.values())
            other = {cell for cell, value in filled.items() if value not in known}
            yield from _at(
                table, "value.not_listed", column, written, other, severity=column.closed
            )


_FAULTS: dict[Fault, Severity] = {
    "not_code": "blocks", "wrong_date": "blocks", "check_digit": "explain",
}  # fmt: skip


def _person_findings(
    table: Table, column: Column, written: Cells, filled: Reading
) -> Iterator[Finding]:
    """What is wrong with personal codes, by cell alone: the code itself is never said."""
    faults: dict[Fault, set[str]] = {}
    for cell, value in filled.items():
        if value is None:
            faults.setdefault(fault(plain(cell)), set()).add(cell)
        elif isinstance(value, Doubtful):
            faults.setdefault("check_digit", set()).add(cell)
    for kind, severity in _FAULTS.items():
        wrong = faults.get(kind, set())
        for finding in _at(table, f"person.{kind}", column, written, wrong, severity=severity):
            yield replace(finding, value="")


def row_findings(table: Table, written: Cells) -> Iterator[Finding]:
    """No rows at all, rows whose key stands twice, or whose days run backwards."""
    form, frame = table.form, table.frame
    if form.needed and frame.is_empty():
        yield Finding("table.no_rows", form.table, table.file, table.sheet, severity="explain")
    # most tables have no such row, which a frame knows in no time
    if form.key and frame.select(pl.struct(form.key).is_duplicated().any()).item():
        keys = list(zip(*(frame[name].to_list() for name in form.key), strict=True))
        times = Counter(key for key in keys if all(part not in (None, "") for part in key))
        twice = [(n, k) for n, k in zip(written.numbers, keys, strict=True) if times[k] > 1]
        yield from limited(_duplicates(table, twice), len(twice))
    for first, last in form.spans:
        backwards = (frame[last] < frame[first]).arg_true().to_list()
        yield from limited(_backwards(table, written, backwards, first, last), len(backwards))


def trap_findings(table: Table, raw: RawSheet, headings: Headings) -> Iterator[Finding]:
    """What a spreadsheet shows otherwise than it holds, in the part of it that is read."""
    yield from _hidden(table, raw, headings)
    yield from _merged(table, raw, headings)
    lost = list(_read_cells(table, raw.formulas_without_value, headings))
    yield from limited(
        (cell_finding(table, "value.formula_without_result", name, row, "") for name, row in lost),
        len(lost),
    )
    wrong = list(_read_cells(table, raw.unreadable, headings))
    yield from limited(
        (
            cell_finding(
                table, "value.error_cell", name, row, raw.unreadable[f"{table.letters[name]}{row}"]
            )
            for name, row in wrong
        ),
        len(wrong),
    )


def _hidden(table: Table, raw: RawSheet, headings: Headings) -> Iterator[Finding]:
    rows = len(raw.hidden_rows.intersection(table.frame["row"])) if raw.hidden_rows else 0
    if rows:
        yield Finding(
            "sheet.hidden_rows", table.form.table, table.file, table.sheet, severity="note",
            facts={"count": str(rows)},
        )  # fmt: skip
    columns = sorted(raw.hidden_columns & set(headings.places.values()))
    if columns:
        yield Finding(
            "sheet.hidden_columns", table.form.table, table.file, table.sheet, severity="note",
            facts={"columns": ", ".join(map(column_letters, columns))},
        )  # fmt: skip


def _merged(table: Table, raw: RawSheet, headings: Headings) -> Iterator[Finding]:
    """Merged cells below the headings; a title merged above them harms nobody."""
    first_place, last_place = min(headings.places.values()), max(headings.places.values())
    harmful = []
    for merged in raw.merged:
        (left, _), (right, bottom) = map(split_address, merged.split(":"))
        touches = column_index(left) <= last_place and column_index(right) >= first_place
        if touches and bottom >= headings.first_data_row:
            harmful.append(merged)
    if harmful:
        cell = harmful[0].split(":")[0]
        yield Finding(
            "sheet.merged_cells", table.form.table, table.file, table.sheet,
            split_address(cell)[1], cell, shown(", ".join(harmful)), "explain",
        )  # fmt: skip


def _read_cells(table: Table, addresses: object, headings: Headings) -> Iterator[tuple[str, int]]:
    """Column and row of the addresses that lie in a column of the form, below the headings."""
    names = {letters: name for name, letters in table.letters.items()}
    places = [split_address(address) for address in addresses]  # type: ignore[attr-defined]
    for letters, row in sorted(places, key=lambda place: (place[1], column_index(place[0]))):
        if letters in names and row >= headings.first_data_row:
            yield names[letters], row


def _rows_of(letters: str, raw: RawSheet) -> list[int]:
    """Rows in which the column has a finding of its own already."""
    addresses = map(split_address, (*raw.formulas_without_value, *raw.unreadable))
    return [row for column, row in addresses if column == letters]


def _at(
    table: Table,
    rule: str,
    column: Column,
    written: Cells,
    wrong: Collection[str],
    passed_over: Collection[int] = (),
    severity: Severity = "blocks",
) -> Iterator[Finding]:
    """A finding at every cell of the column that holds one of the wrong texts."""
    if not wrong:
        return iter(())
    facts = {
        "heading": column.heading["lv"], "heading_en": column.heading["en"],
        "known": ", ".join(column.words("lv").values()),
        "known_en": ", ".join(column.words("en").values()),
    }  # fmt: skip
    stand = written.cells[column.name].places(wrong)
    rows = ((written.numbers[at], cell) for at, cell in stand)
    places = [(row, cell) for row, cell in rows if row not in passed_over]
    found = (
        cell_finding(table, rule, column.name, row, cell.strip(), severity, **facts)
        for row, cell in places
    )
    return limited(found, len(places))


def _duplicates(table: Table, twice: Iterable[tuple[int, tuple[object, ...]]]) -> Iterator[Finding]:
    for row, key in twice:
        value = " · ".join(map(str, key))
        yield cell_finding(table, "row.duplicate_key", table.form.key[0], row, value)


def _backwards(
    table: Table, written: Cells, rows: Sequence[int], first: str, last: str
) -> Iterator[Finding]:
    for at in rows:
        begins, ends = written.cells[first][at].strip(), written.cells[last][at].strip()
        number = written.numbers[at]
        yield cell_finding(table, "row.days_backwards", last, number, ends, first=begins)
