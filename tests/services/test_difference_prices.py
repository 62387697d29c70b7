"""A late change to planned measures: what a unit costs is a rate, how many there are a count.

Three partners, a school and a plan each: A of ALFA has 10 consultations at 12,50 and
3 meals at 2,00 euros, B of BETA 4 consultations at 20,00, G of GAMA nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programmes import Programme, Value
from tests.services.test_difference import (
    LONG_AGO,
    MERGER,
    RELEASED,
    SEMESTER,
    UNDER_ENVELOPE,
    causes,
    counts,
    coverage,
    situation,
)
from toolkit.frames.difference import CAUSES
from toolkit.frames.registers import MEASURES, PLANS
from toolkit.services.difference import Situation, explain

Measures = Mapping[tuple[str, str], tuple[int, int]]
"""Quantity and price in cents, by plan and measure."""
ONE_EACH = RELEASED.with_rows(counts=counts(ALFA=1, BETA=1, GAMA=1))
PLANNED: Measures = {
    ("A", "consultation"): (10, 1_250), ("A", "catering"): (3, 200),
    ("B", "consultation"): (4, 2_000),
}  # fmt: skip
DEARER: Measures = {**PLANNED, ("A", "consultation"): (10, 1_300)}
MORE: Measures = {**PLANNED, ("A", "consultation"): (12, 1_250)}
BOTH: Measures = {**PLANNED, ("A", "consultation"): (12, 1_300)}


def planned(
    measures: Measures, programme: Programme = ONE_EACH, method: str = "priced_measures"
) -> Situation:
    """A programme with a plan at each school and these measures."""
    plans = [
        {
            "file": "plans.csv", "row": row, "plan": name[0], "semester": SEMESTER,
            "institution": f"S-{name}", "programme": "general", "grade": 7,
            "plan_kind": "consultative", "learner": f"learner {name}", "risks": "",
            "starts_on": date(2020, 9, 1), "ends_on": date(2020, 12, 18),
        }
        for row, name in enumerate(("ALFA", "BETA", "GAMA"), 2)
    ]  # fmt: skip
    rows = [
        {"file": "measures.csv", "row": row, "plan": plan, "measure": measure,
         "quantity": quantity, "price_cents": cents}
        for row, ((plan, measure), (quantity, cents)) in enumerate(measures.items(), 2)
    ]  # fmt: skip
    own = {
        "plans": PLANS.held(pl.DataFrame(plans, schema=dict(PLANS.columns))),
        "measures": MEASURES.held(pl.DataFrame(rows, schema=dict(MEASURES.columns))),
    }
    found = situation(programme)
    inputs = replace(found.inputs, frames={**found.inputs.frames, **own})
    return replace(found, inputs=inputs, method=method)


def without(*keys: tuple[str, str]) -> Measures:
    return {key: cells for key, cells in PLANNED.items() if key not in keys}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(PLANNED, {}, id="nothing changed"),
        pytest.param(dict(reversed(PLANNED.items())), {}, id="the same measures in another order"),
        pytest.param(DEARER, {"ALFA": {"rate": 10 * 50}}, id="a consultation is dearer: a rate"),
        pytest.param(MORE, {"ALFA": {"count": 2 * 1_250}}, id="two consultations more: a count"),
        pytest.param(
            BOTH,
            {"ALFA": {"count": 2 * 1_250, "rate": 12 * 50}},
            id="both: more at the old price, then all of them dearer",
        ),
        pytest.param(
            {**PLANNED, ("G", "catering"): (5, 300)},
            {"GAMA": {"count": 5 * 300}},
            id="a new measure takes its price with the count",
        ),
        pytest.param(
            without(("A", "catering")), {"ALFA": {"count": -3 * 200}}, id="a measure is gone"
        ),
        pytest.param(
            {**without(("A", "catering")), ("B", "catering"): (3, 250)},
            {"ALFA": {"count": -3 * 200}, "BETA": {"count": 3 * 250}},
            id="a measure of another plan is another measure",
        ),
        pytest.param(
            {**DEARER, ("B", "consultation"): (4, 0)},
            {"ALFA": {"rate": 10 * 50}, "BETA": {"rate": -4 * 2_000}},
            id="one dearer, another free of charge",
        ),
    ],
)
def test_causes_of_changed_measures(
    after: Measures, expected: Mapping[str, Mapping[str, int]]
) -> None:
    note = explain(planned(PLANNED), planned(after))

    assert causes(note) == expected
    assert note.empty == (not expected)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(DEARER, {}, id="a price alone moves nothing"),
        pytest.param(BOTH, {}, id="nor with a quantity"),
    ],
)
def test_prices_are_no_cause_where_plans_earn_by_their_rate(
    after: Measures, expected: Mapping[str, Mapping[str, int]]
) -> None:
    assert causes(explain(planned(PLANNED, method="per_plan"),
                          planned(after, method="per_plan"))) == expected  # fmt: skip


def test_the_lesser_of_rate_and_price_moves_by_the_one_that_is_less() -> None:
    """ALFA's measures cost 131,00; the rate is 100,00 and binds until it rises to 140,00."""
    risen = ONE_EACH.with_law("rate.consultative", Value(LONG_AGO, "140.00"))

    capped = explain(planned(PLANNED, method="lesser_of"), planned(DEARER, method="lesser_of"))
    freed = explain(planned(PLANNED, method="lesser_of"), planned(DEARER, risen, "lesser_of"))

    assert causes(capped) == {}
    assert causes(freed) == {"ALFA": {"rate": 13_600 - 10_000}}


