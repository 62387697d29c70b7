"""The tables an allocation needs, read from a folder or workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from toolkit import config, personal
from toolkit.errors import Finding, InputError, UsageError
from toolkit.intake.folder import Tables, read_folder, read_single
from toolkit.intake.forms import Form, load_forms
from toolkit.intake.registers import amendment_findings, promised
from toolkit.intake.successions import succession_findings
from toolkit.intake.table import Table
from toolkit.rules import plans, schools
from toolkit.rules.agreements import agreement_ends, coverage_in_force, parties_on
from toolkit.rules.succession import Heirs, Succession, by_sort, members_on
from toolkit.semester import Calendar, Semester
from toolkit.services.plans import measure_findings, measure_words, plan_findings


@dataclass(frozen=True)
class Inputs:
    """Promised frames by table, where each column stands in its file, and what is worth noting."""

    frames: Mapping[str, pl.DataFrame]
    counts_table: Table
    findings: tuple[Finding, ...]

    def calendar(self, semester: Semester) -> Calendar:
        """The days of a semester. Raises UsageError when the calendar does not know it."""
        known = self.known_semesters
        if semester.code not in known:
            raise UsageError(
                "error.no_such_semester", semester=semester.code,
                first=known[0] if known else "—", last=known[-1] if known else "—",
            )  # fmt: skip
        is_it = pl.col("semester") == semester.code
        row = self.frames["semesters"].row(by_predicate=is_it, named=True)
        return Calendar(semester, row["first_day"], row["last_day"], row["status"], row["source"])

    @cached_property
    def agreements_with_ends(self) -> pl.DataFrame:
        """The agreements with their last day after all amendments, the same for every semester."""
        agreements, amendments = self.frames["agreements"], self.frames["amendments"]
        return agreement_ends(agreements.lazy(), amendments.lazy()).collect(engine="in-memory")

    def agreements_on(self, day: date) -> pl.DataFrame:
        """The agreements with their last day, and the party they have on a day."""
        whole = self.agreements_with_ends
        passed = self.frames["amendments"].filter(pl.col("kind") == "party")
        if passed.is_empty():
            return whole
        known = self.frames["partners"].lazy()
        return parties_on(whole.lazy(), passed.lazy(), known, day).collect(engine="in-memory")

    @cached_property
    def coverage(self) -> pl.DataFrame:
        """The coverage with all amendments."""
        coverage = self.frames["coverage"]
        if (coverage["amendment"] == "").all():
            return coverage
        in_force = coverage_in_force(coverage.lazy(), self.frames["amendments"].lazy())
        return in_force.collect(engine="in-memory")

    @cached_property
    def successions(self) -> tuple[list[Succession], list[Succession]]:
        """The successions of partners and of institutions."""
        names = (set(self.frames[f"{sort}s"][sort]) for sort in ("partner", "institution"))
        return by_sort(self.frames["successions"], *names)

    def members(self, day: date) -> Mapping[str, frozenset[str]]:
        """The partners each institution belongs to on a day, by its code of the day."""
        own = members_on(self.frames["memberships"], day)
        return schools.members_by_heirs(own, Heirs(self.successions[1], day))

    @cached_property
    def plans_counted(self) -> pl.DataFrame:
        """Semester, institution and its plans, from counts or else from the plans themselves."""
        counts = self.frames["counts"]
        missing = sorted(self._planned - set(counts["semester"]))
        known = self.frames["plans"].filter(pl.col("semester").is_in(missing))
        columns = ("semester", "institution", "plans")
        parts = [
            counts.select(columns),
            known.select("semester", "institution", plans=pl.lit(1, pl.Int64)),
        ]
        return pl.concat(parts).group_by("semester", "institution").agg(pl.col("plans").sum())

    def counts_of(self, semester: Semester) -> pl.DataFrame:
        """The counts rows of a semester, and those of semesters that the calendar does not know.

        Where plans are known and no counts, the counts are those of the plans.
        """
        if semester.code not in self._counts_by_semester and semester.code in self._planned:
            return plans.counts_rows(self.plans_of(semester)).collect(engine="in-memory")
        known = set(self.known_semesters)
        parts = [
            rows
            for code, rows in self._counts_by_semester.items()
            if code == semester.code or code not in known
        ]
        return pl.concat(parts) if parts else self.frames["counts"].clear()

    def plans_of(self, semester: Semester) -> pl.LazyFrame:
        """The plans of a semester."""
        return self.frames["plans"].lazy().filter(pl.col("semester") == semester.code)

    @cached_property
    def _planned(self) -> set[str]:
        return set(self.frames["plans"]["semester"].unique())

    @cached_property
    def _counts_by_semester(self) -> dict[str, pl.DataFrame]:
        parts = self.frames["counts"].partition_by("semester", maintain_order=True, as_dict=True)
        return {str(code): rows for (code,), rows in parts.items()}

    @property
    def known_semesters(self) -> list[str]:
        return sorted(self.frames["semesters"]["semester"])


def known_forms() -> dict[str, Form]:
    """The forms of the tables; personal codes become pseudonyms while their cells are read."""
    pseudonym = personal.pseudonyms(config.pseudonym_key)
    forms = load_forms(config.shipped("templates/forms"), pseudonym)
    named = [
        replace(column, values=measure_words()) if column.name == "measure" else column
        for column in forms["measures"].columns
    ]
    return forms | {"measures": replace(forms["measures"], columns=tuple(named))}


def read_inputs(source: Path) -> Inputs:
    """All tables of a folder or workbook.

    Without a `semesters` table the programme's calendar is used. Raises UsageError
    when there is nothing at the path, InputError with every finding when a table
    cannot be used.
    """
    if not source.exists():
        raise UsageError("error.no_such_input", path=source)
    forms = known_forms()
    tables = read_folder(source, forms)
    findings = [
        *tables.findings,
        *amendment_findings(tables["amendments"]),
        *succession_findings(
            tables["successions"],
            *(set(tables[f"{sort}s"].frame[sort]) for sort in ("partner", "institution")),
        ),
    ]
    if not tables["plans"].frame.is_empty():
        findings = [finding for finding in findings if not _asks_for_counts(finding)]
    if tables["semesters"].frame.is_empty():
        calendar = read_single(
            config.shipped("data/reference") / "semesters.csv", forms["semesters"]
        )
        tables = Tables({**tables.tables, "semesters": calendar}, tables.findings)
    if any(finding.severity == "blocks" for finding in findings):
        raise InputError(findings)
    frames = promised(tables)
    findings += measure_findings(frames, tables["measures"])
    if not frames["plans"].is_empty():
        findings += plan_findings(frames, tables["plans"], tables["counts"])
    if any(finding.severity == "blocks" for finding in findings):
        raise InputError(findings)
    return Inputs(frames, tables["counts"], tuple(findings))


def _asks_for_counts(finding: Finding) -> bool:
    """Whether it says that counts are missing: where there are plans, they are not."""
    return finding.table == "counts" and finding.rule in ("table.no_rows", "input.missing_table")


def semester_days(first: date, last: date) -> list[date]:
    """First days of the programme's semesters between two days, as its calendar has them."""
    forms = load_forms(config.shipped("templates/forms"))
    calendar = read_single(config.shipped("data/reference") / "semesters.csv", forms["semesters"])
    days: list[date] = calendar.frame["first_day"].sort().to_list()
    return [day for day in days if first <= day <= last]
