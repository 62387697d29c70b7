"""The store beside raw ADBC: `python -m tests.bench.store JOB WAY URL FOLDER` answers JSON."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.measure import Row, Run, interleaved

ROWS = 1_000_000
CHANGED = 10_000
ROUNDS = 3
AT = datetime(2022, 3, 1, tzinfo=UTC)
TABLES = ("plans", "measures")


def rows(root: Path) -> list[Row]:
    """Both jobs on both databases; every run on a database of its own."""
    from tests.store.server import postgresql

    folder = _material(root)
    with postgresql() as server:
        return [
            row
            for name, address in (("SQLite", "sqlite"), ("PostgreSQL", server))
            for row in _on(name, address, folder)
        ]


def _on(name: str, address: str, folder: Path) -> list[Row]:
    found = []
    for job, what, most in (
        ("import", "import 93 497 plans with 213 000 measures, beside a raw ADBC insert", 4.0),
        ("read", "1 M rows as of an entry, beside a raw ADBC read", 2.0),
    ):
        ways = {way: _command(job, way, address, folder) for way in ("ours", "raw")}
        runs: dict[str, Run] = interleaved(ways, ROUNDS)
        failed = next((run.failed for run in runs.values() if run.failed), "")
        seconds = (None, None) if failed else (runs["ours"].seconds, runs["raw"].seconds)
        found.append(Row(f"{name}: {what}", *seconds, most=most, note=failed))
    return found


def _command(job: str, way: str, address: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "tests.bench.store", job, way, address, str(folder)]


def _material(root: Path) -> Path:
    """Registers in one folder, plans and measures in another."""
    from tests.invented_plans import written

    folder = root / "store"
    if not folder.exists():
        files = written(folder / "files")
        (folder / "registers").mkdir()
        for file in list(files.iterdir()):
            if file.stem not in TABLES:
                file.rename(folder / "registers" / file.name)
    return folder


def _import(way: str, url: str, folder: Path) -> float:
    from toolkit.services import demo, importing, people, stored

    database = stored.init(demo.PEOPLE, AT)
    anna = people.acting(database, "anna")
    registers = importing.prepare(database, folder / "registers")
    importing.store_import(database, anna, registers, AT)
    if way == "ours":

        def work() -> None:
            prepared = importing.prepare(database, folder / "files")
            importing.store_import(database, anna, prepared, AT)

        return _timed(work)
    prepared = importing.prepare(database, folder / "files")
    frames = {change.table: change.added for change in prepared.tables}
    return _timed(_raw_insert(url, frames))


def _raw_insert(url: str, frames: dict[str, Any]) -> Callable[[], None]:
    """The same rows into tables of the same columns and key, in one transaction."""
    import polars as pl

    from toolkit.store.tables import STORED

    connection = _adbc(url)
    tables = {}
    for name, frame in frames.items():
        plain = frame.with_columns(pl.col(pl.Date).cast(pl.String)).to_arrow()
        kinds = {pl.Int64: "BIGINT"}
        columns = ", ".join(
            f"{column} {kinds.get(kind, 'TEXT')}"
            for column, kind in frame.with_columns(pl.col(pl.Date).cast(pl.String)).schema.items()
        )
        key = ", ".join((*STORED[name].key, "version"))
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE raw_{name} ({columns}, PRIMARY KEY ({key}))")
        tables[name] = plain
    connection.commit()

    def work() -> None:
        with connection.cursor() as cursor:
            for name, plain in tables.items():
                cursor.adbc_ingest(f"raw_{name}", plain, mode="append")
        connection.commit()

    return work


def _read(way: str, url: str, folder: Path) -> float:
    import polars as pl

    from toolkit.services import demo, stored
    from toolkit.store import records
    from toolkit.store.bulk import read
    from toolkit.store.journal import Act, writing
    from toolkit.store.tables import STORED

    database = stored.init(demo.PEOPLE, AT)
    counts = pl.DataFrame(
        {
            "file": "skaits.csv", "row": pl.int_range(ROWS, eager=True),
            "semester": "2020/2021-1", "institution": "I", "programme": "general",
            "grade": pl.int_range(ROWS, eager=True), "plan_kind": "consultative", "plans": 7,
        },
        schema_overrides={"plans": pl.Int64},
    ).with_columns(
        institution=pl.format("ISK-{}", pl.col("grade") // 1_000), version=pl.lit(1, pl.Int64)
    )  # fmt: skip
    with writing(database, Act("anna", "import", "", AT)) as first:
        first.put("counts", counts)
    changed = counts.head(CHANGED).with_columns(version=pl.lit(2, pl.Int64), plans=pl.lit(8))
    with writing(database, Act("anna", "change", "", AT)) as second:
        second.put("counts", changed.with_columns(pl.col("plans").cast(pl.Int64)))
    columns = ", ".join((*STORED["counts"].columns, "version", "entry", "withdrawn"))
    if way == "raw":
        return _timed(lambda: read(database, f"SELECT {columns} FROM counts"))  # noqa: S608
    seconds = _timed(lambda: records.standing(database, "counts", second.entry))
    assert records.standing(database, "counts", second.entry).height == ROWS
    return seconds


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()  # as in the command
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _adbc(url: str) -> Any:
    if url.startswith("sqlite"):
        import adbc_driver_sqlite.dbapi as sqlite

        return sqlite.connect(url.removeprefix("sqlite:///") + ".raw")
    import adbc_driver_postgresql.dbapi as postgresql

    return postgresql.connect(url.replace("+psycopg", ""))


def _new_database(server: str) -> str:
    import psycopg

    name = f"bench_{os.getpid()}"
    plain = server.replace("+psycopg", "")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def main() -> None:
    """One job on a database of its own."""
    from tempfile import TemporaryDirectory

    job, way, address, folder = sys.argv[1:]
    with TemporaryDirectory() as home:
        url = f"sqlite:///{home}/grants.db"
        if address != "sqlite":
            url = _new_database(address)
        os.environ |= {"GRANTS_HOME": home, "GRANTS_DATABASE": url}
        work = {"import": _import, "read": _read}[job]
        print(json.dumps({"seconds": work(way, url, Path(folder))}))


if __name__ == "__main__":
    main()
