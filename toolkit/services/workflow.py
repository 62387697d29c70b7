"""A semester from draft to release: whose step it is, and every reason why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import polars as pl

from toolkit.errors import RefusedError, ToolkitError, UsageError
from toolkit.frames.ledger import STEPS
from toolkit.frames.registers import REGISTERS
from toolkit.semester import Semester
from toolkit.services.kept_laws import law_change
from toolkit.services.people import Person
from toolkit.services.runs import (
    Asked,
    Computed,
    compute,
    find_run,
    is_whole,
    run_row,
)
from toolkit.services.sealing import digest_of, sealed_inputs
from toolkit.services.stored import inputs_at
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing

Action = Literal["draft", "check", "approve", "release", "return"]
FROM = {
    "draft": ("", "draft", "checked", "approved"),
    "check": ("draft",),
    "approve": ("checked",),
    "release": ("approved",),
    "return": ("checked", "approved"),
}
"""The states an action may begin in."""
TO = {
    "draft": "draft", "check": "checked", "approve": "approved", "release": "released",
    "return": "draft",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """Where a semester stands, which run it is about, and who did what to it."""

    semester: str
    state: str = ""
    run: int = 0
    seal: str = ""
    drafted_by: str = ""
    checked_by: str = ""
    approved_by: str = ""
    released_by: str = ""
    version: int = 0


def step_of(database: Database, semester: Semester, until: int | None = None) -> Step:
    """Where the semester stands, now or at a journal entry; state "" when nothing was drafted."""
    found = records.standing(database, "steps", until)
    rows = found.filter(pl.col("semester") == semester.code).drop("entry")
    return Step(**rows.row(0, named=True)) if rows.height else Step(semester.code)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: when (UTC), by whom, why."""

    at: datetime
    person: str
    reason: str


def taken(database: Database, semester: Semester) -> dict[str, Taken]:
    """How the semester came into each state it has come through since its last draft.

    Beside them `returned`, when the last step was a return: the draft is then the one that
    was returned, made when it was made.
    """
    rows = records.versions(database, "steps").filter(pl.col("semester") == semester.code)
    entries: dict[str, int] = {}
    run = 0
    for state, of_run, entry in rows.sort("version").select("state", "run", "entry").iter_rows():
        if state == "draft" and of_run == run:
            entries = {"draft": entries["draft"], "returned": entry}
        else:
            before = {} if state == "draft" else entries
            entries = {**before, state: entry}
            entries.pop("returned", None)
        run = of_run
    found = {state: records.journal_entry(database, entry) for state, entry in entries.items()}
    return {
        state: Taken(datetime.fromisoformat(row.recorded_at), row.person, row.reason)
        for state, row in found.items() if row
    }  # fmt: skip


def steps(database: Database, until: int | None = None) -> list[Step]:
    """Where every semester stands that was ever drafted, now or at a journal entry."""
    rows = records.standing(database, "steps", until).drop("entry")
    return [Step(**row) for row in rows.iter_rows(named=True)]


def draft(
    database: Database, by: Person, asked: Asked, now: datetime, reason: str = "",
    *, seen: str | None = None,
) -> tuple[Step, Computed]:  # fmt: skip
    """Compute the semester from the store and keep the sealed result as a draft.

    A draft may be made anew until the semester is released; steps taken on an earlier
    one fall away; what somebody has approved falls away with a reason alone. `seen` is the
    seal of the draft the person has seen, empty where there was none: another one that has
    come meanwhile is not replaced. Raises RefusedError with every reason.
    """
    step = step_of(database, asked.semester)
    undone = step.state == "approved" and not reason.strip()
    needs = UsageError("error.refused.no_reason").placed("reason") if undone else None
    other = None if seen in (None, step.seal) else ToolkitError(
        "error.refused.other_draft", semester=asked.semester.code, person=step.drafted_by
    )  # fmt: skip
    refuse([*_order(step, "draft"), by.refusal("draft"), needs, other])
    made = compute(database, asked)
    runs = records.newest(database, "runs").filter(pl.col("semester") == asked.semester.code)
    run = 1 + max(runs["run"], default=0)
    law_version, law = law_change(database, asked.programme)
    row = run_row(made, run, law_version)
    drafted = Step(
        asked.semester.code, "draft", run, row["seal"].item(), by.code, version=step.version + 1
    )
    with writing(database, Act(by.code, "draft", asked.semester.code, now, reason)) as w:
        w.put("laws", law)
        w.put("runs", row)
        w.put("steps", _row(drafted))
    return drafted, made


