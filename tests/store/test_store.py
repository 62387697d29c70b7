"""What the store promises, on both databases."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.store.material import START, anna, at
from toolkit.errors import ConflictError, StoreError
from toolkit.services import demo, stored
from toolkit.services.inputs import read_inputs
from toolkit.store import records
from toolkit.store.connect import HEAD, Database, opened
from toolkit.store.guards import guards, names
from toolkit.store.journal import Act, writing
from toolkit.store.migrate import heads
from toolkit.store.tables import METADATA, STORED
from toolkit.store.verify import verify

from toolkit import config  # isort: skip


def partner(name: str, version: int, code: str = "TEST") -> pl.DataFrame:
    """The record of a partner under test."""
    return pl.DataFrame(
        {
            "file": ["test"], "row": [2], "partner": [code], "name": [name],
            "kind": ["municipality"], "registration_number": [""],
            "valid_from": [START.date()], "valid_to": [None], "version": [version],
        },
        schema_overrides={"valid_to": pl.Date},
    )  # fmt: skip


def write(database: Database, rows: pl.DataFrame, minutes: int, person: str = "anna") -> None:
    with writing(database, Act(person, "amend", "TEST", at(minutes))) as w:
        w.put("partners", rows)


def write_both(database: Database, people: pl.DataFrame, partners: pl.DataFrame) -> None:
    with writing(database, Act("juris", "amend", "TEST", at(11))) as w:
        w.put("people", people)
        w.put("partners", partners)


def name_at(database: Database, minutes: int) -> list[str]:
    entry = records.entry_at(database, at(minutes))
    frame = records.standing(database, "partners", entry)
    return frame.filter(pl.col("partner") == "TEST")["name"].to_list()


def test_every_register_comes_back_as_it_was_read_from_the_files(database: Database):
    files = read_inputs(config.shipped("data/sample/published")).frames
    kept = stored.stored_inputs(database).frames

    for name, frame in files.items():
        if name == "semesters":
            continue
        key = list(STORED[name].key)
        assert kept[name].sort(key).equals(frame.select(kept[name].columns).sort(key)), name


def test_a_change_is_a_new_version_and_the_old_ones_are_seen_at_their_time(database: Database):
    write(database, partner("Pirmais", 1), 10)
    write(database, partner("Otrais", 2), 20)

    assert [name_at(database, m) for m in (9, 10, 19, 20, 99)] == [
        [], ["Pirmais"], ["Pirmais"], ["Otrais"], ["Otrais"],
    ]  # fmt: skip


def test_a_withdrawn_record_is_gone_from_then_on_and_may_come_back(database: Database):
    write(database, partner("Pirmais", 1), 10)
    with writing(database, Act("anna", "amend", "TEST", at(20))) as w:
        w.put("partners", partner("Pirmais", 2), withdrawn=True)
    write(database, partner("Atkal", 3), 30)

    assert [name_at(database, m) for m in (15, 25, 35)] == [["Pirmais"], [], ["Atkal"]]


def test_two_who_change_the_same_version_meet_and_the_second_hears_who_and_when(
    database: Database,
):
    write(database, partner("Pirmais", 1), 10)
    write(database, partner("Annas", 2), 20)

    with pytest.raises(ConflictError) as conflict:
        write(database, partner("Jura", 2), 21, "juris")

    assert "Anna" in conflict.value.sentence("lv")
    assert "2022-03-01 10:20:00" in conflict.value.sentence("en")
    assert name_at(database, 99) == ["Annas"]


@pytest.mark.parametrize("at_row", [0, 1, 1_999])
def test_one_of_many_rows_that_somebody_else_has_written_is_named(database: Database, at_row: int):
    many = pl.concat([partner(f"Nosaukums {n}", 1, f"P-{n:04}") for n in range(2_000)])
    write(database, many[at_row], 10)
    before = records.standing(database, "partners")

    with pytest.raises(ConflictError) as conflict:
        write(database, many, 20, "juris")

    assert conflict.value.facts["record"] == f"P-{at_row:04}"
    assert conflict.value.facts["person"] == "anna"
    assert records.standing(database, "partners").equals(before)
    assert verify(database).damage == ()


def test_a_conflict_leaves_nothing_of_its_transaction_behind(database: Database):
    write(database, partner("Pirmais", 1), 10)
    before = records.entry_at(database, None)

    person = {"person": ["x"], "name": ["X"], "roles": [""], "partner": [""], "version": [1]}
    with pytest.raises(ConflictError):
        write_both(database, pl.DataFrame(person), partner("Jura", 1))

    assert records.entry_at(database, None) == before
    assert records.standing(database, "people").height == len(demo.PEOPLE)
    assert verify(database).damage == ()


CHANGES = ("UPDATE {t} SET {c} = {c}", "DELETE FROM {t}")
OTHER_WAYS = {
    "sqlite": ("INSERT OR REPLACE INTO {t} SELECT * FROM {t}",),
    "postgresql": ("TRUNCATE {t} CASCADE",),
}


def test_rows_are_neither_changed_nor_removed_by_plain_sql(database: Database):
    fill_every_table(database)

    for table in METADATA.sorted_tables:
        for statement in (*CHANGES, *OTHER_WAYS[database.dialect]):
            sql = statement.format(t=table.name, c=next(iter(table.columns)).name)
            with pytest.raises(DBAPIError, match="append-only"):
                execute(database, sql)

    assert verify(database).damage == ()


def execute(database: Database, sql: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(sql))


def fill_every_table(database: Database) -> None:
    """At least one row everywhere: a trigger for each row refuses nothing in an empty table."""
    empty = [name for name in STORED if records.versions(database, name).is_empty()]
    with writing(database, Act("anna", "test", "", at(1))) as w:
        for name in empty:
            columns = STORED[name].columns
            values = {c: [_some(kind)] for c, kind in columns.items()}
            frame = pl.DataFrame(values, schema=columns).with_columns(version=pl.lit(1, pl.Int64))
            w.put(name, frame)


def _some(kind: object) -> object:
    if kind == pl.Int64:
        return 1
    if kind == pl.Date:
        return START.date()
    return True if kind == pl.Boolean else "x"


def test_the_journals_time_never_runs_back(database: Database):
    write(database, partner("Pirmais", 1), 60)
    write(database, partner("Otrais", 2), 30)

    last = records.journal_entry(database, records.entry_at(database, None))

    assert last is not None
    assert last.recorded_at == records.timestamp(at(60))


def test_reading_between_writes_loses_nothing(database: Database):
    """Two SQLite libraries in one process: each opens the file alone, or a log is lost."""
    for version in range(1, 21):
        write(database, partner(f"{version}.", version), version)
        assert records.standing(database, "partners").height == 24

    assert name_at(database, 99) == ["20."]
    assert verify(database).entries == 22


def test_a_transaction_that_reads_in_bulk_is_a_fault_of_ours(database: Database):
    if database.dialect == "postgresql":
        return
    with pytest.raises(RuntimeError), writing(database, Act("anna", "x", "", at(1))):
        records.standing(database, "partners")


def test_a_database_that_is_not_there_is_a_sentence(url: str):
    with pytest.raises(StoreError) as error:
        opened(url)
    assert "grants init" in error.value.sentence("lv")


@pytest.mark.parametrize(("revision", "key"), [("0999", "newer"), ("0000", "older")])
def test_a_database_of_another_version_is_refused(database: Database, revision: str, key: str):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})

    with pytest.raises(StoreError) as error:
        opened(database.url)

    assert error.value.key == f"error.store.{key}"


def test_the_newest_migration_is_the_one_the_code_knows():
    assert heads() == [HEAD]


def test_migrations_make_the_tables_the_code_knows(database: Database):
    assert other_than_known(database) == []


def other_than_known(database: Database) -> list[object]:
    """What the tables of the database have otherwise than the code's."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    return [change for change in found if "alembic_version" not in str(change)]


def test_every_table_is_guarded():
    keys = dict.fromkeys(METADATA.tables, ("entry",))
    for dialect in ("sqlite", "postgresql"):
        made = "\n".join(guards(dialect, keys))
        assert all(name in made for table in METADATA.tables for name in names(dialect, table))


def test_nulls_come_back_as_nulls_wherever_they_stand(database: Database):
    """ADBC guesses SQLite's types by the first rows: a late text after thousands of nulls."""
    many = 3_000
    frame = pl.DataFrame(
        {
            "file": ["t"] * many, "row": range(many), "partner": [f"P{n:05}" for n in range(many)],
            "name": ["n"] * many, "kind": ["k"] * many, "registration_number": [""] * many,
            "valid_from": [START.date()] * many,
            "valid_to": [None] * (many - 1) + [START.date() + timedelta(1)],
            "version": [1] * many,
        },
        schema_overrides={"valid_to": pl.Date},
    )  # fmt: skip
    write(database, frame, 5)

    kept = records.standing(database, "partners").filter(pl.col("partner").str.starts_with("P0"))

    assert kept["valid_to"].to_list() == frame["valid_to"].to_list()


def test_the_demo_is_written_by_the_person_who_may(database: Database):
    assert anna(database).roles == {"officer", "manager"}
