"""What an import must not break: codes that lead nowhere, counts that earn no money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from toolkit.errors import ConservationError, Finding, LawError
from toolkit.intake.folder import Tables
from toolkit.intake.successions import succession_findings
from toolkit.intake.table import Table, cell_finding, kind_of, limited
from toolkit.semester import Semester
from toolkit.services.agreements_checked import (
    agreement_findings,
    coverage_findings,
    unspent_findings,
)
from toolkit.services.allocation import allocate, checked_counts
from toolkit.services.inputs import Inputs
from toolkit.services.laws import load_law
from toolkit.services.plans import measure_findings, plan_findings
from toolkit.services.refusals import refusal_findings
from toolkit.store.tables import STORED

REFERENCES = (
    ("memberships", "institution", "institutions"),
    ("memberships", "partner", "partners"),
    ("unspent", "partner", "partners"),
    ("unspent", "semester", "semesters"),
    ("quotas", "partner", "partners"),
    ("agreements", "partner", "partners"),
    ("amendments", "agreement", "agreements"),
    ("coverage", "agreement", "agreements"),
    ("coverage", "institution", "institutions"),
    ("plans", "institution", "institutions"),
    ("strategic_partners", "agreement", "agreements"),
)
"""Table, column, and the table whose key the column names."""
LATER = (
    "counts.not_covered",
    "counts.ambiguous_coverage",
    "counts.ambiguous_partner",
    "succession.not_conserved",
)
"""Counts may come in before the agreement or succession they need: until then they earn nothing."""


def checked(after: Inputs, tables: Tables, given: Iterable[str]) -> Iterator[Finding]:
    """Findings of the store as it would be, at the rows of the files."""
    yield from lost_references(after, tables, given)
    if "agreements" in given or "amendments" in given:
        yield from agreement_findings(after, tables["agreements"], tables["amendments"])
    if "unspent" in given:
        yield from unspent_findings(tables["unspent"])
    if "measures" in given:
        yield from measure_findings(after.frames, tables["measures"])
    if "plans" in given or "counts" in given:
        yield from plan_findings(after.frames, tables["plans"], tables["counts"])
    if "coverage" in given:
        yield from _unknown_amendments(after, tables["coverage"])
        yield from coverage_findings(tables["coverage"])
    if "successions" in given:
        names = (set(after.frames[f"{sort}s"][sort]) for sort in ("partner", "institution"))
        yield from succession_findings(tables["successions"], *names)
    if "counts" in given:
        yield from _counts(after, tables["counts"])


def lost_references(after: Inputs, tables: Tables, given: Iterable[str]) -> Iterator[Finding]:
    """Codes that lead to no record."""
    for name, column, target in REFERENCES:
        if name in given:
            yield from _leads_nowhere(after, tables[name], column, target)


def written_twice(table: Table) -> Iterator[Finding]:
    """Rows whose record another row of the file holds too: which of them was meant?"""
    key = STORED[table.form.table].key
    if table.form.key or table.frame.is_empty():
        return  # the form's own key has been looked at while it was read
    twice = table.frame.filter(pl.struct(*key).is_duplicated())
    findings = (
        cell_finding(
            table, "row.duplicate_key", key[0], row["row"],
            " · ".join(str(row[name]) for name in key),
        )
        for row in twice.iter_rows(named=True)
    )  # fmt: skip
    yield from limited(findings, twice.height)


def _unknown_amendments(after: Inputs, table: Table) -> Iterator[Finding]:
    """Coverage brought by an amendment that is not there."""
    brought = table.frame.filter(pl.col("amendment") != "")
    known = after.frames["amendments"].select("agreement", "amendment")
    lost = brought.join(known, on=["agreement", "amendment"], how="anti")
    findings = (
        cell_finding(table, "reference.unknown", "amendment", row, value, target="amendments")
        for row, value in lost.select("row", "amendment").iter_rows()
    )
    return limited(findings, lost.height)


def _leads_nowhere(after: Inputs, table: Table, column: str, target: str) -> Iterator[Finding]:
    code = target.removesuffix("s")
    known = after.frames[target].select(pl.col(code).alias(column))
    lost = table.frame.select("row", column).join(known, on=column, how="anti")
    findings = (
        cell_finding(table, "reference.unknown", column, row, value, target=target)
        for row, value in lost.iter_rows()
    )
    return limited(findings, lost.height)


def _counts(after: Inputs, table: Table) -> Iterator[Finding]:
    """The refusals of an allocation of each semester in the file, by its rows."""
    own = replace(after, frames={**after.frames, "counts": table.frame})
    known = set(after.known_semesters)
    codes = sorted(set(table.frame["semester"]) & known) or sorted(known)[-1:]
    law = load_law()
    told: set[Finding] = set()
    for code in codes:
        try:
            found = allocate(own, law, Semester.parse(code)).findings
        except LawError:
            # a semester without law earns nothing yet; the allocation will say so
            yield from _unread(table, code)
            continue
        except ConservationError as error:
            # what a succession loses must not hide what is wrong with the rows themselves
            refused = checked_counts(own, law, Semester.parse(code))[2].filter(
                pl.col("rule").is_not_null()
            )
            found = (*error.findings, *refusal_findings(refused.collect().sort("row"), own))
        for finding in found:
            late = kind_of(finding) in LATER
            shown = replace(finding, severity="explain") if late else finding
            if shown not in told:
                told.add(shown)
                yield shown


def _unread(table: Table, code: str) -> Iterator[Finding]:
    """Rows of a semester without law whose numbers are none: the store cannot keep them."""
    rows = table.frame.filter(pl.col("semester") == code)
    for rule, column in (
        ("counts.plans_not_whole", "plans"),
        ("counts.outside_target_group", "grade"),
    ):
        unread = rows.filter(pl.col(column).is_null())
        findings = (
            cell_finding(
                table, rule, column, row["row"], row[f"{column}_text"],
                semester=code, programme=row["programme"],
            )
            for row in unread.iter_rows(named=True)
        )  # fmt: skip
        yield from limited(findings, unread.height)
