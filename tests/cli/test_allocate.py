"""`grants allocate` as a person and as a program meet it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Run
from tests.material import LIMITS, PUBLISHED, copied

CASES = sorted(LIMITS.parent.glob("*/expected-*.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name} {p.stem[9:]}")
def test_json_is_that_of_the_worked_case(case: Path, grants: Run):
    expected = json.loads(case.read_text(encoding="utf-8"))
    envelope = case.stem.partition("envelope-")[2]

    run = grants(
        "allocate", expected["semester"], "--input", case.parent, "--format", "json",
        *(["--envelope", envelope] if envelope else []),
    )  # fmt: skip

    found = json.loads(run.stdout)
    lines = [{key: line[key] for key in expected["lines"][0]} for line in found["lines"]]
    assert {key: found[key] for key in expected if key != "lines"} == {
        key: expected[key] for key in expected if key != "lines"
    }
    assert lines == expected["lines"]
    assert run.returncode == (0 if expected["complete"] else 1)


def test_table_names_the_partners_the_total_and_what_is_assumed(grants: Run):
    run = grants("allocate", "2022/2023-1", "--input", PUBLISHED)

    assert run.returncode == 0
    assert "Ludzas novada pašvaldība" in run.stdout
    assert "19\u00a0986,50" in run.stdout
    assert "1352,50" in run.stdout, "Latvian groups from five digits on"
    assert "rate.consultative" in run.stdout
    assert "rate.economic" in run.stdout
    assert run.stderr == ""


def test_english_is_asked_for_by_option_or_environment(grants: Run):
    by_option = grants("allocate", "2022/2023-1", "--input", PUBLISHED, "--lang", "en")
    by_setting = grants("allocate", "2022/2023-1", "--input", PUBLISHED, GRANTS_LANG="en")

    assert by_option.stdout == by_setting.stdout
    assert "19,986.50" in by_option.stdout


def test_csv_marks_assumed_values_in_every_row(grants: Run):
    run = grants("allocate", "2022/2023-1", "--input", PUBLISHED, "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [row["maximum"] for row in rows] == ["1352.50", "19986.50"]
    assert {row["assumed"] for row in rows} == {"rate.consultative rate.economic"}


def test_csv_never_hands_a_formula_to_a_spreadsheet(tmp_path: Path, grants: Run):
    partners = (PUBLISHED / "partners.csv").read_text(encoding="utf-8")
    folder = copied(
        PUBLISHED, tmp_path, partners=partners.replace("Balvu novada pašvaldība", "=1+1")
    )

    run = grants("allocate", "2022/2023-1", "--input", folder, "--format", "csv")

    assert "'=1+1" in run.stdout


def test_workbook_is_written_and_named(tmp_path: Path, grants: Run):
    run = grants("allocate", "2022/2023-1", "--input", PUBLISHED, "--out", tmp_path / "m.xlsx")

    assert "m.xlsx" in run.stdout
    assert "Kopsavilkums" in openpyxl.load_workbook(tmp_path / "m.xlsx").sheetnames


def test_workbook_in_english(tmp_path: Path, grants: Run):
    grants("allocate", "2022/2023-1", "--input", PUBLISHED, "--out", tmp_path / "m.xlsx",
           "--lang", "en")  # fmt: skip

    assert "Summary" in openpyxl.load_workbook(tmp_path / "m.xlsx").sheetnames


def test_refused_rows_are_listed_with_place_and_remedy(grants: Run):
    run = grants("allocate", "2020/2021-1", "--input", LIMITS)

    assert run.returncode == 1
    assert "counts.csv!F13" in run.stderr
    assert "“-2”" in run.stderr
    assert run.stderr.count("[bloķē]") == 9


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(["2022-1", "--input", PUBLISHED], 2, "2022/2023-1", id="no semester"),
        pytest.param(["2035/2036-1", "--input", PUBLISHED], 2, "2022./2023. m.g. 1. semestrim",
                     id="unknown one"),
        pytest.param(["2022/2023-1"], 2, "--input", id="no input"),
        pytest.param(["2022/2023-1", "--input", "nowhere"], 2, "nowhere", id="no such folder"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--format", "xml"], 2, "xml",
                     id="unknown format"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--lang", "ru"], 2, "ru",
                     id="unknown language"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--envelope", "lots"], 2, "lots",
                     id="an envelope that is no amount"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--envelope=-5"], 2, "-5",
                     id="a negative envelope"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--out", "m.xls"], 2, "m.xls",
                     id="not an XLSX"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--out", "no/m.xlsx"], 2, "m.xlsx",
                     id="no folder for the workbook"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--law", "no.toml"], 2, "no.toml",
                     id="no such law file"),
        pytest.param(["2022/2023-1", "--input", PUBLISHED, "--nonsense"], 2, "nonsense",
                     id="unknown option"),
    ],
)  # fmt: skip
def test_wrong_use_is_a_sentence_and_two(
    arguments: list[object], code: int, says: str, grants: Run
):
    run = grants("allocate", *arguments)

    assert run.returncode == code
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_unreadable_tables_list_every_finding_and_compute_nothing(tmp_path: Path, grants: Run):
    agreements = (PUBLISHED / "agreements.csv").read_text(encoding="utf-8")
    folder = copied(
        PUBLISHED, tmp_path,
        agreements=agreements.replace("2019-02-08,2022-12-31", "31.02.2019,tomorrow"),
    )  # fmt: skip

    run = grants("allocate", "2022/2023-1", "--input", folder)

    assert run.returncode == 1
    assert "agreements.csv!D2" in run.stderr
    assert "agreements.csv!E2" in run.stderr
    assert run.stdout == ""


def test_a_law_that_begins_too_late_is_named(tmp_path: Path, grants: Run):
    law = (PUBLISHED / "law.toml").read_text(encoding="utf-8")
    folder = copied(
        PUBLISHED, tmp_path, law=law.replace("since = 2017-09-01", "since = 2021-01-01")
    )

    run = grants("allocate", "2020/2021-1", "--input", folder)

    assert run.returncode == 2
    assert "rate.consultative" in run.stderr
    assert "01.01.2021." in run.stderr


def test_a_value_known_only_by_later_law_needs_no_other_kind(tmp_path: Path, grants: Run):
    law = (PUBLISHED / "law.toml").read_text(encoding="utf-8")
    later = law + (
        '\n[parameter."rate.reading"]\ntitle = { lv = "Lasīšana", en = "Reading" }\n'
        'unit = "EUR/plan"\nvalues = [ { since = 2025-09-01, value = 90.00, status = "assumed",'
        ' source = { act = "x" } } ]\n'
    )

    run = grants("allocate", "2020/2021-1", "--input", copied(PUBLISHED, tmp_path, law=later))

    assert run.returncode == 0


def test_assumed_semester_days_are_marked(grants: Run):
    from toolkit import config

    run = grants(
        "allocate", "2021/2022-1", "--input", config.shipped("data/sample/published"),
        "--format", "json",
    )  # fmt: skip

    assert "semester.2021/2022-1" in json.loads(run.stdout)["assumed"]


def test_help_says_how_with_an_example(grants: Run):
    for command in ([], ["allocate"], ["check"], ["simulate"], ["law"], ["law", "set"]):
        run = grants(*command, "--help")

        assert run.returncode == 0
        assert "grants " in run.stdout
        assert "Piemērs" in run.stdout


def test_help_does_not_import_polars():
    import subprocess
    import sys

    code = (
        "import sys\nsys.argv = ['grants', '--help']\nfrom toolkit.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "assert not {'polars', 'xlsxwriter', 'numpy', 'babel'} & set(sys.modules)\n"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr


def test_check_lists_findings_without_computing(tmp_path: Path, grants: Run):
    good = grants("check", PUBLISHED)
    (tmp_path / "empty").mkdir()
    bad = grants("check", tmp_path / "empty")

    assert good.returncode == 0
    assert bad.returncode == 1
    assert bad.stderr.count("[bloķē]") == 4


def test_a_fault_of_ours_is_a_sentence_with_a_number_found_in_the_log(tmp_path: Path):
    import os
    import subprocess
    import sys

    code = (
        "import sys\nsys.argv = ['grants', 'allocate', '2022/2023-1', '--input', 'x']\n"
        "import toolkit.cli.allocate as command\n"
        "def broken(*_):\n    raise RuntimeError('inner secret')\n"
        "command.run = broken\nfrom toolkit.cli import main\nmain()\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "GRANTS_HOME": str(tmp_path)}, check=False,
    )  # fmt: skip

    log = (tmp_path / "errors.log").read_text(encoding="utf-8")
    number = log.split()[1]
    assert run.returncode == 70
    assert number in run.stderr
    assert "inner secret" in log
    assert "inner secret" not in run.stderr
    assert "Traceback" not in run.stderr
