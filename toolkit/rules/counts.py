"""Counts of plans: made from plans, and each row accepted or refused with the rule it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import polars as pl

from toolkit.frames.allocation import Terms
from toolkit.frames.plans import COUNT_KEY
from toolkit.rules.schools import added_up, named_by_heirs
from toolkit.semester import Calendar

KEY_AS_WRITTEN = ["semester", "institution", "programme", "_grade", "plan_kind"]
MOST_PLANS = 1_000_000
"""More plans than Latvia has pupils: a row beyond it is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Registers:
    """What a counts row is checked against."""

    known_semesters: list[str]
    institutions: pl.LazyFrame
    cover: pl.LazyFrame
    """Institution, grade, agreement, partner (null: split undecided), number of `agreements`."""
    heirs: pl.LazyFrame | None = None
    """Institutions succeeded by the first day and their `heir`; None when there is none."""


def count_plans(plans: pl.LazyFrame) -> pl.LazyFrame:
    """Plans counted per semester, institution, programme, grade and plan kind, as text and numbers.

    Streams: the memory needed is that of the counts, not of the plans. Texts stored
    as Enum are counted by one packed number instead of five columns, a quarter faster.
    """
    schema = plans.collect_schema()
    texts = {name: schema[name] for name in COUNT_KEY if name != "grade"}
    if not all(isinstance(kind, pl.Enum) for kind in texts.values()):
        counted = plans.group_by(*COUNT_KEY).agg(plans=pl.len().cast(pl.Int64))
        return counted.with_columns(pl.col(*texts).cast(pl.String))
    categories = {
        name: kind.categories for name, kind in texts.items() if isinstance(kind, pl.Enum)
    }
    # a grade beyond a byte raises here; smaller, the packed number cannot overflow unseen
    fits = prod(map(len, categories.values())) * 2**8 < 2**32
    number = pl.UInt32() if fits else pl.UInt64()
    packed = pl.col("grade").cast(pl.UInt8).cast(number)
    for name, words in categories.items():
        packed = packed * pl.lit(len(words), number) + pl.col(name).to_physical().cast(number)
    key, unpacked = pl.col("_key").cast(pl.UInt64), {}
    for name, words in reversed(categories.items()):
        unpacked[name] = pl.lit(words).gather(key % len(words))
        key = key // len(words)
    unpacked["grade"] = key.cast(pl.Int64)
    counted = plans.select(_key=packed).group_by("_key").agg(plans=pl.len().cast(pl.Int64))
    return counted.select(*(unpacked[name].alias(name) for name in COUNT_KEY), "plans")


def checked(
    counts: pl.LazyFrame, registers: Registers, terms: Terms, calendar: Calendar
) -> pl.LazyFrame:
    """The counts of the semester, and rows of no known semester, each with `rule`.

    `rule` is null for an accepted row, else the first rule of design §5 point 1
    that it breaks. Rows of other known semesters are left out. Accepted rows
    carry `agreement`, `partner` and `rate_cents`, and the institution's heir in its place.
    """
    in_target, rates = _of_the_law(terms)
    institutions = registers.institutions.select("institution", _known=pl.lit(value=True))
    known = pl.col("semester").is_in(registers.known_semesters)
    rows = (
        counts.filter(~known | (pl.col("semester") == calendar.semester.code))
        .with_columns(_grade=pl.coalesce(pl.col("grade").cast(pl.String), "grade_text"))
        .with_columns(_same=pl.len().over(KEY_AS_WRITTEN))
    )
    if registers.heirs is not None:
        rows = named_by_heirs(rows, registers.heirs)
    judged = (
        rows.join(institutions, on="institution", how="left", validate="m:1")
        .join(in_target, on=["programme", "grade"], how="left", validate="m:1")
        .join(rates, on="plan_kind", how="left", validate="m:1")
        .join(registers.cover, on=["institution", "grade"], how="left", validate="m:1")
        .with_columns(rule=_first_rule_broken(known, split=registers.heirs is not None))
        .drop("_grade", "_same", "_known", "_in_target", "agreements")
    )
    return judged if registers.heirs is None else added_up(judged)


def _of_the_law(terms: Terms) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The grades of the target group by programme, and the rates by plan kind."""
    in_target = pl.LazyFrame(
        [
            (programme, grade, True)
            for programme, grades in terms.targets.items()
            for grade in grades
        ],
        schema={"programme": pl.String, "grade": pl.Int64, "_in_target": pl.Boolean},
        orient="row",
    )
    rates = pl.LazyFrame(
        list(terms.rate_cents.items()),
        schema={"plan_kind": pl.String, "rate_cents": pl.Int64},
        orient="row",
    )
    return in_target, rates


def _first_rule_broken(known_semester: pl.Expr, *, split: bool) -> pl.Expr:
    broken = {
        "counts.unknown_semester": ~known_semester,
        "counts.plans_not_whole": pl.col("plans").is_null(),
        "counts.too_many_plans": pl.col("plans") > MOST_PLANS,
        "counts.duplicate": pl.col("_same") > 1,
        "counts.unknown_institution": pl.col("_known").is_null(),
        "counts.institution_split": pl.col("_split") if split else pl.lit(value=False),
        "counts.outside_target_group": pl.col("_in_target").is_null(),
        "counts.unknown_plan_kind": pl.col("rate_cents").is_null(),
        "counts.not_covered": pl.col("agreements").is_null(),
        "counts.ambiguous_coverage": pl.col("agreements") > 1,
        "counts.ambiguous_partner": pl.col("partner").is_null(),
    }
    return pl.coalesce(pl.when(is_broken).then(pl.lit(rule)) for rule, is_broken in broken.items())
