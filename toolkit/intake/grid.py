"""The cells of one worksheet: each at its own address, with what a spreadsheet hides about it."""

from __future__ import annotations

import re

from toolkit.intake.archive import Attributes, TooLargeError, local
from toolkit.intake.book import Book, day_text, is_true, number_text, unescaped
from toolkit.intake.sheets import MOST_COLUMNS, MOST_ROWS, column_index, column_letters

MOST_CELLS = 50_000_000
_RANGE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}:[A-Z]{1,3}[1-9][0-9]{0,6}")


class _Places(dict[str, int]):
    """Places of columns by their letters, each computed once."""

    def __missing__(self, letters: str) -> int:
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise ValueError
        self[letters] = place = _below(column_index(letters.upper()), MOST_COLUMNS)
        return place


class Grid:
    """Receives the elements of a worksheet in order; afterwards it holds the sheet's rows.

    Raises ValueError for what no spreadsheet program writes, TooLargeError for more cells
    than fit.
    """

    def __init__(self, book: Book) -> None:
        self.rows: list[list[str] | tuple[()]] = []
        self.formulas_without_value: set[str] = set()
        self.unreadable: dict[str, str] = {}
        self.merged: list[str] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._book = book
        self._places = _Places()
        self._cells = 0
        self._row: list[str] = []
        self._row_hidden = False
        self._number = 0
        self._digits = "0"
        self._place = -1
        self._in_cell = False
        self._cell: Attributes = {}
        self._value: list[str] | None = None
        self._formula = False
        self._reading = False
        self._aside = False

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins: what there is most of is asked for first."""
        if name == "c":
            self._begin_cell(attributes)
        elif self._in_cell:
            if name == "v" or name == "t":  # noqa: PLR1714 - millions of times
                self._reading = not self._aside
                if self._value is None:
                    self._value = []
            elif name == "f":
                self._formula = True
            elif name == "rPh":
                self._aside = True
            elif ":" in name:
                self.begin(local(name), attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif ":" in name:
            self.begin(local(name), attributes)
        else:
            self._begin_around(name, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self._aside = False
        elif ":" in name:
            self.end(local(name))
        self._reading = False

    def text(self, piece: str) -> None:
        """Letters between the elements."""
        if self._reading and self._value is not None:
            self._value.append(piece)

    def _begin_around(self, name: str, attributes: Attributes) -> None:
        """What stands before and after the rows."""
        if name == "mergeCell" and ":" in attributes["ref"]:
            self.merged.append(_range(attributes["ref"]))
        elif name == "col" and is_true(attributes.get("hidden")):
            first, last = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self.hidden_columns.update(range(first, _below(last, MOST_COLUMNS) + 1))

    def _begin_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r", self._number + 1))
        if number <= self._number:
            raise ValueError
        self._number = _below(number, MOST_ROWS + 1)
        self._digits = str(number)
        self._row, self._place = [], -1
        self._row_hidden = is_true(attributes.get("hidden"))

    def _end_row(self) -> None:
        if not self._row:
            return
        self._cells += len(self._row)
        if self._cells > MOST_CELLS:
            raise TooLargeError
        missing = self._number - 1 - len(self.rows)
        if missing:
            self.rows.extend([()] * missing)
        self.rows.append(self._row)
        if self._row_hidden:
            self.hidden_rows.add(self._number)

    def _begin_cell(self, attributes: Attributes) -> None:
        address = attributes.get("r")
        if address is None:
            self._place = _below(self._place + 1, MOST_COLUMNS)
        elif address.endswith(self._digits):
            self._place = self._places[address[: -len(self._digits)]]
        else:
            raise ValueError
        self._in_cell, self._cell = True, attributes
        self._value, self._formula = None, False

    def _end_cell(self) -> None:
        self._in_cell = False
        if self._value is None and not self._formula:
            return
        kind = self._cell.get("t", "n")
        stored = "".join(self._value or ())
        lost = self._value is None or (not stored and kind != "str")
        if self._formula and (lost or (stored == "0" and self._book.recalculates)):
            self.formulas_without_value.add(self._address())
        elif stored:
            read = self._read(stored, kind)
            if read is None:
                self.unreadable[self._address()] = stored
            elif read:
                self._keep(read)

    def _read(self, stored: str, kind: str) -> str | None:
        """The cell as text; None for an error or a number that is none."""
        if kind == "s":
            return self._book.texts[_below(int(stored), len(self._book.texts))]
        if kind == "n":
            if self._cell.get("s") in self._book.day_styles:
                return day_text(stored, since_1904=self._book.since_1904)
            return number_text(stored)
        if kind in ("str", "inlineStr"):
            return unescaped(stored)
        if kind == "b":
            return "TRUE" if is_true(stored) else "FALSE"
        return stored.replace("T", " ") if kind == "d" else None

    def _keep(self, cell: str) -> None:
        row, place = self._row, self._place
        if place >= len(row):
            row.extend([""] * (place + 1 - len(row)))
        row[place] = cell

    def _address(self) -> str:
        return f"{column_letters(self._place)}{self._number}"


def _below(number: int, limit: int) -> int:
    """The number, when a spreadsheet can have it."""
    if not 0 <= number < limit:
        raise ValueError
    return number


def _range(reference: str) -> str:
    """`B5:B9`, when both ends are cells."""
    if not _RANGE.fullmatch(reference):
        raise ValueError
    return reference
