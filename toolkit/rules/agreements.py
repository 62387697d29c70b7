"""Which agreement covers an institution and grade in a semester."""

from __future__ import annotations

from datetime import date

import polars as pl

from toolkit.semester import Calendar


def agreement_ends(agreements: pl.LazyFrame, amendments: pl.LazyFrame) -> pl.LazyFrame:
    """The agreements with `ends_on`: their last day after all amendments, null when open.

    In order of effective day and number, `term` sets the end, `termination` brings
    it forward, other kinds leave it. Source: design §5, table amendments.
    """
    number = pl.col("amendment").str.to_integer(strict=False)
    ordered = (
        amendments.filter(pl.col("kind").is_in(["term", "termination"]))
        .sort("agreement", "effective_on", number, "amendment", nulls_last=True)
        .with_columns(_place=pl.int_range(pl.len()).over("agreement"))
        .with_columns(
            _set_at=pl.col("_place").filter(pl.col("kind") == "term").max().over("agreement")
        )
    )
    is_cut = (pl.col("kind") == "termination") & (
        pl.col("_place") > pl.col("_set_at").fill_null(-1)
    )
    changes = ordered.group_by("agreement").agg(
        _set=pl.col("ends_on").filter(pl.col("_place") == pl.col("_set_at")).first(),
        _cut=pl.col("ends_on").filter(is_cut).min(),
    )
    # min_horizontal skips nulls on purpose: an open end is brought forward by any termination.
    return (
        agreements.join(changes, on="agreement", how="left", validate="m:1", maintain_order="left")
        .with_columns(
            ends_on=pl.min_horizontal(pl.coalesce("_set", "valid_to"), "_cut"),
        )
        .drop("_set", "_cut")
    )


def parties_on(
    agreements: pl.LazyFrame, amendments: pl.LazyFrame, partners: pl.LazyFrame, day: date
) -> pl.LazyFrame:
    """The agreements with the partner that is their party on a day.

    The last amendment of the kind `party` in effect by then names it, if it names one of
    the partners. Unlike an end it is not taken back to earlier semesters: what they earned
    was the old party's.
    """
    number = pl.col("amendment").str.to_integer(strict=False)
    passed = (
        amendments.with_columns(_party=pl.col("value").str.strip_chars())
        .filter(pl.col("kind") == "party", pl.col("effective_on") <= day)
        .join(partners, left_on="_party", right_on="partner", how="semi")
        .sort("agreement", "effective_on", number, "amendment", nulls_last=True)
        .group_by("agreement")
        .agg(pl.col("_party").last())
    )
    return (
        agreements.join(passed, on="agreement", how="left", validate="m:1", maintain_order="left")
        .with_columns(partner=pl.coalesce("_party", "partner"))
        .drop("_party")
    )


def coverage_in_force(coverage: pl.LazyFrame, amendments: pl.LazyFrame) -> pl.LazyFrame:
    """The coverage without the rows that an amendment has put others in the place of.

    A row brought by an amendment replaces those of the same institution and first
    semester that the agreement or an amendment before it had.
    """
    number = pl.col("amendment").str.to_integer(strict=False)
    order = (
        amendments.sort("agreement", "effective_on", number, "amendment", nulls_last=True)
        .with_columns(_turn=pl.int_range(1, pl.len() + 1))
        .unique(["agreement", "amendment"], keep="last")
        .select("agreement", "amendment", "_turn")
    )
    same = ["agreement", "institution", "from_semester"]
    turned = coverage.join(
        order, on=["agreement", "amendment"], how="left", validate="m:1", maintain_order="left"
    ).with_columns(pl.col("_turn").fill_null(0))
    return turned.filter(pl.col("_turn") == pl.col("_turn").max().over(same)).drop("_turn")


def covering(
    coverage: pl.LazyFrame, agreements: pl.LazyFrame, calendar: Calendar, grades: list[int]
) -> pl.LazyFrame:
    """Institution, grade, agreement and its party: what is covered in the semester.

    `agreements` carry `ends_on`. An agreement counts when it is valid on some day of
    the semester; a coverage row when the semester lies between its two; empty grades
    stand for all `grades` of the target group. An agreement that covers a grade by
    two rows comes twice.
    """
    code = calendar.semester.code
    valid = agreements.filter(
        pl.col("valid_from") <= calendar.last_day,
        pl.col("ends_on").is_null() | (pl.col("ends_on") >= calendar.first_day),
    ).select("agreement", party="partner")
    in_semester = coverage.filter(
        pl.col("from_semester") <= code,
        (pl.col("to_semester") == "") | (pl.col("to_semester") >= code),
    )
    return (
        in_semester.join(valid, on="agreement", how="inner", validate="m:1")
        .with_columns(grade=pl.coalesce("grades", pl.lit(grades, pl.List(pl.Int64))))
        .select("institution", "grade", "agreement", "party")
        .explode("grade")
    )
