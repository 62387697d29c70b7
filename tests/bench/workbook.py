"""The workbook of a semester, ours and bare: seconds and cells."""

from __future__ import annotations

import time
from pathlib import Path

COLUMNS = 12


def ours(folder: Path, out: Path) -> dict[str, object]:
    """Seconds to write the semester's workbook, report included, and the cells in it.

    The allocation and the imports come before the clock starts.
    """
    import xlsxwriter  # noqa: F401

    from tests.bench import material, ours
    from toolkit.reports import allocation, workbook  # noqa: F401
    from toolkit.semester import Semester
    from toolkit.services.allocation import allocate
    from toolkit.services.reporting import write_workbook

    read = ours.prepared(folder)
    result = allocate(read.inputs, read.law, Semester.parse(material.NATIONAL_SEMESTER))
    start = time.perf_counter()
    write_workbook(result, out, "lv")
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "cells": _cells(out)}


def bare(cells: int, out: Path) -> dict[str, object]:
    """Seconds for as many cells in plain xlsxwriter, half texts and half amounts, one sheet."""
    import xlsxwriter

    start = time.perf_counter()
    with xlsxwriter.Workbook(str(out)) as book:
        sheet = book.add_worksheet()
        for number in range(cells):
            row, column = divmod(number, COLUMNS)
            if column % 2:
                sheet.write_number(row, column, number / 100)
            else:
                sheet.write_string(row, column, f"SK-{number % 665:03}")
    return {"seconds": time.perf_counter() - start, "cells": cells}


def _cells(path: Path) -> int:
    """Cells with something in them, on every sheet."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return sum(cell is not None for row in rows for cell in row)
