"""What holds for the maximum of every programme, whatever its registers, counts and law."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.programmes import (
    SEMESTERS,
    Programme,
    Row,
    Value,
    allocated,
    as_json,
    in_step,
    programmes,
    row,
    without_successions,
)
from toolkit.frames.allocation import Allocation
from toolkit.money import euros

NORMAL = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
LIMITS = ("cap.institution", "cap.partner", "envelope")
LONG_AGO = "2017-03-16"
limits = st.integers(0, 300_000)


def summed(frame: pl.DataFrame, column: str, by: list[str]) -> dict[tuple[Any, ...], int]:
    return dict(frame.group_by(by).agg(pl.col(column).sum()).rows_by_key(by, unique=True))


def maxima(allocation: Allocation) -> dict[str, int]:
    return dict(allocation.partners.select("partner", "maximum_cents").iter_rows())


def limited(programme: Programme, amounts: Mapping[str, int]) -> Programme:
    for name, amount in amounts.items():
        programme = programme.with_law(name, Value(LONG_AGO, euros(amount)))
    return programme


def first_day(programme: Programme) -> str:
    return SEMESTERS[programme.semester][0]


@NORMAL
@given(programmes())
def test_rows_add_up_to_institutions_and_these_to_partners_and_the_total(
    programme: Programme,
) -> None:
    result = allocated(programme)

    lines, institutions, partners = result.lines, result.institutions, result.partners
    pair = ["partner", "institution"]
    for column in ("plans", "earned_cents", "maximum_cents"):
        assert summed(lines, column, pair) == summed(institutions, column, pair)
        assert summed(institutions, column, ["partner"]) == summed(partners, column, ["partner"])
    assert partners["maximum_cents"].sum() == result.total_cents


@NORMAL
@given(programmes())
def test_esf_and_state_add_up_for_each_partner_and_in_total(programme: Programme) -> None:
    result = allocated(programme)

    partners = result.partners
    assert (partners["esf_cents"] + partners["state_cents"]).equals(
        partners["maximum_cents"], check_names=False
    )
    assert partners["esf_cents"].sum() == result.esf_cents
    assert partners["state_cents"].sum() == result.state_cents
    assert result.esf_cents + result.state_cents == result.total_cents


@NORMAL
@given(programmes(), st.randoms(use_true_random=False))
def test_the_order_of_counts_and_register_rows_is_irrelevant(
    programme: Programme, random: Random
) -> None:
    tables = {name: shuffled(rows, random) for name, rows in programme.tables.items()}
    other = allocated(replace(programme, tables=tables))

    one = allocated(programme)

    assert figures(other) == figures(one)
    assert broken_rules(other) == broken_rules(one)


def shuffled(rows: Any, random: Random) -> list[Row]:
    return random.sample(list(rows), len(rows))


def figures(allocation: Allocation) -> dict[str, Any]:
    return {name: value for name, value in as_json(allocation).items() if name != "refused"}


def broken_rules(allocation: Allocation) -> list[tuple[Any, ...]]:
    return sorted(allocation.refused.drop("file", "row").iter_rows())


@NORMAL
@given(programmes(), st.integers(0, 99))
def test_one_more_plan_never_lowers_the_total(programme: Programme, place: int) -> None:
    before = allocated(programme)
    assume(before.lines.height)

    after = allocated(with_one_more_plan(programme, before, place)[0])

    assert after.total_cents >= before.total_cents


@NORMAL
@given(programmes(), st.integers(0, 99))
def test_one_more_plan_never_lowers_its_partner_without_an_envelope(
    programme: Programme, place: int
) -> None:
    open_ended = programme.with_law("envelope").with_envelope(None)
    before = allocated(open_ended)
    assume(before.lines.height)

    changed, partner = with_one_more_plan(open_ended, before, place)

    assert maxima(allocated(changed))[partner] >= maxima(before)[partner]


def with_one_more_plan(
    programme: Programme, before: Allocation, place: int
) -> tuple[Programme, str]:
    """The programme with one more plan in one accepted row, and the partner of that row."""
    line = before.lines.row(place % before.lines.height, named=True)
    assume(line["plans"] < 1_000_000)
    rows = list(programme.tables["counts"])
    rows[line["row"] - 2] = {**rows[line["row"] - 2], "plans": str(line["plans"] + 1)}
    return programme.with_rows(counts=rows), line["partner"]


@pytest.mark.parametrize("name", LIMITS)
@settings(NORMAL, max_examples=12)
@given(programme=programmes(bad_rows=False), amount=limits)
def test_a_limit_alone_raises_no_row_institution_or_partner(
    name: str, programme: Programme, amount: int
) -> None:
    without = allocated(programme.unlimited())

    with_it = allocated(limited(programme.unlimited(), {name: amount}))

    assert (with_it.lines["maximum_cents"] <= without.lines["maximum_cents"]).all()
    assert (with_it.institutions["maximum_cents"] <= without.institutions["maximum_cents"]).all()
    assert (with_it.partners["maximum_cents"] <= without.partners["maximum_cents"]).all()
    assert (with_it.partners["esf_cents"] <= with_it.partners["maximum_cents"]).all()


@pytest.mark.parametrize("name", LIMITS)
@settings(NORMAL, max_examples=12)
@given(programme=programmes(bad_rows=False), amounts=st.tuples(limits, limits, limits))
def test_a_limit_beside_the_others_never_raises_the_total(
    name: str, programme: Programme, amounts: tuple[int, int, int]
) -> None:
    all_limits = dict(zip(LIMITS, amounts, strict=True))
    others = {limit: amount for limit, amount in all_limits.items() if limit != name}
    without = allocated(limited(programme.unlimited(), others))

    with_it = allocated(limited(programme.unlimited(), all_limits))

    assert with_it.total_cents <= without.total_cents


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("cap.institution", ["cap.partner"]),
        ("cap.partner", ["cap.institution"]),
        ("envelope", ["cap.institution", "cap.partner"]),
    ],
)
@settings(NORMAL, max_examples=12)
@given(programme=programmes(bad_rows=False), amounts=st.tuples(limits, limits, limits))
def test_a_limit_after_or_before_the_other_ceilings_raises_no_partner(
    name: str, others: list[str], programme: Programme, amounts: tuple[int, int, int]
) -> None:
    drawn = dict(zip(LIMITS, amounts, strict=True))
    capped = limited(programme.unlimited(), {other: drawn[other] for other in others})
    without = maxima(allocated(capped))

    with_it = maxima(allocated(limited(capped, {name: drawn[name]})))

    assert with_it.keys() == without.keys()
    assert all(with_it[partner] <= without[partner] for partner in without)


@NORMAL
@given(without_successions(), st.integers(0, 99))
def test_merging_two_partners_keeps_the_total_when_nothing_limits(
    programme: Programme, place: int
) -> None:
    open_ended = programme.unlimited()
    before = allocated(open_ended)

    heir, merged = merged_in(open_ended, before, place)

    assert_kept(before, allocated(merged), heir)


@NORMAL
@given(without_successions(), limits, st.integers(0, 99))
def test_merging_two_partners_keeps_the_total_under_ceilings_of_institutions(
    programme: Programme, cap: int, place: int
) -> None:
    capped = limited(programme.unlimited(), {"cap.institution": cap})
    before = allocated(capped)
    assume(before.institutions["institution"].is_unique().all())

    heir, merged = merged_in(capped, before, place)

    assert_kept(before, allocated(merged), heir)


def merged_in(programme: Programme, before: Allocation, place: int) -> tuple[str, Programme]:
    """One of the partners, and the programme in which another has merged into it on the day."""
    names = before.partners["partner"].to_list()
    assume(len(names) > 1)
    heir = names.pop(place % len(names))
    merge = row("successions", "merge", names[0], heir, first_day(programme), "")
    members = in_step(list(programme.tables["memberships"]), [merge])
    return heir, programme.with_rows(successions=[merge], memberships=members)


def assert_kept(before: Allocation, after: Allocation, heir: str) -> None:
    gone = set(maxima(before)) - set(maxima(after))
    assert len(gone) == 1
    assert maxima(after)[heir] == maxima(before)[heir] + maxima(before)[gone.pop()]
    assert after.total_cents == before.total_cents
    assert after.esf_cents == before.esf_cents
