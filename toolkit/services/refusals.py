"""Refused counts rows as findings at the cells of their file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from toolkit.errors import Finding
from toolkit.intake.table import MOST_FINDINGS, cell_finding, more_of_kind
from toolkit.services.inputs import Inputs

_COLUMN_AT_FAULT = {
    "counts.unknown_semester": ("semester", "semester"),
    "counts.plans_not_whole": ("plans", "plans_text"),
    "counts.too_many_plans": ("plans", "plans_text"),
    "counts.duplicate": ("plans", "plans_text"),
    "counts.unknown_institution": ("institution", "institution"),
    "counts.institution_split": ("institution", "institution"),
    "counts.outside_target_group": ("grade", "grade_text"),
    "counts.unknown_plan_kind": ("plan_kind", "plan_kind"),
    "counts.not_covered": ("institution", "institution"),
    "counts.ambiguous_coverage": ("institution", "institution"),
    "counts.ambiguous_partner": ("institution", "institution"),
}


def refusal_findings(refused: pl.DataFrame, inputs: Inputs) -> Iterator[Finding]:
    """The refused rows (REFUSED) as findings, in their order; of one rule the first hundreds."""
    covered = _covered_by(inputs) if refused.height else {}
    told: Counter[str] = Counter()
    for row in refused.iter_rows(named=True):
        rule = row["rule"]
        told[rule] += 1
        if told[rule] > MOST_FINDINGS:
            continue
        column, shown = _COLUMN_AT_FAULT[rule]
        yield cell_finding(
            inputs.counts_table, rule, column, row["row"], row[shown],
            semester=row["semester"], institution=row["institution"], programme=row["programme"],
            grade=row["grade_text"], plan_kind=row["plan_kind"],
            covered="; ".join(covered.get(row["institution"], ())) or "—",
        )  # fmt: skip
    for rule, total in told.items():
        if total > MOST_FINDINGS:
            yield more_of_kind(inputs.counts_table, rule, total)


def _covered_by(inputs: Inputs) -> dict[str, list[str]]:
    """The agreements that name each institution, and from which semester to which."""
    found: dict[str, list[str]] = {}
    columns = ("institution", "agreement", "from_semester", "to_semester")
    for institution, agreement, first, last in inputs.coverage.select(columns).iter_rows():
        until = f"–{last}" if last else " →"
        found.setdefault(institution, []).append(f"{agreement} ({first}{until})")
    return found
