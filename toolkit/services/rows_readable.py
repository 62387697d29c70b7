"""What can be said of a file's whole rows while others of it cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from toolkit.errors import Finding
from toolkit.intake.folder import Tables
from toolkit.intake.table import Table
from toolkit.services.records_checked import REFERRING

OF_WHOLE_FILE = ("counts.differ_from_plans", "succession.not_conserved")
"""Findings of sums: with rows left out they would speak of figures that nobody wrote."""

_PAYING = {"agreements", "amendments", "coverage", "memberships", "partners", "successions"}
"""The tables that say which counts are paid, beside those whose records counts name."""


def readable(tables: Tables, given: Iterable[str], found: Iterable[Finding]) -> Tables:
    """The given tables without the rows at fault, and of them those that can be judged.

    A table with a fault that is no row's, or with more faults of a kind than are named, is
    left out; so is one that names records of a table which lacks some: whether those
    records are there cannot be told.
    """
    faults = [finding for finding in found if finding.severity == "blocks"]
    rows = {name: set(tables[name].frame["row"]) for name in {f.table for f in faults} & set(given)}
    unread = {fault.table for fault in faults if fault.row not in rows.get(fault.table, ())}
    partial = {finding.table for finding in faults} & set(given)
    whole = [
        name for name in given
        if name not in unread and not (_named_by(name) - {name}) & (partial | unread)
    ]  # fmt: skip
    return Tables({name: _without(tables[name], faults) for name in whole}, ())


def _named_by(table: str) -> set[str]:
    """The tables whose records a table names."""
    named = {target for name, _, target in REFERRING if name == table}
    return named | (_PAYING if table == "counts" else set())


def _without(table: Table, faults: list[Finding]) -> Table:
    rows = [finding.row for finding in faults if finding.table == table.form.table]
    return replace(table, frame=table.frame.filter(~pl.col("row").is_in(rows)))