def take(
    database: Database, by: Person, semester: Semester, action: Action, now: datetime,
    *, seal: str = "", reason: str = "",
) -> Step:  # fmt: skip
    """Take a semester a step on: check, approve, release, or return it to the draft.

    `seal` is that of the figures the person has seen; another one is refused. Raises
    RefusedError with every reason at once, ConflictError when somebody was faster.
    """
    basis = records.entry_at(database, None)
    step = step_of(database, semester)
    refusals = [*_order(step, action), by.refusal(action), *_pairs(step, by, action)]
    if action == "return" and not reason.strip():
        refusals.append(UsageError("error.refused.no_reason").placed("reason"))
    elif action != "return" and step.state in FROM[action]:
        refusals += _seal_broken(database, semester, step, seal)
    refuse(refusals)
    after = _after(step, by, action)
    with writing(database, Act(by.code, action, semester.code, now, reason)) as w:
        w.unchanged_since(basis, [*REGISTERS, "laws"])
        w.put("steps", _row(after))
    return after


def _order(step: Step, action: str) -> Iterator[ToolkitError]:
    if step.state not in FROM[action]:
        state = step.state or "none"
        yield ToolkitError(f"error.refused.order.{action}", semester=step.semester, state=state)


def _pairs(step: Step, by: Person, action: str) -> Iterator[ToolkitError]:
    """Two different people: nobody approves what they drafted or checked themselves."""
    if action != "approve":
        return
    for done, person in (("drafted", step.drafted_by), ("checked", step.checked_by)):
        if person and person == by.code:
            yield ToolkitError(f"error.refused.same_person.{done}", person=by.name or by.code)


def _seal_broken(
    database: Database, semester: Semester, step: Step, seal: str
) -> Iterator[ToolkitError]:
    """Whether the figures are still those that were sealed, and come from what stands now."""
    run = find_run(database, semester, step.run)
    if not is_whole(run, step.seal):
        yield ToolkitError("error.refused.seal_broken", semester=semester.code)
    if seal and seal != step.seal:
        yield ToolkitError("error.refused.other_seal", seen=seal[:12], now=step.seal[:12])
    if inputs_changed(database, semester, run):
        yield ToolkitError("error.refused.inputs_changed", semester=semester.code)
    if not run["complete"]:
        yield ToolkitError("error.refused.incomplete", semester=semester.code)


def inputs_changed(database: Database, semester: Semester, run: Mapping[str, Any]) -> bool:
    """Whether registers or law are others than those a run was computed from."""
    inputs = inputs_at(database, records.entry_at(database, None))
    law_version, changed = law_change(database, run["programme"])
    return bool(
        digest_of(sealed_inputs(inputs, semester)) != run["inputs_sha256"]
        or law_version != run["law_version"]
        or changed.height
    )


def refuse(reasons: Iterable[ToolkitError | None]) -> None:
    """Raises RefusedError with every reason there is."""
    given = [reason for reason in reasons if reason is not None]
    if given:
        raise RefusedError(given)


def _after(step: Step, by: Person, action: Action) -> Step:
    people: dict[str, str] = {"drafted_by": step.drafted_by}
    if action in ("approve", "release"):
        people["checked_by"] = step.checked_by
    if action == "release":
        people["approved_by"] = step.approved_by
    if action != "return":
        people[f"{TO[action]}_by"] = by.code
    return Step(step.semester, TO[action], step.run, step.seal, version=step.version + 1, **people)


def _row(step: Step) -> pl.DataFrame:
    values: dict[str, Any] = {name: getattr(step, name) for name in (*STEPS.columns, "version")}
    return pl.DataFrame([values], schema_overrides=STEPS.columns)
