"""What is due, as the store knows when it was met."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.material import START, anna, at, juris
from toolkit.semester import Semester
from toolkit.services import registers, stored, workflow
from toolkit.services.closures import closures
from toolkit.services.laws import load_law
from toolkit.services.obligations import Due, due_list
from toolkit.services.runs import Asked
from toolkit.store.connect import Database

SEMESTER = Semester.parse("2022/2023-1")
DAY = timedelta(days=1)
COUNTS = "counts", "2021/2022-1"
LAST = {"semester": COUNTS[1], "institution": "RIG-33V", "programme": "general", "grade": 7,
        "plan_kind": "consultative"}  # fmt: skip
"""Of the two schools of EX-RIGA in that semester the one without counts in the demo."""


def due(database: Database, days_after_start: int) -> list[Due]:
    day = (START + days_after_start * DAY).date()
    return due_list(
        stored.stored_inputs(database), load_law(), day, 0, closures(database)
    )  # fmt: skip


def overdue(database: Database, agreement: str, days_after_start: int) -> set[tuple[str, str]]:
    """Kind and subject of what is overdue on a day."""
    found = due(database, days_after_start)
    return {
        (o.kind, o.subject) for o, state in found if (o.agreement, state) == (agreement, "overdue")
    }


def waited(database: Database, days_after_start: int) -> list[tuple[str, ...]]:
    """Of the counts of EX-RIGA the schools that are missing on a day; none when they are met."""
    day = (START + days_after_start * DAY).date()
    return [
        o.missing(day)
        for o, _ in due(database, days_after_start)
        if (o.agreement, o.kind, o.subject) == ("EX-RIGA", *COUNTS)
    ]


@pytest.mark.parametrize("plans", ["4", "0"], ids=["with plans", "nobody at risk: 0 is known too"])
def test_counts_are_met_on_the_day_the_last_school_has_handed_in(database: Database, plans: str):
    """One school hands in when the store is made, the other five days later."""
    assert waited(database, -1) == [("RIG-33V", "RIG-BAL")]
    assert waited(database, 0) == [("RIG-33V",)]

    five_days = at(5 * 24 * 60)
    registers.add(database, anna(database), "counts", {**LAST, "plans": plans}, five_days)

    assert [waited(database, day) for day in (-1, 4, 5)] == [
        [("RIG-33V", "RIG-BAL")], [("RIG-33V",)], [],
    ], "what was open on a day of the past stays so"  # fmt: skip


def test_counts_changed_later_stay_met_and_counts_withdrawn_are_missing_again(database: Database):
    by = anna(database)
    registers.add(database, by, "counts", {**LAST, "plans": "4"}, at(5 * 24 * 60))
    seen = registers.record(database, "counts", **LAST)
    registers.change(database, by, "counts", seen, {"plans": "3"}, at(9 * 24 * 60))
    assert [waited(database, day) for day in (4, 5)] == [[("RIG-33V",)], []]

    seen = registers.record(database, "counts", **LAST)
    registers.withdraw(database, by, "counts", seen, at(12 * 24 * 60), "cita skola")
    assert [waited(database, day) for day in (4, 12)] == [[("RIG-33V",)], [("RIG-33V",)]]


def test_a_settlement_is_met_on_the_day_of_release(database: Database):
    settlement = ("settlement", SEMESTER.code)
    due = 327  # 22.01.2023, the last of thirty days after the semester; START is 01.03.2022

    assert settlement not in overdue(database, "EX-LUDZA", due)
    assert settlement in overdue(database, "EX-LUDZA", due + 1)

    minutes = (due + 2) * 24 * 60
    workflow.draft(database, anna(database), Asked(SEMESTER), at(minutes))
    workflow.take(database, anna(database), SEMESTER, "check", at(minutes + 1))
    workflow.take(database, juris(database), SEMESTER, "approve", at(minutes + 2))
    assert settlement in overdue(database, "EX-LUDZA", due + 2)

    workflow.take(database, juris(database), SEMESTER, "release", at(minutes + 3))
    assert settlement in overdue(database, "EX-LUDZA", due + 1), (
        "what was open on a day of the past stays so"
    )
    assert settlement not in overdue(database, "EX-LUDZA", due + 2)
