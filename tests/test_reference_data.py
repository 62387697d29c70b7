"""Reference and sample data: complete, consistent with the law, each row with its source."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from tests.material import PUBLISHED
from toolkit import config
from toolkit.law import read_law
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import read_inputs

SAMPLE = config.shipped("data/sample/published")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reference(name: str) -> list[dict[str, str]]:
    return rows(config.shipped("data/reference") / f"{name}.csv")


def test_there_are_43_municipalities_of_which_7_are_state_cities():
    found = reference("municipalities")

    assert len({row["atvk"] for row in found}) == len(found) == 43
    assert Counter(row["kind"] for row in found)["state_city"] == 7
    law = read_law(config.shipped_law("early_leaving_2016"))
    assert law.on(date(2021, 7, 1)).need("municipalities.total").value == len(found)


def test_every_municipality_lies_in_a_region():
    assert {row["nuts3"] for row in reference("municipalities")} == {
        row["nuts3"] for row in reference("nuts3")
    }


@pytest.mark.parametrize("name", ["semesters", "municipalities", "nuts3", "measures"])
def test_every_reference_row_has_a_source(name: str):
    assert [row for row in reference(name) if not row["source"].strip()] == []
    # a comma in a source without quotes would cut it off
    assert [row for row in reference(name) if None in row] == []


def test_measures_are_those_of_the_law():
    law = read_law(config.shipped_law("early_leaving_2016"))
    titles = {
        name.removeprefix("measure."): parameter.title
        for name, parameter in law.parameters.items()
        if name.startswith("measure.")
    }

    assert {row["measure"] for row in reference("measures")} == set(titles)


def test_semesters_follow_each_other_without_a_gap_or_overlap():
    found = reference("semesters")

    codes = [Semester.parse(row["semester"]) for row in found]
    days = [(row["first_day"], row["last_day"]) for row in found]
    assert codes == sorted(codes)
    assert all(last < first for (_, last), (first, _) in pairwise(days))
    assert {row["status"] for row in found} <= {"confirmed", "inferred", "assumed"}


def test_semesters_are_those_of_the_contract():
    ours = {row["semester"]: (row["first_day"], row["last_day"]) for row in reference("semesters")}

    for row in rows(PUBLISHED / "semesters.csv"):
        assert ours[row["semester"]] == (row["first_day"], row["last_day"])


def test_sample_rows_say_what_is_published_and_what_invented():
    for path in SAMPLE.glob("*.csv"):
        for row in rows(path):
            assert row["status"] in {"published", "invented", "mixed"}, path.name
            assert row["source"].strip(), path.name


@pytest.mark.parametrize(
    ("semester", "partners", "plans"),
    [
        pytest.param("2018/2019-1", {"AIZPUTE"}, 70, id="Aizpute, 70 plans in six schools"),
        pytest.param("2020/2021-1", {"MADONA"}, 145, id="Madona, first semester"),
        pytest.param("2020/2021-2", {"MADONA"}, 141, id="Madona, second semester"),
        pytest.param("2020/2021-1", {"LUBANA"}, 22, id="Lubāna, 22 plans"),
        pytest.param("2020/2021-2", {"LUBANA"}, 24, id="Lubāna, 24 plans"),
        pytest.param("2022/2023-1", {"LUDZA"}, 75, id="Ludza, 75 plans after the reform"),
    ],
)
def test_published_totals_come_out_by_partner(semester: str, partners: set[str], plans: int):
    law = read_law(config.shipped_law("early_leaving_2016"))

    found = allocate(read_inputs(SAMPLE), law, Semester.parse(semester))

    assert found.complete
    by_partner = dict(found.partners.select("partner", "plans").iter_rows())
    assert sum(by_partner[partner] for partner in partners) == plans


def test_every_semester_of_the_sample_is_complete():
    law = read_law(config.shipped_law("early_leaving_2016"))
    inputs = read_inputs(SAMPLE)

    for semester in sorted(set(inputs.frames["counts"]["semester"])):
        found = allocate(inputs, law, Semester.parse(semester))
        assert found.complete, semester


def test_the_second_programme_computes_with_the_same_code(tmp_path: Path):
    law = read_law(config.shipped_law("school_community_2024"))
    for path in SAMPLE.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "counts.csv").write_text(
        "semester,institution,programme,grade,plan_kind,plans\n"
        "2025/2026-1,LUD-PIL,general,9,consultative,4\n",
        encoding="utf-8",
    )
    (tmp_path / "amendments.csv").write_text(
        "agreement,amendment,signed_on,effective_on,kind,value,note\n"
        "EX-LUDZA,1,2024-08-20,2024-09-01,term,2029-08-31,\n",
        encoding="utf-8",
    )

    found = allocate(read_inputs(tmp_path), law, Semester.parse("2025/2026-1"))

    assert found.programme_id == "4.2.3.1/1/24/I/001"
    assert found.total_cents == 4 * found.terms.rate_cents["consultative"]
    assert [used.name for used in found.assumed] == ["rate.consultative"]
