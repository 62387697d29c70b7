"""Institutions that were renamed, merged or split: where their counts and coverage belong."""

from __future__ import annotations

import polars as pl

from toolkit.rules.succession import Heirs

COUNT_LINE = ["partner", "institution", "programme", "grade", "plan_kind"]


def heirs_of_schools(heirs: Heirs) -> pl.DataFrame:
    """Institution and `heir` for those succeeded by the day; null where it was split.

    Which part of a split school a pupil went to, no register tells: counts must name the
    part. A school of which only a part left keeps its code.
    """
    found = {code: heirs.heir(code, frozenset({code})) for code in heirs}
    return pl.DataFrame(
        list(found.items()), schema={"institution": pl.String, "heir": pl.String}, orient="row"
    )


def inherited(pairs: pl.DataFrame, heirs: Heirs) -> pl.DataFrame:
    """What is covered in the semester, with what covers an institution's predecessors.

    Coverage that names an old school covers its heir when the heir has none of its own;
    `inherited` marks it. Own coverage decides alone, so an agreement that has been
    amended for the new school never competes with the one it replaces.
    """
    ends = pl.DataFrame(
        [(code, heir) for code in heirs for heir in heirs.ends(code) if heir != code],
        schema={"institution": pl.String, "heir": pl.String},
        orient="row",
    )
    own = pairs["institution"].unique().implode()
    taken_over = (
        pairs.join(ends, on="institution", how="inner")
        .filter(~pl.col("heir").is_in(own))
        .with_columns(institution="heir", inherited=pl.lit(value=True))
        .drop("heir")
    )
    return pl.concat([pairs.with_columns(inherited=pl.lit(value=False)), taken_over])


def named_by_heirs(rows: pl.LazyFrame, heirs: pl.LazyFrame) -> pl.LazyFrame:
    """Counts under the institution of the day; `_written` is the file's, `_split` wants a part."""
    return (
        rows.join(
            heirs.with_columns(_split=pl.col("heir").is_null()),
            on="institution", how="left", validate="m:1",
        )
        .with_columns(
            _written="institution",
            institution=pl.coalesce("heir", "institution"),
            _split=pl.col("_split").fill_null(value=False),
        )
        .drop("heir")
    )  # fmt: skip


def added_up(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Accepted rows of one institution and key as one line; refused rows as they were written.

    After a merger the files of two old schools, or of one and its heir, may hold the same
    grade and plan kind: both are right, so their plans are added up, and the line stands
    at the first of them. The same key written twice is refused before, as ever.
    """
    refused = pl.col("rule").is_not_null()
    order = rows.collect_schema().names()
    accepted = (
        rows.filter(~refused)
        .sort("row")
        .group_by(COUNT_LINE, maintain_order=True)
        .agg(pl.col("plans").sum(), pl.exclude(*COUNT_LINE, "plans").first())
        .select(order)
    )
    as_written = rows.filter(refused).with_columns(institution="_written")
    return pl.concat([accepted, as_written]).drop("_written", "_split")
