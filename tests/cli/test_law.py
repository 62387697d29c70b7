"""`grants law`: show, at, diff, set, check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.material import PUBLISHED


def test_show_lists_every_value_with_status_and_source(grants: Run):
    run = grants("law", "show", "--format", "json")

    rows = json.loads(run.stdout)
    assert {"rate.consultative", "share.esf", "initiative.lump_sum"} <= {
        r["parameter"] for r in rows
    }
    assert all(row["act"] and row["status"] for row in rows)


def test_show_one_parameter(grants: Run):
    run = grants("law", "show", "rate.consultative")

    assert "250.00" in run.stdout
    assert "270.50" in run.stdout
    assert "share.esf" not in run.stdout


def test_at_shows_what_holds_on_the_day(grants: Run):
    before = grants("law", "at", "2021-08-31", "--format", "csv").stdout
    after = grants("law", "at", "2021-09-01", "--format", "csv").stdout

    assert ",5-12," in before
    assert ",1-12," in after


def test_diff_of_two_days_names_only_what_changed(grants: Run):
    rows = json.loads(grants("law", "diff", "2021-08-31", "2021-09-01", "--format", "json").stdout)

    assert [row["parameter"] for row in rows] == ["rate.consultative", "target.general"]


def test_diff_of_two_files(tmp_path: Path, grants: Run):
    other = tmp_path / "other.toml"
    other.write_text(
        (PUBLISHED / "law.toml").read_text(encoding="utf-8").replace("270.50", "280.00"),
        encoding="utf-8",
    )

    run = grants(
        "law", "diff", PUBLISHED / "law.toml", other, "--on", "2022-09-01", "--format", "json"
    )

    assert json.loads(run.stdout) == [
        {
            "parameter": "rate.consultative", "before": "270.50", "status_before": "pieņemts",
            "after": "280.00", "status_after": "pieņemts",
        }
    ]  # fmt: skip


def test_set_replaces_an_assumed_rate_everywhere_without_touching_code(tmp_path: Path, grants: Run):
    from toolkit import config

    sample = config.shipped("data/sample/published")
    done = grants(
        "law", "set", "rate.consultative", "261,40", "--since", "2021-09-01", "--act", "Akts",
        "--point", "7", "--known-since", "2022-01-10",
    )  # fmt: skip
    run = grants("allocate", "2022/2023-1", "--input", sample, "--format", "json")

    assert done.returncode == 0
    found = json.loads(run.stdout)
    assert found["assumed"] == ["rate.economic"]
    (rate,) = [row for row in found["law"] if row["parameter"] == "rate.consultative"]
    assert (rate["value"], rate["status"], rate["act"], rate["point"]) == (
        "261.40", "confirmed", "Akts", "7",
    )  # fmt: skip
    kept = (tmp_path / "home" / "law" / "early_leaving_2016.toml").read_text(encoding="utf-8")
    assert "value = 270.50" in kept, "values are appended, never edited"
    assert kept.startswith("#"), "comments stay"


def test_set_keeps_every_other_byte(tmp_path: Path, grants: Run):
    law = tmp_path / "law.toml"
    law.write_bytes((PUBLISHED / "law.toml").read_bytes())
    before = law.read_text(encoding="utf-8").splitlines()

    grants("law", "set", "rate.economic", "130.00", "--since", "2023-09-01", "--act", "Akts",
           "--law", law)  # fmt: skip

    after = law.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] != []
    assert [line.strip() for line in before if line not in after] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["rate.consultative", "1.00", "--since", "2021-09-01"], "2021-09-01",
                     id="the day has a value already"),
        pytest.param(["rate.consultative", "1.005", "--since", "2022-09-01"], "1.005",
                     id="finer than a cent"),
        pytest.param(["rate.consultative", "nan", "--since", "2022-09-01"], "nan", id="no number"),
        pytest.param(["rate.consultativ", "1.00", "--since", "2022-09-01"], "rate.consultativ",
                     id="no such parameter"),
        pytest.param(["rate.consultative", "1.00", "--since", "1.9.2022"], "1.9.2022",
                     id="no day"),
        pytest.param(["rate.consultative", "1.00", "--since", "2022-09-01", "--status", "sure"],
                     "sure", id="no status"),
    ],
)  # fmt: skip
def test_set_refuses_and_leaves_the_file_alone(
    arguments: list[str], says: str, tmp_path: Path, grants: Run
):
    law = tmp_path / "law.toml"
    law.write_bytes((PUBLISHED / "law.toml").read_bytes())

    run = grants("law", "set", *arguments, "--act", "Akts", "--law", law)

    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert law.read_bytes() == (PUBLISHED / "law.toml").read_bytes()
    assert [path.name for path in tmp_path.glob("*.toml")] == ["law.toml"]


@pytest.mark.parametrize("programme", ["early_leaving_2016", "school_community_2024"])
def test_check_passes_the_shipped_laws_and_names_what_is_assumed(programme: str, grants: Run):
    run = grants("law", "check", "--programme", programme)

    assert run.returncode == 0, run.stderr
    assert "rate.consultative" in run.stdout


def test_check_finds_a_gap(tmp_path: Path, grants: Run):
    law = tmp_path / "law.toml"
    law.write_text(
        (PUBLISHED / "law.toml").read_text(encoding="utf-8")
        .replace("since = 2017-03-16, value = 0.85", "since = 2019-03-16, value = 0.85"),
        encoding="utf-8",
    )  # fmt: skip

    run = grants("law", "check", "--law", law)

    assert run.returncode == 2
    assert "share.esf" in run.stderr
    assert "16.03.2019." in run.stderr


def test_check_names_a_fault_with_line_and_remedy(tmp_path: Path, grants: Run):
    law = tmp_path / "law.toml"
    law.write_text(
        (PUBLISHED / "law.toml").read_text(encoding="utf-8").replace("since", "sinc", 1),
        encoding="utf-8",
    )

    run = grants("law", "check", "--law", law)

    assert run.returncode == 2
    assert "“sinc”" in run.stderr
    assert "since" in run.stderr
    assert "share.esf:" in run.stderr


def test_the_values_of_a_day_stand_under_headings_of_their_own(grants: Run):
    headings = grants("law", "at", "2022-09-01").stdout.splitlines()[0].split("  ")

    assert [heading.strip() for heading in headings if heading.strip()] == [
        "Parametrs", "Nosaukums", "Vērtība", "Spēkā no", "Statuss", "Tiesību akts", "Punkts",
        "Mērvienība",
    ]  # fmt: skip


@pytest.mark.parametrize(("lang", "word"), [("lv", "pieņēmums"), ("en", "assumption")])
def test_what_is_assumed_is_said_in_the_readers_language(grants: Run, lang: str, word: str):
    said = grants("law", "show", "rate.consultative", GRANTS_LANG=lang).stdout

    assert word in said
    assert ("pieņēmums" in said) == (lang == "lv")
