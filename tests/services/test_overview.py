"""The overview of several semesters is what each semester's allocation says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.material import LIMITS, PUBLISHED
from tests.services.two_partners import TABLES, written
from toolkit.errors import ConservationError
from toolkit.frames.allocation import PARTNER_MAXIMA
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law
from toolkit.services.overview import overview


def test_each_semester_is_that_of_its_own_allocation():
    inputs, law = read_inputs(PUBLISHED), load_law(folder=PUBLISHED)
    semesters = [Semester.parse(code) for code in ("2020/2021-1", "2020/2021-2", "2022/2023-1")]

    found = overview(inputs, law, semesters)

    for semester in semesters:
        own = found.filter(pl.col("semester") == semester.code)
        alone = allocate(inputs, law, semester)
        assert own.select(*PARTNER_MAXIMA.columns).equals(alone.partners)
    assert found["semester"].unique(maintain_order=True).to_list() == [s.code for s in semesters]


def test_refused_rows_are_counted():
    inputs, law = read_inputs(LIMITS), load_law(folder=LIMITS)

    found = overview(inputs, law, [Semester.parse("2020/2021-1")])

    assert found["refused"].unique().to_list() == [9]


def test_what_a_succession_would_lose_stops_it(tmp_path: Path):
    partners = TABLES["partners"] + "GONE,Zudušais novads,municipality,,2009-07-01,2021-06-30\n"
    unspent = TABLES["unspent"] + "GONE,2020/2021-1,5.00\n"
    inputs = read_inputs(written(tmp_path / "in", partners=partners, unspent=unspent))

    with pytest.raises(ConservationError):
        overview(inputs, load_law(), [Semester.parse("2021/2022-1")])
    assert overview(inputs, load_law(), [Semester.parse("2020/2021-2")]).height == 4


def test_with_successions_it_is_still_the_allocation(tmp_path: Path):
    inputs, semester = read_inputs(written(tmp_path / "in")), Semester.parse("2021/2022-1")

    found, alone = overview(inputs, load_law(), [semester]), allocate(inputs, load_law(), semester)

    assert found.select(*PARTNER_MAXIMA.columns).equals(alone.partners)
    assert found["refused"].unique().to_list() == [2]


def test_no_semester_gives_no_rows():
    found = overview(read_inputs(LIMITS), load_law(folder=LIMITS), [])

    assert found.is_empty()
    assert found.columns == ["semester", *PARTNER_MAXIMA.columns, "refused"]
