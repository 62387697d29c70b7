"""Passwords of people, as Argon2 hashes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from toolkit.store import guards

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table beside what stands, and guard it."""
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "passwords",
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("version", whole, primary_key=True, autoincrement=False),
        sa.Column("entry", whole, sa.ForeignKey("journal.entry"), nullable=False),
        sa.Column("withdrawn", sa.Boolean().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    keys: dict[str, tuple[str, ...]] = {"passwords": ("person", "version")}
    for statement in guards.guards(op.get_bind().dialect.name, keys):
        op.execute(statement)
