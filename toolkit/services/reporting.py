"""Hand an allocation on: as JSON, as a workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from toolkit import money
from toolkit.errors import Finding
from toolkit.frames.allocation import Allocation, LawUsed
from toolkit.texts import LANGUAGES
from toolkit.texts.formats import said


def write_workbook(allocation: Allocation, path: Path, lang: str) -> None:
    """Write the allocation's workbook. Raises UsageError when the file cannot be written."""
    from toolkit.reports import workbook
    from toolkit.reports.allocation import allocation_report

    workbook.write(allocation_report(allocation, lang), path)


def as_json(allocation: Allocation) -> str:
    """The allocation as JSON with exact amounts; the keys of the contract first, a line a row."""
    # json's own encoder takes a third of a second for the lines of a national semester
    lines = ",\n  ".join(_lines(allocation).write_ndjson().strip().split("\n"))
    parts = {key: _part(value) for key, value in _fields(allocation).items()}
    parts["lines"] = f"[\n  {lines}\n ]" if lines else "[]"
    return "{\n" + ",\n".join(f' "{key}": {part}' for key, part in parts.items()) + "\n}"


def _part(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
    return f"[\n  {rows}\n ]" if rows else "[]"


def _fields(allocation: Allocation) -> Mapping[str, Any]:
    calendar = allocation.calendar
    return {
        "semester": calendar.semester.code,
        "complete": allocation.complete,
        "total": money.euros(allocation.total_cents),
        "esf": money.euros(allocation.esf_cents),
        "state": money.euros(allocation.state_cents),
        "partners": [
            {
                "partner": row["partner"],
                "plans": row["plans"],
                "maximum": money.euros(row["maximum_cents"]),
                "esf": money.euros(row["esf_cents"]),
                "state": money.euros(row["state_cents"]),
                "binding": row["binding"],
            }
            for row in allocation.partners.iter_rows(named=True)
        ],
        "lines": [],
        "refused": [
            {"table": "counts", "row": row["row"], "rule": row["rule"]}
            for row in allocation.refused.iter_rows(named=True)
        ],
        "method": allocation.method,
        "programme": allocation.programme_id,
        "first_day": calendar.first_day.isoformat(),
        "last_day": calendar.last_day.isoformat(),
        "assumed": [used.name for used in allocation.assumed],
        "law": [_law(used) for used in allocation.law_used],
        "findings": [finding_fields(finding) for finding in allocation.findings],
    }


def _lines(allocation: Allocation) -> pl.DataFrame:
    return allocation.lines.select(
        "partner",
        "institution",
        "programme",
        "grade",
        "plan_kind",
        "plans",
        rate=money.euros_text("rate_cents"),
        earned=money.euros_text("earned_cents"),
        maximum=money.euros_text("maximum_cents"),
        limit="limit",
        measures=money.euros_text("measures_cents"),
        basis="basis",
        parameter=pl.format("rate.{}", "plan_kind"),
        agreement="agreement",
        file="file",
        row="row",
    )


def _law(used: LawUsed) -> dict[str, str]:
    first = LANGUAGES[0]  # one text, as it was before law files had two
    return {
        "parameter": used.name, "value": used.value, "unit": used.unit,
        "since": used.since.isoformat(), "status": used.status,
        "act": said(used.act, first), "point": used.point, "url": used.url,
        "note": said(used.note, first),
    }  # fmt: skip


@dataclass(frozen=True)
class _Kept(Finding):
    """A finding as it was told when it was kept, whatever the catalogue says now."""

    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    def problem(self, lang: str) -> str:
        return self.said["problem"][lang]

    def expected(self, lang: str) -> str:
        return self.said["expected"][lang]

    def remedy(self, lang: str) -> str:
        return self.said["remedy"][lang]


def finding_of(fields: Mapping[str, Any]) -> Finding:
    """A finding from what `finding_fields` has made of it."""
    names = ("rule", "table", "file", "sheet", "row", "cell", "value", "severity")
    said = {part: fields[part] for part in ("problem", "expected", "remedy")}
    return _Kept(**{name: fields[name] for name in names}, said=said)


def finding_fields(finding: Finding) -> dict[str, Any]:
    """A finding with its sentences in both languages, as JSON shows it."""
    return {
        "rule": finding.rule, "severity": finding.severity, "table": finding.table,
        "file": finding.file, "sheet": finding.sheet, "row": finding.row, "cell": finding.cell,
        "value": finding.value,
        **{
            part: {lang: getattr(finding, part)(lang) for lang in LANGUAGES}
            for part in ("problem", "expected", "remedy")
        },
    }  # fmt: skip
