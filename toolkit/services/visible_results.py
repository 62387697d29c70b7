"""Computed figures as a person may read them: of a semester, of a difference, of a note."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from toolkit.frames.allocation import Allocation
from toolkit.frames.difference import CHANGED_ROWS, DifferenceNote
from toolkit.services.notes import Note
from toolkit.services.visible import Visible, kept

_OF_INSTITUTION = ["partner", "institution"]
_SIDED = (("partner", ""), ("plans", ""), ("rate", "_cents"), ("earned", "_cents"))


def allocation(visible: Visible, whole: Allocation) -> Allocation:
    """The semester's maximum with the rows, findings and names that the person may read.

    Its totals are then those of these rows: the workbook, whose formulas divide totals
    between all partners, cannot be made of it.
    """
    if visible.everything:
        return whole
    refused = _refused(visible, whole.refused)
    places = set(refused.select("file", "row").iter_rows())
    lines = kept(whole.lines, _OF_INSTITUTION, visible.owns)
    shown = {
        "partner": {code for code in whole.names.get("partner", ()) if visible.owns(code)},
        "institution": {*lines["institution"], *visible.institutions},
    }
    return replace(
        whole,
        partners=kept(whole.partners, ["partner"], visible.owns),
        institutions=kept(whole.institutions, _OF_INSTITUTION, visible.owns),
        lines=lines,
        refused=refused,
        findings=tuple(
            found
            for found in whole.findings
            if found.table == "counts" and (found.file, found.row) in places
        ),
        names={
            sort: {code: name for code, name in names.items() if code in shown[sort]}
            for sort, names in whole.names.items()
        },
    )


def difference(visible: Visible, whole: DifferenceNote) -> DifferenceNote:
    """What lies between then and now, of the partners that the person may read."""
    if visible.everything:
        return whole
    return DifferenceNote(
        allocation(visible, whole.before),
        allocation(visible, whole.after),
        kept(whole.partners, ["partner"], visible.owns),
        _rows(visible, whole.rows),
    )


def note(visible: Visible, whole: Note) -> Note:
    """A note; its document tells of every partner, so that a partner gets none of it."""
    return whole if visible.everything else replace(whole, document="")


def _refused(visible: Visible, refused: pl.DataFrame) -> pl.DataFrame:
    columns = ["semester", "institution", "grade"]
    graded = refused.with_columns(grade=pl.col("grade_text").cast(pl.Int64, strict=False))
    return kept(graded, columns, visible.counted).drop("grade")


def _rows(visible: Visible, rows: pl.DataFrame) -> pl.DataFrame:
    """Changed rows; of one that went from a partner to another each reads its own side."""
    for side in ("before", "after"):
        mine = kept(rows, [f"partner_{side}", "institution"], visible.owns)
        keys = mine.select(*CHANGED_ROWS.key, pl.lit(value=True).alias(f"_{side}"))
        rows = rows.join(keys, on=CHANGED_ROWS.key, how="left", maintain_order="left")
    hidden = [
        pl.when(f"_{side}").then(name).alias(name)
        for side in ("before", "after")
        for name in (f"{column}_{side}{tail}" for column, tail in _SIDED)
    ]
    seen = rows.filter(pl.any_horizontal("_before", "_after").fill_null(value=False))
    return seen.with_columns(hidden).select(*CHANGED_ROWS.columns)
