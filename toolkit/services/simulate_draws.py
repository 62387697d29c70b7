"""Invented numbers that are the same on every machine: splitmix64, in Python and in polars.

`random` and numpy promise no stable stream between versions, and neither runs inside a
streaming query. A mixing function has no state: draw 7 of a stream is computed without 1 to 6,
so chunks may be made in any size. Source: Steele, Lea, Flood, "Fast splittable pseudorandom
number generators", 2014.
"""

from __future__ import annotations

import polars as pl

_STEP = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_ALL_BITS = 2**64 - 1


def drawn(seed: int, stream: str, index: int) -> int:
    """The draw of a stream at an index: a whole number from 0 to 2**64 - 1."""
    return _mixed((_start(seed, stream) + (index + 1) * _STEP) & _ALL_BITS)


def draws(seed: int, stream: str, index: pl.Expr) -> pl.Expr:
    """`drawn` for a UInt64 column of indices, as UInt64."""
    state = (index + word(1)) * word(_STEP) + word(_start(seed, stream))
    mixed = (state ^ (state // word(2**30))) * word(_FIRST)
    mixed = (mixed ^ (mixed // word(2**27))) * word(_SECOND)
    return mixed ^ (mixed // word(2**31))


def word(value: int) -> pl.Expr:
    """A 64-bit literal: without its type, polars would widen the product instead of wrapping it."""
    return pl.lit(value, pl.UInt64)


def _start(seed: int, stream: str) -> int:
    """Where a stream of a seed begins: far from every other stream of every other seed."""
    state = seed & _ALL_BITS
    for letter in stream.encode("ascii"):
        state = _mixed((state + letter * _STEP) & _ALL_BITS)
    return state


def _mixed(state: int) -> int:
    mixed = ((state ^ (state >> 30)) * _FIRST) & _ALL_BITS
    mixed = ((mixed ^ (mixed >> 27)) * _SECOND) & _ALL_BITS
    return mixed ^ (mixed >> 31)