def test_a_price_and_a_merger_at_once_move_the_dearer_money() -> None:
    merged = ONE_EACH.with_rows(successions=[MERGER])

    note = explain(planned(PLANNED), planned(DEARER, merged))

    assert causes(note) == {
        "ALFA": {"rate": 500, "succession": -13_600}, "BETA": {"succession": 13_600},
    }  # fmt: skip


MERGED = ONE_EACH.with_rows(successions=[MERGER])
UNCOVERED = ONE_EACH.with_rows(coverage=coverage("ALFA", "GAMA"))
RAISED = ONE_EACH.with_envelope(12_345)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param((DEARER, ONE_EACH), (MORE, ONE_EACH), (BOTH, ONE_EACH), id="a quantity"),
        pytest.param((DEARER, ONE_EACH), (PLANNED, MERGED), (DEARER, MERGED), id="a merger"),
        pytest.param((DEARER, ONE_EACH), (PLANNED, UNCOVERED), (DEARER, UNCOVERED),
                     id="coverage"),
        pytest.param((DEARER, ONE_EACH), (PLANNED, RAISED), (DEARER, RAISED), id="an envelope"),
    ],
)  # fmt: skip
def test_a_price_before_or_after_another_change_gives_the_same_notes_in_total(
    one: tuple[Measures, Programme], other: tuple[Measures, Programme],
    both: tuple[Measures, Programme],
) -> None:  # fmt: skip
    released, whole = planned(PLANNED), planned(*both)
    together = explain(released, whole).partners.sort("partner")

    for first in (one, other):
        early = explain(released, planned(*first)).partners
        late = explain(released, whole, early).partners
        summed = pl.concat([early, late])
        for cause in CAUSES:
            sums = summed.group_by("partner").agg(pl.col(f"{cause}_cents").sum()).sort("partner")
            assert sums[f"{cause}_cents"].to_list() == together[f"{cause}_cents"].to_list()
        assert explain(released, whole, summed).empty, "noting it again adds nothing"


MEASURED = st.dictionaries(
    st.tuples(st.sampled_from("ABG"), st.sampled_from(["consultation", "catering", "transport"])),
    st.tuples(st.integers(1, 500), st.integers(0, 99_999)),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(MEASURED, MEASURED, st.sampled_from(["priced_measures", "lesser_of"]), st.booleans())
def test_prices_and_quantities_add_up_exactly(
    before: Measures, after: Measures, method: str, tight: bool
) -> None:
    programme = ONE_EACH.with_envelope(UNDER_ENVELOPE.envelope_cents) if tight else ONE_EACH
    note = explain(planned(before, programme, method), planned(after, programme, method))

    for own in note.partners.iter_rows(named=True):
        assert sum(own[f"{cause}_cents"] for cause in CAUSES) == own["difference_cents"]
        assert own["coverage_cents"] == own["succession_cents"] == 0
    kept = {key: cells for key, cells in after.items() if key in before}
    if all(cells[1] == before[key][1] for key, cells in kept.items()):
        assert note.total("rate") == 0
    if method == "priced_measures" and not tight:
        assert note.total("rate") == sum(
            quantity * (cents - before[key][1]) for key, (quantity, cents) in kept.items()
        )
