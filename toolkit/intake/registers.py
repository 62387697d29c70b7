"""The tables of a folder as promised frames."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from toolkit.errors import Finding
from toolkit.frames.registers import REGISTERS
from toolkit.intake.cells import read_cents, read_day
from toolkit.intake.folder import Tables
from toolkit.intake.table import Table, cell_finding, limited

ENDING = ("term", "termination")


def amendment_findings(table: Table) -> list[Finding]:
    """Amendments of the term whose value is no day, of the money whose value is no amount."""
    if not {"kind", "value"} <= table.letters.keys():
        return []
    unread: dict[str, list[tuple[int, str]]] = {}
    for row, kind, value in table.frame.select("row", "kind", "value").iter_rows():
        if kind in ENDING and read_day(value) is None:
            unread.setdefault("amendments.value_not_day", []).append((row, value))
        if kind == "money" and not _is_amount(value):
            unread.setdefault("amendments.value_not_money", []).append((row, value))
    return [
        finding
        for rule, at in unread.items()
        for finding in limited(
            (cell_finding(table, rule, "value", row, value) for row, value in at), len(at)
        )
    ]


def _is_amount(written: str) -> bool:
    cents = read_cents(written)
    return cents is not None and cents >= 0


def promised(tables: Tables) -> Mapping[str, pl.DataFrame]:
    """Each table as the frame its schema promises; call it when no finding blocks."""
    return {
        name: promise.held(completed(name, tables[name].frame))
        for name, promise in REGISTERS.items()
    }


def completed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the columns that are derived from others of it."""
    if table == "amendments":
        ends = [
            read_day(value) if kind in ENDING else None
            for kind, value in frame.select("kind", "value").iter_rows()
        ]
        return frame.with_columns(ends_on=pl.Series(ends, dtype=pl.Date))
    if table == "counts" and "plans_text" not in frame.columns:
        return frame.with_columns(
            grade_text=pl.col("grade").cast(pl.String), plans_text=pl.col("plans").cast(pl.String)
        )
    return frame
