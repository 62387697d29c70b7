"""The plans of an invented programme, made chunk by chunk in the file's own order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import polars as pl
from polars.io.plugins import register_io_source

from toolkit.services.simulate_draws import drawn, draws, word
from toolkit.services.simulate_registers import Nation

CHUNK = 2**18
"""Plans made at once; also the row group of the file, so that neither moves with the machine."""
BLOCK = 9
"""Plans of one block of learners: five learners, so 1.8 plans each."""
RUNS = {1: (1,) * 9, 2: (1, 2, 2, 2, 2), 3: (1, 1, 2, 2, 3)}
LONG_RUNS = (1, 1, 1, 2, 4)
"""For how many semesters in a row each learner of a block has a plan, by semesters there are."""
WIDENED = "2021/2022-1"
"""From this semester on the programme serves grades 1 to 12, before 5 to 12."""
ECONOMIC_PERCENT = 15
START_DAYS = 28
HIGHEST_GRADE, HIGHEST_COURSE = 12, 4
SMALLEST = 2**16
"""Least weight of an institution; the largest have about 17 times as much."""


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Small tables that a draw or a place in the block is looked up in."""

    schema: pl.Schema
    seed: int
    who: pl.Series
    step: pl.Series
    run: pl.Series
    learners: int
    slots: pl.Series
    first_vocational: int
    first_day: pl.Series
    last_day: pl.Series
    year: pl.Series
    lowest: pl.Series


def plans(
    nation: Nation, count: int, seed: int, progress: Callable[[int], None] | None
) -> pl.LazyFrame:
    """So many plans as a lazy source that is made while it is read; `progress` gets the plans made.

    One learner has plans in consecutive semesters of one institution, never two in
    one semester: a plan's semester is the learner's first plus its step in the run.
    """
    lookup = _lookup(nation, seed)

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        wanted = count if n_rows is None else min(count, n_rows)
        for start in range(0, max(wanted, 1), CHUNK):
            stop = min(start + CHUNK, wanted)
            frame = _chunk(lookup, start, stop)
            if with_columns is not None:
                frame = frame.select(with_columns)
            yield frame if predicate is None else frame.filter(predicate)
            if progress is not None:
                progress(stop)

    return register_io_source(source, schema=lookup.schema, is_pure=True)


def _chunk(lookup: _Lookup, start: int, stop: int) -> pl.DataFrame:
    """The plans numbered `start` + 1 to `stop`."""
    index, place = pl.col("index"), pl.col("place")
    learner = index // word(BLOCK) * word(lookup.learners) + _at(lookup.who, place)
    placed = (
        pl.select(index=pl.int_range(start, stop, dtype=pl.UInt64))
        .with_columns(place=index % word(BLOCK))
        .with_columns(learner=learner, run=_at(lookup.run, place), step=_at(lookup.step, place))
        .with_columns(
            of_learner=draws(lookup.seed, "learner", pl.col("learner")),
            of_plan=draws(lookup.seed, "plan", index),
        )
    )
    return _dated(_enrolled(placed, lookup), lookup).select(
        (pl.col("index") + 1).cast(pl.Int64).alias("plan"),
        (pl.col("learner") + 1).cast(pl.Int64),
        *(
            pl.col(name).cast(physical).cat.to(lookup.schema[name])
            for name, physical in (
                ("semester", pl.UInt8),
                ("institution", _physical(lookup)),
                ("programme", pl.UInt8),
            )
        ),
        pl.col("grade").cast(pl.Int64),
        pl.col("plan_kind").cast(pl.UInt8).cat.to(lookup.schema["plan_kind"]),
        "starts_on",
        "ends_on",
    )


