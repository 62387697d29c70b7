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
    if table.frame.is_empty() or not {"kind", "value"} <= table.letters.keys():
        return []
    unread = table.frame.filter(pl.col("kind").is_in(ENDING), read_day(pl.col("value")).is_null())
    findings = (
        cell_finding(table, "amendments.value_not_day", "value", row["row"], row["value"])
        for row in unread.iter_rows(named=True)
    )
    return list(limited(findings, unread.height))


def promised(tables: Tables) -> Mapping[str, pl.DataFrame]:
    """Each table as the frame its schema promises; call it when no finding blocks."""
    frames = {}
    for name, promise in REGISTERS.items():
        frame = tables[name].frame
        if name == "amendments":
            frame = frame.with_columns(
                ends_on=pl.when(pl.col("kind").is_in(ENDING)).then(read_day(pl.col("value")))
            )
        frames[name] = promise.held(frame)
    return frames
