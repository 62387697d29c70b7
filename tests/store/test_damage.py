"""Whatever is changed past the toolkit is found and named: a value, a row, a table, a guard."""

# ruff: noqa: S608 - the names in the queries are those of our own tables
from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import Column

from tests.store.material import at
from tests.store.plain import client, plainly, without_guards
from tests.store.test_store import fill_every_table
from toolkit.errors import DamageError, StoreError
from toolkit.store import records
from toolkit.store.bulk import read
from toolkit.store.connect import Database, opened
from toolkit.store.guards import names
from toolkit.store.journal import Act, writing
from toolkit.store.sealing import FEW_ROWS
from toolkit.store.tables import METADATA, STORED
from toolkit.store.verify import verify

OTHER = {
    "Text": "coalesce({c} || 'x', 'x')",
    "BigInteger": "coalesce({c} + 1000, 1)",
    "Date": "coalesce({c} + 1, DATE '2020-01-01')",
    "Boolean": "NOT {c}",
}
"""Another value of a column, by its kind."""
UNLIKE = {"Date": ("'2022-02-30'", "coalesce({c}, '2022-03-01') || ' '", "'2022-3-1'")}
UNLIKE["Boolean"] = ("2", "-1")
"""What SQLite takes besides: it keeps days as text and flags as numbers."""


@pytest.fixture
def unguarded(database: Database) -> Database:
    """A store with a row in every table and a copy of each, its guards taken away."""
    fill_every_table(database)
    without_guards(database)
    with client(database) as connection:
        for table in METADATA.tables:
            connection.execute(f"CREATE TABLE saved_{table} AS SELECT * FROM {table}")
    return database


