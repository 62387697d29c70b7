"""The overview of several semesters is what each semester's allocation says."""

from __future__ import annotations

import polars as pl

from tests.material import LIMITS, PUBLISHED
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


def test_no_semester_gives_no_rows():
    found = overview(read_inputs(LIMITS), load_law(folder=LIMITS), [])

    assert found.is_empty()
    assert found.columns == ["semester", *PARTNER_MAXIMA.columns, "refused"]
