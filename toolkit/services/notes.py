"""Late changes of a released semester: a note is drafted, settled by two people, never an edit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import polars as pl

from toolkit.errors import DamageError, RefusedError, ToolkitError, UsageError
from toolkit.frames.difference import CAUSE_CENTS, NOTED, DifferenceNote, permitted
from toolkit.frames.ledger import NOTE_LINES, NOTES
from toolkit.frames.registers import REGISTERS
from toolkit.semester import Semester
from toolkit.services.difference import Situation, explain
from toolkit.services.difference_reporting import as_json
from toolkit.services.kept_laws import law_change
from toolkit.services.people import Person
from toolkit.services.runs import asked_again, compute, find_run, reproduced
from toolkit.services.workflow import refuse, step_of
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing

FROM = {"propose": ("drafted", "proposed"), "confirm": ("proposed",)}


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it stands; `version` is the lock."""

    semester: str
    note: int
    state: str
    run: int
    basis: int
    law_version: int
    complete: bool
    document_sha256: str
    document: str
    drafted_by: str
    proposed_by: str
    confirmed_by: str
    version: int


def notes(
    database: Database, semester: Semester | None = None, until: int | None = None
) -> list[Note]:
    """The notes of a semester or of all, in their order, now or at a journal entry."""
    rows = records.standing(database, "notes", until).drop("entry")
    found = [Note(**row) for row in rows.iter_rows(named=True)]
    return [note for note in found if semester is None or note.semester == semester.code]


def lines(
    database: Database, semester: Semester, note: int | None = None, until: int | None = None
) -> pl.DataFrame:
    """The partners' lines of one note, or of all the semester's notes; with `version`."""
    found = records.standing(database, "note_lines", until)
    rows = found.filter(pl.col("semester") == semester.code)
    return rows if note is None else rows.filter(pl.col("note") == note)


def present(database: Database, semester: Semester) -> DifferenceNote:
    """What lies between a released semester, with the notes confirmed since, and now.

    Raises RefusedError when the semester is not released, DamageError when the released
    figures do not come out of their own inputs.
    """
    step = step_of(database, semester)
    if step.state != "released":
        reason = ToolkitError(
            "error.refused.order.note", semester=semester.code, state=step.state or "none"
        )
        raise RefusedError([reason])
    run = find_run(database, semester, step.run)
    old, new = reproduced(database, run), compute(database, asked_again(run))
    if (old.allocation.total_cents, old.allocation.esf_cents) != (
        run["total_cents"], run["esf_cents"],
    ):  # fmt: skip
        # another version of the code computes otherwise: no cause of ours may hide that
        raise DamageError("error.damage.run", semester=semester.code, run=step.run)
    confirmed = [note.note for note in notes(database, semester) if note.state == "confirmed"]
    already = lines(database, semester).filter(pl.col("note").is_in(confirmed))
    return explain(
        Situation(old.inputs, old.law, semester, old.asked.envelope_cents, method=old.asked.method),
        Situation(new.inputs, new.law, semester, new.asked.envelope_cents, method=new.asked.method),
        already.select(*NOTED.columns),
    )


def draft_note(
    database: Database, by: Person, semester: Semester, now: datetime, reason: str = ""
) -> tuple[Note, DifferenceNote]:
    """Recompute a released semester and draft what has changed; the release stays as it is.

    An open note is drafted anew. Raises RefusedError, and UsageError when nothing has
    changed since the release and the confirmed notes, or since the open note.
    """
    refuse([by.refusal("note")])
    basis = records.entry_at(database, None)
    found = present(database, semester)
    drafted = _drafted(database, by, semester, found, basis)
    law_version, law = law_change(database, _programme(database, semester))
    drafted = replace(drafted, law_version=law_version)
    rows = _as_lines(found, drafted)
    known = records.newest(database, "note_lines").filter(_of(drafted))
    gone = known.filter(~pl.col("withdrawn")).join(rows, on="partner", how="anti")
    with writing(database, Act(by.code, "note", _subject(drafted), now, reason)) as w:
        w.unchanged_since(basis, [*REGISTERS, "laws", "notes"])
        w.put("laws", law)
        w.put("notes", _row(drafted))
        w.put("note_lines", _next_versions(rows, known))
        w.put("note_lines", _next_versions(gone, known), withdrawn=True)
    return drafted, found


def propose(
    database: Database, by: Person, semester: Semester, options: Mapping[str, str],
    now: datetime, reason: str = "",
) -> Note:  # fmt: skip
    """Say for each partner of the open note what is to be done; `""` stands for all others.

    Raises RefusedError with every reason: an option that does not fit the direction of a
    difference, a partner without one, rows that are refused.
    """
    note = _open_note(database, semester)
    rows = lines(database, semester, note.note)
    chosen = {p: options.get(p, options.get("", "")) for p in rows["partner"]}
    cents = dict(rows.select("partner", "difference_cents").iter_rows())
    chosen = {p: option if cents[p] else "" for p, option in chosen.items()}
    strangers = [ToolkitError("error.note.no_line", partner=p) for p in options if p not in cents]
    refuse(
        [
            *_order(note, "propose"), by.refusal("propose"), *_incomplete(note),
            *(reason for reason in strangers if reason.facts["partner"]),
            *(_unfit(p, chosen[p], cents[p]) for p in cents),
        ]
    )  # fmt: skip
    settled = rows.with_columns(
        option=pl.col("partner").replace_strict(chosen, return_dtype=pl.String)
    )
    proposed = replace(note, state="proposed", proposed_by=by.code, version=note.version + 1)
    with writing(database, Act(by.code, "propose", _subject(note), now, reason)) as w:
        w.put("notes", _row(proposed))
        w.put("note_lines", _next_versions(settled.drop("version", "entry"), rows))
    return proposed


