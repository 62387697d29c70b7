"""The first page: money by how far it has come, indicators beside the targets of their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.services.two_partners import TABLES, written
from tests.store.material import START, anna, at, juris
from toolkit.law import Law
from toolkit.semester import Semester
from toolkit.services import (
    closures,
    demo,
    importing,
    notes,
    obligations,
    people,
    registers,
    stored,
    workflow,
)
from toolkit.services.figures import SemesterFigures
from toolkit.services.laws import load_law
from toolkit.services.overview import Overview, Watched, programme, watched
from toolkit.services.people import Person
from toolkit.services.runs import Asked
from toolkit.store import records
from toolkit.store.connect import Database

DAY = date(2023, 3, 5)
FIRST, THIRD = "2020/2021-1", "2022/2023-1"


def of(seen: Overview, semester: str) -> SemesterFigures:
    return next(own for own in seen.semesters if own.semester == semester)


def watching(
    database: Database, by: Person, day: date, law: Law | None = None
) -> Watched:  # fmt: skip
    codes = [own.semester for own in programme(database, by, day, law).semesters]
    return watched(database, by, day, codes, law)


def stepped(database: Database, semester: str, *actions: workflow.Action) -> None:
    wanted = Semester.parse(semester)
    workflow.draft(database, anna(database), Asked(wanted), at(2), "precizēti dati")
    for minutes, action in enumerate(actions, 3):
        by = anna(database) if action == "check" else juris(database)
        workflow.take(database, by, wanted, action, at(minutes))


def test_money_stands_where_its_semester_does(database: Database):
    expected = {"": (False, False), "draft": (True, False), "checked": (True, False),
                "approved": (False, True), "released": (False, True)}  # fmt: skip
    actions: tuple[workflow.Action, ...] = ("check", "approve", "release")
    for number, state in enumerate(expected):
        if number:
            stepped(database, THIRD, *actions[: number - 1])
        own = of(programme(database, anna(database), DAY), THIRD)
        known = (own.planned_cents is not None, own.allocated_cents is not None)
        assert (own.state, known) == (state, expected[state])
        assert (own.paid_cents, own.accepted_cents, own.noted_cents) == (None, None, 0)
    run = workflow.step_of(database, Semester.parse(THIRD)).run
    total = records.record(database, "runs", {"semester": THIRD, "run": run})
    assert total is not None
    assert own.allocated_cents == total["total_cents"]


def test_a_confirmed_note_is_told_beside_the_release(database: Database):
    stepped(database, THIRD, "check", "approve", "release")
    semester = Semester.parse(THIRD)
    row = registers.record(
        database, "counts", semester=THIRD, institution="LUD-PIL", programme="general",
        grade=6, plan_kind="consultative",
    )  # fmt: skip
    registers.change(database, anna(database), "counts", row, {"plans": row["plans"] + 1}, at(9))
    ilze = Person("ilze", "Ilze", frozenset({"officer"}))
    people.add_person(database, anna(database), ilze, at(9))
    notes.draft_note(database, anna(database), semester, at(10))
    notes.propose(database, ilze, semester, {"": "carry_over"}, at(11))
    before = of(programme(database, anna(database), DAY), THIRD)
    notes.confirm(database, juris(database), semester, at(12))
    after = of(programme(database, anna(database), DAY), THIRD)

    assert (before.noted_cents, after.noted_cents) == (0, 27_050)
    assert before.allocated_cents == after.allocated_cents
    ludza = programme(database, people.acting(database, "ludza"), DAY)
    assert of(ludza, THIRD).noted_cents == 27_050


def test_indicators_stand_beside_the_targets_of_their_day(database: Database):
    seen = programme(database, anna(database), DAY)
    first, third = of(seen, FIRST).indicators, of(seen, THIRD).indicators

    assert set(first) == {"plans", "learners", "institutions", "municipalities"}
    plans = third["plans"]
    assert plans.target is not None
    assert (plans.target.value, plans.target.status, plans.wanted) == ("64000", "confirmed", 64_000)
    assert "pumpurs" in plans.target.source("lv")
    assert (plans.reached, third["learners"].target) == (False, None)
    assert plans.to_date == sum(own.indicators["plans"].here or 0 for own in seen.semesters
                                if own.semester <= THIRD)  # fmt: skip
    before, after = (of(seen, code).indicators["institutions"].wanted
                     for code in ("2019/2020-1", FIRST))  # fmt: skip
    assert (before, after) == (611, 665)


def test_one_municipality_less_is_a_larger_share_when_there_are_fewer(database: Database):
    """Five of 119 before the reform, and of 43 after it: the same indicator, another whole."""
    seen = programme(database, anna(database), DAY)
    first, third = (of(seen, code).indicators["municipalities"] for code in (FIRST, THIRD))

    assert first.whole is not None
    assert third.whole is not None
    assert (first.whole.value, third.whole.value) == ("119", "43")
    assert first.here is not None
    assert first.share == Fraction(100 * first.here, 119)
    assert third.share == Fraction(100 * (third.here or 0), 43)
    assert (first.wanted, first.reached) == (80, False)
    assert first.to_date is None


def test_what_is_due_and_what_was_done_last(database: Database):
    seen = programme(database, anna(database), date(2022, 1, 15))
    inputs = stored.stored_inputs(database)
    found = obligations.due_list(
        inputs, load_law(), date(2022, 1, 15), 30, closures.closures(database)
    )
    states = [state for _, state in found]

    waits = watching(database, anna(database), date(2022, 1, 15))
    assert (waits.due, waits.overdue) == (states.count("due"), states.count("overdue"))
    assert sum(map(bool, (waits.due, waits.overdue))) > 0
    told = [(state, own.due_on) for own, state in waits.first]
    soon = sorted(own.due_on for own, state in found if state == "due")
    late = sorted((own.due_on for own, state in found if state == "overdue"), reverse=True)
    wanted = [*(("due", day) for day in soon), *(("overdue", day) for day in late)]
    assert told == wanted[:5] != []
    assert waits.partners.keys() == {own.partner for own, _ in waits.first}
    assert [entry.action for entry in seen.entries] == ["import", "init"]
    assert waits.not_conserved == ()


def test_a_semester_that_has_not_begun_is_shown_when_something_is_known_of_it(database: Database):
    early = programme(database, anna(database), date(2021, 1, 15))
    codes = [own.semester for own in early.semesters]

    assert codes == sorted(codes)
    assert "2020/2021-1" in codes
    assert THIRD in codes
    assert "2023/2024-1" not in codes


def test_a_partner_reads_its_own_figures_without_targets(database: Database):
    stepped(database, THIRD, "check", "approve")
    whole = of(programme(database, anna(database), DAY), THIRD)
    seen = programme(database, people.acting(database, "ludza"), DAY)
    own = of(seen, THIRD)

    assert own.indicators["plans"].here == 75
    assert own.partners == 1
    assert whole.partners > 1
    assert own.allocated_cents is not None
    assert whole.allocated_cents is not None
    assert 0 < own.allocated_cents < whole.allocated_cents
    assert [i.target for i in own.indicators.values()] == [None] * 3
    assert seen.entries == ()
    own = watching(database, people.acting(database, "ludza"), DAY)
    assert (own.overdue or 0) < (watching(database, anna(database), DAY).overdue or 0)


@pytest.fixture
def lossy(url: str, tmp_path: Path) -> Database:
    """A store in which a partner ended and nobody has its unspent money."""
    tables = {
        "partners": TABLES["partners"] + "GONE,Zudušais,municipality,,2009-07-01,2021-06-30\n",
        "unspent": TABLES["unspent"] + "GONE,2020/2021-1,5.00\n",
        "counts": "\n".join(row for row in TABLES["counts"].split("\n") if "daudz" not in row),
    }
    database = stored.init(demo.PEOPLE, START)
    prepared = importing.prepare(database, written(tmp_path / "in", **tables))
    importing.store_import(database, anna(database), prepared, at(1))
    return database


def test_what_a_succession_would_lose_is_named_to_those_who_may_read_it(lossy: Database):
    alfa = Person("alfa", "Alfa", frozenset({"partner"}), "ALFA")
    seen = watching(lossy, anna(lossy), DAY)

    assert {found.value for found in seen.not_conserved} == {"GONE"}
    assert {found.rule for found in seen.not_conserved} == {"succession.not_conserved"}
    assert watching(lossy, alfa, DAY).not_conserved == ()


def test_learners_are_known_where_plans_name_them(lossy: Database):
    seen = programme(lossy, anna(lossy), DAY)
    named, counted = of(seen, "2021/2022-2").indicators, of(seen, "2021/2022-1").indicators

    assert (named["plans"].here, named["learners"].here) == (3, 3)
    assert named["learners"].to_date is None
    assert counted["learners"].here is None
    assert of(seen, "2016/2017-1").indicators["learners"].to_date == 0
    # the school that moved, and each heir of the divided partner, once
    assert of(seen, "2021/2022-1").partners == 2


def test_a_law_without_targets_and_deadlines_is_no_fault(database: Database):
    seen = programme(database, anna(database), DAY, replace(load_law(), parameters={}))

    waits = watching(database, anna(database), DAY, replace(load_law(), parameters={}))
    assert (waits.due, waits.overdue) == (None, None)
    shares = [own.indicators["municipalities"] for own in seen.semesters]
    assert {(one.share, one.reached) for one in shares} == {(None, None)}
