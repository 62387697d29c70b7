"""Records added, changed and withdrawn by hand, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.store.material import anna, at, juris
from toolkit.errors import ConflictError, RecordError, RefusedError, ToolkitError, UsageError
from toolkit.services import registers
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Writing
from toolkit.store.verify import verify

NEW = {
    "partner": "JAUNS", "name": "Jaunais novads", "kind": "pašvaldība",
    "valid_from": "01.07.2021.", "valid_to": None,
}  # fmt: skip


def added(database: Database, minutes: int = 1, **more: object) -> int:
    values = {**NEW, **more}
    return registers.add(database, anna(database), "partners", values, at(minutes), "jauns")


def seen(database: Database) -> dict[str, Any]:
    return registers.record(database, "partners", partner="JAUNS")


def test_a_record_is_added_changed_withdrawn_and_comes_back(database: Database):
    assert added(database) == 1
    first = seen(database)
    assert (first["kind"], first["valid_from"], first["registration_number"]) == (
        "municipality", date(2021, 7, 1), "",
    )  # fmt: skip
    assert (first["file"], first["row"]) == ("grants", 0)

    assert (
        registers.change(database, anna(database), "partners", first, {"name": "Cits"}, at(2)) == 2
    )
    assert registers.withdraw(database, anna(database), "partners", seen(database), at(3)) == 3
    with pytest.raises(UsageError):
        seen(database)
    assert added(database, 4, name="Atkal") == 4
    assert seen(database)["name"] == "Atkal"

    entries = [
        (e.action, e.subject) for n in (3, 4, 5, 6) if (e := records.journal_entry(database, n))
    ]
    subject = "partners: JAUNS"
    assert entries == [(a, subject) for a in ("add", "change", "withdraw", "add")]
    assert verify(database).damage == ()


def test_rows_are_those_that_stand_with_their_versions_in_the_order_of_the_key(database: Database):
    before = records.entry_at(database, None)
    added(database)
    registers.change(database, anna(database), "partners", seen(database), {"name": "Cits"}, at(2))

    now = registers.rows(database, "partners")
    then = registers.rows(database, "partners", before)

    assert now["partner"].is_sorted()
    assert dict(now.select("partner", "version").iter_rows())["JAUNS"] == 2
    assert "JAUNS" not in then["partner"]
    assert now.height == then.height + 1


def test_a_change_that_changes_nothing_writes_nothing(database: Database):
    added(database)
    before = records.entry_at(database, None)

    values = {"name": " Jaunais novads", "valid_from": date(2021, 7, 1)}
    version = registers.change(database, anna(database), "partners", seen(database), values, at(2))

    assert (version, records.entry_at(database, None)) == (1, before)


def test_a_change_of_an_imported_record_no_longer_says_it_stands_in_the_file(database: Database):
    before = registers.record(database, "partners", partner="LUDZA")
    registers.change(database, anna(database), "partners", before, {"name": "Cits"}, at(1))
    after = registers.record(database, "partners", partner="LUDZA")

    assert before["file"] == "partners.csv"
    assert (after["file"], after["row"]) == ("grants", 0)


WRONG: tuple[tuple[str, str, dict[str, object], set[str]], ...] = (
    ("two cells at once are both named", "partners",
     {"partner": "X", "name": "", "kind": "pašvaldība", "valid_from": "rīt"},
     {"name", "valid_from"}),
    ("nothing at all", "memberships", {}, {"institution", "partner", "valid_from"}),
    ("codes that lead nowhere", "memberships",
     {"institution": "X", "partner": "Y", "valid_from": "2020-01-01"},
     {"institution", "partner"}),
    ("a record that is there already", "partners", {**NEW, "partner": "LUDZA"}, {"partner"}),
    ("days that run backwards", "partners", {**NEW, "valid_to": "01.01.2001."}, {"valid_to"}),
    ("a succession from one that is none", "successions",
     {"kind": "merge", "predecessor": "Y", "successor": "LUDZA", "effective_on": "2022-01-01"},
     {"predecessor"}),
)  # fmt: skip


@pytest.mark.parametrize(("case", "table", "values", "cells"), WRONG, ids=[w[0] for w in WRONG])
def test_a_record_with_faults_is_not_written(
    database: Database, case: str, table: str, values: dict[str, object], cells: set[str]
):
    before = records.entry_at(database, None)
    with pytest.raises(RecordError) as error:
        registers.add(database, anna(database), table, values, at(1))

    assert set(error.value.cells) == cells
    assert records.entry_at(database, None) == before


def test_a_change_is_held_to_the_same(database: Database):
    by = anna(database)
    member = registers.rows(database, "memberships").row(0, named=True)
    cases: tuple[tuple[dict[str, object], type[ToolkitError]], ...] = (
        ({"valid_to": date(2001, 1, 1)}, RecordError),
        ({"valid_to": "rīt"}, RecordError),
        ({"partner": "NOWHERE"}, RecordError),
        ({"partner": "LUDZA" if member["partner"] != "LUDZA" else "BALVI"}, UsageError),
        ({"colour": "zaļa"}, UsageError),
    )
    before = records.entry_at(database, None)
    for values, error in cases:
        with pytest.raises(error):
            registers.change(database, by, "memberships", member, values, at(1))
    assert records.entry_at(database, None) == before


def test_who_may_not_import_writes_nothing_by_hand(database: Database):
    added(database)
    before = records.entry_at(database, None)
    for write in (
        lambda: registers.add(database, juris(database), "partners", NEW, at(2)),
        lambda: registers.change(database, juris(database), "partners", seen(database), {}, at(2)),
        lambda: registers.withdraw(database, juris(database), "partners", seen(database), at(2)),
    ):
        with pytest.raises(RefusedError):
            write()
    assert records.entry_at(database, None) == before


@pytest.mark.parametrize(
    "table", ["passwords", "people", "runs", "steps", "notes", "laws", "journal"]
)
def test_what_the_agency_decides_is_no_register(database: Database, table: str):
    by = anna(database)
    for write in (
        lambda: registers.add(database, by, table, {}, at(1)),
        lambda: registers.change(database, by, table, {"version": 1}, {}, at(1)),
        lambda: registers.withdraw(database, by, table, {"version": 1}, at(1)),
        lambda: registers.rows(database, table),
        lambda: registers.record(database, table),
    ):
        with pytest.raises(UsageError):
            write()


HELD = (
    ("partners", {"partner": "LUDZA"}, "memberships"),
    ("institutions", {"institution": "LUD-PIL"}, "memberships"),
    ("agreements", {"agreement": "EX-LUDZA"}, "coverage"),
    ("semesters", {"semester": "2020/2021-1"}, "counts"),
)


@pytest.mark.parametrize(("table", "key", "by"), HELD, ids=[h[0] for h in HELD])
def test_a_record_that_others_name_is_not_withdrawn(
    database: Database, table: str, key: dict[str, str], by: str
):
    with pytest.raises(RefusedError) as error:
        registers.withdraw(
            database, anna(database), table, registers.record(database, table, **key), at(1)
        )

    (reason,) = error.value.reasons
    assert by in reason.facts["referring"].split(", ")
    assert by not in reason.sentence("lv")  # the table's title, not its code


def test_the_slower_hears_who_when_and_what_stands_now(database: Database):
    added(database)
    old = seen(database)
    registers.change(database, anna(database), "partners", old, {"name": "Annas"}, at(2))

    with pytest.raises(ConflictError) as changed:
        registers.change(database, anna(database), "partners", old, {"name": "Cits"}, at(3))
    with pytest.raises(ConflictError):
        registers.withdraw(database, anna(database), "partners", old, at(3))

    assert changed.value.facts["person"] == "anna"
    assert changed.value.facts["at"].startswith("2022-03-01T08:02")
    assert changed.value.now is not None
    assert (changed.value.now["name"], changed.value.now["version"]) == ("Annas", 2)

    registers.withdraw(database, anna(database), "partners", seen(database), at(4))
    with pytest.raises(ConflictError) as gone:
        registers.change(database, anna(database), "partners", old, {"name": "Cits"}, at(5))
    assert gone.value.now is None


def test_two_who_add_the_same_record_meet(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "latest", lambda *_: None)
    added(database)
    with pytest.raises(ConflictError) as conflict:
        added(database, 2, name="Otrais")
    monkeypatch.undo()

    assert seen(database)["name"] == "Jaunais novads"
    assert conflict.value.facts["record"] == "JAUNS"


def test_nothing_is_written_when_what_it_names_went_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    added(database)
    unchanged = Writing.unchanged_since

    def meanwhile(self: Writing, basis: int, tables: list[str]) -> None:
        unchanged(self, basis - 1, tables)  # as if the partner had been written since

    monkeypatch.setattr(Writing, "unchanged_since", meanwhile)
    member = {"institution": "LUD-PIL", "partner": "JAUNS", "valid_from": "2022-01-01"}
    with pytest.raises(ConflictError):
        registers.add(database, anna(database), "memberships", member, at(2))
    assert added(database, 3, partner="CITS") == 1  # a partner names nobody


def test_a_learner_is_added_by_code_and_kept_as_a_pseudonym(database: Database):
    plan = {
        "plan": "P1", "semester": "2022/2023-1", "institution": "LUD-PIL",
        "programme": "vispārējā", "grade": "7", "plan_kind": "konsultatīvs",
        "learner": "32000000001", "starts_on": "01.09.2022.", "ends_on": "31.12.2022.",
    }  # fmt: skip
    registers.add(database, anna(database), "plans", plan, at(1))

    kept = registers.record(database, "plans", plan="P1")
    assert len(kept["learner"]) == 32
    assert "32000000001" not in str(kept)
    with pytest.raises(RecordError) as error:
        registers.add(database, anna(database), "plans", {**plan, "plan": "P2"}, at(2))
    assert set(error.value.cells) == {"learner"}
    assert "32000000001" not in error.value.sentence("lv")
