"""Where a sheet's headings are, and which column of the form each of them means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.errors import Finding
from toolkit.intake.forms import Column, Form, folded
from toolkit.intake.sheets import MOST_COLUMNS, RawSheet, Row, column_letters, shown

HEADING_ROWS = 20
_LONGEST_HEADING = 200
_FEW = 8


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of the headings (from 0), and the place of each column of the form."""

    row: int
    places: Mapping[str, int]
    width: int
    """Places up to the last heading, of whatever column."""
    findings: tuple[Finding, ...]

    @property
    def first_data_row(self) -> int:
        """The row below, as the spreadsheet numbers it."""
        return self.row + 2


def find_headings(form: Form, raw: RawSheet) -> Headings | Finding:
    """The headings of a sheet, or the finding that there are none."""
    known = {heading: column.name for column in form.columns for heading in column.headings()}
    best, most = None, 1
    for number, row in enumerate(raw.rows[:HEADING_ROWS]):
        hits = len({known.get(heading) for heading in _folded(row)} - {None})
        if hits > most:
            best, most = number, hits
    return _none(form, raw) if best is None else _places(form, raw, best)


def _folded(row: Row) -> list[str]:
    return [
        folded(cell) if cell and len(cell) <= _LONGEST_HEADING else ""
        for cell in row[:MOST_COLUMNS]
    ]


def _places(form: Form, raw: RawSheet, number: int) -> Headings:
    row = raw.rows[number]
    headings = _folded(row)
    places: dict[str, int] = {}
    findings = []
    for column in form.columns:
        meant = column.headings()
        found = [place for place, heading in enumerate(headings) if heading in meant]
        if found:
            places[column.name] = found[0]
        elif not column.optional:
            findings.append(_missing(form, raw, column, number))
        findings += [_twice(form, raw, column, number, found[0], again) for again in found[1:]]
    width = max((place + 1 for place, cell in enumerate(row) if cell.strip()), default=0)
    return Headings(number, places, width, tuple(findings))


def _none(form: Form, raw: RawSheet) -> Finding:
    number = next((n for n, row in enumerate(raw.rows) if any(map(str.strip, row))), None)
    if number is None:
        return Finding("sheet.empty", form.table, raw.file, raw.sheet)
    filled = [place for place, cell in enumerate(raw.rows[number]) if cell.strip()]
    headings = {lang: ", ".join(c.heading[lang] for c in form.columns) for lang in ("lv", "en")}
    return Finding(
        "table.no_headings", form.table, raw.file, raw.sheet, number + 1,
        f"{column_letters(filled[0])}{number + 1}",
        shown(", ".join(raw.rows[number][place] for place in filled[:_FEW])),
        facts={"headings": headings["lv"], "headings_en": headings["en"]},
    )  # fmt: skip


def _missing(form: Form, raw: RawSheet, column: Column, number: int) -> Finding:
    return Finding(
        "table.missing_column", form.table, raw.file, raw.sheet, number + 1,
        value=", ".join(shown(cell) for cell in raw.rows[number][:MOST_COLUMNS] if cell)[:500],
        facts={"heading": column.heading["lv"], "heading_en": column.heading["en"]},
    )  # fmt: skip


def _twice(
    form: Form, raw: RawSheet, column: Column, number: int, first: int, again: int
) -> Finding:
    """Two columns that mean the same: only a person knows which of them is right."""
    cells = [f"{column_letters(place)}{number + 1}" for place in (first, again)]
    return Finding(
        "table.column_twice", form.table, raw.file, raw.sheet, number + 1, cells[1],
        shown(raw.rows[number][again]),
        facts={
            "heading": column.heading["lv"], "heading_en": column.heading["en"],
            "first": shown(raw.rows[number][first]), "first_cell": cells[0], "cell": cells[1],
        },
    )  # fmt: skip
