"""Counts that a change of an agreement leaves without money: shown before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from toolkit.errors import LawError
from toolkit.semester import Semester
from toolkit.services.allocation import checked_counts
from toolkit.services.inputs import Inputs
from toolkit.services.laws import load_law

_ROW = ("semester", "institution", "programme", "grade_text", "plan_kind")


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A row of counts that would earn nothing, and by which rule."""

    semester: str
    institution: str
    programme: str
    grade: str
    plan_kind: str
    plans: str
    """As they stand in the counts."""
    rule: str
    name: str
    """Of the institution."""


def newly_unpaid(before: Inputs, after: Inputs, agreement: str) -> tuple[Unpaid, ...]:
    """Counts of an agreement's institutions that are refused after a change and were not before.

    A second agreement for a school and grade does it, or one that has lost the school.
    Semesters without law are passed over.
    """
    schools = {
        school
        for inputs in (before, after)
        for school in inputs.coverage.filter(pl.col("agreement") == agreement)["institution"]
    }
    counts = after.frames["counts"].filter(pl.col("institution").is_in(schools))
    names = dict(after.frames["institutions"].select("institution", "name").iter_rows())
    found: list[Unpaid] = []
    for code in sorted(set(counts["semester"])):
        semester = Semester.parse(code)
        try:
            was, now = _refused(before, semester), _refused(after, semester)
        except LawError:
            continue
        new = now.join(was, on=[*_ROW, "rule"], how="anti", nulls_equal=True)
        rows = new.filter(pl.col("institution").is_in(schools)).sort(_ROW).iter_rows(named=True)
        found += [_unpaid(row, names) for row in rows]
    return tuple(found)


def _unpaid(row: Mapping[str, str], names: Mapping[str, str]) -> Unpaid:
    school = row["institution"]
    return Unpaid(
        row["semester"], school, row["programme"], row["grade_text"], row["plan_kind"],
        row["plans_text"], row["rule"], names.get(school, school),
    )  # fmt: skip


def _refused(inputs: Inputs, semester: Semester) -> pl.DataFrame:
    rows = checked_counts(inputs, load_law(), semester)[2]
    refused = rows.filter(pl.col("rule").is_not_null(), pl.col("semester") == semester.code)
    return refused.collect(engine="in-memory")
