"""What can be wrong in a table: its cells, its rows, and the traps a workbook holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from toolkit.errors import Finding, Severity
from toolkit.intake.cells import is_semester
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

COUNTED = "counts"
"""The table whose cells the rules judge, each row by itself."""


def overlong(table: Table, below: Sequence[Row], headings: Headings) -> Iterator[Finding]:
    """Rows with something right of the last heading: a mark too many has shifted the cells."""
    width = headings.width
    beyond = {
        number: cells[0]
        for number, row in enumerate(below, headings.first_data_row)
        if len(row) > width and (cells := [cell for cell in row[width:] if cell.strip()])
    }
    findings = (
        Finding(
            "row.too_many_cells", table.form.table, table.file, table.sheet, number,
            f"{column_letters(width)}{number}", shown(cell),
        )
        for number, cell in beyond.items()
    )  # fmt: skip
    return limited(findings, len(beyond))


def cell_findings(table: Table, text: pl.DataFrame, raw: RawSheet) -> Iterator[Finding]:
    """Cells that are empty and may not be, or that cannot be read as their kind."""
    for column in table.form.columns:
        written = text[column.name].str.strip_chars()
        filled = written != ""
        if column.required and table.form.table != COUNTED:
            trapped = _rows_of(table.letters[column.name], raw)
            lacking = ~filled & ~table.frame["row"].is_in(trapped)
            yield from _at(table, "value.missing", column, lacking, written)
        if column.kind in ("day", "grades"):
            unread = filled & table.frame[column.name].is_null()
            yield from _at(table, f"value.not_{column.kind}", column, unread, written)
        if column.kind == "semester" and table.form.table != COUNTED:
            codes = table.frame[column.name]
            known = [code for code in codes.unique() if is_semester(code)]
            yield from _at(
                table, "value.not_semester", column, filled & ~codes.is_in(known), written
            )
        if column.closed:
            known = list(column.values.values())
            other = filled & ~table.frame[column.name].is_in(known)
            yield from _at(table, "value.not_listed", column, other, written, column.closed)


def row_findings(table: Table, text: pl.DataFrame) -> Iterator[Finding]:
    """No rows at all, rows whose key stands twice, or whose days run backwards."""
    form, frame = table.form, table.frame
    if form.needed and frame.is_empty():
        yield Finding("table.no_rows", form.table, table.file, table.sheet, severity="explain")
    if form.key and not frame.is_empty():
        whole = [
            pl.col(name).is_not_null() & (pl.col(name).cast(pl.String) != "") for name in form.key
        ]
        twice = frame.filter(pl.all_horizontal(whole)).filter(pl.struct(form.key).is_duplicated())
        yield from limited(_duplicates(table, twice), twice.height)
    for first, last in form.spans:
        backwards = text.filter((frame[last] < frame[first]).fill_null(value=False))
        yield from limited(_backwards(table, backwards, first, last), backwards.height)


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
    rows = table.frame["row"].is_in(sorted(raw.hidden_rows)).sum()
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
    wrong: pl.Series,
    written: pl.Series,
    severity: Severity = "blocks",
) -> Iterator[Finding]:
    rows = table.frame["row"].filter(wrong)
    facts = {
        "heading": column.heading["lv"], "heading_en": column.heading["en"],
        "known": ", ".join(column.values), "known_en": ", ".join(column.values.values()),
    }  # fmt: skip
    places = zip(rows, written.filter(wrong), strict=True)
    found = (
        cell_finding(table, rule, column.name, row, value, severity, **facts)
        for row, value in places
    )
    return limited(found, len(rows))


def _duplicates(table: Table, twice: pl.DataFrame) -> Iterator[Finding]:
    key = table.form.key
    for row in twice.iter_rows(named=True):
        value = " · ".join(str(row[name]) for name in key)
        yield cell_finding(table, "row.duplicate_key", key[0], row["row"], value)


def _backwards(table: Table, rows: pl.DataFrame, first: str, last: str) -> Iterator[Finding]:
    for row in rows.iter_rows(named=True):
        begins, ends = row[first].strip(), row[last].strip()
        yield cell_finding(table, "row.days_backwards", last, row["row"], ends, first=begins)
