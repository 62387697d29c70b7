"""A demo store, made once and copied."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from toolkit.services import demo, stored

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANTS_HOME", str(home))
        patch.delenv("GRANTS_DATABASE", raising=False)
        demo.fill(stored.init(demo.PEOPLE, NOW), NOW)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    shutil.copytree(made, home)
    monkeypatch.setenv("GRANTS_HOME", str(home))
    monkeypatch.delenv("GRANTS_DATABASE", raising=False)
    return home


@pytest.fixture
def database(home: Path) -> Any:
    return stored.store()


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder
