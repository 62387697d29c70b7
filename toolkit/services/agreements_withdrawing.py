"""An agreement, or its last amendment, taken back: entered wrongly, it was never agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from toolkit.errors import ToolkitError, UsageError
from toolkit.services.agreements import agreement_versions
from toolkit.services.inputs import Inputs
from toolkit.services.people import Person
from toolkit.services.stored import inputs_at
from toolkit.services.workflow import refuse
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing
from toolkit.store.tables import STORED

TABLES = ("agreements", "amendments", "coverage", "strategic_partners")
"""Where the records of an agreement stand; each names its number."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken back: all of an agreement, or its last amendment alone."""

    agreement: str
    last: str
    """The number of the last amendment the person has seen; empty where there is none."""
    whole: bool = True

    @property
    def subject(self) -> str:
        """What the journal calls it."""
        if self.whole:
            return f"agreements: {self.agreement}"
        return f"amendments: {self.agreement} · {self.last}"

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """Which rows of a register go with it."""
        own = frame["agreement"] == self.agreement
        if self.whole:
            return own
        return own & (frame["amendment"] == self.last if "amendment" in frame.columns else False)


def withdraw(
    database: Database, by: Person, taken: Taken, now: datetime, reason: str
) -> Mapping[str, int]:
    """Withdraw it with all that belongs to it, in one transaction; how many records of each table.

    Raises RefusedError when the person may not, gives no reason, or has not seen the last
    amendment; UsageError when there is no such agreement; ConflictError when somebody has
    changed it meanwhile.
    """
    by.must("import")
    basis = records.entry_at(database, None)
    needs = None if reason.strip() else UsageError("error.refused.no_reason").placed("reason")
    refuse([needs, *_reasons(inputs_at(database, basis), taken)])
    gone = {}
    for table in TABLES:
        frame = records.standing(database, table, basis)
        gone[table] = frame.filter(taken.of(frame))
    with writing(database, Act(by.code, "withdraw", taken.subject, now, reason)) as w:
        w.unchanged_since(basis, list(TABLES))
        for table, rows in gone.items():
            kept = rows.select(*STORED[table].columns, pl.col("version") + 1)
            w.put(table, kept, withdrawn=True)
    return {table: rows.height for table, rows in gone.items() if rows.height}


def foreseen(database: Database, by: Person, taken: Taken) -> tuple[Inputs, Inputs]:
    """The registers as they are and as they would be without it; raises as `withdraw` does."""
    by.must("import")
    inputs = inputs_at(database, records.entry_at(database, None))
    refuse(_reasons(inputs, taken))
    frames = {table: inputs.frames[table] for table in TABLES}
    left = {table: frame.filter(~taken.of(frame)) for table, frame in frames.items()}
    return inputs, replace(inputs, frames={**inputs.frames, **left})


def last_amendment(inputs: Inputs, agreement: str) -> str:
    """The number of its last amendment; empty where it has none, or there is no agreement."""
    known = agreement_versions(inputs).get(agreement, ())
    return next((v.amendment.number for v in reversed(known) if v.amendment), "")


def _reasons(inputs: Inputs, taken: Taken) -> list[ToolkitError]:
    if taken.agreement not in set(inputs.frames["agreements"]["agreement"]):
        raise UsageError("error.agreement.none", agreement=taken.agreement)
    last = last_amendment(inputs, taken.agreement)
    if last == taken.last and (taken.whole or last):
        return []
    facts = {"agreement": taken.agreement, "amendment": last or "–"}
    return [ToolkitError("error.refused.withdraw.amended", **facts)]
