"""A semester computed from the store: what it was computed from, and the seal over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import polars as pl

from toolkit.errors import UsageError
from toolkit.frames.allocation import Allocation
from toolkit.frames.ledger import RUNS
from toolkit.law import Law
from toolkit.law.load import parse_law
from toolkit.money import euros
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import Inputs
from toolkit.services.kept_laws import law_known
from toolkit.services.laws import DEFAULT_PROGRAMME
from toolkit.services.reporting import as_json
from toolkit.services.sealing import code_version, digest_of, seal_of, sealed_inputs
from toolkit.services.stored import basis_at, inputs_at
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.texts.formats import HERE


@dataclass(frozen=True, slots=True)
class Asked:
    """What a semester is computed with, beside the store and the law."""

    semester: Semester
    envelope_cents: int | None = None
    method: str = "per_plan"
    programme: str = DEFAULT_PROGRAMME


@dataclass(frozen=True, slots=True)
class Computed:
    """A semester computed from the store, and what it was computed from."""

    asked: Asked
    basis: int
    inputs: Inputs
    law: Law
    law_text: str
    allocation: Allocation
    result: str


def compute(database: Database, asked: Asked, as_of: datetime | None = None) -> Computed:
    """The semester's maximum from the store, now or as known at a moment.

    A moment of the past takes the records and the law as they were known then.
    Raises StoreError when nothing was recorded by then.
    """
    basis = basis_at(database, as_of)
    file, law_text = law_known(database, asked.programme, as_of, basis)
    law = parse_law(law_text, file)
    if as_of is not None:
        law = law.as_known(as_of.astimezone(HERE).date())
    return computed(asked, basis, inputs_at(database, basis), law, law_text)


def computed(asked: Asked, basis: int, inputs: Inputs, law: Law, law_text: str) -> Computed:
    """The maximum of given inputs and law."""
    allocation = allocate(inputs, law, asked.semester, asked.envelope_cents, asked.method)
    return Computed(asked, basis, inputs, law, law_text, allocation, as_json(allocation))


def run_row(made: Computed, run: int, law_version: int) -> pl.DataFrame:
    """The run as a row of the store, sealed."""
    parts = sealed_parts(made)
    allocation = made.allocation
    values: dict[str, Any] = {
        **parts, "run": run, "basis": made.basis, "law_version": law_version,
        "law_known_on": None, "complete": allocation.complete,
        "total_cents": allocation.total_cents, "esf_cents": allocation.esf_cents,
        "seal": seal_of(**parts), "result": made.result,
    }  # fmt: skip
    frame = pl.DataFrame([values], schema_overrides=RUNS.columns)
    return frame.select(*RUNS.columns).with_columns(version=pl.lit(1, pl.Int64))


def sealed_parts(made: Computed) -> dict[str, Any]:
    """The parts a seal is made of, by name."""
    return {
        "semester": made.asked.semester.code,
        "programme": made.asked.programme,
        "method": made.asked.method,
        "envelope_cents": made.asked.envelope_cents,
        "code_version": code_version(),
        "inputs_sha256": digest_of(sealed_inputs(made.inputs, made.asked.semester)),
        "law_sha256": sha256(made.law_text.encode()).hexdigest(),
        "result_sha256": sha256(made.result.encode()).hexdigest(),
    }


SEALED = (
    "semester", "programme", "method", "envelope_cents", "code_version", "inputs_sha256",
    "law_sha256", "result_sha256",
)  # fmt: skip


def is_whole(run: Mapping[str, Any], seal: str) -> bool:
    """Whether a stored run is what was sealed, and says of its result what is in it."""
    if sha256(run["result"].encode()).hexdigest() != run["result_sha256"]:
        return False
    if seal_of(**{name: run[name] for name in SEALED}) != seal or run["seal"] != seal:
        return False
    result = json.loads(run["result"])
    told = (run["complete"], euros(run["total_cents"]), euros(run["esf_cents"]))
    return told == (result["complete"], result["total"], result["esf"])


def find_run(database: Database, semester: Semester, run: int) -> dict[str, Any]:
    """A run of a semester as it was stored. Raises UsageError when there is none."""
    found = records.standing(database, "runs").filter(
        pl.col("semester") == semester.code, pl.col("run") == run
    )
    if found.is_empty():
        raise UsageError("error.run.none", semester=semester.code)
    return found.row(0, named=True)


def asked_again(run: dict[str, Any]) -> Asked:
    """What a stored run was asked."""
    semester = Semester.parse(run["semester"])
    return Asked(semester, run["envelope_cents"], run["method"], run["programme"])


def reproduced(database: Database, run: dict[str, Any]) -> Computed:
    """A stored run computed anew from the records and the law it was computed from."""
    laws = records.versions(database, "laws").filter(
        pl.col("programme") == run["programme"], pl.col("version") == run["law_version"]
    )
    text, file = laws["text"].item(), laws["file"].item()
    law = parse_law(text, file)
    return computed(asked_again(run), run["basis"], inputs_at(database, run["basis"]), law, text)
