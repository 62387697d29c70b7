"""Personal codes: told apart, checked, turned into keyed pseudonyms, and never shown.

Source: facts of the register of residents; codes issued to 30.06.2017 hold the day of
birth and a check digit, those issued since (32…39) hold neither.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import mul
from typing import Literal

Fault = Literal["", "not_code", "wrong_date", "check_digit"]
MASK = "●●●●●●-●●●●●"

WEIGHTS = (10, 5, 8, 4, 2, 1, 6, 3, 7, 9)
"""Of the digits of a code issued to 2017, but the last, which they give."""

_CODE = re.compile(r"[0-9]{6}-?[0-9]{5}")
_PSEUDONYM = re.compile(r"[0-9a-f]{32}")
# however it is parted, in whatever digits, and with its first 0 lost to a spreadsheet
_ANYWHERE = re.compile(
    r"(?<!\d)(?:[0-3]\d{5}[\s\u200b-\u200f\u00ad]*[-‐-―−./\s\u200b-\u200f\u00ad]?"
    r"[\s\u200b-\u200f\u00ad]*\d{5}|[1-9](?:0[1-9]|1[0-2])\d{2}-?[0-2]\d{4})(?!\d)"
)
_CENTURIES = {"0": 1800, "1": 1900, "2": 2000}
_DIGITS = 32


class Doubtful(str):
    """The pseudonym of a code whose check digit does not fit."""

    __slots__ = ()


def fault(written: str) -> Fault:
    """What is wrong with a personal code, or with a pseudonym in its place; "" when nothing.

    A wrong date is an error. A failed check digit is only a warning: no independent source
    confirms the algorithm, and no one knows whether remainder 10 was ever issued.
    """
    digits = _digits(written)
    if not digits:
        return "" if _PSEUDONYM.fullmatch(written) else "not_code"
    if "32" <= digits[:2] <= "39":
        return ""
    if not _day_fits(digits[:7]):
        return "wrong_date"
    total = 1 + sum(map(mul, WEIGHTS, map(int, digits)))
    return "" if total % 11 % 10 == int(digits[10]) else "check_digit"


def pseudonyms(key: Callable[[], bytes]) -> Callable[[str], str | None]:
    """What turns a code into its pseudonym (HMAC-SHA256 in 32 hexadecimal digits); None if none.

    Both spellings of a code give one pseudonym; a pseudonym stays what it is. The key is
    asked for when the first code is met.
    """
    known: list[hmac.HMAC] = []

    def pseudonym(written: str) -> str | None:
        digits = _digits(written)
        if not digits:
            return written if _PSEUDONYM.fullmatch(written) else None
        if not known:
            known.append(hmac.new(key(), digestmod="sha256"))
        keyed = known[0].copy()
        keyed.update(digits.encode())
        return keyed.hexdigest()[:_DIGITS]

    return pseudonym


def masked(text: str) -> str:
    """The text with everything that may be a personal code made unreadable."""
    return _ANYWHERE.sub(MASK, text) if _may_hold(text) else text


def holds_code(text: str) -> bool:
    """Whether a personal code stands in the text: old with a possible date, or new."""
    return _may_hold(text) and any(
        fault("".join(str(int(d)) for d in found if d.isdecimal())) in ("", "check_digit")
        for found in _ANYWHERE.findall(text)
    )


def _digits(written: str) -> str:
    """The eleven digits of a personal code; nothing of any other text."""
    if not _CODE.fullmatch(written):
        return ""
    return written.replace("-", "", 1)


def _may_hold(text: str) -> bool:
    return len(text) >= len("1010301110") and not text.isalpha()


@lru_cache(maxsize=65_536)
def _day_fits(digits: str) -> bool:
    century = _CENTURIES.get(digits[6])
    try:
        date((century or 0) + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return century is not None
