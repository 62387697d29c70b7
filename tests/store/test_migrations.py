"""A database of an earlier version is brought up with all that stands in it."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.store.material import START, anna, at
from tests.store.test_store import execute, other_than_known, partner
from toolkit import cli
from toolkit.errors import DamageError, StoreError
from toolkit.services import demo, keeping, passwords
from toolkit.services.people import person_row
from toolkit.store import records
from toolkit.store.connect import HEAD, Database, connect, opened, revision
from toolkit.store.guards import names
from toolkit.store.journal import Act, writing
from toolkit.store.migrate import migrate
from toolkit.store.verify import verify


def first(url: str) -> Database:
    """A database as the first version made it, with people and a partner changed once."""
    database = connect(url)
    with database.writing() as connection:
        migrate(connection, "0001")
    rows = pl.concat([person_row(person) for person in demo.PEOPLE])
    with writing(database, Act("anna", "init", "", START)) as w:
        w.put("people", rows.with_columns(version=pl.lit(1, pl.Int64)))
    for version, name in enumerate(("Pirmais", "Otrais"), 1):
        with writing(database, Act("anna", "amend", "TEST", at(version))) as w:
            w.put("partners", partner(name, version))
    return database


def test_the_first_version_is_refused_until_init_brings_it_up(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    old = first(url)
    before = {name: records.versions(old, name) for name in ("people", "partners")}
    with pytest.raises(StoreError) as error:
        opened(url)
    assert "grants init" in error.value.sentence("lv")

    monkeypatch.setattr(sys, "argv", ["grants", "init"])
    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 0
    assert revision(old) == HEAD
    assert other_than_known(old) == []
    assert all(records.versions(old, name).equals(rows) for name, rows in before.items())
    assert verify(old).damage == ()


def test_what_a_migration_makes_is_guarded_and_can_be_used(url: str):
    database = first(url)
    with database.writing() as connection:
        migrate(connection)
    passwords.set_password(database, anna(database), "juris", "zaļš ābols kokā", at(9))

    for statement in ("UPDATE passwords SET hash = 'x'", "DELETE FROM passwords"):
        with pytest.raises(DBAPIError, match="append-only"):
            execute(database, statement)
    assert passwords.verify(database, "juris", "zaļš ābols kokā")
    assert verify(database).damage == ()


def test_a_guard_of_a_migrated_table_that_is_gone_is_a_finding(url: str):
    database = first(url)
    with database.writing() as connection:
        migrate(connection)
        trigger = names(database.dialect, "passwords")[0]
        on = " ON passwords" if database.dialect == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {trigger}{on}"))

    assert [damage.facts["trigger"] for damage in verify(database).damage] == [trigger]


def without_passwords(source: Path, target: Path, said: str) -> Path:
    """A backup as an earlier version would have made it, which says of itself which that is."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name == "passwords.parquet":
                continue
            content = old.read(name)
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), "revision": said}).encode()
            new.writestr(name, content)
    return target


def test_a_backup_of_an_earlier_version_is_restored(database: Database, tmp_path: Path):
    keeping.back_up(database, tmp_path / "new")
    old = without_passwords(tmp_path / "new", tmp_path / "old", "0001")
    other = without_passwords(tmp_path / "new", tmp_path / "later", "0999")
    cut = without_passwords(tmp_path / "new", tmp_path / "cut", HEAD)

    found = keeping.restore(old, f"sqlite:///{tmp_path}/old.db")

    assert found.last_hash == verify(database).last_hash
    assert revision(opened(f"sqlite:///{tmp_path}/old.db")) == HEAD
    with pytest.raises(StoreError):
        keeping.restore(other, f"sqlite:///{tmp_path}/later.db")
    with pytest.raises(DamageError):
        keeping.restore(cut, f"sqlite:///{tmp_path}/cut.db")


def test_a_backup_that_only_says_it_is_of_an_earlier_version_is_damaged(
    database: Database, tmp_path: Path
):
    passwords.set_password(database, anna(database), "juris", "zaļš ābols kokā", at(9))
    keeping.back_up(database, tmp_path / "new")
    old = without_passwords(tmp_path / "new", tmp_path / "old", "0001")

    with pytest.raises(DamageError):
        keeping.restore(old, f"sqlite:///{tmp_path}/old.db")
