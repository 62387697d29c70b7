"""A planted personal code is searched for in everything that is kept or handed out."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.errors.gallery import HERE as GALLERY
from tests.invented_plans import code
from tests.store.material import anna, at, juris
from toolkit.cli import say
from toolkit.errors import InputError
from toolkit.semester import Semester
from toolkit.services import demo, importing, keeping, packs, stored, workflow
from toolkit.services.reporting import write_workbook
from toolkit.services.runs import Asked
from toolkit.store.connect import Database

SEMESTER = Semester.parse("2020/2021-1")
PLANTED = [code(n) for n in range(6)]
HEAD = "plan,semester,institution,programme,grade,plan_kind,learner,risks,starts_on,ends_on"
PARTNER = (
    "partner,name,kind,registration_number,valid_from,valid_to\n"
    "LUDZA,Ludzas novada pašvaldība,municipality,,2009-07-01,\n"
)


def files(folder: Path, plans: list[str]) -> Path:
    """An input in a folder that is named after a person."""
    folder.mkdir()
    for name in ("agreements", "coverage", "institutions"):
        content = (GALLERY / "base" / f"{name}.csv").read_text("utf-8")
        (folder / f"{name}.csv").write_text(content, "utf-8")
    (folder / "partners.csv").write_text(PARTNER, "utf-8")
    (folder / "plans.csv").write_text("\n".join([HEAD, *plans]), "utf-8")
    return folder


def plan(name: str, learner: str) -> str:
    return f"{name},2020/2021-1,MEZ,general,7,consultative,{learner},mācību,2020-09-01,2020-12-31"


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder, and what lies in those that are archives, however deep."""
    found = {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    waiting = list(found.items())
    while waiting:
        name, content = waiting.pop()
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = {f"{name}!{n}": archive.read(n) for n in archive.namelist()}
            found |= inside
            waiting += inside.items()
    return found


def holding(root: Path) -> list[str]:
    """Files in which one of the planted codes stands, in either spelling, name or content."""
    digits = [c.replace("-", "") for c in PLANTED]
    pattern = re.compile("|".join([*PLANTED, *digits]).encode())
    return [
        name for name, content in contents(root).items()
        if pattern.search(content) or pattern.search(name.encode())
    ]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GRANTS_DATABASE", raising=False)
    return tmp_path / "home"


def decided(database: Database, source: Path, out: Path) -> None:
    """The plans imported, the semester released, everything handed out that can be."""
    prepared = importing.prepare(database, source)
    importing.store_import(database, anna(database), prepared, at(1), f"no {PLANTED[3]}")
    asked = Asked(SEMESTER, method="per_plan")
    _, made = workflow.draft(database, anna(database), asked, at(2), PLANTED[4])
    workflow.take(database, anna(database), SEMESTER, "check", at(3))
    workflow.take(database, juris(database), SEMESTER, "approve", at(4))
    workflow.take(database, juris(database), SEMESTER, "release", at(5))
    out.mkdir()
    packs.export(database, SEMESTER, out / "pack.zip")
    keeping.back_up(database, out / "backup.zip")
    write_workbook(made.allocation, out / "maximum.xlsx", "lv")


def test_no_planted_code_is_found_in_database_journal_logs_packs_and_workbooks(
    home: Path, tmp_path: Path
):
    database = stored.init(demo.PEOPLE, at(0))
    source = files(tmp_path / f"plāni {PLANTED[0]}", [plan("A", PLANTED[1]), plan("B", PLANTED[2])])
    decided(database, source, home / "out")
    say.record_unexpected(ValueError(f"fault at {PLANTED[5]}"), "lv")

    assert packs.check_pack(home / "out" / "pack.zip").same_code
    assert len(contents(home)) > 30
    assert holding(home) == []


def test_the_search_finds_what_is_there(tmp_path: Path):
    (tmp_path / "a.txt").write_text(f"x{PLANTED[0]}")
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.csv", PLANTED[1].replace("-", ""))

    assert len(holding(tmp_path)) == 2 + 0


def test_a_file_with_a_code_in_a_wrong_place_stores_nothing_and_says_nothing(
    home: Path, tmp_path: Path
):
    database = stored.init(demo.PEOPLE, at(0))
    source = files(tmp_path / "plāni", [plan(PLANTED[0], PLANTED[1])])

    with pytest.raises(InputError) as error:
        importing.prepare(database, source)

    told = str([(f, f.problem("lv"), f.place()) for f in error.value.findings])
    assert not any(c in told or c.replace("-", "") in told for c in PLANTED)
    assert holding(home) == []
