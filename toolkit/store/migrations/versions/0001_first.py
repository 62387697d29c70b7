"""The first tables."""

from alembic import op

from toolkit.store import guards
from toolkit.store.tables import COUNTED, METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make journal, parts and every register, and guard them."""
    bind = op.get_bind()
    METADATA.create_all(bind)
    for statement in guards.guards(bind.dialect.name, COUNTED):
        op.execute(statement)
