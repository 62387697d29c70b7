"""Counts that a change of the registers leaves without money: said when it is entered."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from toolkit.errors import Finding, LawError
from toolkit.semester import Semester
from toolkit.services.allocation import checked_counts
from toolkit.services.inputs import Inputs
from toolkit.services.laws import load_law
from toolkit.services.refusals import refusal_findings

_ROW = ("semester", "institution", "programme", "grade_text", "plan_kind")


def newly_refused(before: Inputs, after: Inputs, agreement: str) -> list[Finding]:
    """Counts of an agreement's institutions that are refused after a change and were not before.

    Findings to explain: a second agreement for a school and grade, or one that has lost it.
    Semesters without law are passed over.
    """
    schools = {
        school
        for inputs in (before, after)
        for school in inputs.coverage.filter(pl.col("agreement") == agreement)["institution"]
    }
    counts = after.frames["counts"].filter(pl.col("institution").is_in(schools))
    found: list[Finding] = []
    for code in sorted(set(counts["semester"])):
        semester = Semester.parse(code)
        try:
            was, now = _refused(before, semester), _refused(after, semester)
        except LawError:
            continue
        new = now.join(was, on=[*_ROW, "rule"], how="anti", nulls_equal=True)
        found += refusal_findings(new.filter(pl.col("institution").is_in(schools)), after)
    return [replace(finding, severity="explain") for finding in found]


def _refused(inputs: Inputs, semester: Semester) -> pl.DataFrame:
    rows = checked_counts(inputs, load_law(), semester)[2]
    refused = rows.filter(pl.col("rule").is_not_null(), pl.col("semester") == semester.code)
    return refused.collect(engine="in-memory").sort("row", "institution")
