"""What a report is: sheets of columns, each cell a value, perhaps with its formula and link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["text", "wide", "count", "money", "cents", "day", "number"]
Cell = str | int | float | date | None

FIRST_ROW = 7
"""Data begin here on every sheet (as a spreadsheet counts); the headings stand one above."""
# Latvian groups thousands from five digits on
MONEY_FORMAT = {"lv": "[<10000]0.00;#,##0.00", "en": "#,##0.00"}


@dataclass(frozen=True, slots=True)
class Total:
    """The cell below a column: its value and its formula."""

    value: Cell
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `money` values are cents shown in euros, `cents` are the steps of a division."""

    heading: str
    kind: Kind
    values: Sequence[Cell]
    formulas: Sequence[str] | None = None
    """One for each value; an empty one leaves the plain value."""
    links: Sequence[str] | None = None
    """The cell that explains each value."""
    total: Total | None = None
    total_link: str = ""
    width: int = 14
    helper: bool = False
    """A step of the computation: folded away, not printed."""


@dataclass(frozen=True, slots=True)
class Check:
    """A live comparison shown above a table: TRUE when the parts add up."""

    label: str
    formula: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar for each row of one column, named by another."""

    title: str
    names: int
    values: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; columns stand at the letters of `letter`."""

    name: str
    title: str
    subtitle: str
    note: str
    columns: Sequence[Column]
    checks: Sequence[Check] = ()
    chart: Chart | None = None
    total_label: str = ""

    @property
    def height(self) -> int:
        return len(self.columns[0].values)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; `on` is its date for the file's properties, so that two runs are equal."""

    title: str
    author: str
    on: date
    sheets: Sequence[Sheet] = field(default_factory=tuple)
    money_format: str = "#,##0.00"
    ok: str = "OK"
    wrong: str = "!"


def letter(index: int) -> str:
    """The column's letter: `A` for 0."""
    first, rest = divmod(index, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + rest)


def quoted(sheet: str) -> str:
    """A sheet's name as a formula wants it."""
    return "'" + sheet.replace("'", "''") + "'"
