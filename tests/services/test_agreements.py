"""Agreements of the sample: the register on a day, partners who passed them on, coverage."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from toolkit import config
from toolkit.errors import UsageError
from toolkit.semester import Semester
from toolkit.services.agreements import agreements_on, one_agreement
from toolkit.services.allocation import allocate
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.laws import load_law

RUGAJI = "P6-13/08-2019"


def amended(inputs: Inputs, number: str, kind: str, value: str, effective_on: str) -> Inputs:
    """The inputs with one more amendment of Rugāji's agreement."""
    old = inputs.frames["amendments"]
    new = old.filter(pl.col("agreement") == RUGAJI).head(1).with_columns(
        amendment=pl.lit(number), kind=pl.lit(kind), value=pl.lit(value),
        signed_on=pl.lit(date(2020, 8, 3)), effective_on=pl.lit(date.fromisoformat(effective_on)),
        ends_on=pl.lit(None, pl.Date),
    )  # fmt: skip
    frames = {**inputs.frames, "amendments": pl.concat([old, new])}
    return Inputs(frames, inputs.counts_table, ())


@pytest.fixture(scope="module")
def sample() -> Inputs:
    return read_inputs(config.shipped("data/sample/published"))


@pytest.mark.parametrize(
    ("day", "partner"),
    [("2021-06-30", "RUGAJI"), ("2021-07-01", "BALVI")],
    ids=["the day before the reform", "its day"],
)
def test_the_partner_of_the_day_follows_the_succession(sample: Inputs, day: str, partner: str):
    found = one_agreement(sample, RUGAJI, date.fromisoformat(day))

    assert (found.version.partner, found.partner, found.status) == ("RUGAJI", partner, "in_force")


def test_the_register_of_one_partner_holds_what_came_to_it(sample: Inputs):
    found = agreements_on(sample, date(2022, 9, 1), "LUDZA")

    assert [own.version.agreement for own in found] == ["EX-LUDZA", "P6-12/133-2019"]


def test_a_number_nobody_has_is_a_sentence(sample: Inputs):
    with pytest.raises(UsageError, match="nav"):
        one_agreement(sample, "P6-13/99", date(2022, 9, 1))


def test_a_school_may_start_later_than_its_agreement(sample: Inputs):
    """Daugavpils novads signed on 21.12.2018, Silene school's support started on 01.02.2019."""
    found = one_agreement(sample, "EX-DAUGAVPILS-NOV", date(2019, 1, 15))

    assert found.version.signed_on == date(2018, 12, 21)
    assert [c.starts_on for c in found.version.coverage] == [date(2019, 2, 1)]


@pytest.mark.parametrize(
    ("effective_on", "expected"),
    [("2020-08-31", "BALVI"), ("2020-09-01", "BALVI"), ("2020-09-02", "RUGAJI")],
    ids=["before the semester", "on its first day", "the day after: the semester is the old one's"],
)
def test_a_new_party_earns_from_the_first_semester_that_begins_with_it(
    sample: Inputs, effective_on: str, expected: str
):
    changed = amended(sample, "2", "party", "BALVI", effective_on)
    semester = Semester.parse("2020/2021-1")
    first_day = changed.calendar(semester).first_day

    lines = allocate(changed, load_law(), semester).lines
    earned = lines.filter(pl.col("agreement") == RUGAJI)["partner"].unique().to_list()

    assert earned == [expected]
    assert one_agreement(changed, RUGAJI, first_day).partner == expected


def test_a_new_party_is_followed_through_its_own_successions(sample: Inputs):
    changed = amended(sample, "2", "party", "KARSAVA", "2020-09-01")

    lines = allocate(changed, load_law(), Semester.parse("2022/2023-1")).lines

    own = lines.filter(pl.col("agreement") == RUGAJI)
    assert one_agreement(changed, RUGAJI, date(2022, 9, 1)).partner == "LUDZA"
    assert own["partner"].unique().to_list() == ["LUDZA"]


def test_coverage_brought_by_an_amendment_takes_the_place_of_the_old(sample: Inputs):
    frames = dict(sample.frames)
    own = pl.col("agreement") == RUGAJI
    new = frames["coverage"].filter(own).head(1).with_columns(
        grades=pl.Series([[9]], dtype=pl.List(pl.Int64)), amendment=pl.lit("1")
    )  # fmt: skip
    frames["coverage"] = pl.concat([frames["coverage"], new])
    changed = Inputs(frames, sample.counts_table, ())

    kept = changed.coverage.filter(own, pl.col("institution") == new["institution"].item())

    assert kept["grades"].to_list() == [[9]]
    assert changed.coverage.height == sample.coverage.height
