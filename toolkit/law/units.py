"""What a parameter's unit says about its value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from toolkit import money
from toolkit.errors import ToolkitError
from toolkit.grades import grades

Value = Decimal | int | str | date | tuple[str, ...]

PRICE_MODES = ("actual", "unit_cost", "lump_sum", "flat_rate")


def _amount(value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError
    if money.cents(value) < 0:
        raise ValueError
    return Decimal(value)


def _between(low: int, high: int) -> Callable[[object], Value]:
    def check(value: object) -> Value:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise ValueError
        if not low <= value <= high:
            raise ValueError
        return Decimal(value)

    return check


def _count(value: object) -> Value:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _grades(value: object) -> Value:
    if not isinstance(value, str) or not grades(value):
        raise ValueError
    return value


def _day(value: object) -> Value:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError
    return value


def _code(value: object) -> Value:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _codes(value: object) -> Value:
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError
    return tuple(str(_code(code)) for code in value)


UNITS: dict[str, Callable[[object], Value]] = {
    "EUR": _amount,
    "EUR/plan": _amount,
    "EUR/institution": _amount,
    "EUR/partner": _amount,
    "EUR/semester": _amount,
    "EUR/project": _amount,
    "share": _between(0, 1),
    "percent": _between(0, 100),
    "count": _count,
    "grades": _grades,
    "day": _day,
    "code": _code,
    "codes": _codes,
}


def checked(unit: str, value: object) -> Value:
    """The value as its unit wants it; ValueError when it does not fit."""
    try:
        return UNITS[unit](value)
    except ToolkitError as error:
        raise ValueError from error


def written(value: Value | None) -> str:
    """The value as text for tables: `270.50`, `5-12`, `2023-12-31`, `a, b`."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def fraction(value: Value) -> Fraction:
    """A share as an exact fraction."""
    return Fraction(str(value))
