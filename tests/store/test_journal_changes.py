"""What an entry changed, from what to what: told in words, and to whom it may be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.services.two_partners import written
from tests.store.material import START, anna, at, juris
from toolkit.errors import RefusedError, UsageError
from toolkit.semester import Semester
from toolkit.services import (
    demo,
    importing,
    journal_changes,
    journal_told,
    notes,
    passwords,
    people,
    registers,
    stored,
    workflow,
)
from toolkit.services.inputs import read_inputs
from toolkit.services.people import Person
from toolkit.services.runs import Asked
from toolkit.store import records
from toolkit.store.changes import LEFT_OUT
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing
from toolkit.store.tables import STORED

DAY = date(2022, 3, 5)
SEMESTER = Semester.parse("2022/2023-1")
LATER = "2023/2024-1"
UNSPENT = {"partner": "LUDZA", "semester": LATER, "unspent": "1234,50"}
LUDZA = "Ludzas novada pašvaldība (LUDZA)"
TYPED = "Ļoti gara parole 1"


def newest(database: Database) -> str:
    return str(records.entry_at(database, None))


def told(
    database: Database, by: Person, number: str = "", lang: str = "lv", *, day: date = DAY,
    most: int = journal_changes.MOST,
) -> list[str]:  # fmt: skip
    """An entry, the newest unless a number is given, line by line."""
    found = journal_changes.entry_changes(database, by, day, number or newest(database), most)
    return [
        f"{table.name}: {record.title}: {line.field or record.kind}: {line.before} → {line.after}"
        for table in journal_told.tables(found, lang)
        for record in table.records
        for line in record.lines
    ]


def unspent(database: Database, **values: str) -> None:
    seen = registers.record(database, "unspent", partner="LUDZA", semester=LATER)
    registers.change(database, anna(database), "unspent", seen, values, at(5))


def person(database: Database, *roles: str, partner: str = "", name: str = "Zane Zīle") -> None:
    who = Person("zane", name, frozenset(roles), partner)
    people.add_person(database, anna(database), who, at(5))


def add_unspent(database: Database) -> None:
    registers.add(database, anna(database), "unspent", UNSPENT, at(4))


def change_unspent(database: Database) -> None:
    add_unspent(database)
    unspent(database, unspent_cents="12345,67")


def clear_unspent(database: Database) -> None:
    change_unspent(database)
    unspent(database, unspent_cents="0")


def withdraw_unspent(database: Database) -> None:
    add_unspent(database)
    seen = registers.record(database, "unspent", partner="LUDZA", semester=LATER)
    registers.withdraw(database, anna(database), "unspent", seen, at(5), "kļūda")


def add_it_again(database: Database) -> None:
    withdraw_unspent(database)
    registers.add(database, anna(database), "unspent", UNSPENT | {"unspent": "7"}, at(6))


def end_a_partner(database: Database) -> None:
    seen = registers.record(database, "partners", partner="LUDZA")
    values = {"valid_to": "31.12.2030.", "kind": "state_vocational", "registration_number": ""}
    registers.change(database, anna(database), "partners", seen, values, at(5))


def change_a_count(database: Database) -> None:
    seen = registers.record(
        database, "counts", semester=SEMESTER.code, institution="LUD-KAR", programme="general",
        grade=7, plan_kind="consultative",
    )  # fmt: skip
    registers.change(database, anna(database), "counts", seen, {"plans": seen["plans"] + 2}, at(5))


def cover_grades(database: Database) -> None:
    rows = registers.rows(database, "coverage").filter(pl.col("institution") == "LUD-KAR")
    seen = rows.row(0, named=True)
    registers.change(database, anna(database), "coverage", seen, {"grades": "7-9"}, at(5))


def new_person(database: Database) -> None:
    person(database, "officer")


def other_roles(database: Database) -> None:
    person(database, "officer", "manager")
    person(database, "auditor", "partner", partner="LUDZA")


def close_a_person(database: Database) -> None:
    person(database, "officer")
    person(database)


def first_password(database: Database) -> None:
    person(database, "officer")
    passwords.set_password(database, anna(database), "zane", TYPED, at(6))


def another_password(database: Database) -> None:
    first_password(database)
    passwords.set_password(database, anna(database), "zane", TYPED * 2, at(7))


def check_a_semester(database: Database) -> None:
    workflow.draft(database, anna(database), Asked(SEMESTER), at(1))
    workflow.take(database, anna(database), SEMESTER, "check", at(2))


def nothing(database: Database) -> None:
    with writing(database, Act("anna", "check", SEMESTER.code, at(1))):
        pass


KARSAVA = "2022./2023. m.g. 1. semestris · Kārsavas vidusskola (LUD-KAR)"
CASES: tuple[tuple[str, Callable[[Database], None], list[str]], ...] = (
    ("a new amount", add_unspent,
     [f"Neizlietotais finansējums: {LUDZA} · 2023./2024. m.g. 1. semestris: new: "
      "– → Neizlietots: 1234,50\u00a0€"]),
    ("an amount from old to new", change_unspent,
     [f"Neizlietotais finansējums: {LUDZA} · 2023./2024. m.g. 1. semestris: "
      "Neizlietots: 1234,50\u00a0€ → 12\u00a0345,67\u00a0€"]),
    ("nought is an amount", clear_unspent,
     [f"Neizlietotais finansējums: {LUDZA} · 2023./2024. m.g. 1. semestris: "
      "Neizlietots: 12\u00a0345,67\u00a0€ → 0,00\u00a0€"]),
    ("withdrawn with its last values", withdraw_unspent,
     [f"Neizlietotais finansējums: {LUDZA} · 2023./2024. m.g. 1. semestris: withdrawn: "
      "Neizlietots: 1234,50\u00a0€ → –"]),
    ("what was withdrawn is new again", add_it_again,
     [f"Neizlietotais finansējums: {LUDZA} · 2023./2024. m.g. 1. semestris: new: "
      "– → Neizlietots: 7,00\u00a0€"]),
    ("each field that differs, and no other", end_a_partner,
     [f"Partneri: {LUDZA}: Veids: pašvaldība → valsts profesionālās izglītības iestāde",
      f"Partneri: {LUDZA}: Spēkā līdz: – → 31.12.2030."]),
    ("grades and kinds in words", cover_grades,
     ["Līgumā iekļautās iestādes: P6-12/133-2019 (Kārsavas novada pašvaldība) · "
      "Kārsavas vidusskola (LUD-KAR) · 2019./2020. m.g. 2. semestris: "
      "Klases: visas mērķgrupas klases → 7–9"]),
    ("a count by its grade and kind", change_a_count,
     [f"Skaits: {KARSAVA} · vispārējā · 7. klase · konsultatīvs: Plāni: 12 → 14"]),
    ("a new person", new_person,
     ["Lietotāji: Zane Zīle (zane): new: "
      "– → Vārds, uzvārds: Zane Zīle; Lomas: finansists; Piekļuve: atvērta"]),
    ("roles from what to what", other_roles,
     ["Lietotāji: Zane Zīle (zane): Lomas: vadītājs, finansists → revidents, partnera pārstāvis",
      f"Lietotāji: Zane Zīle (zane): Sadarbības partneris: – → {LUDZA}"]),
    ("somebody who gets in no more", close_a_person,
     ["Lietotāji: Zane Zīle (zane): Lomas: finansists → nav lomu",
      "Lietotāji: Zane Zīle (zane): Piekļuve: atvērta → slēgta"]),
    ("a first password", first_password,
     ["Paroles: Zane Zīle (zane): new: – → Parole: iestatīta"]),
    ("another password", another_password,
     ["Paroles: Zane Zīle (zane): Parole: iepriekšējā → nomainīta"]),
    ("a step of a semester", check_a_semester,
     ["Semestra gaita: 2022./2023. m.g. 1. semestris: "
      "Stāvoklis: aprēķina projekts → pārbaudīts",
      "Semestra gaita: 2022./2023. m.g. 1. semestris: "
      "Pārbaudīja: – → Anna Finansiste (anna)"]),
    ("an entry that wrote no record", nothing, []),
)  # fmt: skip


@pytest.mark.parametrize(("case", "done", "lines"), CASES, ids=[case for case, _, _ in CASES])
def test_an_entry_tells(
    database: Database, case: str, done: Callable[[Database], None], lines: list[str]
):
    done(database)

    assert told(database, juris(database)) == lines, case


def quotas(database: Database, file: Path, *rows: str) -> None:
    """An import of all quotas; those that the file lacks are withdrawn."""
    file.write_text("\n".join(["partner,call,projects", *rows]), encoding="utf-8")
    prepared = importing.prepare(database, file, "quotas")
    importing.store_import(database, anna(database), prepared, at(3))


def test_an_import_tells_what_it_added_changed_and_withdrew(database: Database, tmp_path: Path):
    quotas(database, tmp_path / "kvotas.csv", "LUDZA,1,5", "LUDZA,2,3", "BALVI,1,1")
    quotas(database, tmp_path / "kvotas.csv", "LUDZA,1,6", "BALVI,1,1", "BALVI,2,4")

    found = journal_changes.entry_changes(database, juris(database), DAY, newest(database))
    (table,) = journal_told.tables(found, "lv")

    assert table.counts == "pievienotas rindas — 1, mainītas rindas — 1, atsauktas rindas — 1"
    assert table.more == ""
    assert told(database, juris(database)) == [
        "Kvotas: Balvu novada pašvaldība (BALVI) · konkurss 2: new: – → Projekti: 4",
        f"Kvotas: {LUDZA} · konkurss 1: Projekti: 5 → 6",
        f"Kvotas: {LUDZA} · konkurss 2: withdrawn: Projekti: 3 → –",
    ]


def test_of_many_rows_the_first_of_each_table_are_told_and_small_ones_whole(database: Database):
    found = journal_changes.entry_changes(database, juris(database), DAY, "2", most=100)

    shown = {t.name: (len(t.records), t.more) for t in journal_told.tables(found, "lv")}

    assert shown["Grozījumi"] == (3, "")
    assert shown["Līgumi"] == (14, "Parādītas pirmās rindas: 14 no 17.")
    assert shown["Skaits"] == (15, "Parādītas pirmās rindas: 15 no 490.")
    assert sum(records for records, _ in shown.values()) == 100


def test_an_entry_of_the_past_tells_what_it_did_then(database: Database):
    change_unspent(database)
    number = newest(database)
    unspent(database, unspent_cents="1")
    seen = registers.record(database, "partners", partner="LUDZA")
    values = {"name": "Cits nosaukums"}
    registers.change(database, anna(database), "partners", seen, values, at(8))

    assert told(database, juris(database), number) == [
        f"Neizlietotais finansējums: {LUDZA} · 2023./2024. m.g. 1. semestris: "
        "Neizlietots: 1234,50\u00a0€ → 12\u00a0345,67\u00a0€"
    ]


def test_nothing_is_told_of_a_password_nor_of_whole_documents(database: Database):
    another_password(database)
    workflow.draft(database, anna(database), Asked(SEMESTER), at(8))
    for entry in range(1, int(newest(database)) + 1):
        found = journal_changes.entry_changes(database, juris(database), DAY, str(entry))
        assert "argon2" not in str(found)
        # the word is a column of a register too: the paper that a succession stands on
        read = {(t.table, name) for t in found.tables for r in t.records for name in r.row}
        left_out = {(table, name) for table, names in LEFT_OUT.items() for name in names}
        assert not read & left_out


def test_a_note_tells_whose_money_it_is(database: Database):
    for step, who in (("check", anna), ("approve", juris), ("release", juris)):
        if step == "check":
            workflow.draft(database, anna(database), Asked(SEMESTER), at(1))
        workflow.take(database, who(database), SEMESTER, step, at(2))
    change_a_count(database)
    notes.draft_note(database, anna(database), SEMESTER, at(6))
    notes.propose(database, anna(database), SEMESTER, {"": "carry_over"}, at(7))

    lines = told(database, juris(database))

    name = f"2022./2023. m.g. 1. semestris · starpības paziņojums Nr. 1 · {LUDZA}"
    row = f"Starpības paziņojumu rindas: {name}"
    assert f"{row}: Risinājums: – → pārnest uz nākamo semestri" in lines


@pytest.mark.parametrize(
    ("number", "reason"),
    [("999", "unknown"), ("0", "none"), ("x", "no number"), ("", "nothing"), ("9" * 40, "huge"),
     ("-1", "below"), ("²", "no digit")],
)  # fmt: skip
def test_a_number_without_an_entry_is_refused(database: Database, number: str, reason: str):
    with pytest.raises(UsageError, match="nav žurnāla ieraksts, ko varat atvērt"):
        journal_changes.entry_changes(database, juris(database), DAY, number)


def test_who_may_not_read_the_journal_opens_no_entry(database: Database):
    for roles, raised in (({"officer"}, RefusedError), (set(), UsageError)):
        who = Person("x", "X", frozenset(map(str, roles)))
        with pytest.raises(raised):
            journal_changes.entry_changes(database, who, DAY, "2")


ALFA = Person("alfa", "Alfas Pārstāve", frozenset({"partner"}), "ALFA")
ON = date(2022, 1, 15)


@pytest.fixture
def shared(url: str, tmp_path: Path) -> Database:
    """Two partners who share a divided agreement, and entries about one of them or both."""
    database = stored.init(demo.PEOPLE, START)
    frames = read_inputs(written(tmp_path / "two")).frames
    # not imported: some of the rows are at fault
    with writing(database, Act("anna", "import", "two: partners, agreements", at(1))) as w:
        for name, frame in frames.items():
            if name != "semesters":
                stored_ = STORED[name]
                whole = frame.drop_nulls("plans") if name == "counts" else frame
                rows = records.kept(whole.drop_nulls(stored_.key), stored_)
                w.put(name, rows.with_columns(version=pl.lit(1, pl.Int64)))
    return database


def amended(database: Database) -> str:
    """An entry whose subject is both heirs': it brings a school of each."""
    columns = ("agreement", "amendment", "signed_on", "effective_on", "kind", "value", "note")
    values = ("L-S", "2", date(2022, 1, 1), date(2022, 1, 2), "institutions", "", "")
    one = pl.lit(1, pl.Int64)
    place = {"file": pl.lit(""), "row": pl.lit(0, pl.Int64), "version": one}
    amendment = pl.DataFrame([values], schema=columns, orient="row").with_columns(**place)
    rows = [("L-S", code, "2021/2022-2", "", None, None, "2") for code in ("S1", "SBETA")]
    names = ("agreement", "institution", "from_semester", "to_semester", "grades", "starts_on",
             "amendment")  # fmt: skip
    kinds = {"grades": pl.String, "starts_on": pl.Date}
    coverage = pl.DataFrame(rows, schema=names, orient="row", schema_overrides=kinds)
    with writing(database, Act("anna", "amend", "L-S · 2", at(5))) as w:
        w.put("amendments", amendment)
        w.put("coverage", coverage.with_columns(**place))
    return newest(database)


