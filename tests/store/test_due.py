"""What is due, as the store knows when it was met."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.material import START, anna, at, juris
from toolkit.semester import Semester
from toolkit.services import stored, workflow
from toolkit.services.closures import closures
from toolkit.services.laws import load_law
from toolkit.services.obligations import due_list
from toolkit.services.runs import Asked
from toolkit.store.connect import Database

SEMESTER = Semester.parse("2022/2023-1")
DAY = timedelta(days=1)
COUNTS = "counts", "2021/2022-1"


def overdue(database: Database, agreement: str, days_after_start: int) -> set[tuple[str, str]]:
    """Kind and semester of what is overdue on a day."""
    found = due_list(
        stored.stored_inputs(database), load_law(), (START + days_after_start * DAY).date(), 0,
        closures(database),
    )  # fmt: skip
    return {
        (o.kind, o.subject) for o, state in found if (o.agreement, state) == (agreement, "overdue")
    }


@pytest.mark.parametrize(
    ("days_after_start", "missing"), [(-1, [COUNTS]), (0, [])],
    ids=["the day before they are recorded", "the day they are"],
)  # fmt: skip
def test_counts_are_met_on_the_day_they_are_recorded(
    database: Database, days_after_start: int, missing: list[tuple[str, str]]
):
    assert [k for k in overdue(database, "EX-RIGA", days_after_start) if k == COUNTS] == missing


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