@contextmanager
def spoiled(database: Database, table: str, sql: str) -> Iterator[list[DamageError]]:
    """What verify finds besides the missing guards while a statement has had its effect."""
    plainly(database, sql)
    yield [d for d in verify(database).damage if d.key != "error.damage.no_guard"]
    plainly(database, f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM saved_{table}")


def changes(column: Column[object], dialect: str) -> Iterator[str]:
    kind = type(column.type).__name__
    yield OTHER["Text" if (kind, dialect) == ("Date", "sqlite") else kind].format(c=column.name)
    if dialect == "sqlite":
        yield from (other.format(c=column.name) for other in UNLIKE.get(kind, ()))


def last_row(database: Database, table: str) -> tuple[int, str, str]:
    """The entry and key of a row, and the condition that finds it."""
    found = read(database, f"SELECT * FROM {table}").sort("entry").row(-1, named=True)
    stored = STORED.get(table)
    key = stored.key if stored else ()
    columns = [column.name for column in METADATA.tables[table].primary_key]
    where = " AND ".join(f"{name} = '{found[name]}'" for name in columns)
    return found["entry"], " · ".join(str(found[name]) for name in key), where


def names_it(damage: DamageError, table: str, entry: int, key: str) -> bool:
    """Whether the sentence leads to the row: by entry, or by table and key."""
    if table in ("journal", "parts"):
        return damage.facts.get("entry") == str(entry)
    facts = damage.facts
    return facts.get("table") == table and facts["first"] <= key <= facts["last"]


def test_a_changed_value_in_any_column_of_any_table_is_named(unguarded: Database):
    unnamed = []
    for table in METADATA.sorted_tables:
        entry, key, where = last_row(unguarded, table.name)
        for column in table.columns:
            for value in changes(column, unguarded.dialect):
                sql = f"UPDATE {table.name} SET {column.name} = {value} WHERE {where}"
                with spoiled(unguarded, table.name, sql) as found:
                    if not any(names_it(damage, table.name, entry, key) for damage in found):
                        unnamed.append((sql, [damage.sentence("en") for damage in found]))

    assert unnamed == []
    assert [d for d in verify(unguarded).damage if d.key != "error.damage.no_guard"] == []


def test_a_removed_row_of_any_table_is_named(unguarded: Database):
    for table in METADATA.tables:
        entry, key, where = last_row(unguarded, table)
        with spoiled(unguarded, table, f"DELETE FROM {table} WHERE {where}") as found:
            assert any(names_it(damage, table, entry, key) for damage in found), table


def test_an_added_row_of_any_table_is_named(unguarded: Database):
    for table in METADATA.sorted_tables:
        _, _, where = last_row(unguarded, table.name)
        counted = "part" if table.name == "parts" else "version"
        counted = "entry" if table.name == "journal" else counted
        changed = {counted: f"{counted} + 1", "hash": "hash || 'x'"}
        columns = [column.name for column in table.columns]
        values = ", ".join(changed.get(name, name) for name in columns)
        sql = (
            f"INSERT INTO {table.name} ({', '.join(columns)}) "
            f"SELECT {values} FROM {table.name} WHERE {where}"
        )
        with spoiled(unguarded, table.name, sql) as found:
            assert found, table.name
            assert table.name in ("journal", "parts") or found[0].facts["table"] == table.name


def test_a_changed_row_among_many_is_named_within_its_block(database: Database):
    many = FEW_ROWS * 10
    rows = pl.DataFrame(
        {
            "person": [f"p{n:05}" for n in range(many)], "name": ["n"] * many,
            "roles": [""] * many, "partner": [""] * many, "version": [1] * many,
        }
    )  # fmt: skip
    with writing(database, Act("anna", "people", "", at(5))) as w:
        w.put("people", rows)
    without_guards(database)
    with client(database) as connection:
        connection.execute("UPDATE people SET name = 'N' WHERE person = 'p01234'")

    (found,) = [d for d in verify(database).damage if d.key == "error.damage.rows"]

    assert found.facts["first"] <= "p01234" <= found.facts["last"]
    assert found.facts["first"] == "p01000"
    assert found.facts["last"] == "p01499"


def test_a_cut_off_end_gives_another_last_hash_than_the_one_noted(unguarded: Database):
    noted = verify(unguarded)
    with client(unguarded) as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(f"DELETE FROM {table.name} WHERE entry = {noted.entries}")

    found = verify(unguarded)

    assert [d for d in found.damage if d.key != "error.damage.no_guard"] == []
    assert (found.entries, noted.entries) == (noted.entries - 1, found.entries + 1)
    assert found.last_hash != noted.last_hash


def test_every_guard_that_is_gone_is_named(database: Database):
    for table in METADATA.tables:
        for trigger in names(database.dialect, table):
            with client(database) as connection:
                on = f" ON {table}" if database.dialect == "postgresql" else ""
                connection.execute(f"DROP TRIGGER {trigger}{on}")

            assert verify(database).damage[-1].facts == {"table": table, "trigger": trigger}


BLUNT = {
    "sqlite": (
        "DROP TRIGGER append_only_partners_update",
        "CREATE TRIGGER append_only_partners_update BEFORE UPDATE ON partners BEGIN SELECT 1; END",
    ),
    "postgresql": (
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "DROP TRIGGER append_only_partners_change ON partners",
        "CREATE TRIGGER append_only_partners_change BEFORE UPDATE OR DELETE ON partners "
        "FOR EACH ROW EXECUTE FUNCTION nothing()",
    ),
}


def test_a_guard_replaced_by_one_that_refuses_nothing_is_named(database: Database):
    with client(database) as connection:
        for sql in BLUNT[database.dialect]:
            connection.execute(sql)

    (found,) = verify(database).damage

    assert found.facts["table"] == "partners"


OFF = (
    ("ALTER TABLE counts DISABLE TRIGGER append_only_counts_change", {"counts"}),
    ("ALTER TABLE counts DISABLE TRIGGER ALL", {"counts"}),
    ("ALTER TABLE counts ENABLE REPLICA TRIGGER append_only_counts_truncate", {"counts"}),
    (
        "CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$",
        set(METADATA.tables),
    ),
)


@pytest.mark.parametrize(("sql", "tables"), OFF)
def test_a_guard_switched_off_is_named(
    sql: str, tables: set[str], server: str, monkeypatch: pytest.MonkeyPatch
):
    from tests.store.conftest import new_database
    from toolkit.store.migrate import migrated

    database = migrated(new_database(server))
    with client(database) as connection:
        connection.execute(sql)

    found = verify(database).damage

    assert {damage.key for damage in found} == {"error.damage.no_guard"}
    assert {damage.facts["table"] for damage in found} == tables


def test_a_dropped_table_is_named(database: Database):
    cascade = " CASCADE" if database.dialect == "postgresql" else ""
    for table in reversed(METADATA.sorted_tables):
        with client(database) as connection:
            connection.execute(f"DROP TABLE {table.name}{cascade}")

        missing = [d.facts["table"] for d in verify(database).damage if "no_table" in d.key]

        assert table.name in missing


def test_a_flipped_byte_of_the_file_is_damage_or_changes_nothing(
    database: Database, tmp_path: Path
):
    if database.file is None:
        return  # PostgreSQL answers for its own files
    fill_every_table(database)
    whole, content = database.file.read_bytes(), all_rows(database)
    chance, told = random.Random(8304), 0
    for number in range(200):
        place = chance.randrange(len(whole))
        changed = bytearray(whole)
        changed[place] ^= chance.randrange(1, 256)
        file = tmp_path / f"{number}.db"
        file.write_bytes(changed)
        try:
            found = opened(f"sqlite:///{file}")
        except StoreError:
            told += 1
            continue
        damage = verify(found).damage
        told += bool(damage)
        assert damage or all_rows(found) == content, place

    print(f"{told} of 200 flipped bytes told, the others lay in unused space")
    assert told > 20


def all_rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    found = {name: records.versions(database, name).rows() for name in STORED}
    for name in ("journal", "parts"):
        found[name] = read(database, f"SELECT * FROM {name}").rows()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def test_text_that_is_no_text_any_more_is_damage(database: Database):
    if database.file is None:
        return  # PostgreSQL refuses it
    whole = database.file.read_bytes()
    for written in ("Rugāju novada dome", "Anna Finansiste", "published"):
        place = whole.index(written.encode())
        database.file.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])

        assert verify(database).damage, written
