"""Late changes: the release stays, the difference is a note, two people settle it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from tests.store.material import anna, at, juris
from toolkit.errors import RefusedError, UsageError
from toolkit.law import Source
from toolkit.semester import Semester
from toolkit.services import notes, registers, semester_shown, workflow
from toolkit.services.laws import set_value
from toolkit.services.runs import Asked, find_run
from toolkit.store.connect import Database
from toolkit.store.verify import verify

SEMESTER = Semester.parse("2022/2023-1")
KARSAVA = {"institution": "LUD-KAR", "grade": 7}
PILDA = {"institution": "LUD-PIL", "grade": 6}
RATE_CENTS = 27_050
CONSULTATIVE_PLANS = 73  # of the 75 of Ludza: 73 × 270,50 + 2 × 120,00 = 19 986,50 €


@pytest.fixture
def released(database: Database) -> Database:
    """The semester drafted and checked by one, approved and released by the other."""
    workflow.draft(database, anna(database), Asked(SEMESTER), at(1))
    workflow.take(database, anna(database), SEMESTER, "check", at(2))
    workflow.take(database, juris(database), SEMESTER, "approve", at(3))
    workflow.take(database, juris(database), SEMESTER, "release", at(4))
    return database


def add_plans(database: Database, row: Mapping[str, object], more: int, minutes: int) -> None:
    seen = registers.record(
        database, "counts", semester=SEMESTER.code, programme="general",
        plan_kind="consultative", **row,
    )  # fmt: skip
    values = {"plans": seen["plans"] + more}
    registers.change(database, anna(database), "counts", seen, values, at(minutes))


def settle(database: Database, minutes: int, option: str = "carry_over") -> None:
    notes.draft_note(database, anna(database), SEMESTER, at(minutes))
    notes.propose(database, anna(database), SEMESTER, {"": option}, at(minutes + 1))
    notes.confirm(database, juris(database), SEMESTER, at(minutes + 2))


def ludza(database: Database) -> list[dict[str, int]]:
    rows = notes.lines(database, SEMESTER).filter(pl.col("partner") == "LUDZA").sort("note")
    return rows.to_dicts()


def test_a_late_count_is_a_note_and_the_release_stays(released: Database):
    before = find_run(released, SEMESTER, 1)
    add_plans(released, KARSAVA, 2, 10)

    notes.draft_note(released, anna(released), SEMESTER, at(11))

    (line,) = ludza(released)
    assert line["difference_cents"] == line["count_cents"] == 2 * RATE_CENTS
    assert line["old_cents"] + line["difference_cents"] == line["new_cents"]
    assert find_run(released, SEMESTER, 1) == before
    assert workflow.step_of(released, SEMESTER).state == "released"


def test_running_it_twice_adds_nothing(released: Database):
    add_plans(released, KARSAVA, 2, 10)
    notes.draft_note(released, anna(released), SEMESTER, at(11))

    with pytest.raises(UsageError, match="jau ir viss"):
        notes.draft_note(released, anna(released), SEMESTER, at(12))

    assert len(ludza(released)) == 1


def test_nothing_changed_needs_no_note(released: Database):
    with pytest.raises(UsageError, match="nav vajadzīgs"):
        notes.draft_note(released, anna(released), SEMESTER, at(10))


def test_what_was_settled_is_not_settled_again(released: Database):
    add_plans(released, KARSAVA, 2, 10)
    settle(released, 11)

    with pytest.raises(UsageError, match="nav vajadzīgs"):
        notes.draft_note(released, anna(released), SEMESTER, at(20))


def test_the_lines_of_a_second_note_stand_beside_what_was_noted_before(released: Database):
    add_plans(released, KARSAVA, 2, 10)
    settle(released, 11)
    add_plans(released, PILDA, -1, 20)
    notes.draft_note(released, anna(released), SEMESTER, at(21))

    shown = semester_shown.note_lines(released, anna(released), SEMESTER, date(2022, 12, 1))
    told = [
        (line["before_cents"] - line["old_cents"], line["difference_cents"])
        for _, lines in shown for line in lines if line["partner"] == "LUDZA"
    ]  # fmt: skip
    assert told == [(0, 2 * RATE_CENTS), (2 * RATE_CENTS, -RATE_CENTS)]
    for _, lines in shown:
        assert all(ln["before_cents"] + ln["difference_cents"] == ln["new_cents"] for ln in lines)


@pytest.mark.parametrize("order", [(KARSAVA, PILDA), (PILDA, KARSAVA)], ids=["one", "other"])
def test_the_order_of_two_changes_does_not_alter_the_total(
    released: Database, order: tuple[dict[str, object], dict[str, object]]
):
    for number, row in enumerate(order):
        add_plans(released, row, 3 if row is KARSAVA else 4, 10 * (number + 1))
        settle(released, 10 * (number + 1) + 1)

    assert sum(line["difference_cents"] for line in ludza(released)) == 7 * RATE_CENTS
    assert verify(released).damage == ()


def test_an_open_note_takes_up_what_changes_meanwhile(released: Database):
    add_plans(released, KARSAVA, 2, 10)
    notes.draft_note(released, anna(released), SEMESTER, at(11))
    notes.propose(released, anna(released), SEMESTER, {"": "carry_over"}, at(12))
    add_plans(released, PILDA, 1, 13)

    note, _ = notes.draft_note(released, anna(released), SEMESTER, at(14))

    (line,) = ludza(released)
    assert (note.note, note.state, line["option"]) == (1, "drafted", "")
    assert line["difference_cents"] == 3 * RATE_CENTS


def test_a_proposal_on_data_that_changed_since_is_not_confirmed(released: Database):
    add_plans(released, KARSAVA, 2, 10)
    notes.draft_note(released, anna(released), SEMESTER, at(11))
    notes.propose(released, anna(released), SEMESTER, {"": "carry_over"}, at(12))
    add_plans(released, PILDA, 1, 13)

    with pytest.raises(RefusedError) as error:
        notes.confirm(released, juris(released), SEMESTER, at(14))
    assert [reason.key for reason in error.value.reasons] == ["error.refused.note_stale"]

    settle(released, 15)
    (line,) = ludza(released)
    assert line["difference_cents"] == 3 * RATE_CENTS


@pytest.mark.parametrize(
    ("more", "fitting"), [(2, {"carry_over"}), (-2, {"carry_over", "offset", "pay_back"})]
)
def test_an_option_fits_the_direction_of_the_difference(
    released: Database, more: int, fitting: set[str]
):
    add_plans(released, KARSAVA, more, 10)
    notes.draft_note(released, anna(released), SEMESTER, at(11))

    for option in ("carry_over", "offset", "pay_back", "", "anything"):
        if option in fitting:
            notes.propose(released, anna(released), SEMESTER, {"": option}, at(12))
        else:
            with pytest.raises(RefusedError):
                notes.propose(released, anna(released), SEMESTER, {"": option}, at(12))


def test_whoever_drafted_or_proposed_does_not_confirm_and_hears_all_reasons(released: Database):
    add_plans(released, KARSAVA, 2, 10)
    notes.draft_note(released, anna(released), SEMESTER, at(11))

    with pytest.raises(RefusedError) as refused:
        notes.confirm(released, anna(released), SEMESTER, at(12))

    assert [reason.key for reason in refused.value.reasons] == [
        "error.refused.order.confirm",
        "error.refused.role.confirm",
        "error.refused.same_person.noted",
    ]


def test_only_a_released_semester_has_notes(database: Database):
    with pytest.raises(RefusedError, match="nodots partneriem"):
        notes.draft_note(database, anna(database), SEMESTER, at(1))


def test_a_rate_confirmed_late_is_named_as_the_cause(
    released: Database,
):
    set_value(
        "rate.consultative", "271.50", date(2021, 9, 1), "confirmed", Source("test"),
        known_since=date(2022, 3, 1),
    )  # fmt: skip

    notes.draft_note(released, anna(released), SEMESTER, at(11))

    (line,) = ludza(released)
    assert line["rate_cents"] == line["difference_cents"] == CONSULTATIVE_PLANS * 100
    assert line["count_cents"] == 0


def test_a_row_no_longer_covered_is_told_and_never_settled_as_a_reduction(released: Database):
    registers.change(
        released, anna(released), "amendments",
        registers.record(released, "amendments", agreement="EX-LUDZA", amendment="1"),
        {"value": "2021-12-31"}, at(10),
    )  # fmt: skip

    note, found = notes.draft_note(released, anna(released), SEMESTER, at(11))

    assert not note.complete
    assert not found.complete
    with pytest.raises(RefusedError, match="nepilnīgs"):
        notes.propose(released, anna(released), SEMESTER, {"": "pay_back"}, at(12))
