"""A worksheet that takes formulas as they are. Known to the workbook writer alone."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import CellFormulaTuple, Worksheet


class PlainWorksheet(Worksheet):
    """A worksheet without the search for functions newer than Excel 2010 in every formula.

    xlsxwriter looks for some thirty of them, two thirds of the time our workbook
    took (measured, README *Speed*). Ours has none, and a test holds that; the rest
    is xlsxwriter's own.
    """

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0
    ) -> int:
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), cell_format, value)
        return 0
