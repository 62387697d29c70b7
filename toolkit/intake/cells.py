"""How the text of a cell is read: days, whole numbers, amounts, semesters, grades, codes.

Each distinct text of a column is read once, in Python: a semester has some
thousand rows and some dozen texts, and twenty small frames cost more than that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from toolkit import money
from toolkit.errors import MoneyError, UsageError
from toolkit.grades import grades
from toolkit.intake.columns import Reading, Written
from toolkit.intake.forms import Column, Form, Kind, folded
from toolkit.intake.persons import faultless, pseudonym_of
from toolkit.semester import Semester

_MIDNIGHT = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
_DAYS = (
    re.compile(rf"(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}}){_MIDNIGHT}"),
    re.compile(rf"(?P<d>[0-9]{{1,2}})\. ?(?P<m>[0-9]{{1,2}})\. ?(?P<y>[0-9]{{4}})\.?{_MIDNIGHT}"),
)
_WHOLE = re.compile(r"[0-9]+")
_LARGEST = 10**12
_LISTED = re.compile(r"[,;/+]|\n")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))

_TYPES: dict[Kind, DataType | DataTypeClass] = {
    "day": pl.Date,
    "whole": pl.Int64,
    "money": pl.Int64,
    "grades": pl.List(pl.Int64),
    "semester": pl.String,
    "code": pl.String,
    "text": pl.String,
    "codes": pl.String,
    "person": pl.String,
}


def reading(column: Column, cells: Written) -> Reading:
    """What each distinct cell of a column stands for."""
    read = _reader(column)
    # of thousands of codes the most stand for themselves, and nothing can be wrong with them
    texts = cells.remarkable() if read is plain else cells.distinct()
    given = column.pseudonym
    if given and (whole := faultless(texts)):
        return {cell: given(cell) if cell in whole else read(cell) for cell in texts}
    return {cell: read(cell) for cell in texts}


def typed(
    form: Form,
    file: str,
    numbers: Sequence[int],
    cells: Mapping[str, Written],
    readings: Mapping[str, Reading],
) -> pl.DataFrame:
    """The form's columns read as their kinds; null where a cell is not of its kind."""
    columns = {
        "row": pl.Series(numbers, dtype=pl.Int64),
        "file": pl.Series([file], dtype=pl.String).new_from_index(0, len(numbers)),
    }
    for column in form.columns:
        written = cells[column.name]
        name = f"{column.name}_cents" if column.kind == "money" else column.name
        columns[name] = written.read(readings[column.name], _TYPES[column.kind])
        if column.kind == "whole":
            columns[f"{column.name}_text"] = written.texts()
    return pl.DataFrame(columns)


def read_day(written: str) -> date | None:
    """A day as people write it (`2021-07-01`, `01.07.2021.`); None where it is none."""
    trimmed = plain(written)
    for pattern in _DAYS:
        if match := pattern.fullmatch(trimmed):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    return None


def read_cents(cell: str) -> int | None:
    """Cents of an amount; what cannot be read is null for a finding, never 0."""
    try:
        return money.read_euros(plain(cell)) if cell.strip() else None
    except MoneyError:
        return None


def is_semester(code: str) -> bool:
    """Whether the text is the code of a semester, with years that follow each other."""
    try:
        return Semester.parse(code).code == code
    except UsageError:
        return False


def plain(cell: str) -> str:
    """Without spaces around, without letters that nobody sees, and each letter in one form."""
    if cell.isascii():
        return cell.strip()
    return unicodedata.normalize("NFC", cell.translate(_INVISIBLE).strip())


def _reader(column: Column) -> Callable[[str], object]:
    codes = column.codes()
    readers: dict[Kind, Callable[[str], object]] = {
        "day": read_day,
        "whole": _whole,
        "money": read_cents,
        "semester": lambda cell: _semester_code(plain(cell)),
        "grades": lambda cell: _grade_list(plain(cell)),
        "codes": lambda cell: _codes(plain(cell), codes),
        "person": lambda cell: pseudonym_of(plain(cell), column.pseudonym),
    }
    if column.kind in readers:
        return readers[column.kind]
    return (lambda cell: codes.get(folded(cell), plain(cell))) if codes else plain


def _whole(cell: str) -> int | None:
    """Only digits count, a space is none; more than fit are clamped for a rule to refuse."""
    if not _WHOLE.fullmatch(cell):
        return None
    digits = cell.lstrip("0")
    return min(int(digits or "0"), _LARGEST) if len(digits) <= len(str(_LARGEST)) else _LARGEST


def _codes(cell: str, codes: Mapping[str, str]) -> str | None:
    """The codes of a list, sorted and joined by commas; null when one of them is not known."""
    parts = [codes.get(folded(part)) for part in _LISTED.split(cell) if part.strip()]
    known = {part for part in parts if part is not None}
    return None if None in parts else ",".join(sorted(known))


def _semester_code(cell: str) -> str:
    """The code of a semester; what is none stays as written for the rules to refuse."""
    try:
        return Semester.parse(cell).code
    except UsageError:
        return cell


def _grade_list(cell: str) -> list[int] | None:
    try:
        return sorted(grades(cell)) if cell else None
    except UsageError:
        return None
