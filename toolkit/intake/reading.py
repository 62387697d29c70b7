"""Rows of text and a form into a frame, with every finding of every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from toolkit.errors import Finding
from toolkit.intake.cells import typed
from toolkit.intake.checks import cell_findings, overlong, row_findings, trap_findings
from toolkit.intake.forms import Form
from toolkit.intake.headings import find_headings
from toolkit.intake.sheets import RawSheet, Row, column_letters
from toolkit.intake.table import Table


def empty_table(form: Form) -> Table:
    """The form with no rows."""
    return Table(form, typed(form, _text_frame(form, "", {}, [], 1)), (), {})


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
    text = _text_frame(form, raw.file, headings.places, below, headings.first_data_row)
    letters = {name: column_letters(place) for name, place in headings.places.items()}
    table = Table(form, typed(form, text), (), letters, raw.file, raw.sheet)
    findings = [*raw.findings, *headings.findings]
    if raw.delimited:
        findings += overlong(table, below, headings)
    findings += trap_findings(table, raw, headings)
    if not headings.findings:
        findings += cell_findings(table, text, raw)
        findings += row_findings(table, text)
    return replace(table, findings=tuple(findings))


def _text_frame(
    form: Form, file: str, places: Mapping[str, int], rows: Sequence[Row], first: int
) -> pl.DataFrame:
    """The form's cells as text, numbered as in the file, without the rows that have none."""
    columns = {}
    for column in form.columns:
        place = places.get(column.name)
        cells = (
            [""] * len(rows)
            if place is None
            else [row[place] if place < len(row) else "" for row in rows]
        )
        columns[column.name] = pl.Series(cells, dtype=pl.String)
    frame = pl.DataFrame(
        {
            "row": pl.int_range(first, first + len(rows), dtype=pl.Int64, eager=True),
            "file": pl.repeat(file, len(rows), dtype=pl.String, eager=True),
            **columns,
        }
    )
    written = pl.concat_str(column.name for column in form.columns)
    return frame.filter(written.str.contains(r"\S"))
