"""The due list, walked day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.rules.obligations import Bound, DueTerms, obligations
from toolkit.semester import Calendar, Semester

TERMS = DueTerms(counts_days=30, settlement_days=30, renewal_days=60)
AUTUMN = Calendar(Semester.parse("2020/2021-1"), date(2020, 9, 1), date(2020, 12, 18))
SPRING = Calendar(Semester.parse("2020/2021-2"), date(2021, 1, 4), date(2021, 6, 18))
SEMESTERS = frozenset({"2020/2021-1", "2020/2021-2"})
AGREEMENT = Bound("P6-1/1", "LUDZA", date(2020, 1, 1), date(2021, 12, 31), SEMESTERS)
WALK = [date(2020, 7, 1) + timedelta(days=n) for n in range(800)]


def test_what_an_agreement_asks_for_each_once():
    found = obligations([AGREEMENT], [AUTUMN, SPRING], lambda _: TERMS, {})

    assert [(o.due_on.isoformat(), o.kind, o.semester) for o in found] == [
        ("2020-10-01", "counts", "2020/2021-1"),
        ("2021-01-17", "settlement", "2020/2021-1"),
        ("2021-02-03", "counts", "2020/2021-2"),
        ("2021-07-18", "settlement", "2020/2021-2"),
        ("2021-11-01", "renewal", ""),
    ]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2020-09-20", "later"),
        ("2020-09-21", "due"),
        ("2020-10-01", "due"),
        ("2020-10-02", "overdue"),
        ("2020-10-15", "overdue"),
        ("2020-10-16", "closed"),
    ],
    ids=["eleven days before", "ten days before", "its day", "the day after",
         "the day before it is met", "the day it is met"],
)  # fmt: skip
def test_state_on_both_sides_of_each_day(day: str, state: str):
    closures = {("counts", "P6-1/1", "2020/2021-1"): date(2020, 10, 16)}
    first = obligations([AGREEMENT], [AUTUMN, SPRING], lambda _: TERMS, closures)[0]

    assert first.state(date.fromisoformat(day), within=10) == state


@pytest.mark.parametrize(
    ("ends_on", "kinds"),
    [
        ("2020-08-31", {"renewal"}),
        ("2020-09-01", {"counts", "settlement", "renewal"}),
    ],
    ids=["it ends the day before the semester", "it ends on the first day"],
)
def test_a_semester_asks_of_agreements_valid_in_it(ends_on: str, kinds: set[str]):
    ending = Bound("A", "P", date(2020, 1, 1), date.fromisoformat(ends_on), SEMESTERS)

    assert {o.kind for o in obligations([ending], [AUTUMN], lambda _: TERMS, {})} == kinds


@given(
    st.integers(0, 90), st.integers(0, 90), st.integers(0, 90), st.integers(0, 60),
    st.lists(st.sampled_from(WALK), max_size=4),
)  # fmt: skip
def test_each_is_due_once_overdue_once_and_closed_once(
    counts: int, settlement: int, renewal: int, within: int, met: list[date]
):
    keys = [(k, "P6-1/1", s) for k in ("counts", "settlement") for s in sorted(SEMESTERS)]
    closures = dict(zip(keys, met, strict=False))
    terms = DueTerms(counts, settlement, renewal)
    found = obligations([AGREEMENT], [AUTUMN, SPRING], lambda _: terms, closures)

    assert len({(o.kind, o.semester) for o in found}) == len(found) == 5
    for obligation in found:
        walked = [state for state, _ in groupby(obligation.state(day, within) for day in WALK)]
        order = ["later", "due", "overdue", "closed"]
        assert walked == [state for state in order if state in walked]


def test_a_deadline_that_changes_later_moves_no_older_obligation():
    later = DueTerms(counts_days=90, settlement_days=90, renewal_days=90)
    terms_on = lambda day: later if day >= SPRING.first_day else TERMS  # noqa: E731

    found = obligations([AGREEMENT], [AUTUMN, SPRING], terms_on, {})

    counts = [o.due_on.isoformat() for o in found if o.kind == "counts"]
    assert counts == ["2020-10-01", "2021-04-04"]


def test_an_agreement_to_the_end_of_time_needs_no_renewal():
    for ends_on in (None, date.max):
        endless = Bound("A", "P", date(2020, 1, 1), ends_on, frozenset())
        assert obligations([endless], [AUTUMN], lambda _: TERMS, {}) == []
