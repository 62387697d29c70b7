"""Counts are met when the last institution that an agreement covers has handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from toolkit.rules.amendments import AgreementVersion, Covered
from toolkit.rules.handing_in import asked
from toolkit.rules.obligations import DueTerms, Met, obligations
from toolkit.rules.succession import Heirs, Succession
from toolkit.semester import Calendar, Semester

CODE = "2020/2021-1"
AUTUMN = Calendar(Semester.parse(CODE), date(2020, 9, 1), date(2020, 12, 18))
LONG = "2017/2018-1"
TERMS = DueTerms(counts_days=30, settlement_days=30, renewal_days=60)

Counts = Sequence[tuple[str, int, int]]
"""Institution, grade, and the day of October."""


def agreement(*coverage: Covered, number: str = "L") -> AgreementVersion:
    return AgreementVersion(
        number, 0, "ALFA", date(2017, 9, 1), date(2017, 9, 1), None, coverage=coverage
    )


def school(name: str, *grades: int, starts: date | None = None, since: str = LONG) -> Covered:
    return Covered(name, since, grades=grades, starts_on=starts)


def counted(rows: Counts) -> dict[str, list[tuple[int, date]]]:
    found: dict[str, list[tuple[int, date]]] = {}
    for institution, grade, day in rows:
        found.setdefault(institution, []).append((grade, date(2020, 10, day)))
    return found


def passes(kind: str, *pairs: str, on: str = "2020-07-01") -> list[Succession]:
    return [Succession(kind, *pair.split(">"), date.fromisoformat(on)) for pair in pairs]


def waited(
    covering: Sequence[AgreementVersion], counts: Counts, successions: Sequence[Succession] = ()
) -> dict[str, dict[str, int | None]]:
    """By agreement and institution: the day of October, None while counts are missing."""
    found = asked(covering, AUTUMN, counted(counts), Heirs(successions, AUTUMN.first_day))
    return {
        number: {one.institution: one.known_on.day if one.known_on else None for one in rows}
        for number, rows in found.items()
    }


@pytest.mark.parametrize(
    ("coverage", "counts", "expected"),
    [
        ([school("A"), school("B")], [], {"A": None, "B": None}),
        ([school("A"), school("B")], [("A", 7, 5)], {"A": 5, "B": None}),
        ([school("A"), school("B")], [("A", 7, 5), ("B", 7, 9)], {"A": 5, "B": 9}),
        ([school("A")], [("A", 7, 9), ("A", 8, 5)], {"A": 5}),
        ([school("A")], [("C", 7, 5)], {"A": None}),
        ([school("A", 5, 6)], [("A", 7, 5)], {"A": None}),
        ([school("A", 5, 6)], [("A", 7, 5), ("A", 6, 9)], {"A": 9}),
        ([school("A", 5), school("A", 7, since="2020/2021-1")], [("A", 7, 5)], {"A": 5}),
        ([school("A", 5), school("A", since="2020/2021-1")], [("A", 12, 5)], {"A": 5}),
        ([school("A"), school("B", starts=date(2020, 12, 18))], [], {"A": None, "B": None}),
        ([school("A"), school("B", starts=date(2020, 12, 19))], [], {"A": None}),
        ([school("A"), school("B", since="2020/2021-2")], [], {"A": None}),
        ([school("A"), Covered("B", LONG, "2019/2020-2")], [], {"A": None}),
    ],
    ids=[
        "nobody has handed in", "the first has, the second has not", "both have, each on its day",
        "a school has handed in with its first rows", "another school's counts are not its own",
        "counts in a grade that is not covered", "counts in a grade that is",
        "one school in two rows: either grade will do", "one of its rows covers every grade",
        "a school that starts on the last day is asked", "the day after: not yet",
        "a school that comes in a semester later", "a school that has left",
    ],
)  # fmt: skip
def test_whom_a_semester_waits_for(
    coverage: list[Covered], counts: Counts, expected: dict[str, int | None]
):
    assert waited([agreement(*coverage)], counts) == {"L": expected}


MERGED = passes("merge", "A>N", "B>N")


@pytest.mark.parametrize(
    ("coverage", "successions", "counts", "expected"),
    [
        ([school("A")], passes("rename", "A>N"), [], {"N": None}),
        ([school("A")], passes("rename", "A>N"), [("N", 7, 5)], {"N": 5}),
        ([school("A")], passes("rename", "A>N"), [("A", 7, 5)], {"N": 5}),
        ([school("N")], passes("rename", "A>N"), [("A", 7, 5)], {"N": 5}),
        ([school("A")], passes("rename", "A>N", on="2020-09-02"), [("N", 7, 5)], {"A": None}),
        ([school("A"), school("B")], MERGED, [("N", 7, 5)], {"N": 5}),
        ([school("A"), school("B")], MERGED, [("A", 7, 5)], {"N": None}),
        ([school("A"), school("B")], MERGED, [("A", 7, 5), ("B", 7, 9)], {"N": 9}),
        ([school("A"), school("B"), school("N")], MERGED, [("A", 7, 5)], {"N": 5}),
        ([school("A")], passes("split", "A>N", "A>O"), [("N", 7, 5)], {"N": 5, "O": None}),
        ([school("A")], passes("split", "A>N", "A>O"), [("A", 7, 5)], {"N": None, "O": None}),
        ([school("A")], passes("split", "A>A", "A>N"), [("A", 7, 5)], {"A": 5, "N": None}),
    ],
    ids=[
        "a school renamed is asked by its new name", "its counts under the new name",
        "its counts under the old name", "covered by the new name, counted by the old",
        "renamed in the semester: the old name to its end",
        "two merged: counts of the new school are all", "two merged: those of one are not",
        "two merged, each by its old name: the day of the last",
        "the merged school is covered itself: its own row decides",
        "split: each part is asked", "split: counts that name no part close nothing",
        "a part left: the school keeps its code and the part is asked too",
    ],
)  # fmt: skip
def test_a_school_that_others_follow(
    coverage: list[Covered], successions: list[Succession], counts: Counts,
    expected: dict[str, int | None],
):  # fmt: skip
    assert waited([agreement(*coverage)], counts, successions) == {"L": expected}


def test_each_agreement_waits_for_its_own_grades_of_a_school():
    lower, upper = agreement(school("A", 5, 6)), agreement(school("A", 10, 11), number="M")

    assert waited([lower, upper], [("A", 10, 5)]) == {"L": {"A": None}, "M": {"A": 5}}


def test_an_agreement_whose_school_went_to_another_that_covers_it_asks_nothing():
    old, new = agreement(school("A")), agreement(school("N"), number="M")

    assert waited([old, new], [], passes("merge", "A>N")) == {"L": {}, "M": {"N": None}}
    assert waited([old], [], passes("merge", "A>N")) == {"L": {"N": None}}


@pytest.mark.parametrize(
    ("counts", "missing", "closed_on"),
    [
        ([], ("A", "B", "C"), None),
        ([("B", 7, 2)], ("A", "C"), None),
        ([("B", 7, 2), ("A", 7, 8)], ("A", "C"), None),
        ([("B", 7, 2), ("A", 7, 8), ("C", 7, 6)], ("A",), date(2020, 10, 8)),
        ([("B", 7, 2), ("A", 7, 1), ("C", 7, 6)], (), date(2020, 10, 6)),
    ],
    ids=[
        "none has come", "one of three", "two of three, the second only on the 8th",
        "all, the last on the 8th", "all, the last on the 6th",
    ],
)  # fmt: skip
def test_the_obligation_says_who_is_missing_on_the_seventh_and_closes_with_the_last(
    counts: Counts, missing: tuple[str, ...], closed_on: date | None
):
    known = (agreement(school("A"), school("B"), school("C")),)
    met = Met({CODE: counted(counts)})
    found = {o.kind: o for o in obligations([known], [AUTUMN], lambda _: TERMS, met)}

    assert found["counts"].missing(date(2020, 10, 7)) == missing
    assert found["counts"].closed_on == closed_on
    assert found["settlement"].missing(date(2020, 10, 7)) == ()


def test_a_settlement_is_met_on_release_once_any_counts_have_come():
    known = (agreement(school("A"), school("B")),)
    released = {CODE: date(2021, 1, 20)}

    for counts, closed_on in (([], None), ([("A", 7, 5)], date(2021, 1, 20))):
        met = Met({CODE: counted(counts)}, released)
        found = obligations([known], [AUTUMN], lambda _: TERMS, met)
        assert [o.closed_on for o in found if o.kind == "settlement"] == [closed_on]
