"""Triggers that let rows only be added: neither changed nor removed, by whatever client."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

PREFIX = "append_only"
REFUSAL = "append-only: a change is a new version"
_FUNCTION = f"{PREFIX}_refuse"


def guards(dialect: str, keys: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The statements that guard tables, each with the key whose versions rise by one."""
    if dialect == "postgresql":
        yield (
            f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    for table, key in keys.items():
        yield from _postgresql(table) if dialect == "postgresql" else _sqlite(table, key)


def names(dialect: str, table: str) -> list[str]:
    """The triggers a guarded table has; a missing one is a finding of `grants verify`."""
    kinds = ("change", "truncate") if dialect == "postgresql" else ("update", "delete", "insert")
    return [f"{PREFIX}_{table}_{kind}" for kind in kinds]


def in_force(connection: Connection, keys: dict[str, tuple[str, ...]]) -> set[str]:
    """The guards that stand, are switched on, and refuse what they were made to refuse."""
    if connection.dialect.name == "postgresql":
        return {name for (name,) in connection.execute(text(_IN_FORCE))}
    made = set(guards("sqlite", keys))
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {name for name, sql in rows if sql in made}


_IN_FORCE = f"""
    SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgenabled IN ('O', 'A') AND tgqual IS NULL
      AND tgtype = CASE WHEN tgname LIKE '%_truncate' THEN 34 ELSE 27 END
      AND proname = '{_FUNCTION}' AND btrim(prosrc) = 'BEGIN RAISE EXCEPTION ''{REFUSAL}''; END'
"""  # noqa: S608
"""34: before a truncation; 27: before each row is changed or deleted."""


def _postgresql(table: str) -> Iterator[str]:
    change, truncate = names("postgresql", table)
    yield (
        f"CREATE TRIGGER {change} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()"
    )
    yield (
        f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
    )


def _sqlite(table: str, key: tuple[str, ...]) -> Iterator[str]:
    update, delete, insert = names("sqlite", table)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    yield f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} {refuse}"
    yield f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} {refuse}"
    # INSERT OR REPLACE removes a row without asking the trigger above
    *fixed, counted = key
    same = " AND ".join(f"{name} = NEW.{name}" for name in fixed) or "true"
    last = f"(SELECT max({counted}) FROM {table} WHERE {same})"  # noqa: S608
    yield (
        f"CREATE TRIGGER {insert} BEFORE INSERT ON {table} "
        f"WHEN NEW.{counted} <> coalesce({last}, 0) + 1 {refuse}"
    )
