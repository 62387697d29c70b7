"""`grants agreements` and `grants due` as a person and as a program meet them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from toolkit import config

SAMPLE = config.shipped("data/sample/published")
KARSAVA, RUGAJI = "P6-12/133-2019", "P6-13/08-2019"


def amended(folder: Path, amendments: str, coverage: str = "") -> Path:
    """The sample with more amendments, and coverage that they bring."""
    copy = folder / "sample"
    shutil.copytree(SAMPLE, copy)
    with (copy / "amendments.csv").open("a", encoding="utf-8") as file:
        file.write(amendments)
    if coverage:
        table = copy / "coverage.csv"
        old = table.read_text(encoding="utf-8").splitlines()
        lines = [f"{old[0]},amendment", *(f"{line}," for line in old[1:]), *coverage.splitlines()]
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return copy


@pytest.mark.parametrize(
    ("day", "status", "partner"),
    [
        ("2019-12-02", "not_signed", "KARSAVA"),
        ("2019-12-15", "signed", "KARSAVA"),
        ("2020-01-01", "in_force", "KARSAVA"),
        ("2021-07-01", "in_force", "LUDZA"),
        ("2023-01-01", "ended", "LUDZA"),
    ],
    ids=["the day before it is signed", "signed, a cost of this day does not count",
         "its first day", "the day of the reform", "the day after its last"],
)  # fmt: skip
def test_json_says_how_an_agreement_stands_on_the_day(
    grants: Run, day: str, status: str, partner: str
):
    run = grants("agreements", "--on", day, "--input", SAMPLE, "--format", "json")

    found = {row["agreement"]: row for row in json.loads(run.stdout)}
    assert (found[KARSAVA]["status"], found[KARSAVA]["partner"]) == (status, partner)
    assert found[KARSAVA]["party"] == "KARSAVA"


def test_csv_of_a_partner_counts_the_institutions_of_the_semester(grants: Run):
    run = grants(
        "agreements", "--on", "2022-09-01", "--partner", "LUDZA", "--input", SAMPLE,
        "--format", "csv",
    )  # fmt: skip

    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [(row["agreement"], row["institutions"], row["version"]) for row in rows] == [
        ("EX-LUDZA", "4", "1"),
        (KARSAVA, "3", "0"),
    ]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("lv", ["Spēkā līdz: 31.12.2022. → 31.12.2023.",
                "Līguma puse: RUGAJI → BALVI",
                "Pasākumi: visi → Ēdināšanas izdevumu kompensācija, Individuāla konsultācija",
                "Summa: — → 12\u00a0500,00\u00a0€",
                "Iestādes: — → BAL-VSK (2022./2023. m.g. 1. semestris – …; "
                "visas mērķgrupas klases; 15.09.2022.)",
                "Iestādes: RUG-EGL (2018./2019. m.g. 2. semestris – …; 5–9) "
                "→ RUG-EGL (2018./2019. m.g. 2. semestris – 2021./2022. m.g. 2. semestris; 5–9)",
                "Spēkā līdz: 31.12.2023. → 31.05.2023."]),
        ("en", ["Valid to: 2022-12-31 → 2023-12-31",
                "Party: RUGAJI → BALVI",
                "Measures: all → Catering compensation, Individual consultation",
                "Amount: — → €12,500.00",
                "Institutions: — → BAL-VSK (school year 2022/2023, semester 1 – …; "
                "all grades of the target group; 2022-09-15)",
                "Institutions: RUG-EGL (school year 2018/2019, semester 2 – …; 5–9) "
                "→ RUG-EGL (school year 2018/2019, semester 2 – "
                "school year 2021/2022, semester 2; 5–9)",
                "Valid to: 2023-12-31 → 2023-05-31"]),
    ],
)  # fmt: skip
def test_show_prints_each_amendment_with_its_annex(
    grants: Run, tmp_path: Path, lang: str, expected: list[str]
):
    folder = amended(
        tmp_path,
        f"{RUGAJI},2,2022-01-03,2022-01-10,party,BALVI,,invented,\n"
        f'{RUGAJI},3,2022-01-04,2022-01-11,measures,"catering,consultation",,invented,\n'
        f'{RUGAJI},4,2022-01-05,2022-01-12,money,"12 500,00",,invented,\n'
        f"{RUGAJI},5,2022-06-06,2022-09-01,institutions,,,invented,\n"
        f"{RUGAJI},6,2023-03-01,2023-03-01,termination,2023-05-31,,invented,\n",
        f"{RUGAJI},RUG-EGL,2018/2019-2,2021/2022-2,5-9,,invented,,5\n"
        f"{RUGAJI},BAL-VSK,2022/2023-1,,,2022-09-15,invented,,5",
    )

    run = grants(
        "agreements", "show", RUGAJI, "--on", "2023-06-01", "--input", folder, GRANTS_LANG=lang
    )

    assert run.returncode == 0
    annexes = [line.strip() for line in run.stdout.splitlines() if line.startswith("  ")]
    assert annexes == expected
    assert ("izbeigts" if lang == "lv" else "terminated") in run.stdout.splitlines()[1]


def test_show_names_the_strategic_partners(grants: Run):
    run = grants("agreements", "show", "EX-RIGA", "--on", "2019-01-01", "--input", SAMPLE)

    assert [line.split("  ")[0] for line in run.stdout.splitlines() if "(izdomāt" in line][-2:] == [
        "Rīgas Sociālais dienests (izdomāts)",
        "Rīgas domes Izglītības pārvalde (izdomāta)",
    ]
    assert "sociālais dienests   01.09.2018.  31.08.2020." in run.stdout


def test_a_number_nobody_has_is_a_sentence(grants: Run):
    run = grants("agreements", "show", "P6-13/99", "--input", SAMPLE)

    assert run.returncode == 2
    assert "Līgums “P6-13/99” reģistrā nav atrasts. Pārbaudiet numuru." in run.stderr


def test_due_lists_what_comes_up_and_what_was_missed(grants: Run):
    run = grants(
        "due", "--on", "2022-09-20", "--within", "11", "--input", SAMPLE, "--format", "json"
    )

    own = [
        (row["due_on"], row["state"], row["kind"], row["subject"], row["missing"])
        for row in json.loads(run.stdout)
        if row["agreement"] == "EX-RIGA" and row["due_on"] >= "2022-01-01"
    ]
    assert own == [
        ("2022-01-21", "overdue", "settlement", "2021/2022-1", ""),
        ("2022-02-04", "overdue", "counts", "2021/2022-2", "RIG-33V, RIG-BAL"),
        ("2022-06-30", "overdue", "settlement", "2021/2022-2", ""),
        ("2022-10-01", "due", "counts", "2022/2023-1", "RIG-33V, RIG-BAL"),
    ], "the renewal of 1 November is later"


def test_counts_of_some_schools_leave_the_rest_due(grants: Run):
    """Of EX-RIGA's two schools one had handed in for 2021/2022-1, of Rugāji's two both."""
    run = grants("due", "--on", "2021-10-02", "--input", SAMPLE)
    rows = [line for line in run.stdout.splitlines() if "plānu skaita iesniegšana" in line]

    assert "Trūkst" in run.stdout
    assert [
        line.split("  ")[-1]
        for line in rows
        if "EX-RIGA" in line and "2021./2022. m.g. 1. semestris" in line
    ] == ["trūkst iestāžu: 1 no 2"]
    rugaji = [line for line in rows if "P6-13/08-2019" in line]
    assert rugaji
    assert not [line for line in rugaji if "2020./2021. m.g. 1. semestris" in line]


def test_days_cannot_be_negative(grants: Run):
    run = grants("due", "--within", "-1", "--input", SAMPLE)

    assert run.returncode == 2
    assert "negatīvs" in run.stderr
