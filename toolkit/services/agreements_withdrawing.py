"""An agreement, or one of its amendments, taken back: entered wrongly, it was never agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from toolkit.errors import ToolkitError, UsageError
from toolkit.rules.amendments import AgreementVersion
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
    """What is taken back: all of an agreement, or one of its amendments."""

    agreement: str
    seen: tuple[AgreementVersion, ...]
    """The agreement in all its versions, as the person sees it."""
    amendment: str = ""

    @property
    def subject(self) -> str:
        """What the journal calls it."""
        if self.amendment:
            return f"amendments: {self.agreement} · {self.amendment}"
        return f"agreements: {self.agreement}"

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """Which rows of a register go with it."""
        own = frame["agreement"] == self.agreement
        if not self.amendment:
            return own
        named = frame["amendment"] == self.amendment if "amendment" in frame.columns else False
        return own & named


def withdraw(
    database: Database, by: Person, taken: Taken, now: datetime, reason: str
) -> Mapping[str, int]:
    """Withdraw it with all that belongs to it, in one transaction; how many records of each table.

    Raises RefusedError when the person may not, gives no reason, or has seen another
    agreement than stands now; UsageError when there is no such agreement or amendment;
    ConflictError when somebody changes it at the same moment.
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


def _reasons(inputs: Inputs, taken: Taken) -> list[ToolkitError]:
    known = agreement_versions(inputs).get(taken.agreement)
    if known is None:
        raise UsageError("error.agreement.none", agreement=taken.agreement)
    if known != taken.seen:
        return [ToolkitError("error.refused.withdraw.changed", agreement=taken.agreement)]
    numbers = [version.amendment.number for version in known if version.amendment]
    if taken.amendment not in ("", *numbers):
        raise UsageError("error.record.none", record=f"{taken.agreement} · {taken.amendment}")
    return []