def _enrolled(placed: pl.DataFrame, lookup: _Lookup) -> pl.DataFrame:
    """Semester, institution, programme and grade of each plan.

    The grade rises with the school year. It is drawn so that the whole run fits
    between the lowest grade served when it begins and the highest there is.
    """
    draw, semesters = pl.col("of_learner"), len(lookup.year)
    first, vocational = pl.col("first"), pl.col("programme") == 1
    highest = pl.when(vocational).then(HIGHEST_COURSE).otherwise(HIGHEST_GRADE)
    lowest = pl.when(vocational).then(1).otherwise(_at(lookup.lowest, first))
    entered = _at(lookup.year, first)
    years = _at(lookup.year, first + pl.col("run") - 1) - entered
    choices = (highest - lowest - years + 1).cast(pl.UInt64)
    return (
        placed.with_columns(
            first=draw // word(2**32) % (word(semesters + 1) - pl.col("run")),
            institution=_at(lookup.slots, draw % word(len(lookup.slots))),
        )
        .with_columns(
            semester=first + pl.col("step"),
            programme=(pl.col("institution") >= lookup.first_vocational).cast(pl.UInt8),
        )
        .with_columns(
            grade=lowest
            + (draw // word(2**52) % choices).cast(pl.Int64)
            + _at(lookup.year, pl.col("semester"))
            - entered
        )
    )


def _dated(enrolled: pl.DataFrame, lookup: _Lookup) -> pl.DataFrame:
    """Plan kind and days: of ten plans seven end with the semester, one before it, two after."""
    draw = pl.col("of_plan")
    first_day = _at(lookup.first_day, pl.col("semester"))
    last_day = _at(lookup.last_day, pl.col("semester"))
    ending = draw // word(2**16) % word(10)
    days = (draw // word(2**24) % word(28) + word(1)).cast(pl.Int64)
    shift = pl.when(ending < 7).then(0).when(ending < 8).then(-days).otherwise(days)
    return enrolled.with_columns(
        plan_kind=draw // word(2**32) % word(100) < word(ECONOMIC_PERCENT),
        starts_on=first_day + pl.duration(days=(draw % word(START_DAYS)).cast(pl.Int64)),
        ends_on=last_day + pl.duration(days=shift),
    )


def _at(table: pl.Series, index: pl.Expr) -> pl.Expr:
    return pl.lit(table).gather(index)


def _physical(lookup: _Lookup) -> type[pl.UInt16 | pl.UInt32]:
    return pl.UInt16 if lookup.slots.dtype == pl.UInt16 else pl.UInt32


def _lookup(nation: Nation, seed: int) -> _Lookup:
    calendars, schools = nation.calendars, nation.schools
    runs = RUNS.get(len(calendars), LONG_RUNS)
    steps = [(who, step, run) for who, run in enumerate(runs) for step in range(run)]
    codes = [calendar.semester.code for calendar in calendars]
    return _Lookup(
        schema=_schema(nation),
        seed=seed,
        who=pl.Series([who for who, _, _ in steps], dtype=pl.UInt64),
        step=pl.Series([step for _, step, _ in steps], dtype=pl.UInt64),
        run=pl.Series([run for _, _, run in steps], dtype=pl.UInt64),
        learners=len(runs),
        slots=_slots(len(schools), seed),
        first_vocational=sum(not school.vocational for school in schools),
        first_day=pl.Series([calendar.first_day for calendar in calendars], dtype=pl.Date),
        last_day=pl.Series([calendar.last_day for calendar in calendars], dtype=pl.Date),
        year=pl.Series([calendar.semester.first_year for calendar in calendars], dtype=pl.Int64),
        lowest=pl.Series([1 if code >= WIDENED else 5 for code in codes], dtype=pl.Int64),
    )


def _schema(nation: Nation) -> pl.Schema:
    """The columns of `frames.plans.SIMULATED`; repeated texts as Enum.

    An Enum is a number to group by and a dictionary in the file, and it is the
    same number in every row group, which a Categorical does not promise.
    """
    return pl.Schema(
        {
            "plan": pl.Int64(),
            "learner": pl.Int64(),
            "semester": pl.Enum([calendar.semester.code for calendar in nation.calendars]),
            "institution": pl.Enum([school.code for school in nation.schools]),
            "programme": pl.Enum(["general", "vocational"]),
            "grade": pl.Int64(),
            "plan_kind": pl.Enum(["consultative", "economic"]),
            "starts_on": pl.Date(),
            "ends_on": pl.Date(),
        }
    )


def _slots(schools: int, seed: int) -> pl.Series:
    """Institutions, each as often as it is large: a cubed draw makes few large, many small."""
    weights = [SMALLEST + (drawn(seed, "size", n) % 2**10) ** 3 // 2**10 for n in range(schools)]
    slots = 2 ** max(16, (64 * schools - 1).bit_length())
    ends = [total * slots // sum(weights) for total in accumulate(weights)]
    counts = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    dtype = pl.UInt16 if schools <= 2**16 else pl.UInt32
    return (
        pl.DataFrame({"school": range(schools), "slots": counts})
        .select(pl.col("school").cast(dtype).repeat_by("slots").explode())
        .to_series()
    )
