"""From draft to release: every state, action and person, and whatever is changed in between."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from tests.store.material import anna, at
from tests.store.plain import plainly, without_guards
from tests.store.test_store import partner, write
from toolkit import config
from toolkit.errors import ConflictError, RefusedError, ToolkitError
from toolkit.frames.ledger import ROLES
from toolkit.semester import Semester
from toolkit.services import demo, registers, stored, workflow
from toolkit.services.people import MAY, Person
from toolkit.services.runs import Asked
from toolkit.services.workflow import FROM, TO, Action, Step
from toolkit.store.connect import Database, opened
from toolkit.store.verify import verify

SEMESTER = Semester.parse("2020/2021-1")
ASKED = Asked(SEMESTER)
EVERYTHING = frozenset(ROLES)
DRAFTER, CHECKER, APPROVER = (Person(f"p{n}", f"Persona {n}", EVERYTHING) for n in (1, 2, 3))
WAY = (("draft", DRAFTER), ("check", CHECKER), ("approve", APPROVER), ("release", APPROVER))
DONE_BY = {
    "draft": "drafted_by", "check": "checked_by", "approve": "approved_by",
    "release": "released_by",
}  # fmt: skip
STATES = ("", "draft", "checked", "approved", "released")
PEOPLE = [
    *(Person(role, role.title(), frozenset({role})) for role in ROLES),
    DRAFTER, CHECKER, APPROVER, Person("nobody", "Neviens", frozenset()),
]  # fmt: skip


def made() -> Database:
    """The published partners, written by the demo's people, and everybody else made known."""
    database = stored.init([*demo.PEOPLE, *PEOPLE], at(0))
    demo.fill(database, at(0))
    return database


def do(database: Database, by: Person, action: Action, minutes: int, reason: str = "x") -> Step:
    if action == "draft":
        return workflow.draft(database, by, ASKED, at(minutes), reason)[0]
    return workflow.take(database, by, SEMESTER, action, at(minutes), reason=reason)


def brought(database: Database, state: str) -> Database:
    """The semester brought to a state, by different people."""
    for number, (action, by) in enumerate(WAY[: STATES.index(state)], 1):
        do(database, by, action, number)  # type: ignore[arg-type]
    assert workflow.step_of(database, SEMESTER).state == state
    return database


def forbidden(step: Step, action: Action, by: Person) -> set[str]:
    """The reasons against it, as the rules are told in words."""
    reasons = set()
    if step.state not in FROM[action]:
        reasons.add(f"error.refused.order.{action}")
    if not by.roles & MAY[action]:
        reasons.add(f"error.refused.role.{action}")
    if action == "approve" and step.drafted_by == by.code:
        reasons.add("error.refused.same_person.drafted")
    if action == "approve" and step.checked_by == by.code:
        reasons.add("error.refused.same_person.checked")
    return reasons


def test_the_rules_themselves_are_those_of_the_design():
    """What the table below is held against, so that a slip in it is no agreement with itself."""
    assert FROM == {
        "draft": ("", "draft", "checked", "approved"), "check": ("draft",),
        "approve": ("checked",), "release": ("approved",), "return": ("checked", "approved"),
    }  # fmt: skip
    reading = ("journal", "verify", "workbook")
    changing = [roles for action, roles in MAY.items() if action not in reading]
    assert all("auditor" not in roles for roles in changing)
    assert all("partner" not in roles for roles in MAY.values())
    assert MAY["approve"] == {"approver"}