def confirm(
    database: Database, by: Person, semester: Semester, now: datetime, reason: str = ""
) -> Note:
    """Confirm what somebody else proposed; from then on the note counts as settled.

    Raises RefusedError with every reason, one of which is that the registers or the law
    have changed since it was drafted, ConflictError when they change meanwhile.
    """
    basis = records.entry_at(database, None)
    note = _open_note(database, semester)
    same = [
        ToolkitError(f"error.refused.same_person.{did}", person=by.name)
        for did, who in (("noted", note.drafted_by), ("proposed", note.proposed_by))
        if who == by.code
    ]
    order = list(_order(note, "confirm"))
    stale = [] if order else _stale(database, note)
    refuse([*order, by.refusal("confirm"), *same, *_incomplete(note), *stale])
    confirmed = replace(note, state="confirmed", confirmed_by=by.code, version=note.version + 1)
    with writing(database, Act(by.code, "confirm", _subject(note), now, reason)) as w:
        w.unchanged_since(basis, [*REGISTERS, "laws"])
        w.put("notes", _row(confirmed))
    return confirmed


def _drafted(
    database: Database, by: Person, semester: Semester, found: DifferenceNote, basis: int
) -> Note:
    """The new or renewed note; UsageError when it would say nothing new."""
    known = notes(database, semester)
    still_open = [note for note in known if note.state != "confirmed"]
    document = as_json(found)
    digest = sha256(document.encode()).hexdigest()
    if found.empty and not still_open:
        raise UsageError("error.note.empty", semester=semester.code)
    if still_open and still_open[0].document_sha256 == digest:
        raise UsageError("error.note.nothing_new", note=still_open[0].note, semester=semester.code)
    number, version = (
        (still_open[0].note, still_open[0].version) if still_open else (len(known) + 1, 0)
    )
    run = step_of(database, semester).run
    return Note(
        semester.code, number, "drafted", run, basis, 0, found.complete, digest, document,
        by.code, "", "", version + 1,
    )  # fmt: skip


def _open_note(database: Database, semester: Semester) -> Note:
    for note in notes(database, semester):
        if note.state != "confirmed":
            return note
    raise UsageError("error.note.none", semester=semester.code)


def unsettled(database: Database, semester: Semester) -> bool:
    """Whether a released semester differs from now by what no note says yet, not even an open one.

    Raises as `present` does.
    """
    found = present(database, semester)
    still_open = [note for note in notes(database, semester) if note.state != "confirmed"]
    digest = sha256(as_json(found).encode()).hexdigest()
    return still_open[0].document_sha256 != digest if still_open else not found.empty


def _order(note: Note, action: str) -> Iterator[ToolkitError]:
    if note.state not in FROM[action]:
        yield ToolkitError(f"error.refused.order.{action}", note=note.note, state=note.state)


def _incomplete(note: Note) -> Iterator[ToolkitError]:
    if not note.complete:
        yield ToolkitError("error.refused.incomplete", semester=note.semester)


def _stale(database: Database, note: Note) -> Iterator[ToolkitError]:
    """Whether what the note says is still what lies between the release and now."""
    now = as_json(present(database, Semester.parse(note.semester)))
    if sha256(now.encode()).hexdigest() != note.document_sha256:
        yield ToolkitError("error.refused.note_stale", note=note.note, semester=note.semester)


def _unfit(partner: str, option: str, cents: int) -> ToolkitError | None:
    """Why the option does not fit; a difference between ESF and state alone needs none."""
    may = permitted(cents)
    if not may or option in may:
        return None
    key = "error.note.option" if option else "error.note.no_option"
    return ToolkitError(key, partner=partner, option=option, options=", ".join(may))


def _programme(database: Database, semester: Semester) -> str:
    return asked_again(find_run(database, semester, step_of(database, semester).run)).programme


def _as_lines(found: DifferenceNote, note: Note) -> pl.DataFrame:
    """The note's lines: every partner for whom anything is different."""
    differs = pl.any_horizontal(
        pl.col("difference_cents", "esf_difference_cents", *CAUSE_CENTS) != 0, pl.col("refused") > 0
    )
    return (
        found.partners.filter(differs)
        .with_columns(
            semester=pl.lit(note.semester), note=pl.lit(note.note, pl.Int64), option=pl.lit("")
        )
        .select(*NOTE_LINES.columns)
    )


def _next_versions(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    last = known.select("partner", _last="version")
    return (
        rows.drop("version", "entry", "withdrawn", strict=False)
        .join(last, on="partner", how="left", validate="1:1")
        .with_columns(version=pl.col("_last").fill_null(0) + 1)
        .drop("_last")
    )


def _of(note: Note) -> pl.Expr:
    return (pl.col("semester") == note.semester) & (pl.col("note") == note.note)


def _row(note: Note) -> pl.DataFrame:
    values: dict[str, Any] = {name: getattr(note, name) for name in (*NOTES.columns, "version")}
    return pl.DataFrame([values], schema_overrides=dict(NOTES.columns))


def _subject(note: Note) -> str:
    return f"{note.semester} · {note.note}"
