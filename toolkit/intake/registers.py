"""The tables of a folder as promised frames."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from toolkit.errors import Finding
from toolkit.frames.registers import REGISTERS
from toolkit.intake.cells import read_day
from toolkit.intake.folder import Tables
from toolkit.intake.table import Table, cell_finding, limited

ENDING = ("term", "termination")


def amendment_findings(table: Table) -> list[Finding]:
    """Amendments of the term whose value is no day."""
    if not {"kind", "value"} <= table.letters.keys():
        return []
    unread = [
        (row, value)
        for row, kind, value in table.frame.select("row", "kind", "value").iter_rows()
        if kind in ENDING and read_day(value) is None
    ]
    findings = (
        cell_finding(table, "amendments.value_not_day", "value", row, value)
        for row, value in unread
    )
    return list(limited(findings, len(unread)))


def promised(tables: Tables) -> Mapping[str, pl.DataFrame]:
    """Each table as the frame its schema promises; call it when no finding blocks."""
    frames = {name: tables[name].frame for name in REGISTERS}
    amendments = frames["amendments"]
    ends = [
        read_day(value) if kind in ENDING else None
        for kind, value in amendments.select("kind", "value").iter_rows()
    ]
    frames["amendments"] = amendments.with_columns(ends_on=pl.Series(ends, dtype=pl.Date))
    return {name: promise.held(frames[name]) for name, promise in REGISTERS.items()}
