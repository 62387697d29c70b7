"""The store as one file and back, whoever writes meanwhile, from and to either database."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from pathlib import Path

import polars as pl
import pytest

from tests.store.conftest import new_database
from tests.store.material import anna
from tests.store.test_store import fill_every_table, partner, write
from toolkit.errors import DamageError, ToolkitError, UsageError
from toolkit.services import keeping, registers, stored
from toolkit.store import backup, records
from toolkit.store.bulk import read
from toolkit.store.connect import HEAD, Database, opened, revision
from toolkit.store.tables import STORED
from toolkit.store.transaction import Transaction
from toolkit.store.verify import verify


def content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, the same from either database."""
    found = {name: records.versions(database, name).rows() for name in STORED}
    for name in ("journal", "parts"):
        found[name] = read(database, f"SELECT * FROM {name}").rows()  # noqa: S608
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def elsewhere(database: Database, folder: Path, server: str) -> str:
    """A place in the database of the other kind."""
    return f"sqlite:///{folder}/other.db" if database.file is None else new_database(server)


def test_a_backup_while_somebody_writes_all_the_time_is_one_state(
    database: Database, tmp_path: Path
):
    write(database, partner("0", 1), 1)
    by, stop, written = anna(database), threading.Event(), 0

    def count_up() -> None:
        nonlocal written
        while not stop.is_set():
            seen = registers.record(database, "partners", partner="TEST")
            more = {"name": str(int(seen["name"]) + 1)}
            registers.change(database, by, "partners", seen, more, stored.now())
            written += 1

    writer = threading.Thread(target=count_up)
    writer.start()
    try:
        entries = [keeping.back_up(database, tmp_path / f"{n}.backup") for n in range(5)]
        damage = verify(database).damage
    finally:
        stop.set()
        writer.join()

    assert damage == ()
    assert written > 5
    assert entries[0] < entries[-1]
    for number, entry in enumerate(entries):
        url = f"sqlite:///{tmp_path}/{number}.db"
        found = keeping.restore(tmp_path / f"{number}.backup", url)
        name = registers.record(opened(url), "partners", partner="TEST")["name"]
        # the first three entries made the store and the counter
        assert (found.entries, int(name)) == (entry, entry - 3)


def test_to_the_other_database_and_back_every_record_is_the_same(
    database: Database, tmp_path: Path, server: str
):
    fill_every_table(database)
    there = elsewhere(database, tmp_path, server)
    keeping.back_up(database, tmp_path / "1")
    keeping.restore(tmp_path / "1", there)
    keeping.back_up(opened(there), tmp_path / "2")

    assert content(opened(there)) == content(database)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()

    write(opened(there), partner("Turpinājums", 1), 30)
    assert verify(opened(there)).damage == ()


def test_two_backups_of_one_state_are_the_same_bytes(database: Database, tmp_path: Path):
    for name in ("a", "b"):
        keeping.back_up(database, tmp_path / name)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_backup_overwrites_nothing(database: Database, tmp_path: Path):
    (tmp_path / "a").write_text("cits")

    with pytest.raises(UsageError, match="a"):
        keeping.back_up(database, tmp_path / "a")

    assert (tmp_path / "a").read_text() == "cits"
    with pytest.raises(UsageError):
        keeping.back_up(database, tmp_path / "nav" / "a")


def test_nothing_is_restored_onto_a_database(database: Database, tmp_path: Path):
    keeping.back_up(database, tmp_path / "a")
    before = content(database)

    with pytest.raises(UsageError) as error:
        keeping.restore(tmp_path / "a", database.url)

    assert error.value.key == "error.restore.exists"
    assert content(database) == before


def test_what_is_left_of_a_killed_restore_hinders_no_other(
    database: Database, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
):
    keeping.back_up(database, tmp_path / "a")
    place = f"sqlite:///{tmp_path}/new.db" if database.file else new_database(server)
    filled = backup._fill

    def dies(begun: Transaction, tables: dict[str, pl.DataFrame]) -> None:
        filled(begun, {name: rows for name, rows in tables.items() if name != "people"})
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backup, "_fill", dies)
        with pytest.raises(KeyboardInterrupt):
            keeping.restore(tmp_path / "a", place)

    assert keeping.restore(tmp_path / "a", place).damage == ()


def changed(source: Path, target: Path, **members: bytes) -> Path:
    """A backup with other members; one of no bytes is left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if kept := members.get(name.partition(".")[0], old.read(name)):
                new.writestr(name, kept)
    return target


def parquet(source: Path, name: str, *change: pl.Expr) -> bytes:
    with zipfile.ZipFile(source) as archive:
        rows = pl.read_parquet(io.BytesIO(archive.read(f"{name}.parquet")))
    out = io.BytesIO()
    rows.with_columns(*change).write_parquet(out)
    return out.getvalue()


def test_a_damaged_backup_is_refused_and_leaves_nothing(
    database: Database, tmp_path: Path, server: str
):
    whole = tmp_path / "whole"
    keeping.back_up(database, whole)
    size = whole.stat().st_size
    bad = [tmp_path / f"cut{part}" for part in (0, 10, 50, 99)]
    for file in bad:
        file.write_bytes(whole.read_bytes()[: size * int(file.name[3:]) // 100])
    named, dropped = pl.col("name").str.to_uppercase(), parquet(whole, "people")
    head = {"revision": "0001", "entry": 2, "head": "x"}
    bad += [
        changed(whole, tmp_path / name, **{part: content})
        for name, part, content in (
            ("no_table", "people", b""),
            ("no_manifest", "manifest", b""),
            ("other_manifest", "manifest", b"[]"),
            ("half_manifest", "manifest", b'{"revision": "0001"}'),
            ("other_head", "manifest", json.dumps(head).encode()),
            ("no_parquet", "people", b"PAR1"),
            ("other_table", "partners", dropped),
            ("other_type", "people", parquet(whole, "people", pl.lit(1).alias("name"))),
            ("more_columns", "people", parquet(whole, "people", pl.lit(1).alias("x; --"))),
            ("twice", "people", parquet(whole, "people", pl.lit("anna").alias("person"))),
            ("other_name", "partners", parquet(whole, "partners", named)),
            ("no_entry", "partners", parquet(whole, "partners", pl.lit(99).alias("entry"))),
        )
    ]
    (tmp_path / "to").mkdir()
    place = f"sqlite:///{tmp_path}/to/new.db" if database.file else new_database(server)
    for file in bad:
        with pytest.raises(DamageError) as error:
            keeping.restore(file, place)
        assert error.value.sentence("lv"), file

    assert list((tmp_path / "to").iterdir()) == []
    assert keeping.restore(whole, place).damage == ()
    assert revision(opened(place)) == HEAD


def test_a_flipped_byte_of_a_backup_is_refused_or_changes_nothing(
    database: Database, tmp_path: Path
):
    if database.file is None:
        return  # the file is the same
    import random

    whole, chance = tmp_path / "whole", random.Random(6)
    keeping.back_up(database, whole)
    right, before, refused, unused = whole.read_bytes(), content(database), 0, 0
    for number in range(60):
        place = chance.randrange(len(right))
        (tmp_path / "x").write_bytes(right[:place] + bytes([right[place] ^ 4]) + right[place + 1 :])
        url = f"sqlite:///{tmp_path}/{number}.db"
        try:
            keeping.restore(tmp_path / "x", url)
        except ToolkitError:
            refused += not (tmp_path / f"{number}.db").exists()
        else:
            assert content(opened(url)) == before, place
            unused += 1
    assert refused + unused == 60
    assert refused > 30
