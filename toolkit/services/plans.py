"""Plans and their measures beside the other tables: what does not fit, and figures of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from toolkit import config
from toolkit.errors import Finding
from toolkit.intake.table import Table, cell_finding, kind_of, limited
from toolkit.money import euros
from toolkit.rules import plans
from toolkit.semester import Semester

if TYPE_CHECKING:
    from toolkit.services.inputs import Inputs


def measure_findings(frames: Mapping[str, pl.DataFrame], table: Table) -> Iterator[Finding]:
    """Measures of a plan that is not known, that are none of the catalogue, or of nothing."""
    frame = table.frame
    if frame.is_empty():
        return
    lost = frame.join(frames["plans"], on="plan", how="anti")
    yield from _at(table, "measures.unknown_plan", "plan", lost)
    other = frame.filter(~pl.col("measure").is_in(catalogue()))
    yield from _at(table, "measures.unknown", "measure", other)
    negative = frame.filter(pl.col("price_cents") < 0)
    yield from _at(table, "measures.negative", "price", negative.rename({"price_cents": "price"}))
    nothing = frame.filter(pl.col("quantity") == 0)
    yield from _at(table, "measures.nothing", "quantity", nothing)


def plan_findings(
    frames: Mapping[str, pl.DataFrame], table: Table, counts: Table
) -> Iterator[Finding]:
    """A learner's second plan, starts outside the semester, counts that the plans do not give."""
    semesters, all_plans = frames["semesters"].lazy(), frames["plans"].lazy()
    if not table.frame.is_empty():
        semesters_known = frames["semesters"].select("semester")
        lost = table.frame.join(semesters_known, on="semester", how="anti")
        yield from limited(
            (
                cell_finding(table, "reference.unknown", "semester", row, value, target="semesters")
                for row, value in lost.select("row", "semester").iter_rows()
            ),
            lost.height,
        )
        yield from _twice(frames["plans"], table)
        early = plans.starting_outside(table.frame.lazy(), semesters).collect(engine="in-memory")
        yield from limited(
            (
                cell_finding(
                    table, "plans.starts_outside_semester", "starts_on", row["row"],
                    row["starts_on"].isoformat(), "explain", semester=row["semester"],
                    plan=row["plan"],
                )
                for row in early.iter_rows(named=True)
            ),
            early.height,
        )  # fmt: skip
    yield from _differing(frames["counts"].lazy(), all_plans, counts)


def _twice(whole: pl.DataFrame, table: Table) -> Iterator[Finding]:
    """Plans of a learner who has another in the same semester, in the file or in the store."""
    twice = whole.filter(pl.struct("semester", "learner").is_duplicated()).select("plan")
    rows = table.frame.join(twice, on="plan", how="semi")
    findings = (
        cell_finding(table, "plans.learner_twice", "learner", row, "", semester=semester, plan=plan)
        for row, semester, plan in rows.select("row", "semester", "plan").iter_rows()
    )
    return limited(findings, rows.height)


def unplanned(inputs: Inputs, semester: Semester) -> tuple[Finding, ...]:
    """Where the semester's counts and plans say different things: what has no plan earns nothing.

    Nothing when the tables were read together: then it is among their findings.
    """
    if any(kind_of(finding) == "counts.differ_from_plans" for finding in inputs.findings):
        return ()
    own = inputs.frames["counts"].lazy().filter(pl.col("semester") == semester.code)
    return tuple(_differing(own, inputs.plans_of(semester), inputs.counts_table))


def _differing(counts: pl.LazyFrame, all_plans: pl.LazyFrame, table: Table) -> Iterator[Finding]:
    """Where both plans and counts of a semester are known and say different things."""
    both = counts.join(all_plans, on="semester", how="semi").select("semester").unique()
    found = plans.differing(
        counts.join(both, on="semester", how="semi"),
        all_plans.join(both, on="semester", how="semi"),
    ).collect(engine="in-memory")
    yield from limited(
        (
            cell_finding(
                table, "counts.differ_from_plans", "plans", row["row"], str(row["plans"]),
                "explain", semester=row["semester"], institution=row["institution"],
                programme=row["programme"], grade=str(row["grade"]), plan_kind=row["plan_kind"],
                counted=str(row["counted"]),
            )
            for row in found.iter_rows(named=True)
        ),
        found.height,
    )  # fmt: skip


def learners_and_plans(
    frames: Mapping[str, pl.DataFrame], semester: str = ""
) -> tuple[pl.DataFrame, int, int]:
    """By semester and institution, and over all: plans, and different learners.

    The learners of all are not the sum of those of each: many come again.
    """
    own = frames["plans"]
    own = own.filter(pl.col("semester") == semester) if semester else own
    by_institution = plans.learners_and_plans(own.lazy()).collect(engine="in-memory")
    return by_institution, own.height, own["learner"].n_unique() if own.height else 0


@cache
def measure_words() -> dict[str, str]:
    """What people call each measure in either language, and its code."""
    file = config.shipped("data/reference") / "measures.csv"
    rows = pl.read_csv(file, columns=["measure", "name_lv", "name_en"]).iter_rows()
    return {word: code for code, *names in rows for word in (*names, code)}


def measure_names(lang: str) -> dict[str, str]:
    """What each measure of the catalogue is called."""
    file = config.shipped("data/reference") / "measures.csv"
    return dict(pl.read_csv(file, columns=["measure", f"name_{lang}"]).iter_rows())


def catalogue() -> list[str]:
    """The codes of the measures there are."""
    return list(dict.fromkeys(measure_words().values()))


def _at(table: Table, rule: str, column: str, rows: pl.DataFrame) -> Iterator[Finding]:
    known = ", ".join(catalogue())
    findings = (
        cell_finding(
            table, rule, column, row, euros(value) if column == "price" else str(value), known=known
        )
        for row, value in rows.select("row", column).iter_rows()
    )
    return limited(findings, rows.height)
