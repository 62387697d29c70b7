"""An amendment entered: what its kind may not change is refused, with every reason at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from toolkit.errors import ToolkitError, UsageError
from toolkit.frames.registers import AMENDMENTS, COVERAGE
from toolkit.intake.registers import completed
from toolkit.rules.amendments import (
    MAY_CHANGE,
    AgreementVersion,
    Amendment,
    Change,
    Covered,
    difference,
    refusals,
    versions,
)
from toolkit.services.agreements import agreement_versions, amendment_value
from toolkit.services.inputs import Inputs
from toolkit.services.people import Person
from toolkit.services.plans import catalogue
from toolkit.services.records_checked import ENTERED
from toolkit.services.stored import inputs_at
from toolkit.services.workflow import refuse
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing

KINDS = tuple(MAY_CHANGE)
_READ = {"term": "ends_on", "termination": "ends_on", "money": "amount_cents"}
"""Kinds whose value is a day or an amount, and the field it is for."""


@dataclass(frozen=True, slots=True)
class Entered:
    """An amendment as a person enters it; `coverage` are the institutions it changes."""

    agreement: str
    number: str
    kind: str
    signed_on: date
    effective_on: date
    value: str = ""
    note: str = ""
    coverage: tuple[Covered, ...] = ()


def amend(
    database: Database, by: Person, entered: Entered, now: datetime, reason: str = ""
) -> Sequence[Change]:
    """Write an amendment; what it changes, as its annex prints it.

    Raises RefusedError with every reason why it may not be, UsageError when there is no
    such agreement or kind, ConflictError when somebody else has entered its number.
    """
    basis = records.entry_at(database, None)
    before, after = _checked(inputs_at(database, basis), by, entered)
    new = {"amendments": _amendment_row(entered), "coverage": _coverage_rows(entered)}
    rows = {table: records.numbered(database, table, frame) for table, frame in new.items()}
    subject = f"{entered.agreement} · {entered.number}"
    with writing(database, Act(by.code, "amend", subject, now, reason)) as w:
        w.unchanged_since(basis, ["agreements", "amendments", "coverage"])
        for table, versions_of_it in rows.items():
            w.put(table, versions_of_it)
    return list(difference(before, after))


def foreseen(database: Database, by: Person, entered: Entered) -> tuple[Inputs, Inputs]:
    """The registers as they are and as the amendment would leave them; raises as `amend` does."""
    inputs = inputs_at(database, records.entry_at(database, None))
    _checked(inputs, by, entered)
    new = {"amendments": _amendment_row(entered), "coverage": _coverage_rows(entered)}
    after = {
        table: pl.concat([inputs.frames[table], rows.select(inputs.frames[table].columns)])
        for table, rows in new.items()
    }
    return inputs, replace(inputs, frames={**inputs.frames, **after})


def _checked(
    inputs: Inputs, by: Person, entered: Entered
) -> tuple[AgreementVersion, AgreementVersion]:
    """The agreement before and after an amendment that may be."""
    known = agreement_versions(inputs).get(entered.agreement)
    if known is None:
        raise UsageError("error.agreement.none", agreement=entered.agreement)
    if entered.kind not in MAY_CHANGE:
        raise UsageError("error.amendment.kind", kind=entered.kind, known=", ".join(MAY_CHANGE))
    before, after = _versions(known, entered)
    refuse([by.refusal("import"), *_reasons(inputs, before, after, entered)])
    return before, after


def _versions(
    known: Sequence[AgreementVersion], entered: Entered
) -> tuple[AgreementVersion, AgreementVersion]:
    """The agreement before and after the amendment, in the order in which they take effect."""
    amendment = Amendment(
        entered.number, entered.kind, entered.signed_on, entered.effective_on,
        amendment_value(entered.kind, entered.value), entered.coverage, entered.note,
    )  # fmt: skip
    made = [v.amendment for v in known if v.amendment is not None]
    after = [v for v in versions(known[0], [*made, amendment]) if v.amendment is amendment]
    before = [v for v in known if v.number < after[0].number][-1]
    return before, after[0]


def _reasons(
    inputs: Inputs, before: AgreementVersion, after: AgreementVersion, entered: Entered
) -> list[ToolkitError]:
    facts = {"agreement": entered.agreement, "amendment": entered.number}
    found = [
        ToolkitError(
            f"error.refused.amendment.{refusal.rule}", **facts, amendment_kind=entered.kind,
            field=refusal.about,
        )
        for refusal in refusals(before, after, entered.kind)
    ]  # fmt: skip
    if unread := _unread(after, entered):
        # a value that says nothing changes nothing: that is one fault, not two
        found = [unread, *(r for r in found if not r.key.endswith(".changes_nothing"))]
    if after.ends_on is not None and after.ends_on < after.valid_from:
        ends = ToolkitError("error.refused.amendment.ends_before_start", **facts)
        found.append(ends.placed("ends_on"))
    if min(entered.signed_on, entered.effective_on) < before.signed_on:
        early = "signed_on" if entered.signed_on < before.signed_on else "effective_on"
        found.append(
            ToolkitError("error.refused.amendment.before_agreement", **facts).placed(early)
        )
    institutions = set(inputs.frames["institutions"]["institution"])
    unknown = [c.institution for c in entered.coverage if c.institution not in institutions]
    if entered.kind == "party" and after.partner not in set(inputs.frames["partners"]["partner"]):
        unknown.append(after.partner)
    if entered.kind == "measures":
        unknown += [code for code in after.measures if code not in catalogue()]
    found += [ToolkitError("error.refused.amendment.unknown", code=code) for code in unknown]
    taken = inputs.frames["amendments"].filter(
        pl.col("agreement") == entered.agreement, pl.col("amendment") == entered.number
    )
    if taken.height:
        taken_number = ToolkitError("error.refused.amendment.number", **facts)
        found.append(taken_number.placed("number"))
    return found


def _unread(after: AgreementVersion, entered: Entered) -> ToolkitError | None:
    """Why the value of the amendment is none: it is empty, no day, no amount, or below zero."""
    field = _READ.get(entered.kind)
    if field is None:
        return None
    if not entered.value.strip():
        return ToolkitError("error.refused.amendment.missing", field=field).placed(field)
    if entered.kind == "money" and (after.amount_cents or 0) < 0:
        return negative(field, entered.value).placed(field)
    if amendment_value(entered.kind, entered.value) is None:
        unread = ToolkitError("error.refused.amendment.unread", field=field, text=entered.value)
        return unread.placed(field)
    return None


def negative(field: str, written: str) -> ToolkitError:
    """An amount below zero: an amendment tells the new total, not by how much it falls."""
    return ToolkitError("error.refused.amendment.negative", field=field, text=written)


def _amendment_row(entered: Entered) -> pl.DataFrame:
    values = {
        "file": ENTERED, "row": 0, "agreement": entered.agreement, "amendment": entered.number,
        "signed_on": entered.signed_on, "effective_on": entered.effective_on,
        "kind": entered.kind, "value": entered.value, "note": entered.note,
    }  # fmt: skip
    columns = {name: kind for name, kind in AMENDMENTS.columns.items() if name in values}
    return completed("amendments", pl.DataFrame([values], schema=columns))


def _coverage_rows(entered: Entered) -> pl.DataFrame:
    rows = [
        {
            "file": ENTERED, "row": 0, "agreement": entered.agreement,
            "institution": covered.institution, "from_semester": covered.from_semester,
            "to_semester": covered.to_semester, "grades": list(covered.grades) or None,
            "starts_on": covered.starts_on, "amendment": entered.number,
        }
        for covered in entered.coverage
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(COVERAGE.columns))
