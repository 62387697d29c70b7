"""Columns of personal codes: each code becomes its pseudonym while it is read."""

from __future__ import annotations

from collections.abc import Callable, Collection

import polars as pl

from toolkit import personal

Pseudonym = Callable[[str], str | None]
_MANY = 1_000
_CENTURIES = {"0": "18", "1": "19", "2": "20"}
_SHAPE = r"^[0-9]{6}-?[0-9]{5}$"


def pseudonym_of(code: str, pseudonym: Pseudonym | None) -> str | None:
    """The pseudonym in the place of a text; None of what is no code, or has no possible date."""
    fault = personal.fault(code) if code else "not_code"
    if fault in ("not_code", "wrong_date"):
        return None
    assert pseudonym is not None, "a form with personal codes is loaded with a pseudonym"
    found = pseudonym(code)
    return personal.Doubtful(found) if fault and found else found


def faultless(texts: Collection[str]) -> Collection[str]:
    """Those of many texts that are surely codes without a fault; of few none is looked at.

    The rule is `personal.fault`: here it is asked of all at once, a tenth of the time.
    """
    if len(texts) < _MANY:
        return ()
    codes = pl.DataFrame({"code": list(texts)}, schema={"code": pl.String})
    codes = codes.filter(pl.col("code").str.contains(_SHAPE))
    digits = codes["code"].str.replace("-", "", literal=True)
    century = digits.str.slice(6, 1).replace_strict(_CENTURIES, default=None)
    born = (digits.str.slice(0, 4) + century + digits.str.slice(4, 2)).str
    possible = born.to_date("%d%m%Y", strict=False).is_not_null()
    last = digits.str.slice(10, 1).cast(pl.Int16)
    weighed = [
        digits.str.slice(place, 1).cast(pl.Int16) * weight
        for place, weight in enumerate(personal.WEIGHTS)
    ]
    checked = (sum(weighed, start=last * 0) + 1) % 11 % 10 == last
    new = digits.str.slice(0, 2).is_between(pl.lit("32"), pl.lit("39"))
    return set(codes["code"].filter(new | (possible & checked)))
