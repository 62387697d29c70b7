"""Files into the store: shown first, written whole or not at all, by one person at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.material import anna, at
from toolkit.errors import ConflictError, InputError, RefusedError, UsageError
from toolkit.intake.table import MOST_FINDINGS
from toolkit.semester import Semester
from toolkit.services import importing, people, stored
from toolkit.services.importing import Import, TableChange
from toolkit.services.people import Person
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.verify import verify

HEAD = "institution,name,kind,valid_from,valid_to\n"
COUNTS = "semester,institution,programme,grade,plan_kind,plans\n"
FIRST, SECOND = "2020/2021-1", "2022/2023-1"


def institutions(folder: Path, **names: str) -> Path:
    """A register of invented schools, by code."""
    rows = (f"{code},{name},general,2009-07-01,\n" for code, name in names.items())
    return written(folder / "institutions.csv", HEAD + "".join(rows))


def written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def counts(folder: Path, *rows: str) -> Path:
    return written(folder / "counts.csv", COUNTS + "".join(f"{row}\n" for row in rows))


def imported(database: Database, file: Path, minutes: int, *, keep: bool = True) -> TableChange:
    """What the import of a single table did."""
    prepared = importing.prepare(database, file, file.stem, keep=keep)
    importing.store_import(database, anna(database), prepared, at(minutes))
    (change,) = prepared.tables
    return change


def codes(database: Database, prefix: str = "X") -> dict[str, str]:
    rows = records.standing(database, "institutions").select("institution", "name").rows()
    return {code: name for code, name in rows if code.startswith(prefix)}


def shown(change: TableChange) -> tuple[list[str], list[str], list[str], int]:
    frames = (change.added, change.changed, change.withdrawn)
    added, changed, gone = (sorted(frame["institution"]) for frame in frames)
    return added, changed, gone, change.unchanged


def test_of_two_who_import_at_once_the_second_hears_who_and_when(
    database: Database, tmp_path: Path
):
    second = Person("zane", "Zane Lietvede", frozenset({"officer"}))
    people.add_person(database, anna(database), second, at(1))
    for folder, name in (("a", "Annas"), ("z", "Zanes")):
        (tmp_path / folder).mkdir()
        institutions(tmp_path / folder, X1=name)
    mine = importing.prepare(
        database, tmp_path / "a" / "institutions.csv", "institutions", keep=True
    )
    other = importing.prepare(
        database, tmp_path / "z" / "institutions.csv", "institutions", keep=True
    )

    importing.store_import(database, second, other, at(5))
    before = records.entry_at(database, None)
    with pytest.raises(ConflictError) as conflict:
        importing.store_import(database, anna(database), mine, at(6))

    for lang in ("lv", "en"):
        assert "Zane Lietvede" in conflict.value.sentence(lang)
    assert "01.03.2022. 10:05:00" in conflict.value.sentence("lv")
    assert "2022-03-01 10:05:00" in conflict.value.sentence("en")
    assert records.entry_at(database, None) == before
    assert codes(database) == {"X1": "Zanes"}


def test_imports_of_different_tables_do_not_meet(database: Database, tmp_path: Path):
    schools = importing.prepare(
        database, institutions(tmp_path, X1="Viena"), "institutions", keep=True
    )
    imported(database, counts(tmp_path, f"{FIRST},LUB-VSK,general,7,consultative,8"), 5)

    importing.store_import(database, anna(database), schools, at(6))

    assert codes(database) == {"X1": "Viena"}


def test_the_same_file_again_is_refused(database: Database, tmp_path: Path):
    file = institutions(tmp_path, X1="Viena", X2="Otra")
    imported(database, file, 5)
    before = records.entry_at(database, None)

    with pytest.raises(UsageError) as error:
        importing.prepare(database, file, "institutions", keep=True)

    assert error.value.key == "error.import.unchanged"
    assert records.entry_at(database, None) == before


def test_what_is_added_changed_and_left_is_shown_before_and_stands_after(
    database: Database, tmp_path: Path
):
    steps = (
        # what the file holds, and what it adds, changes, withdraws, leaves
        ({"X1": "Viena", "X2": "Otra"}, (["X1", "X2"], [], [], 0)),
        ({"X1": "Viena", "X2": "Cita", "X3": "Trešā"}, (["X3"], ["X2"], [], 1)),
        ({"X3": "Trešā", "X4": "Ceturtā"}, (["X4"], [], [], 1)),
    )
    standing: dict[str, str] = {}
    for number, (file, told) in enumerate(steps):
        assert shown(imported(database, institutions(tmp_path, **file), number)) == told
        standing |= file
        assert codes(database) == standing


def test_rows_that_the_file_no_longer_has_are_withdrawn_and_may_come_back(
    database: Database, tmp_path: Path
):
    """Without `keep` a file is the whole register."""
    imported(database, institutions(tmp_path, X1="Viena", X2="Otra"), 5)
    others = codes(database, "") | {"X2": "Otra"}
    del others["X1"]

    gone = imported(database, institutions(tmp_path, **others), 6, keep=False)
    assert gone.withdrawn["institution"].to_list() == ["X1"]
    assert codes(database) == {"X2": "Otra"}

    back = imported(database, institutions(tmp_path, X1="Atkal"), 7)
    assert shown(back) == (["X1"], [], [], 0)
    versions = records.versions(database, "institutions")
    assert versions.filter(institution="X1")["version"].sort().to_list() == [1, 2, 3]
    assert codes(database) == {"X1": "Atkal", "X2": "Otra"}
    assert verify(database).damage == ()


def test_a_record_that_others_name_is_not_withdrawn_by_a_file_that_lacks_it(
    database: Database, tmp_path: Path
):
    before = records.entry_at(database, None)
    others = codes(database, "")
    del others["LUB-VSK"]

    with pytest.raises(RefusedError) as refused:
        importing.prepare(database, institutions(tmp_path, **others), "institutions")

    (reason,) = refused.value.reasons
    assert reason.key == "error.record.referred"
    assert reason.facts["record"] == "LUB-VSK"
    assert reason.facts["referring"] == "counts, coverage, memberships"
    assert records.entry_at(database, None) == before
    assert importing.prepare(database, institutions(tmp_path, **others), "institutions", keep=True)


def test_with_keep_nothing_is_withdrawn(database: Database, tmp_path: Path):
    before = codes(database, "")

    imported(database, institutions(tmp_path, X1="Viena"), 5, keep=True)

    assert codes(database, "") == {**before, "X1": "Viena"}


BLOCKED = (
    ("institutions", HEAD + "X1,Viena,general,2009-07-01,\nX1,Otra,general,2009-07-01,\n"),
    ("institutions", HEAD + "X1,Viena,general,2009-07-32,\n"),
    ("counts", COUNTS + f"{FIRST},NAV-TADAS,general,7,consultative,8\n"),
    ("counts", COUNTS + f"{FIRST},LUB-VSK,general,7,consultative,astoņi\n"),
    # before the first rate there is no law that refuses a row
    ("counts", COUNTS + "2016/2017-1,LUB-VSK,general,7,consultative,astoņi\n"),
    ("counts", COUNTS + "2016/2017-1,LUB-VSK,general,septītā,consultative,8\n"),
    ("memberships", "institution,partner,valid_from,valid_to\nLUB-VSK,NAV,2009-07-01,\n"),
)


@pytest.mark.parametrize(("table", "text"), BLOCKED)
def test_nothing_is_stored_while_a_finding_blocks(
    table: str, text: str, database: Database, tmp_path: Path
):
    institutions(tmp_path, X9="Laba")
    written(tmp_path / f"{table}.csv", text)
    before = records.entry_at(database, None)

    with pytest.raises(InputError) as error:
        importing.prepare(database, tmp_path, keep=True)

    assert any(finding.severity == "blocks" for finding in error.value.findings)
    assert records.entry_at(database, None) == before
    assert codes(database) == {}


def test_counts_of_one_semester_leave_those_of_others_alone(database: Database, tmp_path: Path):
    before = records.standing(database, "counts")

    change = imported(
        database, counts(tmp_path, f"{FIRST},LUB-VSK,general,7,consultative,8"), 5, keep=False
    )

    after = records.standing(database, "counts")
    assert change.changed.height == 1
    assert set(change.withdrawn["semester"]) == {FIRST}
    assert after.filter(semester=FIRST).height == 1
    assert after.filter(semester=SECOND).equals(before.filter(semester=SECOND))
    assert Semester.parse(SECOND).code in set(after["semester"])


def test_whoever_may_not_import_writes_nothing(database: Database, tmp_path: Path):
    prepared: Import = importing.prepare(
        database, institutions(tmp_path, X1="Viena"), "institutions", keep=True
    )
    approver = people.acting(database, "juris")

    with pytest.raises(RefusedError):
        importing.store_import(database, approver, prepared, stored.now())

    assert codes(database) == {}


@pytest.mark.parametrize("more", [0, 1], ids=["as many as are told", "one more than is told"])
def test_counts_that_come_before_their_agreement_block_in_no_number(
    more: int, database: Database, tmp_path: Path
):
    schools = {f"X{n}": f"Skola {n}" for n in range(MOST_FINDINGS + more)}
    imported(database, institutions(tmp_path, **schools), 1)
    rows = (f"{SECOND},{code},general,5,consultative,1" for code in schools)

    prepared = importing.prepare(database, counts(tmp_path, *rows), "counts", keep=True)

    assert {finding.severity for finding in prepared.findings} == {"explain"}
    assert [f.rule for f in prepared.findings].count("table.more_of_kind") == more
