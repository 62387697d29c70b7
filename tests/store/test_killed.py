"""Killed at any moment, the store is whole: what was being written is all there, or not at all."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import polars as pl
import pytest
from sqlalchemy import make_url

from tests.store.conftest import new_database
from tests.store.material import anna, at, filled
from tests.store.worker import BACKUPS, PHASES, SEMESTER
from toolkit.services import keeping, workflow
from toolkit.store import records
from toolkit.store.connect import Database, opened
from toolkit.store.journal import Act, writing
from toolkit.store.verify import verify

from tests.store.test_store import partner  # isort: skip

ROWS = 12_000
ACTIONS = ["init", "import", "import", "draft", "check", "approve"]
STATES = {"draft": "draft", "check": "checked", "approve": "approved"}
FOLDER = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_hundred_kills_leave_a_store_that_opens_verifies_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GRANTS_DATABASE", f"sqlite:///{tmp_path}/template.db")
    template = filled()

    def fresh(folder: Path) -> str:
        assert template.file is not None
        copyfile(template.file, folder / "grants.db")
        return f"sqlite:///{folder}/grants.db"

    kills(tmp_path, fresh, times=100)


@pytest.mark.slow
def test_twenty_kills_on_postgresql(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch):
    template = new_database(server)
    monkeypatch.setenv("GRANTS_DATABASE", template)
    filled()

    kills(tmp_path, lambda _: new_database(server, template), times=21)


def kills(folder: Path, fresh: Callable[[Path], str], times: int) -> None:
    """As many kills, each in a store of its own, in each phase in turn, at seeded delays."""
    file = folder / "iestādes.csv"
    lines = (f"X{n:05},Skola {n},general,2009-07-01," for n in range(ROWS))
    file.write_text("institution,name,kind,valid_from,valid_to\n" + "\n".join(lines))
    chance = random.Random(2022)
    whole = lasting(file, made(folder, "whole", fresh))
    died: Counter[str] = Counter()
    stood: Counter[str] = Counter()
    for number in range(times):
        place, url = made(folder, str(number), fresh)
        phase = PHASES[number % len(PHASES)]
        died[killed(url, file, place, phase, chance.uniform(0, whole[phase]))] += 1
        settled(url)
        stood[looked_at(opened(url), place)] += 1
    print(dict(died), dict(stood), whole)
    assert all(died[phase] >= times // 6 for phase in PHASES)


def made(folder: Path, name: str, fresh: Callable[[Path], str]) -> tuple[Path, str]:
    place = folder / name
    place.mkdir()
    return place, fresh(place)


def started(url: str, file: Path, place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.worker", url, str(file), str(place)],
        stdout=subprocess.PIPE, text=True, cwd=FOLDER,
    )  # fmt: skip


def lasting(file: Path, store: tuple[Path, str]) -> dict[str, float]:
    """How many seconds each phase takes when nobody kills it."""
    begun: dict[str, float] = {}
    with started(store[1], file, store[0]) as child:
        assert child.stdout is not None
        for mark in child.stdout:
            begun[mark.strip()] = time.monotonic()
    return {p: begun[q] - begun[p] for p, q in zip(PHASES, (*PHASES[1:], "done"), strict=True)}


def killed(url: str, file: Path, place: Path, phase: str, delay: float) -> str:
    """The phase the child was in when it died."""
    with started(url, file, place) as child:
        assert child.stdout is not None
        while (mark := child.stdout.readline().strip()) != phase:
            assert mark
        time.sleep(delay)
        child.kill()
        return [phase, *child.stdout.read().split()][-1]


def settled(url: str) -> None:
    """PostgreSQL may still be taking back what the dead client had begun."""
    if make_url(url).get_backend_name() == "sqlite":
        return
    import psycopg

    query = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND backend_type = 'client backend'"
    )
    until = time.monotonic() + 30
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        while (found := connection.execute(query).fetchone()) != (1,):
            assert time.monotonic() < until, found
            time.sleep(0.02)


def looked_at(database: Database, place: Path) -> str:
    """How many actions were written, each wholly; nothing of a later one."""
    assert verify(database).damage == ()
    actions = [action for (action,) in records.journal(database, ["action"], 99)][::-1]
    assert actions == ACTIONS[: len(actions)]
    known = records.standing(database, "institutions").filter(
        pl.col("institution").str.starts_with("X")
    )
    assert known.height == (ROWS if len(actions) > 2 else 0)
    assert workflow.step_of(database, SEMESTER).state == STATES.get(actions[-1], "")
    for file in (place / f"{number}.backup" for number in range(BACKUPS)):
        if file.exists():
            restored = keeping.restore(file, f"sqlite:///{file.with_suffix('.db')}")
            assert restored.entries == len(ACTIONS)
    goes_on(database, place)
    return f"{len(actions)} entries"


def goes_on(database: Database, place: Path) -> None:
    """What was left lying about hinders nobody."""
    with writing(database, Act(anna(database).code, "amend", "TEST", at(99))) as w:
        w.put("partners", partner("Nākamais", 1))
    entry = keeping.back_up(database, place / "next.backup")
    assert entry == records.entry_at(database, None)
