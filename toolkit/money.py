"""Cents: the only rounding in the project.

Amounts are whole cents (`Int64`, suffix `_cents`) from the parser to the last
formatter; shares are exact fractions; `Decimal` only reads and shows. Products
go through 128 bits. Why not Decimal columns: they round silently, half to even.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from toolkit.errors import MoneyError

if TYPE_CHECKING:  # polars takes half a second to import; amounts alone do not need it
    import polars as pl

Strategy = Literal["fund_floor_cent", "fund_floor_euro", "fund_half_up"]
Key = TypeVar("Key", bound=Hashable)

LARGEST_CENTS = 10**16
"""No amount of ours comes near; beyond it 64-bit sums could wrap without a word."""

_MOST_DIGITS = 18
_WRITTEN = re.compile(
    r"(?P<sign>[-−]?)(?P<whole>[0-9]{1,18}|[0-9]{1,3}(?: [0-9]{3}){1,5})"
    r"(?:[.,](?P<part>[0-9]{1,2}))?"
)
_CURRENCY = re.compile(r"^(?:€|EUR)\s*|\s*(?:€|EUR|euro|eiro)$", re.IGNORECASE)


def cents(amount: Decimal | int | str) -> int:
    """Whole cents of an amount in euros.

    Raises MoneyError when the amount is finer than a cent or larger than we hold;
    a float is refused, because it no longer knows what was written.
    """
    if isinstance(amount, float):
        raise MoneyError("error.money.float", amount=amount)
    try:
        exact = Decimal(amount)
    except InvalidOperation as error:
        raise MoneyError("error.money.unreadable", text=amount) from error
    if not exact.is_finite():
        raise MoneyError("error.money.unreadable", text=amount)
    if exact.adjusted() > _MOST_DIGITS:
        raise MoneyError("error.money.too_large", amount=amount)
    # by its digits: Decimal's own arithmetic rounds after twenty-eight of them
    sign, digits, exponent = exact.as_tuple()
    assert isinstance(exponent, int)
    beyond = max(0, -2 - exponent)
    if any(digits[-beyond:] if beyond else ()):
        raise MoneyError("error.money.finer_than_cent", amount=amount)
    kept = digits[: len(digits) - beyond]
    whole = int("".join(map(str, kept)) or "0") * 10 ** max(0, exponent + 2)
    return within_bounds(-whole if sign else whole)


def within_bounds(amount_cents: int) -> int:
    """The same cents, when they are no larger than we hold exactly; else MoneyError."""
    if abs(amount_cents) > LARGEST_CENTS:
        raise MoneyError("error.money.too_large", amount=euros(amount_cents))
    return amount_cents


def read_euros(written: str) -> int:
    """Cents of an amount as Latvians write it: `21 473,15`, `4600.00`, `EUR21473,15`, `4 600 euro`.

    A space or no-break space groups thousands; comma or point precedes one or two
    digits. Anything else raises MoneyError: it is never turned into 0.
    """
    plain = re.sub(r"[\u00a0\u202f\u2009]", " ", written).strip()
    match = _WRITTEN.fullmatch(_CURRENCY.sub("", plain).strip())
    if not match:
        raise MoneyError("error.money.unreadable", text=written)
    whole = int(match["whole"].replace(" ", ""))
    part = int((match["part"] or "0").ljust(2, "0"))
    return within_bounds((-1 if match["sign"] else 1) * (whole * 100 + part))


def euros(amount_cents: int) -> str:
    """`1234.50` for machines; people get `texts.formats`."""
    sign = "-" if amount_cents < 0 else ""
    whole, part = divmod(abs(amount_cents), 100)
    return f"{sign}{whole}.{part:02d}"


def split(amount_cents: int, share: Fraction, strategy: Strategy) -> tuple[int, int]:
    """The fund's part and the rest, in cents; they always add up to the amount.

    `fund_floor_cent` cuts the fund's part to the cent, `fund_floor_euro` to the
    whole euro, `fund_half_up` rounds half a cent up. A negative amount splits as
    its absolute value with the sign put back. Source: official figures of 8.3.4
    and 4.2.3.1 (85 % of 39 812 376 shown as 33 840 519).
    """
    if not 0 <= share <= 1:
        raise MoneyError("error.money.share", share=share)
    size = abs(amount_cents)
    if strategy == "fund_floor_cent":
        part = size * share.numerator // share.denominator
    elif strategy == "fund_floor_euro":
        part = size * share.numerator // (share.denominator * 100) * 100
    else:
        part = (2 * size * share.numerator + share.denominator) // (2 * share.denominator)
    fund = part if amount_cents >= 0 else -part
    return fund, amount_cents - fund


def split_cumulative(
    amounts_cents: Sequence[int], share: Fraction, strategy: Strategy
) -> list[tuple[int, int]]:
    """Each amount split so that the running totals split as one amount would.

    Cutting every payment by itself loses up to a cent (or euro) each time; here
    the fund's part of a payment is the part of the total so far less what was given.
    """
    parts: list[tuple[int, int]] = []
    total = given = 0
    for amount in amounts_cents:
        total += amount
        fund = split(total, share, strategy)[0] - given
        given += fund
        parts.append((fund, amount - fund))
    return parts


def apportion(total_cents: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """The total divided by weight, largest remainder first; parts always add up.

    A cent left over goes to the larger remainder, then the larger weight, then the
    smaller key. A negative total divides as its absolute value. Raises MoneyError
    when there is money but no weight to divide it by, or a weight is negative.
    """
    whole = sum(weights.values())
    if any(weight < 0 for weight in weights.values()) or (whole == 0 and total_cents != 0):
        raise MoneyError("error.money.weights", amount=euros(total_cents))
    if whole == 0:
        return dict.fromkeys(weights, 0)
    sign, size = (-1 if total_cents < 0 else 1), abs(total_cents)
    parts = whole_cents({key: Fraction(size * weight, whole) for key, weight in weights.items()})
    return {key: sign * part for key, part in parts.items()}


def whole_cents(exact_cents: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Exact amounts as whole cents, each less than a cent away, with the same total.

    All are cut down to the cent; a cent left over goes to the larger remainder, then
    the larger amount, then the smaller key. Raises MoneyError when the total itself
    is not whole.
    """
    total = sum(exact_cents.values(), Fraction(0))
    if total.denominator != 1:
        raise MoneyError("error.money.finer_than_cent", amount=total / 100)
    parts = {key: floor(amount) for key, amount in exact_cents.items()}
    keys: Any = exact_cents  # of one call they are of one kind, so they can be sorted
    by_key = sorted(keys)
    by_claim = sorted(by_key, key=lambda k: (parts[k] - exact_cents[k], -abs(exact_cents[k])))
    for key in by_claim[: int(total) - sum(parts.values())]:
        parts[key] += 1
    return parts


