"""Bad inputs that cannot lie in a folder as plain text."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

HEADINGS = ["Semestris", "Iestāde", "Programma", "Klase", "Plāna veids", "Plāni"]
GOOD = ["2020/2021-1", "MEZ", "vispārējā", 7, "konsultatīvs", 3]
COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of a workbook with a password, and of any file of old Excel."""
MANY = 300

Page = xlsxwriter.worksheet.Worksheet


def not_text(source: Path) -> None:
    (source / "counts.csv").write_bytes(b"%PDF-1.7\n\x00\x81\xff" * 9)


def read_as_1257(source: Path) -> None:
    file = source / "institutions.csv"
    file.write_bytes(file.read_text("utf-8").encode("cp1257"))


def too_large(source: Path) -> None:
    os.truncate(source / "counts.csv", 500 * 2**20 + 1)


def broken_workbook(source: Path) -> None:
    (source / "counts.csv").unlink()
    (source / "counts.xlsx").write_bytes(COMPOUND_FILE + bytes(4096))


def no_table(source: Path) -> None:
    for file in sorted(source.iterdir()):
        file.rename(source / f"mans {file.name}")


def missing_table(source: Path) -> None:
    (source / "coverage.csv").rename(source / "līgumi un skolas.csv")


def more_of_kind(source: Path) -> None:
    row = "MEZ,LUDZA,{}.13.2019.,\n"
    rows = "".join(row.format(number) for number in range(MANY))
    heading = "institution,partner,valid_from,valid_to\n"
    (source / "memberships.csv").write_text(heading + rows, "utf-8")


def workbook(source: Path, change: Callable[[Page, xlsxwriter.Workbook], None]) -> None:
    """The counts as a workbook: a title, an empty row, headings in row 3, one row of data."""
    (source / "counts.csv").unlink()
    with xlsxwriter.Workbook(source / "pielikums.xlsx") as book:
        page = book.add_worksheet("Skaits")
        page.write(0, 1, "Pārskats par rudeni")
        page.write_row(2, 1, HEADINGS)
        page.write_row(3, 1, GOOD)
        change(page, book)


def unreadable(source: Path) -> None:
    """A file that is there and gives nothing, to whomever asks."""
    (source / "counts.csv").unlink()
    (source / "counts.csv").symlink_to("/proc/self/mem")


def empty_sheet(source: Path) -> None:
    (source / "counts.csv").unlink()
    with xlsxwriter.Workbook(source / "pielikums.xlsx") as book:
        book.add_worksheet("Skaits")


def hidden_sheet(source: Path) -> None:
    def change(page: Page, book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Lasi mani").activate()
        page.hide()

    workbook(source, change)


def hidden_rows(source: Path) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.write_row(4, 1, [*GOOD[:3], 8, *GOOD[4:]])
        page.set_row(4, None, None, {"hidden": True})

    workbook(source, change)


def hidden_columns(source: Path) -> None:
    workbook(source, lambda page, _: page.set_column("D:E", None, None, {"hidden": True}))


def merged_cells(source: Path) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.merge_range("B4:B5", GOOD[0])
        page.merge_range("B1:G1", "Pārskats par rudeni")

    workbook(source, change)


def formula_without_result(source: Path) -> None:
    workbook(source, lambda page, _: page.write_formula("G4", "=SUM(H4:K4)"))


def error_cell(source: Path) -> None:
    workbook(source, lambda page, _: page.write_formula("G4", "=H4/0", None, "#DIV/0!"))


CASES: dict[str, Callable[[Path], None]] = {
    "file.not_text": not_text,
    "file.read_as_1257": read_as_1257,
    "file.too_large": too_large,
    "file.broken_workbook": broken_workbook,
    "file.unreadable": unreadable,
    "input.missing_table": missing_table,
    "input.no_table": no_table,
    "sheet.empty": empty_sheet,
    "sheet.hidden": hidden_sheet,
    "sheet.hidden_rows": hidden_rows,
    "sheet.hidden_columns": hidden_columns,
    "sheet.merged_cells": merged_cells,
    "table.more_of_kind": more_of_kind,
    "value.formula_without_result": formula_without_result,
    "value.error_cell": error_cell,
}