def test_a_partners_person_reads_of_a_shared_entry_their_own_rows(shared: Database):
    number = amended(shared)

    mine = told(shared, ALFA, number, day=ON)
    whole = told(shared, juris(shared), number, day=ON)

    assert [line.partition(": new")[0] for line in mine] == [
        "Grozījumi: L-S · grozījumi Nr. 2",
        "Līgumā iekļautās iestādes: L-S · Dalītā skola (S1) · "
        "2021./2022. m.g. 2. semestris · grozījumi Nr. 2",
    ]
    assert "BETA" not in str(journal_changes.entry_changes(shared, ALFA, ON, number))
    assert any("SBETA" in line for line in whole)


def test_what_is_not_theirs_is_refused_with_the_sentence_of_what_is_not_there(shared: Database):
    change = {"BETA": "Cita BETA", "ALFA": "Alfas novada pašvaldība"}
    numbers = {}
    for partner, name in change.items():
        seen = registers.record(shared, "partners", partner=partner)
        registers.change(shared, anna(shared), "partners", seen, {"name": name}, at(6))
        numbers[partner] = newest(shared)

    assert told(shared, ALFA, numbers["ALFA"], day=ON) == [
        "Partneri: Alfas novada pašvaldība (ALFA): "
        "Nosaukums: Alfas novads → Alfas novada pašvaldība"
    ]
    said = []
    # another's, an import of everybody's, one that is not there
    for number in (numbers["BETA"], "2", "999"):
        with pytest.raises(UsageError) as refused:
            told(shared, ALFA, number, day=ON)
        said.append(refused.value.sentence("lv").replace(number, "N"))
    assert len(set(said)) == 1


