"""Hand a difference note on: as JSON, as a workbook."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from toolkit import money
from toolkit.frames.difference import AMOUNTS, DifferenceNote, permitted
from toolkit.reports.difference_words import sentences
from toolkit.services.reporting import finding_fields
from toolkit.texts import LANGUAGES


def write_workbook(note: DifferenceNote, path: Path, lang: str) -> None:
    """Write the note's workbook. Raises UsageError when the file cannot be written."""
    from toolkit.reports import workbook
    from toolkit.reports.difference import difference_report

    workbook.write(difference_report(note, lang), path)


def as_json(note: DifferenceNote) -> str:
    """The note as JSON with exact amounts in euros."""
    said = {lang: sentences(note, lang) for lang in LANGUAGES}
    return json.dumps(
        {
            "semester": note.after.calendar.semester.code,
            "programme": note.after.programme_id,
            "complete": note.complete,
            "empty": note.empty,
            "total": {key: money.euros(note.total(key)) for key in AMOUNTS},
            "partners": [
                {
                    "partner": row["partner"],
                    **_in_euros(row, AMOUNTS),
                    "refused": row["refused"],
                    "options": permitted(row["difference_cents"]),
                    "sentence": {lang: said[lang][place] for lang in LANGUAGES},
                }
                for place, row in enumerate(note.partners.iter_rows(named=True))
            ],
            "rows": [_row(row) for row in note.rows.iter_rows(named=True)],
            "assumed": [used.name for used in note.after.assumed],
            "findings": [finding_fields(finding) for finding in note.after.findings],
        },
        ensure_ascii=False,
        indent=1,
    )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    amounts = [name.removesuffix("_cents") for name in row if name.endswith("_cents")]
    plain = {name: value for name, value in row.items() if not name.endswith("_cents")}
    return plain | _in_euros(row, amounts)


def _in_euros(row: dict[str, Any], names: Iterable[str]) -> dict[str, str | None]:
    cents = {name: row[f"{name}_cents"] for name in names}
    return {name: None if value is None else money.euros(value) for name, value in cents.items()}
