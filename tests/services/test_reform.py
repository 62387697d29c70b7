"""The municipal reform of 2021, replayed from the sample."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from toolkit import config
from toolkit.cli.app import grants
from toolkit.law import Law
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.laws import load_law
from toolkit.services.succession import SuccessionEffect, effect

SAMPLE = config.shipped("data/sample/reform-2021")
BEFORE, AFTER = "2020/2021-2", "2021/2022-1"
REFORM = date(2021, 7, 1)
HEIRS = {
    "RUGAJI": "BALVI", "KARSAVA": "LUDZA", "CIBLA": "LUDZA", "LUBANA": "MADONA",
    "OZOLNIEKI": "JELGAVAS-NOV", "PARGAUJA": "CESIS", "KANDAVA": "TUKUMS",
}  # fmt: skip
SCHOOLS = {
    "BALVI": 2, "LUDZA": 7, "MADONA": 15, "JELGAVAS-NOV": 15, "CESIS": 3, "TUKUMS": 6,
    "RIGA": 1, "LIEPAJA": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(SAMPLE)


@pytest.fixture(scope="module")
def law() -> Law:
    return load_law()


@pytest.fixture(scope="module")
def reform(inputs: Inputs) -> SuccessionEffect:
    return effect(inputs, REFORM)


def plans(inputs: Inputs, semester: str) -> int:
    return int(inputs.frames["counts"].filter(pl.col("semester") == semester)["plans"].sum())


def as_of(inputs: Inputs, semester: str) -> Inputs:
    """The counts of the semester before the reform, as if they were those of the semester."""
    counts = inputs.frames["counts"].filter(pl.col("semester") == BEFORE)
    same = counts.with_columns(semester=pl.lit(semester))
    return replace(inputs, frames={**inputs.frames, "counts": same})


def test_every_row_says_what_is_published_and_what_invented() -> None:
    for path in SAMPLE.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["status"] in {"published", "invented", "mixed"}, path.name
                assert row["source"].strip(), path.name


@pytest.mark.parametrize("on", [date(2019, 9, 1), REFORM, date(2021, 8, 1)])
def test_every_sum_is_kept_on_each_day(inputs: Inputs, on: date) -> None:
    found = effect(inputs, on)

    assert found.balance.height
    assert found.lost.is_empty()


def test_each_municipality_leaves_all_it_had_to_its_heir(reform: SuccessionEffect) -> None:
    moves = reform.moves

    assert dict(moves.select("partner", "heir").unique().iter_rows()) == HEIRS
    amounts = moves.group_by("thing").agg(pl.col("amount").sum()).rows()
    assert {thing: n for thing, n in amounts if thing != "plans"} == {
        "institutions": 19, "agreements": 5, "unspent": 275_042, "quotas": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "schools"),
    [
        pytest.param(date(2021, 8, 1), [("RIG-54V", "RIG-BAL")], id="a school renamed"),
        pytest.param(
            date(2019, 9, 1), [("LIE-A", "LIE-LIE"), ("LIE-B", "LIE-LIE")], id="two schools merged"
        ),
    ],
)
def test_schools_pass_to_their_heirs(
    inputs: Inputs, on: date, schools: list[tuple[str, str]]
) -> None:
    assert effect(inputs, on).moves.select("partner", "heir").rows() == schools


@pytest.mark.parametrize("semester", [BEFORE, AFTER])
def test_all_plans_of_the_semester_are_attributed(inputs: Inputs, law: Law, semester: str) -> None:
    found = allocate(inputs, law, Semester.parse(semester))

    assert found.complete
    assert found.partners["plans"].sum() == plans(inputs, semester)


def test_each_partner_has_the_schools_that_are_known(inputs: Inputs, law: Law) -> None:
    lines = allocate(inputs, law, Semester.parse(AFTER)).lines

    found = Counter(dict(lines.select("institution", "partner").unique().iter_rows()).values())
    assert found == SCHOOLS


@pytest.mark.parametrize(
    ("semester", "partner", "published"),
    [
        pytest.param(BEFORE, "LUBANA", 24, id="Lubāna before the reform"),
        pytest.param(BEFORE, "MADONA", 141, id="Madona before the reform, without Lubāna"),
        pytest.param(AFTER, "JELGAVAS-NOV", 206, id="Jelgavas novads with Ozolnieki"),
        pytest.param(AFTER, "RIGA", 41, id="Baltmuižas pamatskola under its new name"),
    ],
)
def test_published_totals_come_out(
    inputs: Inputs, law: Law, semester: str, partner: str, published: int
) -> None:
    found = allocate(inputs, law, Semester.parse(semester)).partners

    assert found.filter(pl.col("partner") == partner)["plans"].to_list() == [published]


def test_the_same_plans_at_the_same_rates_give_the_heirs_what_their_predecessors_had(
    inputs: Inputs, law: Law
) -> None:
    rates = law.with_value("rate.consultative", "250.00").with_value("rate.economic", "120.00")
    sides = [
        allocate(as_of(inputs, semester), rates, Semester.parse(semester)).partners
        for semester in (BEFORE, AFTER)
    ]

    before, after = (dict(side.select("partner", "maximum_cents").iter_rows()) for side in sides)
    expected: Counter[str] = Counter()
    for partner, cents in before.items():
        expected[HEIRS.get(partner, partner)] += cents
    assert set(HEIRS) & set(after) == set()
    assert after == expected


def test_old_schools_of_liepaja_count_for_the_one_they_became(inputs: Inputs, law: Law) -> None:
    lines = allocate(inputs, law, Semester.parse(BEFORE)).lines.filter(partner="LIEPAJA")

    assert lines.select("institution", "grade", "plans").rows() == [
        ("LIE-LIE", 5, 6), ("LIE-LIE", 7, 15), ("LIE-LIE", 9, 7),
    ]  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = grants.main(args=["successions", *arguments], standalone_mode=False)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_command_shows_what_passes(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--on", "2021-07-01", "--input", str(SAMPLE), "--format", "json")

    answer = json.loads(out)
    assert (code, answer["conserved"]) == (0, True)
    assert {
        "thing": "unspent", "semester": BEFORE, "item": "", "partner": "RUGAJI", "heir": "BALVI",
        "amount": "412.35",
    } in answer["moves"]  # fmt: skip


def test_the_command_names_the_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in SAMPLE.glob("*.csv"):
        kept = [row for row in path.read_text("utf-8").splitlines() if "RUG-EGL,BALVI" not in row]
        (tmp_path / path.name).write_text("\n".join(kept), "utf-8")

    code, out, err = run(capsys, "--on", "2021-07-01", "--input", str(tmp_path), "--lang", "lv")

    assert code == 1
    assert "Visas summas saglabājas." not in out
    assert "partnera “RUGAJI” iestādes (semestris: —) pirms pārņemšanas — 2, pēc tās — 1" in err
