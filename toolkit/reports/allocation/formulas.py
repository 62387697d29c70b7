"""Largest-remainder division as spreadsheet formulas, exact within a double's 53 bits.

No dynamic arrays, no XLOOKUP: LibreOffice 7 and Excel 2010 compute the same cents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

LARGEST_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Block:
    """Rows `first`..`last` of a sheet (as it counts) that are divided among themselves."""

    first: int
    last: int

    def span(self, column: str) -> str:
        return f"{column}${self.first}:{column}${self.last}"


def blocks(keys: Iterable[object], first_row: int) -> Iterator[Block]:
    """The runs of equal keys, as blocks of rows."""
    row = first_row
    for _, run in groupby(keys):
        size = sum(1 for _ in run)
        yield Block(row, row + size - 1)
        row += size


def quotient(total: str, weight: str, whole: str) -> str:
    """Whole cents of total × weight ÷ whole.

    The correction undoes a spreadsheet's floor that rounds up a quotient a hair
    below a whole number.
    """
    product = f"{total}*{weight}"
    return f"=IF({whole}=0,0,INT({product}/{whole})-(INT({product}/{whole})*{whole}>{product}))"


def remainder(total: str, weight: str, whole: str, part: str) -> str:
    """What the division leaves of total × weight."""
    return f"={total}*{weight}-{part}*{whole}"


def with_cent(
    part: str, remainder_column: str, weight_column: str, left: str, block: Block, row: int
) -> str:
    """Euros: the part, and a cent more when fewer rows than cents left come before.

    Before comes the larger remainder, then the larger weight, then the upper row:
    the rows stand in the order of their keys.
    """
    if block.first == block.last:
        return f"=({part}+{left})/100"
    rest, weight = block.span(remainder_column), block.span(weight_column)
    own_rest, own_weight = f"{remainder_column}{row}", f"{weight_column}{row}"
    before = (
        f"({rest}>{own_rest})+({rest}={own_rest})*"
        f"(({weight}>{own_weight})+({weight}={own_weight})*(ROW({weight})<ROW({own_weight})))"
    )
    return f"=({part}+(SUMPRODUCT({before})<{left}))/100"


def divided(
    totals: Sequence[int], weights: Sequence[int], wholes: Sequence[int]
) -> list[tuple[int, int, bool]]:
    """Quotient, remainder, and whether their formulas are exact, for each row."""
    return [
        (
            total * weight // whole if whole else 0,
            total * weight % whole if whole else 0,
            total * weight < LARGEST_EXACT and whole < LARGEST_EXACT,
        )
        for total, weight, whole in zip(totals, weights, wholes, strict=True)
    ]
