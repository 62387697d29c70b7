"""Plans counted by a packed number are the plans counted by their five columns."""

from __future__ import annotations

import polars as pl
import pytest

from toolkit.frames.plans import COUNT_KEY
from toolkit.rules.counts import count_plans

PLANS = pl.DataFrame(
    [
        ("2020/2021-1", "B", "general", 12, "economic"),
        ("2020/2021-1", "A", "general", 5, "consultative"),
        ("2020/2021-1", "A", "general", 5, "consultative"),
        ("2020/2021-1", "A", "vocational", 1, "consultative"),
        ("2020/2021-2", "A", "general", 5, "consultative"),
        ("2020/2021-2", "Ž", "general", 1, "economic"),
    ],
    schema={name: pl.Int64 if name == "grade" else pl.String for name in COUNT_KEY},
    orient="row",
)


def as_enum(plans: pl.DataFrame, spare: int) -> pl.LazyFrame:
    """The texts as Enum, with `spare` categories that no row has."""
    return plans.lazy().with_columns(
        pl.col(name).cast(pl.Enum([*plans[name].unique().sort(), *(f"~{i}" for i in range(spare))]))
        for name in COUNT_KEY
        if name != "grade"
    )


@pytest.mark.parametrize("spare", [0, 500], ids=["32 bits hold it", "it takes 64"])
def test_packed_counts_are_those_of_the_columns(spare: int):
    plain = count_plans(PLANS.lazy()).collect().sort(COUNT_KEY)

    packed = count_plans(as_enum(PLANS, spare)).collect().sort(COUNT_KEY)

    assert packed.equals(plain)
    assert packed["plans"].to_list() == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("grade", [256, -1], ids=["beyond a byte", "negative"])
def test_a_grade_that_would_spoil_the_number_is_an_error_and_no_other_count(grade: int):
    odd = PLANS.with_columns(grade=pl.lit(grade, pl.Int64))

    with pytest.raises(pl.exceptions.InvalidOperationError):
        count_plans(as_enum(odd, 0)).collect()
