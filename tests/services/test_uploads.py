"""A chosen file: kept for its person, for a day's work, under no name that a browser gives."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import replace
from pathlib import Path

import pytest

from toolkit.services import uploads

PERSON = "../anna/Bērziņa"


@pytest.fixture
def chosen(tmp_path: Path) -> uploads.Kept:
    file = tmp_path / "piece"
    file.write_bytes(b"x")
    return uploads.keep(tmp_path, PERSON, file, "Skaits.csv", "counts")


def test_a_file_is_found_again_by_its_person_alone(tmp_path: Path, chosen: uploads.Kept) -> None:
    assert uploads.kept(tmp_path, PERSON) == chosen
    assert uploads.kept(tmp_path, "juris") is None
    assert chosen.path.read_bytes() == b"x"
    assert chosen.path.is_relative_to(tmp_path / uploads.FOLDER)
    assert not (tmp_path / "piece").exists()
    for folder in (chosen.path.parent, chosen.path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_the_person_decided_about_it_is_kept_too(tmp_path: Path, chosen: uploads.Kept) -> None:
    uploads.remember(replace(chosen, keep=True))
    assert uploads.kept(tmp_path, PERSON) == replace(chosen, keep=True)
    uploads.drop(chosen)
    uploads.remember(chosen)
    assert uploads.kept(tmp_path, PERSON) is None


def test_the_last_choice_holds_and_the_one_before_is_gone(
    tmp_path: Path, chosen: uploads.Kept
) -> None:
    (tmp_path / "piece").write_bytes(b"y")
    later = uploads.keep(tmp_path, PERSON, tmp_path / "piece", "Skaits.csv", "")
    assert uploads.kept(tmp_path, PERSON) == later
    assert not chosen.path.exists()
    uploads.drop(chosen)
    assert uploads.kept(tmp_path, PERSON) == later, "dropping what is gone drops no other"


@pytest.mark.parametrize(("age", "there"), [(-60, True), (60, False)])
def test_a_file_goes_after_a_days_work(
    tmp_path: Path, chosen: uploads.Kept, age: int, *, there: bool
) -> None:
    then = time.time() - uploads.LIFETIME_SECONDS - age
    os.utime(chosen.path.parent.parent, (then, then))
    assert (uploads.kept(tmp_path, PERSON) is not None) is there
    assert uploads.sweep(tmp_path) == (0 if there else 1)
    assert chosen.path.exists() is there


def test_a_damaged_note_about_a_file_is_no_file(tmp_path: Path, chosen: uploads.Kept) -> None:
    (chosen.path.parent.parent / "about.json").write_text("{")
    assert uploads.kept(tmp_path, PERSON) is None
