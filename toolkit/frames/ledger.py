"""What the agency itself decides and keeps: people, laws, runs, steps, notes."""

from __future__ import annotations

import polars as pl

from toolkit.frames.difference import DIFFERENCE
from toolkit.frames.promise import Promise

_TEXT, _WHOLE = pl.String, pl.Int64

ROLES = ("officer", "manager", "approver", "auditor", "partner")

PEOPLE = Promise(
    "people",
    # `roles` are codes joined by commas; `partner` is whose rows a person of a partner sees
    {"person": _TEXT, "name": _TEXT, "roles": _TEXT, "partner": _TEXT},
    key=("person",),
)
PASSWORDS = Promise(
    "passwords",
    # Argon2id with its salt and cost; a password itself is kept nowhere
    {"person": _TEXT, "hash": _TEXT},
    key=("person",),
)
LAWS = Promise(
    "laws",
    # the whole file as it was when something was computed with it
    {"programme": _TEXT, "file": _TEXT, "sha256": _TEXT, "text": _TEXT},
    key=("programme",),
)
RUNS = Promise(
    "runs",
    {
        "semester": _TEXT, "run": _WHOLE,
        # the last journal entry that the inputs were read by, and the law's version
        "basis": _WHOLE, "programme": _TEXT, "law_version": _WHOLE, "law_known_on": pl.Date,
        "method": _TEXT, "envelope_cents": _WHOLE,
        "code_version": _TEXT, "complete": pl.Boolean, "total_cents": _WHOLE, "esf_cents": _WHOLE,
        "inputs_sha256": _TEXT, "law_sha256": _TEXT, "result_sha256": _TEXT, "seal": _TEXT,
        "result": _TEXT,
    },
    key=("semester", "run"),
    nullable=frozenset({"envelope_cents", "law_known_on"}),
)  # fmt: skip
"""A semester computed once: what it was computed from, the result as JSON, the seal over all."""

STATES = ("draft", "checked", "approved", "released")
STEPS = Promise(
    "steps",
    # the version of a step is the lock: two people who step at once meet there
    {
        "semester": _TEXT, "state": _TEXT, "run": _WHOLE, "seal": _TEXT,
        "drafted_by": _TEXT, "checked_by": _TEXT, "approved_by": _TEXT, "released_by": _TEXT,
    },
    key=("semester",),
)  # fmt: skip

NOTES = Promise(
    "notes",
    {
        "semester": _TEXT, "note": _WHOLE, "state": _TEXT,
        # the released run it is about, and the journal entry its present figures stand on
        "run": _WHOLE, "basis": _WHOLE, "law_version": _WHOLE, "complete": pl.Boolean,
        "document_sha256": _TEXT, "document": _TEXT,
        "drafted_by": _TEXT, "proposed_by": _TEXT, "confirmed_by": _TEXT,
    },
    key=("semester", "note"),
)  # fmt: skip
"""A difference note of a released semester, with its document as JSON."""
NOTE_LINES = Promise(
    "note_lines",
    {
        "semester": _TEXT, "note": _WHOLE, "partner": _TEXT,
        **{name: kind for name, kind in DIFFERENCE.columns.items() if name != "partner"},
        "option": _TEXT,
    },
    key=("semester", "note", "partner"),
)  # fmt: skip
"""A partner's difference in a note and, once it is proposed, what is to be done about it."""