@pytest.mark.parametrize("state", STATES)
def test_each_action_is_allowed_to_whom_the_rules_say_and_refused_with_all_reasons(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRANTS_DATABASE", f"sqlite:///{tmp_path}/grants.db")
    database = brought(made(), state)
    step = workflow.step_of(database, SEMESTER)
    before = verify(database).last_hash
    for action in get_args(Action):
        for by in PEOPLE:
            wanted = forbidden(step, action, by)
            if not wanted:
                copied = shutil.copyfile(database.file or "", tmp_path / "copy.db")
                taken = do(opened(f"sqlite:///{copied}"), by, action, 20)
                assert taken.state == TO[action], (action, by)
                assert action == "return" or getattr(taken, DONE_BY[action]) == by.code
                continue
            with pytest.raises(RefusedError) as refused:
                do(database, by, action, 20)
            assert {reason.key for reason in refused.value.reasons} == wanted, (action, by)
            for lang in ("lv", "en"):
                told = refused.value.sentence(lang)
                assert all(reason.sentence(lang) in told for reason in refused.value.reasons)

    assert verify(database).last_hash == before


def test_one_person_alone_gets_no_further_than_checked(url: str):
    database = made()
    do(database, DRAFTER, "draft", 1)
    do(database, DRAFTER, "check", 2)

    with pytest.raises(RefusedError) as refused:
        do(database, DRAFTER, "approve", 3)

    assert {reason.key for reason in refused.value.reasons} == {
        "error.refused.same_person.drafted", "error.refused.same_person.checked",
    }  # fmt: skip


def test_what_was_returned_is_drafted_checked_and_approved_anew(url: str):
    database = brought(made(), "approved")
    with pytest.raises(RefusedError) as refused:
        do(database, APPROVER, "return", 5, reason=" ")
    assert [reason.key for reason in refused.value.reasons] == ["error.refused.no_reason"]
    returned = do(database, APPROVER, "return", 5, reason="Kļūda skaitā")

    assert (returned.state, returned.checked_by, returned.approved_by) == ("draft", "", "")
    with pytest.raises(RefusedError):
        do(database, APPROVER, "release", 6)


def test_what_was_approved_is_drafted_anew_with_a_reason_alone(url: str):
    database = brought(made(), "approved")
    with pytest.raises(RefusedError) as refused:
        do(database, DRAFTER, "draft", 5, reason=" ")
    assert [reason.key for reason in refused.value.reasons] == ["error.refused.no_reason"]
    assert do(database, DRAFTER, "draft", 6, reason="Labots skaits").state == "draft"


def new_name(database: Database, _: Path) -> None:
    seen = registers.record(database, "partners", partner="LUBANA")
    registers.change(database, anna(database), "partners", seen, {"name": "Cits"}, at(9))


def new_partner(database: Database, _: Path) -> None:
    write(database, partner("Jauns", 1), 9)


def new_law(_: Database, home: Path) -> None:
    shipped = config.shipped_law(ASKED.programme)
    (home / "law").mkdir(parents=True)
    text = shipped.read_text(encoding="utf-8").replace("value = 250.00", "value = 251.00")
    (home / "law" / shipped.name).write_text(text, encoding="utf-8")


NEXT = (
    ("draft", "check", CHECKER),
    ("checked", "approve", APPROVER),
    ("approved", "release", APPROVER),
)
CHANGES = (new_name, new_partner, new_law)


AFTER = [(*NEXT[0], change) for change in CHANGES] + [(*step, new_name) for step in NEXT[1:]]


@pytest.mark.parametrize(("state", "action", "by", "change"), AFTER)
def test_after_data_or_law_changed_nothing_goes_on_but_a_new_draft(
    state: str, action: Action, by: Person, change: Callable[[Database, Path], None], url: str,
    tmp_path: Path,
):  # fmt: skip
    database = brought(made(), state)
    change(database, tmp_path / "home")

    with pytest.raises(RefusedError) as refused:
        do(database, by, action, 10)

    assert [reason.key for reason in refused.value.reasons] == ["error.refused.inputs_changed"]
    assert do(database, DRAFTER, "draft", 11).state == "draft"
    assert do(database, CHECKER, "check", 12).state == "checked"


TAMPERED = (
    "result = replace(result, '250.00', '250.01')", "result = result || ' '",
    "result_sha256 = replace(result_sha256, substr(result_sha256, 1, 1), '-')",
    "seal = 'x'", "total_cents = total_cents + 1", "esf_cents = 0", "complete = {no}",
    "envelope_cents = 1", "code_version = 'x'",
)  # fmt: skip


@pytest.mark.parametrize(("state", "action", "by"), NEXT)
def test_a_run_changed_in_the_database_is_taken_no_further(
    state: str, action: Action, by: Person, url: str
):
    database = brought(made(), state)
    without_guards(database)
    plainly(database, "CREATE TABLE saved AS SELECT * FROM runs")
    no = "0" if database.file else "false"
    for change in TAMPERED:
        plainly(database, f"UPDATE runs SET {change.format(no=no)}")  # noqa: S608
        with pytest.raises(RefusedError) as refused:
            do(database, by, action, 10)
        plainly(database, "DELETE FROM runs", "INSERT INTO runs SELECT * FROM saved")

        told = {reason.key for reason in refused.value.reasons}
        assert "error.refused.seal_broken" in told, change

    assert do(database, by, action, 11).state == TO[action]


def test_another_seal_than_the_one_seen_is_refused(url: str):
    database = brought(made(), "checked")
    step = workflow.step_of(database, SEMESTER)

    with pytest.raises(RefusedError) as refused:
        workflow.take(database, APPROVER, SEMESTER, "approve", at(9), seal="0" * 64)
    taken = workflow.take(database, APPROVER, SEMESTER, "approve", at(9), seal=step.seal)

    assert [reason.key for reason in refused.value.reasons] == ["error.refused.other_seal"]
    assert taken.state == "approved"


def test_of_two_who_check_at_once_one_is_told_that_the_other_was_faster(url: str):
    database = brought(made(), "draft")
    ready, told = threading.Barrier(2), []

    def check(by: Person) -> None:
        ready.wait()
        try:
            told.append(do(opened(url), by, "check", 5).checked_by)
        except ToolkitError as error:
            told.append(type(error))

    threads = [threading.Thread(target=check, args=(by,)) for by in (DRAFTER, CHECKER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (done,) = (one for one in told if isinstance(one, str))
    assert {ConflictError, RefusedError} & set(told)
    assert workflow.step_of(database, SEMESTER).checked_by == done
    assert verify(database).damage == ()
