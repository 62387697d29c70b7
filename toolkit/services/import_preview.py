"""What a file would change in the store, row by row, before anybody says yes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from toolkit.services import registers_shown
from toolkit.services.importing import Import, TableChange
from toolkit.texts import text
from toolkit.texts.formats import semester, word

MOST_LINES = 40
"""Of one kind in one table; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of one table to which the same happens: the first of them in words."""

    table: str
    what: str
    first: tuple[str, ...]
    more: int


def preview(prepared: Import, lang: str) -> list[Lines]:
    """What goes, what changes from what to what, what comes; what goes stands first."""
    found = []
    for change in prepared.changes:
        table = word("table", change.table, lang)
        for what, rows, tell in (
            ("withdrawn", change.withdrawn, _named),
            ("changed", change.changed, _changed),
            ("added", change.added, _named),
        ):
            if rows.height:
                first = tuple(tell(change, row, lang) for row in _rows(rows))
                found.append(Lines(table, what, first, rows.height - len(first)))
    return sorted(found, key=lambda lines: lines.what != "withdrawn")


def withdrawn(prepared: Import) -> int:
    """How many records would go."""
    return sum(change.withdrawn.height for change in prepared.changes)


def semesters(prepared: Import, lang: str) -> Mapping[str, str]:
    """The semesters that the file changes, and their names."""
    frames = (
        frame
        for change in prepared.changes
        for frame in (change.added, change.changed, change.withdrawn)
        if "semester" in frame.columns
    )
    codes = sorted({code for frame in frames for code in frame["semester"].unique()})
    return {code: semester(code, lang) for code in codes}


def _rows(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    return rows.head(MOST_LINES).iter_rows(named=True)


def _named(change: TableChange, row: Mapping[str, Any], lang: str) -> str:
    shown = registers_shown.shown(change.table, row, lang)
    parts = (shown.get(name, str(row[name])) for name in change.key)
    titles = {one.name: one.title for one in registers_shown.columns(change.table, lang)}
    counted = change.table == "counts" and row["plans"] != ""
    figures = [f"{titles['plans']}: {row['plans']}"] if counted else []
    told = (_part(name, part, row, lang) for name, part in zip(change.key, parts, strict=True))
    return " · ".join([*told, *figures])


def _part(name: str, part: str, row: Mapping[str, Any], lang: str) -> str:
    """A part of what names a row: codes of ours in words, a grade with its word."""
    if name in ("programme", "plan_kind"):
        return word(name, part, lang)
    if name == "grade":
        kind = "course" if row.get("programme") == "vocational" else "grade"
        return text(f"journal.numbered.{kind}", lang, number=part)
    return part


def _changed(change: TableChange, row: Mapping[str, Any], lang: str) -> str:
    """The record, and each column that is another than before; of a person no more than that."""
    key = {name: row[name] for name in change.key}
    before = change.before.filter(pl.col(name) == value for name, value in key.items())
    was, now = (
        registers_shown.shown(change.table, one, lang) for one in (before.row(0, named=True), row)
    )
    told = [
        column.title if column.kind == "person" else
        f"{column.title} {was[column.name] or '–'} → {now[column.name] or '–'}"
        for column in registers_shown.columns(change.table, lang)
        if was[column.name] != now[column.name]
    ]  # fmt: skip
    named = _named(change, {**row, "plans": ""}, lang)
    return f"{named}: {'; '.join(told)}"
