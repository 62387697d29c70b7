"""Migrations: a database is made, or brought to the version this toolkit knows, by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from toolkit.errors import StoreError
from toolkit.store.connect import HEAD, Database, connect, place, revision

_FOLDER = Path(__file__).parent / "migrations"


def migrated(url: str) -> Database:
    """The database at a URL at the newest version; it is made when it is not there.

    Raises StoreError when it is newer than this toolkit, or holds somebody else's tables.
    """
    database = connect(url)
    file = database.file
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    found = revision(database)
    if found is not None and found > HEAD:
        raise StoreError("error.store.newer", place=place(url), found=found, known=HEAD)
    if found != HEAD:
        with database.writing() as connection:
            if found is None and (others := inspect(connection).get_table_names()):
                raise StoreError("error.store.foreign", place=place(url), tables=", ".join(others))
            migrate(connection)
    return database


def migrate(connection: Connection, to: str = HEAD) -> None:
    """Bring the database to a version, the newest, in the transaction of the connection."""
    command.upgrade(_config(connection), to)


def heads() -> list[str]:
    """The newest migrations there are; a test holds that HEAD is the one."""
    return list(ScriptDirectory(str(_FOLDER)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
