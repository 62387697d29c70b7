"""The first tables."""

from alembic import op

from toolkit.store import guards
from toolkit.store.tables import METADATA, STORED

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make journal, parts and every register, and guard them."""
    bind = op.get_bind()
    METADATA.create_all(bind)
    keys = {"journal": ("entry",), "parts": ("entry", "part")}
    keys |= {name: (*stored.key, "version") for name, stored in STORED.items()}
    for statement in guards.guards(bind.dialect.name, keys):
        op.execute(statement)
