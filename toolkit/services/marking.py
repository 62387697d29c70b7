"""An uploaded table handed back: the cells that must be mended are marked where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from toolkit.errors import Finding
from toolkit.intake.folder import raw_sheets
from toolkit.reports.marked import MarkedSheet, marked_workbook


def marked(path: Path, findings: Sequence[Finding], lang: str) -> bytes:
    """A workbook with the file's sheets, each finding a colour and a comment at its cell.

    Everything stands as text, so that no cell becomes a formula; personal codes are
    masked. A first sheet lists the corrections.
    """
    sheets = [MarkedSheet(raw.sheet or path.stem, raw.sheet, raw.rows) for raw in raw_sheets(path)]
    return marked_workbook(sheets, findings, lang)
