"""A worksheet that is filled column by column. Known to the workbook writer alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.worksheet import CellFormulaTuple, CellStringTuple, Worksheet

_LONG = 16_000
"""Texts of this length may pass Excel's limit of a cell: xlsxwriter cuts them."""


class PlainWorksheet(Worksheet):
    """A worksheet whose columns are stored at once, as xlsxwriter would cell by cell.

    Left out is what our workbook has no use for and what cost two thirds of its time
    (measured, README *Speed*): in every formula the search for thirty functions newer
    than Excel 2010, and the checks of every single place. All writing of the file is
    xlsxwriter's own.
    """

    def texts(self, first: int, place: int, values: Sequence[str], style: Any) -> None:
        """Texts from row `first` on, never as formula, link or markup."""
        self._reach(first, place, len(values))
        index, table = self.str_table._get_shared_string_index, self.table
        for row, value in enumerate(values, first):
            if len(value) > _LONG or value[:3] == "<r>":
                # a text like <r>…</r> would be taken for markup of ours and written raw
                self._write_string(row, place, value + " ", style)
            else:
                table[row][place] = CellStringTuple(index(value), style)

    def formulas(
        self, first: int, place: int, formulas: Sequence[str], values: Sequence[Any], style: Any
    ) -> None:
        """Formulas with their computed values; a plain number where the formula is empty."""
        self._reach(first, place, len(formulas))
        table = self.table
        for row, (formula, value) in enumerate(zip(formulas, values, strict=True), first):
            if formula:
                table[row][place] = CellFormulaTuple(formula.removeprefix("="), style, value)
            else:
                self._write_number(row, place, value, style)

    def _reach(self, first: int, place: int, height: int) -> None:
        """Let the sheet know that it has these rows."""
        if height:
            self._check_dimensions(first, place)
            self._check_dimensions(first + height - 1, place)
