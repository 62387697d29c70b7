"""The first tables, written out: a migration never changes when the code does."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from toolkit.store import guards

revision = "0001"
down_revision = None

TABLES = {
    "agreements": (
        "agreement",
        "file:text row:whole agreement:text partner:text signed_on:day valid_from:day "
        "valid_to:day? measures:text amount_cents:whole?",
    ),
    "amendments": (
        "agreement amendment",
        "file:text row:whole agreement:text amendment:text signed_on:day effective_on:day "
        "kind:text value:text note:text",
    ),
    "counts": (
        "semester institution programme grade plan_kind",
        "file:text row:whole semester:text institution:text programme:text grade:whole? "
        "plan_kind:text plans:whole?",
    ),
    "coverage": (
        "agreement institution from_semester amendment",
        "file:text row:whole agreement:text institution:text from_semester:text "
        "to_semester:text grades:text? starts_on:day? amendment:text",
    ),
    "institutions": (
        "institution",
        "file:text row:whole institution:text name:text kind:text valid_from:day valid_to:day?",
    ),
    "laws": (
        "programme",
        "programme:text file:text sha256:text text:text",
    ),
    "measures": (
        "plan measure",
        "file:text row:whole plan:text measure:text quantity:whole price_cents:whole",
    ),
    "memberships": (
        "institution partner valid_from",
        "file:text row:whole institution:text partner:text valid_from:day valid_to:day?",
    ),
    "note_lines": (
        "semester note partner",
        "semester:text note:whole partner:text old_cents:whole noted_cents:whole "
        "new_cents:whole difference_cents:whole count_cents:whole rate_cents:whole "
        "coverage_cents:whole succession_cents:whole rounding_cents:whole "
        "esf_difference_cents:whole state_difference_cents:whole refused:whole option:text",
    ),
    "notes": (
        "semester note",
        "semester:text note:whole state:text run:whole basis:whole law_version:whole "
        "complete:flag document_sha256:text document:text drafted_by:text proposed_by:text "
        "confirmed_by:text",
    ),
    "partners": (
        "partner",
        "file:text row:whole partner:text name:text kind:text registration_number:text "
        "valid_from:day valid_to:day?",
    ),
    "people": (
        "person",
        "person:text name:text roles:text partner:text",
    ),
    "plans": (
        "plan",
        "file:text row:whole plan:text semester:text institution:text programme:text "
        "grade:whole plan_kind:text learner:text risks:text starts_on:day ends_on:day",
    ),
    "quotas": (
        "partner call",
        "file:text row:whole partner:text call:text projects:whole",
    ),
    "runs": (
        "semester run",
        "semester:text run:whole basis:whole programme:text law_version:whole "
        "law_known_on:day? method:text envelope_cents:whole? code_version:text complete:flag "
        "total_cents:whole esf_cents:whole inputs_sha256:text law_sha256:text "
        "result_sha256:text seal:text result:text",
    ),
    "semesters": (
        "semester",
        "file:text row:whole semester:text first_day:day last_day:day status:text source:text",
    ),
    "steps": (
        "semester",
        "semester:text state:text run:whole seal:text drafted_by:text checked_by:text "
        "approved_by:text released_by:text",
    ),
    "strategic_partners": (
        "agreement name valid_from",
        "file:text row:whole agreement:text name:text kind:text valid_from:day valid_to:day?",
    ),
    "successions": (
        "predecessor successor effective_on",
        "file:text row:whole kind:text predecessor:text successor:text effective_on:day "
        "document:text",
    ),
    "unspent": (
        "partner semester",
        "file:text row:whole partner:text semester:text unspent_cents:whole",
    ),
}
"""Table: its key, then its columns with their kind; `?` where there may be none."""
KINDS: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "whole": sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    "day": sa.Date().with_variant(sa.Text(), "sqlite"),
    "flag": sa.Boolean().with_variant(sa.Integer(), "sqlite"),
}
CHAIN = {
    "journal": ("entry", "entry:whole recorded_at:text person:text action:text subject:text "
                "reason:text payload:text previous:text hash:text"),
    "parts": ("entry part", "entry:whole part:whole table_name:text first_key:text last_key:text "
              "rows:whole sha256:text"),
}  # fmt: skip
VERSIONED = "version:whole entry:whole withdrawn:flag"


def upgrade() -> None:
    """Make journal, parts and every register, and guard them."""
    _create("journal", *CHAIN["journal"], sa.UniqueConstraint("hash", name="journal_hash_once"))
    _create("parts", *CHAIN["parts"], _written_by())
    for name, (key, columns) in TABLES.items():
        _create(name, f"{key} version", f"{columns} {VERSIONED}", _written_by())
    keys = {name: tuple(key.split()) for name, (key, _) in CHAIN.items()}
    keys |= {name: (*key.split(), "version") for name, (key, _) in TABLES.items()}
    for statement in guards.guards(op.get_bind().dialect.name, keys):
        op.execute(statement)


def _create(name: str, key: str, columns: str, *constraints: sa.schema.SchemaItem) -> None:
    keyed = key.split()
    kinds = dict(column.split(":") for column in columns.split())
    op.create_table(
        name,
        *(
            sa.Column(
                column,
                KINDS[kinds[column].rstrip("?")],
                primary_key=column in keyed,
                autoincrement=False,
                nullable=kinds[column].endswith("?"),
            )
            for column in dict.fromkeys((*keyed, *kinds))
        ),
        *constraints,
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def _written_by() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["entry"], ["journal.entry"])
