"""Agreements as they go into the store: codes that lead nowhere are refused, all at once."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.errors import gallery
from toolkit import config
from toolkit.intake.forms import load_forms
from toolkit.services.laws import load_law

AGREEMENTS = "agreement,partner,signed_on,valid_from,valid_to,measures\n"
AMENDMENTS = "agreement,amendment,signed_on,effective_on,kind,value,note\n"
COVERAGE = "agreement,institution,from_semester,to_semester,grades,amendment\n"
NUMBER = "P6-13/01-2019"
SIGNED = f"{AGREEMENTS}{NUMBER},LUDZA,2019-12-03,2020-01-01,2022-12-31,\n"
COVERED = f"{COVERAGE}{NUMBER},MEZ,2019/2020-2,,5-9,\n"


def found(folder: Path, **tables: str) -> list[tuple[str, str, str]]:
    """Rule, place and value of the findings that block or explain an import."""
    source = folder / "tables"
    shutil.copytree(gallery.HERE / "base", source)
    partners = "partner,name,kind,registration_number,valid_from,valid_to\n"
    texts = {"agreements": SIGNED, "coverage": COVERED, "partners": partners} | tables
    texts["partners"] += "LUDZA,Ludzas novada pašvaldība,municipality,,2009-07-01,\n"
    for name, text in texts.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    return [
        (f.rule, f.place(), f.value)
        for f in gallery.import_findings(source)
        if f.table != "counts" and f.severity != "note"
    ]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({}, []),
        (
            {"agreements": SIGNED.replace("31,\n", '31,"catering,tea"\n')},
            [("measures.unknown", "agreements.csv!F2", "tea")],
        ),
        (
            {"amendments": f"{AMENDMENTS}{NUMBER},1,2021-08-16,2021-09-01,party,BALVI,\n"},
            [("reference.unknown", "amendments.csv!F2", "BALVI")],
        ),
        (
            {"amendments": f"{AMENDMENTS}{NUMBER},1,2021-08-16,2021-09-01,measures,tea,\n"},
            [("measures.unknown", "amendments.csv!F2", "tea")],
        ),
        (
            {"coverage": f"{COVERED}{NUMBER},MEZ,2019/2020-2,,5-12,7\n"},
            [("reference.unknown", "coverage.csv!F3", "7")],
        ),
        (
            {
                "amendments": f"{AMENDMENTS}{NUMBER},7,2021-08-16,2021-09-01,institutions,,\n",
                "coverage": f"{COVERED}{NUMBER},MEZ,2019/2020-2,,5-12,7\n",
            },
            [],
        ),
        (
            {"amendments": f"{AMENDMENTS}{NUMBER},1,2021-08-16,2021-09-01,institutions,,\n"},
            [("amendments.changes_nothing", "amendments.csv!E2", "institutions")],
        ),
    ],
    ids=[
        "as signed", "a measure the catalogue lacks", "a party that is no partner",
        "a new measure the catalogue lacks", "coverage of an amendment nobody signed",
        "coverage of an amendment", "an amendment that brings nothing",
    ],
)  # fmt: skip
def test_what_an_import_says_of_agreements(
    tmp_path: Path, tables: dict[str, str], expected: list[tuple[str, str, str]]
):
    assert found(tmp_path, **tables) == expected


@pytest.mark.parametrize(
    ("number", "noted"),
    [
        ("P6-13/08-2019", []),
        ("P6-12/133", []),
        ("P6-14/08-2019", ["note"]),
        ("P6-13/08-19", ["note"]),
        ("EX-RIGA", ["note"]),
    ],
    ids=["with its year", "without: given again each year", "another register",
         "a year of two digits", "another pattern"],
)  # fmt: skip
def test_an_unusual_number_is_noted_and_taken(tmp_path: Path, number: str, noted: list[str]):
    texts = {"agreements": SIGNED, "coverage": COVERED}
    source = gallery.laid_out("agreements.unusual_number", tmp_path)
    for name, text in texts.items():
        (source / f"{name}.csv").write_text(text.replace(NUMBER, number), encoding="utf-8")

    assert [f.severity for f in gallery.import_findings(source)] == noted


def test_the_form_and_the_law_list_the_same_strategic_partners():
    form = load_forms(config.shipped("templates/forms"))["strategic_partners"]
    listed = load_law().on(date(2022, 9, 1)).need("partner.strategic_kinds")

    assert {code for column in form.columns for code in column.values.values()} == {*listed.value}