def total(column: str) -> pl.Expr:
    """Sum of a cents column through 128 bits, so that an overflow is an error and never wraps."""
    import polars as pl

    return pl.col(column).cast(pl.Int128).sum().cast(pl.Int64)


def product(count: str, amount_cents: str) -> pl.Expr:
    """Count times cents through 128 bits; beyond 64 bits an error."""
    import polars as pl

    return (pl.col(count).cast(pl.Int128) * pl.col(amount_cents)).cast(pl.Int64)


def euros_text(column: str) -> pl.Expr:
    """`euros` for a column of amounts that are not negative: `1234.50`."""
    import polars as pl

    whole, part = pl.col(column) // 100, pl.col(column) % 100
    return pl.format("{}.{}", whole, part.cast(pl.String).str.zfill(2))


def floor_share(amount_cents: pl.Expr, share: Fraction) -> pl.Expr:
    """`split(…, fund_floor_cent)` for a column of amounts that are not negative."""
    import polars as pl

    wide = amount_cents.cast(pl.Int128)
    return (wide * share.numerator // share.denominator).cast(pl.Int64)


def apportioned(
    frame: pl.LazyFrame,
    *,
    total: str,
    weight: str,
    whole: str,
    key: Sequence[str],
    out: str,
    group: str | None = None,
) -> pl.LazyFrame:
    """`apportion` for every group of a frame: `out` holds the cents of each row.

    `total` (cents, not negative) is divided by `weight`, whose sum over the group is
    `whole`; both stand on each row of the group. Ties go to the larger weight, then
    the smaller `key`. A group without weight gets 0. The rows come back in no
    promised order: sort them afterwards.
    """
    import polars as pl

    def over(expression: pl.Expr) -> pl.Expr:
        return expression if group is None else expression.over(group)

    claim = pl.col(total).cast(pl.Int128) * pl.col(weight)
    divisor = pl.when(pl.col(whole) > 0).then(pl.col(whole)).otherwise(1).cast(pl.Int128)
    parts = frame.with_columns((claim // divisor).cast(pl.Int64).alias(out)).with_columns(
        _rest=claim - pl.col(out) * divisor,
        _left=pl.when(pl.col(whole) > 0).then(pl.col(total) - over(pl.col(out).sum())),
    )
    # most groups divide without a rest: only the others are worth sorting
    owed = pl.col("_left").fill_null(0) > 0
    order, falling = ["_rest", weight, *key], [True, True, *(False for _ in key)]
    with_cents = (
        parts.filter(owed)
        .sort(order, descending=falling)
        .with_columns(pl.col(out) + (over(pl.int_range(pl.len())) < pl.col("_left")).cast(pl.Int64))
    )
    return pl.concat([parts.filter(~owed), with_cents]).drop("_rest", "_left")
