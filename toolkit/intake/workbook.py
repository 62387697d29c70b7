"""XLSX into rows of text, cells where the person sees them.

The XML is read here, not by a library: what a form needs to know (formulas without result,
error cells, hidden and merged cells, the address of each) the fast readers leave out, and
a sheet with one stray cell in its last corner makes them ask for more memory than there is.
"""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import Finding
from toolkit.intake.archive import MALFORMED, Archive, TooLargeError
from toolkit.intake.book import Book, Sheet, read_book
from toolkit.intake.grid import Grid
from toolkit.intake.sheets import RawSheet, many_rows, refused
from toolkit.personal import masked

LARGEST_BYTES = 200 * 2**20


def read_workbook(path: Path) -> list[RawSheet]:
    """Every sheet; one without rows and with a finding when the file is no workbook."""
    name = masked(path.name)
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        return [refused(name, "file.too_large")]
    if size == 0:
        return [refused(name, "file.empty")]
    try:
        with many_rows(), Archive(path) as archive:
            book = read_book(archive)
            return [_sheet(archive, book, sheet, name) for sheet in book.sheets]
    except TooLargeError:
        return [refused(name, "file.too_large")]
    except MALFORMED:
        return [refused(name, "file.broken_workbook")]


def _sheet(archive: Archive, book: Book, sheet: Sheet, file: str) -> RawSheet:
    grid = Grid(book)
    archive.parse(sheet.part, grid.begin, grid.end, grid.text)
    notes = (
        [Finding("sheet.hidden", file=file, sheet=sheet.name, severity="note")]
        if sheet.hidden
        else []
    )
    return RawSheet(
        file, sheet.name, grid.rows, notes, frozenset(grid.formulas_without_value),
        grid.unreadable, tuple(grid.merged), frozenset(grid.hidden_rows),
        frozenset(grid.hidden_columns),
    )  # fmt: skip
