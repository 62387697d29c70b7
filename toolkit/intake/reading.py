"""Rows of text and a form into a frame, with every finding of every cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from toolkit.errors import Finding
from toolkit.intake.cells import reading, typed
from toolkit.intake.checks import Cells, cell_findings, overlong, row_findings, trap_findings
from toolkit.intake.columns import Listed, columns_of
from toolkit.intake.forms import Form
from toolkit.intake.headings import find_headings
from toolkit.intake.sheets import RawSheet, column_letters
from toolkit.intake.table import Table


def empty_table(form: Form) -> Table:
    """The form with no rows."""
    none = {column.name: Listed() for column in form.columns}
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
    places = {column.name: headings.places.get(column.name, -1) for column in form.columns}
    numbers, cells = columns_of(below, places, headings.first_data_row)
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
    cells = {column.name: Listed([texts.get(column.name, "")]) for column in form.columns}
    readings = {column.name: reading(column, cells[column.name]) for column in form.columns}
    letters = {column.name: column_letters(at) for at, column in enumerate(form.columns)}
    table = Table(form, typed(form, file, [1], cells, readings), (), letters, file)
    written = Cells([1], cells, readings)
    none = RawSheet(file, "", [])
    found = (*cell_findings(table, written, none), *row_findings(table, written))
    return replace(table, findings=found)
