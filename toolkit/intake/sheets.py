"""Files into rows of text, with the row numbers a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from toolkit.errors import Finding

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """All cells of one sheet as text; row 1 is `rows[0]`, column A is the first cell."""

    file: str
    sheet: str
    rows: Sequence[Row]
    findings: list[Finding] = field(default_factory=list)
    formulas_without_value: frozenset[str] = frozenset()
    """Addresses such as `F13` of cells whose program never stored a result."""


def column_letters(index: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """0 for `A`, 26 for `AA`."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
