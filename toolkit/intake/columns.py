"""Rows as they were written, turned into columns: lists where they are few, a frame where many.

A million cells as Python's texts cost more than all that is asked of them; of the rows
of a large file most columns hold few distinct texts, which a frame finds at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Protocol, overload

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from toolkit.intake.sheets import Row

Reading = Mapping[str, object]
"""Each distinct text of a column and what it stands for; None where it cannot be read."""
SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What `str.strip` takes away, for polars, which takes a little less."""
_UNREMARKABLE = r"^[!-~](?:[ -~]{0,7}[!-~])?$"
"""Plain letters without spaces around them, too few for a personal code."""
_MOST_COLUMNS = 200


class Written(Protocol):
    """The cells of one column as text."""

    def __getitem__(self, at: int) -> str: ...

    def distinct(self) -> Collection[str]:
        """Each text once."""
        ...

    def remarkable(self) -> Collection[str]:
        """Each text once, at least those that may be read as another than they are."""
        ...

    def read(self, reading: Reading, kind: DataType | DataTypeClass) -> pl.Series:
        """What each cell stands for; of a text that is not in the reading, itself."""
        ...

    def texts(self) -> pl.Series:
        """The cells themselves."""
        ...

    def places(self, wanted: Collection[str]) -> list[tuple[int, str]]:
        """Where one of the texts stands, and which."""
        ...


class Listed(list[str]):
    """A column of a small table."""

    def distinct(self) -> Collection[str]:
        return set(self)

    remarkable = distinct

    def read(self, reading: Reading, kind: DataType | DataTypeClass) -> pl.Series:
        return pl.Series(list(map(reading.__getitem__, self)), dtype=kind)

    def texts(self) -> pl.Series:
        return pl.Series(self, dtype=pl.String)

    def places(self, wanted: Collection[str]) -> list[tuple[int, str]]:
        return [(at, cell) for at, cell in enumerate(self) if cell in wanted]


@dataclass(frozen=True, slots=True)
class Framed:
    """A column of a large table."""

    cells: pl.Series

    def __getitem__(self, at: int) -> str:
        return str(self.cells[at])

    def distinct(self) -> Collection[str]:
        return self.cells.unique().to_list()

    def remarkable(self) -> Collection[str]:
        return self.cells.filter(~self.cells.str.contains(_UNREMARKABLE)).unique().to_list()

    def read(self, reading: Reading, kind: DataType | DataTypeClass) -> pl.Series:
        if all(map(is_, reading.keys(), reading.values())):
            return self.cells
        if kind == pl.String:
            return self.cells.replace(list(reading), pl.Series(list(reading.values()), dtype=kind))
        place = self.cells.replace_strict(
            list(reading), range(len(reading)), return_dtype=pl.get_index_type()
        )
        return pl.Series(list(reading.values()), dtype=kind).gather(place)

    def texts(self) -> pl.Series:
        return self.cells

    def places(self, wanted: Collection[str]) -> list[tuple[int, str]]:
        at = self.cells.is_in(list(wanted)).arg_true()
        return list(zip(at.to_list(), self.cells.gather(at).to_list(), strict=True))


@dataclass(frozen=True, slots=True)
class FrameRows(Sequence[Row]):
    """The rows of a large file, all of one width, without a list for each."""

    frame: pl.DataFrame

    def __len__(self) -> int:
        return self.frame.height

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> FrameRows: ...
    def __getitem__(self, at: int | slice) -> Row | FrameRows:
        return FrameRows(self.frame[at]) if isinstance(at, slice) else self.frame.row(at)

    def __iter__(self) -> Iterator[Row]:
        return self.frame.iter_rows()


def columns_of(
    rows: Sequence[Row], places: Mapping[str, int], first: int
) -> tuple[Sequence[int], dict[str, Written]]:
    """Numbers of the rows that are not blank, and the named columns at their places.

    A column that is nowhere is empty in all rows; a row is blank when all its cells are.
    """
    if isinstance(rows, FrameRows):
        return _of_frame(rows, places, first)
    return _of_lists(rows, places, first)


def _of_frame(
    rows: FrameRows, places: Mapping[str, int], first: int
) -> tuple[Sequence[int], dict[str, Written]]:
    wide = rows.frame.select(
        (pl.nth(place) if 0 <= place < rows.frame.width else pl.lit("")).alias(name)
        for name, place in places.items()
    )
    lead = next(iter(places))
    if not wide.select((pl.col(lead).str.strip_chars(SPACES) == "").any()).item():
        return range(first, first + len(rows)), {name: Framed(wide[name]) for name in places}
    filled = pl.any_horizontal(pl.col(*places).str.strip_chars(SPACES) != "")
    kept = wide.with_row_index("", first).filter(filled)
    return kept[""].to_list(), {name: Framed(kept[name]) for name in places}


def _of_lists(
    rows: Sequence[Row], places: Mapping[str, int], first: int
) -> tuple[Sequence[int], dict[str, Written]]:
    numbers: Sequence[int] = range(first, first + len(rows))
    width = max(places.values(), default=-1) + 1
    whole = rows and min(map(len, rows)) >= width
    full = rows if whole else [[*row, *([""] * (width - len(row)))] for row in rows]
    turned = list(zip(*full, strict=False)) if rows else [()] * width
    none = ("",) * len(rows)
    columns = {name: turned[place] if place >= 0 else none for name, place in places.items()}
    blank = _blank(columns)
    if blank:
        numbers = [number for at, number in enumerate(numbers) if at not in blank]
    return numbers, {
        name: Listed(cell for at, cell in enumerate(cells) if at not in blank)
        if blank else Listed(cells)
        for name, cells in columns.items()
    }  # fmt: skip


def _blank(columns: Mapping[str, Sequence[str]]) -> set[int]:
    """Places of the rows in which every column is empty."""
    lead = next(iter(columns.values()))
    if all(map(str.strip, lead)):
        return set()
    return {
        at
        for at, cell in enumerate(lead)
        if not cell.strip() and not any(cells[at].strip() for cells in columns.values())
    }


def framed(content: bytes, delimiter: str, longest: int) -> FrameRows | None:
    """The rows of UTF-8 text in which every quote, line break and row is where it should be.

    None for any other text: a careful reader then tells what is wrong with it, and where.
    """
    if (
        # a frame has room for each column; a million marks in a line would fill the memory
        content.count(delimiter.encode(), 0, content.find(b"\n")) >= _MOST_COLUMNS
        or (b"\r" in content and content.count(b"\r") != content.count(b"\r\n"))
        or not _quotes_fit(content, delimiter.encode())
    ):
        return None
    try:
        frame = pl.read_csv(
            content, has_header=False, separator=delimiter, infer_schema=False,
            empty_string_is_null=False, extra_columns="raise", raise_if_empty=True,
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    long = frame.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
    return FrameRows(frame) if long <= longest else None


def _quotes_fit(content: bytes, mark: bytes) -> bool:
    """Whether all quotes stand in pairs around whole cells of one line."""
    cell = rb'"(?<=[%b\n]")[^"\n]*"(?=[%b\r\n])' % (mark, mark)
    quoted = re.findall(cell, b"\n" + content + b"\n")
    return len(quoted) * 2 == content.count(b'"')
