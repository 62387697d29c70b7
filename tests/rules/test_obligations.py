"""The due list, walked day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.rules.amendments import AgreementVersion, Amendment, Covered, versions
from toolkit.rules.obligations import DueTerms, Met, Obligation, obligations
from toolkit.semester import Calendar, Semester

TERMS = DueTerms(counts_days=30, settlement_days=30, renewal_days=60)
AUTUMN = Calendar(Semester.parse("2020/2021-1"), date(2020, 9, 1), date(2020, 12, 18))
SPRING = Calendar(Semester.parse("2020/2021-2"), date(2021, 1, 4), date(2021, 6, 18))
SIGNED = AgreementVersion(
    "P6-12/1-2019", 0, "LUDZA", date(2019, 12, 3), date(2020, 1, 1), date(2021, 12, 31),
    coverage=(Covered("LUD-MEZ", "2019/2020-2"),),
)  # fmt: skip
EXTENDED = Amendment("1", "term", date(2021, 8, 16), date(2021, 9, 1), date(2022, 6, 30))
TERMINATED = Amendment("2", "termination", date(2021, 9, 20), date(2021, 9, 20), date(2021, 9, 30))
WALK = [date(2020, 7, 1) + timedelta(days=n) for n in range(800)]
DECIDED = ("2021-11-01", "2021-12-31", "2021-08-16")
ORDER = ["later", "due", "overdue", "closed"]


def due(
    signed: AgreementVersion, *amendments: Amendment, met: Met | None = None,
    terms: DueTerms = TERMS,
) -> list[Obligation]:  # fmt: skip
    known = versions(signed, amendments)
    return obligations([known], [AUTUMN, SPRING], lambda _: terms, met or Met())


def shown(found: list[Obligation]) -> list[tuple[str, str, str]]:
    return [(o.due_on.isoformat(), o.kind, o.subject) for o in found]


def test_what_an_agreement_asks_for_each_once():
    assert shown(due(SIGNED)) == [
        ("2020-10-01", "counts", "2020/2021-1"),
        ("2021-01-17", "settlement", "2020/2021-1"),
        ("2021-02-03", "counts", "2020/2021-2"),
        ("2021-07-18", "settlement", "2020/2021-2"),
        ("2021-11-01", "renewal", "2021-12-31"),
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
    met = Met({"2020/2021-1": {"LUD-MEZ": [(7, date(2020, 10, 16))]}})
    first = due(SIGNED, met=met)[0]

    assert first.state(date.fromisoformat(day), within=10) == state


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ends_on": date(2020, 8, 31)}, {}),
        ({"ends_on": date(2020, 9, 1)}, {"counts": "2020-10-01", "settlement": "2021-01-17"}),
        ({"valid_from": date(2020, 12, 19)}, {}),
        ({"valid_from": date(2020, 12, 18)}, {"counts": "2021-01-17", "settlement": "2021-01-17"}),
        ({"valid_from": date(2020, 11, 2)}, {"counts": "2020-12-02", "settlement": "2021-01-17"}),
        ({"signed_on": date(2020, 11, 2)}, {"counts": "2020-12-02", "settlement": "2021-01-17"}),
        (
            {"coverage": (Covered("A", "2020/2021-1", starts_on=date(2020, 10, 1)),)},
            {"counts": "2020-10-31", "settlement": "2021-01-17"},
        ),
        (
            {"coverage": (Covered("A", "2020/2021-1", starts_on=date(2020, 10, 1)),
                          Covered("B", "2020/2021-1"))},
            {"counts": "2020-10-01", "settlement": "2021-01-17"},
        ),
        ({"coverage": (Covered("A", "2020/2021-2"),)}, {}),
        ({"coverage": (Covered("A", "2019/2020-1", "2019/2020-2"),)}, {}),
    ],
    ids=[
        "it ends the day before the semester", "it ends on the first day",
        "it is valid from the day after the semester", "it is valid from the last day",
        "it is valid from a day in the semester", "it is signed in the semester",
        "its only school starts later", "one of its schools starts later",
        "its school comes in a semester later", "its school has left",
    ],
)  # fmt: skip
def test_what_a_semester_asks_of_an_agreement(changes: dict[str, object], expected: dict[str, str]):
    known = versions(replace(SIGNED, **changes), [])
    found = obligations([known], [AUTUMN], lambda _: TERMS, Met())

    asked = {o.kind: o.due_on.isoformat() for o in found if o.kind != "renewal"}
    assert asked == expected


@pytest.mark.parametrize(
    ("amendments", "expected"),
    [
        ([], [("2021-11-01", "2021-12-31", "2022-01-01")]),
        (
            [EXTENDED],
            [DECIDED, ("2022-05-01", "2022-06-30", "2022-07-01")],
        ),
        ([TERMINATED], [("2021-11-01", "2021-12-31", "2021-09-20")]),
        (
            [EXTENDED, TERMINATED],
            [DECIDED, ("2022-05-01", "2022-06-30", "2021-09-20")],
        ),
    ],
    ids=[
        "nothing is signed: over with the agreement", "the extension is signed: over that day",
        "terminated: nothing to renew", "extended, then terminated",
    ],
)  # fmt: skip
def test_each_end_is_decided_on_once(
    amendments: list[Amendment], expected: list[tuple[str, str, str]]
):
    found = [o for o in due(SIGNED, *amendments) if o.kind == "renewal"]

    assert [(o.due_on.isoformat(), o.subject, str(o.closed_on)) for o in found] == expected


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2021-08-15", "later"),
        ("2021-08-16", "due"),
        ("2021-09-01", "due"),
        ("2021-09-02", "closed"),
    ],
    ids=["the day before it is signed", "signed", "the day it takes effect", "the day after"],
)
def test_an_amendment_signed_waits_for_its_day(day: str, state: str):
    waiting = next(o for o in due(SIGNED, EXTENDED) if o.kind == "amendment")

    assert waiting.state(date.fromisoformat(day), within=60) == state


def test_an_amendment_in_effect_when_it_is_signed_is_not_waited_for():
    assert "amendment" not in {o.kind for o in due(SIGNED, TERMINATED)}


@pytest.mark.parametrize("ends_on", [None, date.max], ids=["open", "to the end of time"])
def test_an_agreement_without_an_end_needs_no_renewal(ends_on: date | None):
    assert "renewal" not in {o.kind for o in due(replace(SIGNED, ends_on=ends_on))}


def test_an_obligation_keeps_its_day_when_the_law_changes():
    changed = date(2021, 1, 1)
    later = replace(TERMS, counts_days=10, settlement_days=10)

    found = obligations(
        [versions(SIGNED, [])], [AUTUMN, SPRING],
        lambda day: later if day >= changed else TERMS, Met(),
    )  # fmt: skip

    assert [day for day, kind, _ in shown(found) if kind != "renewal"] == [
        "2020-10-01", "2021-01-14", "2021-01-17", "2021-06-28",
    ]  # fmt: skip


@st.composite
def done(draw: st.DrawFn) -> Met:
    """Some of three schools have handed in, each on a day; some semesters are released."""
    codes = ("2020/2021-1", "2020/2021-2")
    days = st.one_of(st.none(), st.sampled_from(WALK))
    came = {code: {name: draw(days) for name in ("A", "B", "LUD-MEZ")} for code in codes}
    released = {code: draw(days) for code in codes}
    return Met(
        {code: {n: [(7, d)] for n, d in rows.items() if d} for code, rows in came.items()},
        {code: day for code, day in released.items() if day},
    )


@given(
    st.integers(0, 90), st.integers(0, 90), st.integers(0, 90), st.integers(0, 60), done(),
    st.lists(st.sampled_from([EXTENDED, TERMINATED]), unique=True),
)  # fmt: skip
def test_each_is_due_once_overdue_once_and_closed_once(
    counts: int, settlement: int, renewal: int, within: int, met: Met, amendments: list[Amendment]
):
    terms = DueTerms(counts, settlement, renewal)
    covered = tuple(Covered(name, "2019/2020-2") for name in ("A", "B", "LUD-MEZ"))
    found = due(replace(SIGNED, coverage=covered), *amendments, met=met, terms=terms)

    assert len({(o.kind, o.subject) for o in found}) == len(found) >= 5
    for obligation in found:
        walked = [state for state, _ in groupby(obligation.state(day, within) for day in WALK)]
        assert walked == [state for state in ORDER if state in walked]
    for handing_in in (o for o in found if o.kind == "counts"):
        missing = [len(handing_in.missing(day)) for day in WALK]
        assert missing == sorted(missing, reverse=True)
        assert all(
            (left == 0) == (handing_in.state(day, within) == "closed")
            for day, left in zip(WALK, missing, strict=True)
        )
