"""Files into rows of text, with the row numbers a spreadsheet shows."""

from __future__ import annotations

import gc
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from toolkit.errors import Finding
from toolkit.personal import masked

Row = Sequence[str]
LONGEST_SHOWN = 80
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class RawSheet:
    """All cells of one sheet as text; row 1 is `rows[0]`, column A is the first cell."""

    file: str
    sheet: str
    rows: Sequence[Row]
    findings: list[Finding] = field(default_factory=list)
    formulas_without_value: frozenset[str] = frozenset()
    """Addresses such as `F13` of cells whose program never stored a result."""
    unreadable: Mapping[str, str] = field(default_factory=dict)
    """Address and content of cells that hold an error (`#DIV/0!`) or no possible number."""
    merged: tuple[str, ...] = ()
    """Ranges such as `B5:B9`."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def blocked(self) -> list[Finding]:
        """Why the sheet cannot be read at all."""
        return [finding for finding in self.findings if finding.severity == "blocks"]

    @property
    def delimited(self) -> bool:
        """Whether marks part the cells, so that one mark too many shifts a row."""
        return not self.sheet


def refused(file: str, rule: str, row: int | None = None) -> RawSheet:
    """No rows, and the reason."""
    return RawSheet(file, "", [], [Finding(rule, file=file, row=row)])


@contextmanager
def many_rows() -> Iterator[None]:
    """Millions of live lists: without a pause the collector walks them all, again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


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


def split_address(address: str) -> tuple[str, int]:
    """`F13` as `F` and 13."""
    letters = address.rstrip("0123456789")
    return letters, int(address[len(letters) :])


def shown(text: str) -> str:
    """A cell as a person can read it: one line, nothing invisible, no personal code, not long."""
    text = masked(text)
    cut = text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
    if cut.isprintable():
        return cut
    return "".join(map(_visible, cut))


def _visible(letter: str) -> str:
    if ord(letter) < 0x20:
        return chr(0x2400 + ord(letter))
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"<U+{ord(letter):04X}>"
    return letter
