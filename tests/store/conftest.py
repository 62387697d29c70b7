"""Every test that asks for `url` or `database` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.store.material import filled
from tests.store.server import postgresql
from toolkit.store.connect import Database

DIALECTS = ("sqlite", "postgresql")
_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(params=DIALECTS)
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database that is not there yet; also what the commands use."""
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path / "home"))
    found = (
        f"sqlite:///{tmp_path}/grants.db"
        if request.param == "sqlite"
        else new_database(request.getfixturevalue("server"))
    )
    monkeypatch.setenv("GRANTS_DATABASE", found)
    return found


@pytest.fixture
def database(url: str) -> Database:
    """A store with two people and the published partners."""
    return filled()


def new_database(server: str, template: str = "") -> str:
    """The URL of a new database on the server, empty or a copy of another."""
    import psycopg

    name = f"grants_{next(_numbers)}"
    plain = server.replace("+psycopg", "")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        copied = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
        connection.execute(f"CREATE DATABASE {name}{copied}")
    return f"{server}/{name}"