def test_a_plan_that_came_from_another_partner_is_new_to_whom_it_came(shared: Database):
    seen = registers.rows(shared, "plans").filter(pl.col("plan") == "P1").row(0, named=True)
    one = pl.lit(seen["version"] + 1, pl.Int64)
    there = pl.DataFrame([seen]).select(pl.exclude("entry")).with_columns(
        institution=pl.lit("BETA1"), version=one
    )  # fmt: skip
    back = there.with_columns(institution=pl.lit(seen["institution"]), version=one + 1)
    for rows in (there, back):
        with writing(shared, Act("anna", "change", "plans: P1", at(7))) as w:
            w.put("plans", rows)

    mine, whole = told(shared, ALFA, day=ON), told(shared, juris(shared), day=ON)

    assert [line.split(": ")[2] for line in mine] == ["new"]
    assert "BETA" not in str(mine)
    assert len(whole) == 1
    assert "BETA skola (BETA1) → " in whole[0]


def test_of_what_is_computed_a_partners_person_reads_nothing_here(database: Database):
    workflow.draft(database, anna(database), Asked(SEMESTER), at(1))
    run = records.standing(database, "runs").drop("entry").with_columns(
        pl.col("version") + 1, total_cents=pl.lit(1, pl.Int64)
    )  # fmt: skip
    # an entry that is theirs to find, with a row that is not theirs to read
    with writing(database, Act("anna", "change", "partners: LUDZA", at(7))) as w:
        w.put("runs", run)

    assert len(told(database, juris(database))) == 1
    assert told(database, people.acting(database, "ludza")) == []
