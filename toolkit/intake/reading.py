"""Rows of text and a form into a frame, with every finding of every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from toolkit.errors import Finding
from toolkit.intake.cells import reading, typed
from toolkit.intake.checks import Cells, cell_findings, overlong, row_findings, trap_findings
from toolkit.intake.forms import Form
from toolkit.intake.headings import find_headings
from toolkit.intake.sheets import RawSheet, Row, column_letters
from toolkit.intake.table import Table


def empty_table(form: Form) -> Table:
    """The form with no rows."""
    none: dict[str, list[str]] = {column.name: [] for column in form.columns}
    return Table(form, typed(form, "", [], none, {name: {} for name in none}), (), {})


def read_table(form: Form, raw: RawSheet) -> Table:
    """The rows of a sheet as the form's frame.

    Rows in which all columns of the form are empty are passed over wherever they stand;
    row numbers stay those of the file. A cell that cannot be read is null in the frame
    and a finding here.
    """
    headings = None if raw.blocked else find_headings(form, raw)
    if headings is None or isinstance(headings, Finding):
        found = (*raw.findings, *([headings] if headings else []))
        return replace(empty_table(form), findings=found, file=raw.file, sheet=raw.sheet)
    below = raw.rows[headings.row + 1 :]
    numbers, cells = _cells(form, headings.places, below, headings.first_data_row)
    readings = {column.name: reading(column, cells[column.name]) for column in form.columns}
    letters = {name: column_letters(place) for name, place in headings.places.items()}
    frame = typed(form, raw.file, numbers, cells, readings)
    table = Table(form, frame, (), letters, raw.file, raw.sheet)
    findings = [*raw.findings, *headings.findings]
    if raw.delimited:
        findings += overlong(table, below, headings)
    findings += trap_findings(table, raw, headings)
    if not headings.findings:
        written = Cells(numbers, cells, readings)
        findings += cell_findings(table, written, raw)
        findings += row_findings(table, written)
    return replace(table, findings=tuple(findings))


def read_record(form: Form, file: str, texts: Mapping[str, str]) -> Table:
    """One record typed by hand as the form's frame, with the findings of its cells."""
    cells = {column.name: [texts.get(column.name, "")] for column in form.columns}
    readings = {column.name: reading(column, cells[column.name]) for column in form.columns}
    letters = {column.name: column_letters(at) for at, column in enumerate(form.columns)}
    table = Table(form, typed(form, file, [1], cells, readings), (), letters, file)
    written = Cells([1], cells, readings)
    none = RawSheet(file, "", [])
    found = (*cell_findings(table, written, none), *row_findings(table, written))
    return replace(table, findings=found)


def _cells(
    form: Form, places: Mapping[str, int], rows: Sequence[Row], first: int
) -> tuple[Sequence[int], dict[str, Sequence[str]]]:
    """Numbers as in the file and the form's cells as text, without the rows that have none."""
    numbers: Sequence[int] = range(first, first + len(rows))
    width = max(places.values(), default=-1) + 1
    whole = rows and min(map(len, rows)) >= width
    full = rows if whole else [[*row, *([""] * (width - len(row)))] for row in rows]
    turned = list(zip(*full, strict=False)) if rows else [()] * width
    none = ("",) * len(rows)
    columns: dict[str, Sequence[str]] = {
        column.name: turned[places[column.name]] if column.name in places else none
        for column in form.columns
    }
    blank = _blank(form, columns)
    if blank:
        numbers = [number for at, number in enumerate(numbers) if at not in blank]
        columns = {
            name: [cell for at, cell in enumerate(cells) if at not in blank]
            for name, cells in columns.items()
        }
    return numbers, columns


def _blank(form: Form, columns: Mapping[str, Sequence[str]]) -> set[int]:
    """Places of the rows in which every column of the form is empty."""
    lead = columns[form.columns[0].name]
    if all(map(str.strip, lead)):
        return set()
    return {
        at
        for at, cell in enumerate(lead)
        if not cell.strip() and not any(cells[at].strip() for cells in columns.values())
    }
