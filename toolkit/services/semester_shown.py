"""A semester as its page shows it: the figures that count now, beside those of the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toolkit.errors import Finding, LawError, RefusedError, ToolkitError, UsageError
from toolkit.frames.allocation import Allocation
from toolkit.semester import Semester
from toolkit.services import notes, runs, visible_results, workflow
from toolkit.services.importing import Import
from toolkit.services.notes import Note
from toolkit.services.people import Person
from toolkit.services.reporting import finding_of
from toolkit.services.runs import Asked
from toolkit.services.stored import register, stored_inputs
from toolkit.services.visible import Visible
from toolkit.services.workflow import Step, Taken
from toolkit.store import records
from toolkit.store.connect import Database

Before = Mapping[tuple[str, ...], int]
"""Maxima in cents of partners, their institutions and the rows of these, each by its key."""
KEYS = {
    "partners": ("partner",),
    "institutions": ("partner", "institution"),
    "lines": ("partner", "institution", "programme", "grade", "plan_kind"),
}
"""What names a partner, an institution and a row of an allocation."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A semester with its figures: those of a draft or a release, else a preview."""

    step: Step
    allocation: Allocation
    before: Before | None
    """The maxima of the semester before; None when that has no figures."""
    plans_before: int | None
    taken: Mapping[str, Taken]
    """How it came into each state."""


def semesters(database: Database) -> list[str]:
    """The codes of all semesters of the calendar, newest first."""
    entry = records.entry_at(database, None)
    return sorted(register(database, "semesters", entry)["semester"].to_list(), reverse=True)


def usual(database: Database, by: Person | None, today: date) -> Semester:
    """The semester a page opens with: the one with newest figures, else the one of today.

    For who may see none before its release, the newest that is released.
    """
    released = [step.semester for step in workflow.steps(database) if step.state == "released"]
    if released and by is not None and by.refusal("workbook"):
        return Semester.parse(max(released))
    entry = records.entry_at(database, None)
    counted = register(database, "counts", entry)["semester"].to_list()
    planned = register(database, "plans", entry)["semester"].to_list()
    if counted or planned:
        return Semester.parse(max([*counted, *planned]))
    calendar = register(database, "semesters", entry).filter(pl.col("first_day") <= today)
    return Semester.parse(max(calendar["semester"], default=semesters(database)[-1]))


def shown(database: Database, by: Person, semester: Semester, today: date) -> Shown:
    """The semester's figures: as they were sealed when a draft was kept, else computed now.

    A partner's person gets the rows of their partner alone, and none before the release.
    Raises LawError, ConservationError and UsageError as `allocate` does, RefusedError
    before a release that a partner waits for.
    """
    visible = Visible(by, stored_inputs(database), today)
    step = workflow.step_of(database, semester)
    if not visible.everything and step.state != "released":
        raise RefusedError([ToolkitError("error.refused.not_released", semester=semester.code)])
    allocation = visible_results.allocation(visible, _figures(database, semester, step))
    before = _before(database, semester, visible)
    return Shown(
        step,
        allocation,
        _maxima(before) if before else None,
        int(before.partners["plans"].sum()) if before else None,
        workflow.taken(database, semester) if step.state else {},
    )


def waiting(database: Database, by: Person, semester: Semester, step: Step) -> str:
    """What the semester's figures wait for since data or law have changed, if the person may.

    `note` after the release, `compute` before it; empty when they are those of now.
    """
    released = step.state == "released"
    if not step.run or by.refusal("note" if released else "draft"):
        return ""
    try:
        if released:
            return "note" if notes.unsettled(database, semester) else ""
        run = runs.find_run(database, semester, step.run)
        return "compute" if workflow.inputs_changed(database, semester, run) else ""
    except ToolkitError:
        return ""  # why nothing can be computed is told to whoever asks for it


def touched(database: Database, prepared: Import) -> dict[str, list[str]]:
    """The semesters whose counts or plans an import changes and that are computed already.

    By what is to be done: `released` ones need a difference note, others be computed anew.
    """
    codes = {
        code
        for change in prepared.changes
        for frame in (change.added, change.changed, change.withdrawn)
        if change.table in ("counts", "plans")
        for code in frame["semester"].unique()
    }
    found: dict[str, list[str]] = {}
    for step in workflow.steps(database):
        if step.semester in codes:
            after = "released" if step.state == "released" else "computed"
            found.setdefault(after, []).append(step.semester)
    return found


def _figures(database: Database, semester: Semester, step: Step) -> Allocation:
    if step.run:
        return runs.reproduced(database, runs.find_run(database, semester, step.run)).allocation
    return runs.compute(database, Asked(semester)).allocation


def _before(database: Database, semester: Semester, visible: Visible) -> Allocation | None:
    """The semester before, when it is known and has figures."""
    year, half = (semester.first_year, 1) if semester.half == 2 else (semester.first_year - 1, 2)
    before = Semester(year, half)
    step = workflow.step_of(database, before)
    if not visible.everything and step.state != "released":
        return None
    try:
        found = visible_results.allocation(visible, _figures(database, before, step))
    except (LawError, UsageError):
        return None
    return found if found.partners.height else None


def _maxima(allocation: Allocation) -> Before:
    return {
        tuple(str(part) for part in key): cents
        for name, columns in KEYS.items()
        for *key, cents in getattr(allocation, name).select(*columns, "maximum_cents").iter_rows()
    }


def note_lines(
    database: Database, by: Person, semester: Semester, today: date
) -> list[tuple[Note, list[dict[str, Any]]]]:
    """The semester's difference notes with the lines that the person may read."""
    visible = Visible(by, stored_inputs(database), today)
    found = []
    for note in notes.notes(database, semester):
        rows = visible.register("note_lines", notes.lines(database, semester, note.note))
        if visible.everything or (rows.height and note.state == "confirmed"):
            before = rows.with_columns(before_cents=pl.col("old_cents") + pl.col("noted_cents"))
            found.append((visible_results.note(visible, note), before.to_dicts()))
    return found


def note_findings(note: Note) -> tuple[Finding, ...]:
    """Why rows earned nothing when the note was drafted, as it was told then."""
    told = json.loads(note.document)["findings"] if note.document else ()
    return tuple(finding_of(fields) for fields in told)


def note_total(lines: list[dict[str, Any]]) -> dict[str, int]:
    """The sums of a note's lines, by column."""
    columns = [name for name in (lines[0] if lines else {}) if name.endswith("_cents")]
    return {name: sum(line[name] for line in lines) for name in columns}
