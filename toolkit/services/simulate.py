"""Invent a national programme: the input tables of an allocation, and the plans behind them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from toolkit.errors import UsageError
from toolkit.frames.plans import COUNT_KEY
from toolkit.rules.counts import count_plans
from toolkit.services.simulate_plans import CHUNK, plans
from toolkit.services.simulate_registers import (
    Size,
    known_calendars,
    known_municipalities,
    nation,
    tables,
)

PLANS_FILE = "plans.parquet"
MOST_INSTITUTIONS = 50_000
MOST_PER_INSTITUTION = 100_000
"""Of one semester, on average: keeps every counts row below the bound of the rules."""
DEFAULT_SIZE = Size()


def simulate(
    folder: Path,
    size: Size = DEFAULT_SIZE,
    seed: int = 2022,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """The folder with the tables of an invented programme, as CSV, and its `plans.parquet`.

    The same size and seed give the same bytes on any machine. The counts are made
    from the plans as written, so the two agree. `progress` is told how many plans
    have been handed to the file so far. Raises UsageError when the sizes cannot stand together.
    """
    _check(size)
    folder.mkdir(parents=True, exist_ok=True)
    invented = nation(size, seed)
    for name, frame in tables(invented).items():
        _replaced(folder / f"{name}.csv", frame.write_csv)
    _write_plans(plans(invented, size.plans, seed, progress), folder / PLANS_FILE)
    _replaced(folder / "counts.csv", counted(folder / PLANS_FILE).write_csv)
    return folder


def counted(plans_file: Path) -> pl.DataFrame:
    """The plans of a Parquet file as the table `counts`: texts, sorted by key."""
    counts = count_plans(pl.scan_parquet(plans_file))
    return counts.sort(*COUNT_KEY).collect(engine="streaming")


def _write_plans(source: pl.LazyFrame, path: Path) -> None:
    """One file: the sink takes the source chunk by chunk.

    Measured on two cores: 100 M plans in 18 s with 0.4 GiB. Row groups of one
    chunk, in order, give the same bytes with one thread as with many.
    """

    def write(temporary: Path) -> None:
        source.sink_parquet(
            temporary,
            compression="zstd",
            row_group_size=CHUNK,
            maintain_order=True,
            engine="streaming",
        )

    _replaced(path, write)


def _replaced(path: Path, write: Callable[[Path], object]) -> None:
    """Written under another name first, so that nobody ever reads half a file."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        write(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _check(size: Size) -> None:
    """Each size lies between what the others leave possible."""
    only_schools = size.municipalities == 0
    bounds = {
        "semesters": (1, len(known_calendars())),
        "municipalities": (0, len(known_municipalities())),
        "institutions": (1, MOST_INSTITUTIONS),
        "schools": (size.institutions if only_schools else 0, size.institutions),
        "plans": (0, size.institutions * size.semesters * MOST_PER_INSTITUTION),
    }
    for name, (least, most) in bounds.items():
        value = getattr(size, name)
        if not least <= value <= most:
            raise UsageError("error.simulate.size", name=name, value=value, least=least, most=most)


__all__ = ["DEFAULT_SIZE", "PLANS_FILE", "Size", "counted", "simulate"]
