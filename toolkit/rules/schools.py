"""Institutions that were renamed, merged or split: where their counts and coverage belong."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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


def bequests(have: Collection[str], heirs: Heirs) -> list[tuple[str, str]]:
    """Who passes to whom what an institution has none of its own of: predecessor and heir.

    The nearest predecessor that has any passes it on; those before it have been replaced.
    """
    ends = {end for code in heirs for end in heirs.ends(code)}
    return [(old, end) for end in sorted(ends - set(have)) for old in heirs.nearest(end, have)]


def inherited(pairs: pl.DataFrame, heirs: Heirs) -> pl.DataFrame:
    """What is covered in the semester, with what covers an institution's predecessors.

    Coverage that names an old school covers its heir when the heir has none of its own;
    `inherited` marks it. Own coverage decides alone, so an agreement that has been
    amended for the new school never competes with the one it replaces.
    """
    passing = pl.DataFrame(
        bequests(set(pairs["institution"]), heirs),
        schema={"institution": pl.String, "heir": pl.String},
        orient="row",
    )
    taken_over = (
        pairs.join(passing, on="institution", how="inner")
        .with_columns(institution="heir", inherited=pl.lit(value=True))
        .drop("heir")
    )
    return pl.concat([pairs.with_columns(inherited=pl.lit(value=False)), taken_over])


def members_by_heirs(
    members: Mapping[str, frozenset[str]], heirs: Heirs
) -> dict[str, frozenset[str]]:
    """The partners of each institution; an heir without membership has its predecessors'."""
    found = dict(members)
    for old, heir in bequests(members, heirs):
        found[heir] = found.get(heir, frozenset()) | members[old]
    return found


def members_by_any_code(
    members: Mapping[str, frozenset[str]], heirs: Heirs
) -> dict[str, frozenset[str]]:
    """The partners of each institution by every code it had, for files that name an old one.

    A school of which only a part left is not found by the part.
    """
    now = members_by_heirs(members, heirs)
    ends = {code: heirs.ends(code) for code in heirs}
    old = {
        code: frozenset[str]().union(*(now.get(place, frozenset()) for place in places))
        for code, places in ends.items()
        if code not in places
    }
    return {**now, **old}


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


def planned_by_heirs(plans: pl.LazyFrame, heirs: Heirs) -> pl.LazyFrame:
    """Plans at the institution of the day; those of a split school stay, like its counts."""
    names = heirs_of_schools(heirs).lazy()
    return plans.join(names, on="institution", how="left", validate="m:1").with_columns(
        institution=pl.coalesce("heir", "institution")
    )


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
