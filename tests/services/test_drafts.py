"""What was typed and not handed in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from toolkit.services import drafts


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path))
    return tmp_path


def test_a_draft_is_there_until_it_is_handed_in(home: Path) -> None:
    drafts.keep("anna", "agreements new", {"name": "Šķūņu pamatskola", "empty": ""})
    assert drafts.kept("anna", "agreements new") == {"name": "Šķūņu pamatskola", "empty": ""}
    drafts.drop("anna", "agreements new")
    assert drafts.kept("anna", "agreements new") == {}


def test_a_draft_is_its_persons_alone(home: Path) -> None:
    drafts.keep("anna", "note", {"reason": "of Anna"})
    drafts.keep("juris", "note", {"reason": "of Juris"})
    assert drafts.kept("anna", "note") == {"reason": "of Anna"}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*.json")}
    assert modes == {0o600}


def test_nothing_typed_is_no_draft(home: Path) -> None:
    drafts.keep("anna", "note", {"reason": "x"})
    drafts.keep("anna", "note", {"reason": ""})
    assert not list(home.rglob("*.json"))


@pytest.mark.parametrize("name", ["../../x", "a/b", "", "ā" * 500, "a\x00b", "..", "note\n"])
def test_no_name_becomes_a_path(home: Path, name: str) -> None:
    drafts.keep(name, name, {"reason": "x"})
    assert drafts.kept(name, name) == {"reason": "x"}
    (path,) = (path for path in home.rglob("*") if path.is_file())
    assert path.parent.parent == home / "drafts"


def test_a_damaged_draft_is_none_and_a_huge_one_is_not_kept(home: Path) -> None:
    drafts.keep("anna", "note", {"reason": "x"})
    (path,) = home.rglob("*.json")
    path.write_text("{")
    assert drafts.kept("anna", "note") == {}
    drafts.keep("anna", "other", {"reason": "x" * drafts.MOST_BYTES})
    assert drafts.kept("anna", "other") == {}
