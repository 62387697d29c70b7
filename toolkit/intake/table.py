"""A form's frame beside what was found in it, and findings placed at its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import polars as pl

from toolkit.errors import Finding, Severity
from toolkit.intake.forms import Form
from toolkit.intake.sheets import shown

MOST_FINDINGS = 200
"""Of one kind in one table: the finding after them says how many more there are."""


@dataclass(frozen=True, slots=True)
class Table:
    """A form's frame and what was found while it was read."""

    form: Form
    frame: pl.DataFrame
    findings: tuple[Finding, ...]
    letters: Mapping[str, str]
    """The spreadsheet column of each column of the form."""
    file: str = ""
    sheet: str = ""

    @property
    def blocked(self) -> bool:
        """Whether a finding stands that must be mended first."""
        return any(finding.severity == "blocks" for finding in self.findings)


def cell_finding(
    table: Table, rule: str, column: str, row: int | None, value: str,
    severity: Severity = "blocks", **facts: str,
) -> Finding:  # fmt: skip
    """A finding at one cell, addressed as the spreadsheet shows it."""
    cell = f"{table.letters[column]}{row}" if row and column in table.letters else ""
    told = {name: shown(fact) for name, fact in facts.items()}
    return Finding(
        rule, table.form.table, table.file, table.sheet, row, cell, shown(value), severity, told
    )


def limited(findings: Iterable[Finding], total: int) -> Iterator[Finding]:
    """The first findings of one kind, and when there are more of them, how many."""
    finding = None
    for finding in islice(findings, MOST_FINDINGS):
        yield finding
    if finding is not None and total > MOST_FINDINGS:
        place = finding.table, finding.file, finding.sheet
        yield _more(finding.rule, *place, finding.severity, total)


def more_of_kind(table: Table, rule: str, total: int) -> Finding:
    """That there are more findings of one kind in the table than are shown."""
    return _more(rule, table.form.table, table.file, table.sheet, "blocks", total)


def kind_of(finding: Finding) -> str:
    """The rule a finding is about, also when it only says how many more there are."""
    return finding.facts.get("of", finding.rule)


def _more(
    rule: str, table: str, file: str, sheet: str, severity: Severity, total: int
) -> Finding:  # fmt: skip
    more = str(total - MOST_FINDINGS)
    return Finding(
        "table.more_of_kind", table, file, sheet, severity=severity,
        facts={"count": more, "shown": str(MOST_FINDINGS), "of": rule},
    )  # fmt: skip
