"""`grants difference` as a person and as a program meet it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Run
from tests.material import PUBLISHED, copied
from toolkit.frames.difference import CAUSES
from toolkit.money import cents

SEMESTER = "2022/2023-1"
COUNTED = "LUD-PIL,general,6,consultative,14"


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """Three plans fewer in a school of Ludza."""
    text = (PUBLISHED / "counts.csv").read_text(encoding="utf-8")
    assert text.count(COUNTED) == 1
    return copied(PUBLISHED, tmp_path, counts=text.replace(COUNTED, COUNTED[:-2] + "11"))


def test_table_tells_the_change_in_words(corrected: Path, grants: Run):
    run = grants("difference", SEMESTER, "--before", PUBLISHED, "--after", corrected)

    assert run.returncode == 0, run.stderr
    assert "samazinās par 811,50\u00a0€ (no 19\u00a0986,50\u00a0€ līdz 19\u00a0175,00\u00a0€)" in (
        run.stdout
    )
    assert "Balvu novada pašvaldība”" not in run.stdout, "no sentence for who stays the same"
    assert "rate.consultative" in run.stdout, "assumed values are named"
    assert "-811" not in run.stdout


def test_nothing_changed_is_said(grants: Run):
    run = grants("difference", SEMESTER, "--before", PUBLISHED, "--after", PUBLISHED)

    assert run.returncode == 0
    assert "Starpības nav." in run.stdout


def test_json_has_exact_euros_and_causes_that_add_up(corrected: Path, grants: Run):
    run = grants(
        "difference", SEMESTER, "--before", PUBLISHED, "--after", corrected,
        "--envelope", "15 000", "--format", "json",
    )  # fmt: skip

    note = json.loads(run.stdout)
    assert (note["complete"], note["empty"]) == (True, False)
    assert [p["partner"] for p in note["partners"]] == ["BALVI", "LUDZA"]
    for amounts in (*note["partners"], note["total"]):
        assert sum(cents(amounts[cause]) for cause in CAUSES) == cents(amounts["difference"])
    assert note["total"]["difference"] == "0.00"
    assert [p["options"] for p in note["partners"]] == [
        ["carry_over"], ["carry_over", "offset", "pay_back"],
    ]  # fmt: skip
    assert [
        (row["institution"], row["plans_before"], row["plans_after"]) for row in note["rows"]
    ] == [("LUD-PIL", 14, 11)]
    assert note["rows"][0]["earned_after"] == "2975.50"


def test_csv_marks_what_is_assumed_in_every_row(corrected: Path, grants: Run):
    run = grants(
        "difference", SEMESTER, "--before", PUBLISHED, "--after", corrected, "--format", "csv"
    )

    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [row["difference"] for row in rows] == ["0.00", "-811.50"]
    assert {row["assumed"] for row in rows} == {"rate.consultative rate.economic"}


def test_another_law_is_the_cause_rate(tmp_path: Path, grants: Run):
    law = tmp_path / "law.toml"
    text = (PUBLISHED / "law.toml").read_text(encoding="utf-8")
    law.write_text(text.replace("value = 270.50", "value = 280.50"), encoding="utf-8")

    run = grants(
        "difference", SEMESTER, "--before", PUBLISHED, "--after", PUBLISHED,
        "--law-after", law, "--format", "json",
    )  # fmt: skip

    total = json.loads(run.stdout)["total"]
    assert total["rate"] == total["difference"] == "780.00"


def test_refused_rows_end_with_one_and_the_finding(corrected: Path, grants: Run):
    counts = corrected / "counts.csv"
    text = counts.read_text(encoding="utf-8")
    counts.write_text(text.replace("LUD-PIL,general", "LUD-PLI,general"), encoding="utf-8")

    run = grants("difference", SEMESTER, "--before", PUBLISHED, "--after", corrected)

    assert run.returncode == 1
    assert "LUD-PLI" in run.stderr
    assert "Aprēķins nav pilnīgs" in run.stdout


def test_workbook_is_written(corrected: Path, tmp_path: Path, grants: Run):
    out = tmp_path / "note.xlsx"

    run = grants("difference", SEMESTER, "--before", PUBLISHED, "--after", corrected, "--out", out)

    assert "note.xlsx" in run.stdout
    assert "Starpība" in openpyxl.load_workbook(out).sheetnames


def test_a_side_that_is_missing_is_asked_for(grants: Run):
    run = grants("difference", SEMESTER, "--before", PUBLISHED)

    assert run.returncode == 2
    assert "--after" in run.stderr
