"""Rows of a table: their cells, sorted as Latvians sort, found by parts of words, cut in pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["text", "whole", "money", "day", "choice", "tag", "part"]

_LETTERS = {letter: at for at, letter in enumerate("aābcčdeēfgģhiīyjkķlļmnņoōpqrŗsštuūvwxzž")}
# a number of more digits is taken in pieces: int() refuses the very long ones
_PIECES = re.compile(r"\d{1,18}|\D")


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column: its code, its heading, how it is drawn and what may be done with its cells."""

    name: str
    title: str
    kind: Kind = "text"
    editable: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    """Code and what is shown; `on_edit` receives the code."""
    opens: bool = False

    def __post_init__(self) -> None:
        if self.editable and (self.opens or self.kind in {"tag", "part"}):
            raise ValueError(f"the column {self.name!r} cannot be edited as well")
        if self.editable and (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"the column {self.name!r} needs choices, or its kind is not choice")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: the text as a person reads it, and what it is sorted by."""

    text: str
    value: object = None
    error: str = ""
    tone: str = ""
    small: str = ""
    part: int | None = None
    expanded: bool | None = None
    """Whether what its button opens stands below; None where nothing does."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row; one of tone `sub` belongs to the nearest row above that is not.

    A column for which the row has no cell is empty there and cannot be edited.
    """

    key: str
    cells: Mapping[str, GridCell]
    tone: str = ""
    opens: bool = False


Group = list[GridRow]


def groups(rows: Iterable[GridRow]) -> list[Group]:
    """Each row with the sub rows below it."""
    made: list[Group] = []
    for row in rows:
        if row.tone == "sub" and made:
            made[-1].append(row)
        else:
            made.append([row])
    return made


def arranged(grouped: Sequence[Group], name: str, *, descending: bool) -> list[Group]:
    """Groups by the cell of their first row; empty cells come last whichever the direction."""
    filled = [(found, group) for group in grouped if (found := _rank(group[0].cells.get(name)))]
    filled.sort(key=lambda pair: pair[0], reverse=descending)
    return [group for _, group in filled] + [
        group for group in grouped if not _rank(group[0].cells.get(name))
    ]


def matching(grouped: Sequence[Group], query: str) -> list[Group]:
    """Groups that hold every word of the query; a sub row is found with its first row's words."""
    words = plain(query).split()
    if not words:
        return list(grouped)
    found = []
    for first, *subs in grouped:
        heading = _said(first)
        hits = [sub for sub in subs if _all_in(words, f"{heading}\n{_said(sub)}")]
        if hits or _all_in(words, heading):
            found.append([first, *hits])
    return found


def paged(grouped: Sequence[Group], size: int) -> list[list[GridRow]]:
    """Pages of at most `size` rows; a group is not torn apart. At least one page."""
    pages: list[list[GridRow]] = [[]]
    for group in grouped:
        if pages[-1] and len(pages[-1]) + len(group) > size:
            pages.append([])
        pages[-1].extend(group)
    return pages


def alphabetical(text: str) -> tuple[tuple[int, int, str], ...]:
    """What a text is sorted by: ā follows a, č follows c, 3 comes before 12."""
    pieces = _PIECES.findall(unicodedata.normalize("NFC", text.casefold()))
    return tuple(_weight(piece) for piece in pieces)


def plain(text: str) -> str:
    """A text without case and diacritics, as it is searched."""
    apart = unicodedata.normalize("NFKD", text.replace("−", "-").casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _weight(piece: str) -> tuple[int, int, str]:
    if piece.isdecimal():
        return 1, int(piece), ""
    if piece in _LETTERS:
        return 2, _LETTERS[piece], ""
    base = plain(piece)[:1]
    if base in _LETTERS:
        return 2, _LETTERS[base], piece
    return (3 if piece.isalpha() else 0), ord(piece), ""


def _rank(cell: GridCell | None) -> tuple[int, object] | None:
    """Figures before days before texts, so that cells of all kinds can be compared."""
    if cell is None or (cell.value is None and not cell.text):
        return None
    value = cell.text if cell.value is None else cell.value
    if isinstance(value, int | float | Decimal):
        return 0, value
    if isinstance(value, date):
        return 1, value.isoformat()
    return 2, alphabetical(str(value))


def _said(row: GridRow) -> str:
    """What a row is found by; an amount also without the space between its digits."""
    cells = row.cells.values()
    said = [part for cell in cells for part in (cell.text, cell.small) if part]
    return plain("\n".join([*said, *(part.replace("\u00a0", "") for part in said)]))


def _all_in(words: Sequence[str], said: str) -> bool:
    return all(word in said for word in words)
