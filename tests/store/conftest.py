"""Every test that asks for `url` or `database` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from tests.store.material import filled
from tests.store.server import postgresql
from toolkit.store.connect import Database, opened

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


@pytest.fixture(scope="session")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, str]]:
    """The home folder and the address of a store that is made once, by dialect."""

    @cache
    def made_(dialect: str) -> tuple[Path, str]:
        home = tmp_path_factory.mktemp(dialect)
        url = f"sqlite:///{home}/grants.db"
        if dialect == "postgresql":
            url = new_database(request.getfixturevalue("server"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GRANTS_HOME", str(home))
            patch.setenv("GRANTS_DATABASE", url)
            filled()
        return home, url

    return made_


@pytest.fixture
def database(url: str, made: Callable[[str], tuple[Path, str]], tmp_path: Path) -> Database:
    """A store with two people and the published partners: a copy of one made once."""
    home, whole = made("sqlite" if url.startswith("sqlite") else "postgresql")
    shutil.copytree(home, tmp_path / "home", ignore=shutil.ignore_patterns("grants.db*"))
    if url.startswith("sqlite"):
        shutil.copyfile(home / "grants.db", tmp_path / "grants.db")
    else:
        copied(whole, url)
    return opened(url)


def new_database(server: str, template: str = "") -> str:
    """The URL of a new database on the server, empty or a copy of another."""
    url = f"{server}/grants_{next(_numbers)}"
    _create(url, template)
    return url


def copied(template: str, url: str) -> None:
    """Put a copy of another database in the place of one."""
    _on_server(url, f"DROP DATABASE {url.rpartition('/')[2]}")
    _create(url, template)


def _create(url: str, template: str) -> None:
    like = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
    _on_server(url, f"CREATE DATABASE {url.rpartition('/')[2]}{like}")


def _on_server(url: str, statement: str) -> None:
    import psycopg

    server = url.rpartition("/")[0].replace("+psycopg", "")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)
