"""Who opened a page, and files for one person, once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from toolkit.services import visits
from toolkit.services.visits import LIFETIME_SECONDS, Visit

ANNA = Visit("anna", "semester", "lv", {"semester": "2022/2023-1", "ā": "Šķūņu <b>"})


def test_a_kernel_learns_who_opened_its_page(tmp_path: Path) -> None:
    folder = tmp_path / "kernel"
    assert visits.visit(folder) is None
    visits.announce(folder, ANNA)
    assert visits.visit(folder) == ANNA
    assert stat.S_IMODE((folder / visits.VISIT).stat().st_mode) == 0o600


def test_a_file_is_fetched_once_by_the_person_it_was_made_for(tmp_path: Path) -> None:
    token = visits.hand_out(tmp_path, "anna", "Pārskats ēģ.xlsx", "text/plain", b"cents")
    assert visits.fetch(tmp_path, "juris", token) is None
    found = visits.fetch(tmp_path, "anna", token)
    assert found is not None
    assert (found.name, found.kind, found.content) == ("Pārskats ēģ.xlsx", "text/plain", b"cents")
    assert visits.fetch(tmp_path, "anna", token) is None
    assert not any((tmp_path / visits.DOWNLOADS).iterdir())


def test_of_many_who_fetch_at_once_one_gets_the_file(tmp_path: Path) -> None:
    token = visits.hand_out(tmp_path, "anna", "a", "text/plain", b"x" * 100_000)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: visits.fetch(tmp_path, "anna", token), range(64)))
    assert sum(one is not None for one in found) == 1


@pytest.mark.parametrize(
    "token", ["", "../visit", "0" * 63, "0" * 65, "G" * 64, "../../../../etc/passwd", "0" * 64]
)
def test_a_token_of_another_form_or_of_nothing_fetches_nothing(tmp_path: Path, token: str) -> None:
    assert visits.fetch(tmp_path, "anna", token) is None


def test_after_its_time_a_file_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = visits.hand_out(tmp_path, "anna", "a", "text/plain", b"x")
    later = visits.time.time() + LIFETIME_SECONDS + 1
    monkeypatch.setattr(visits.time, "time", lambda: later)
    other = visits.hand_out(tmp_path, "anna", "b", "text/plain", b"y")
    assert visits.sweep(tmp_path) == 1
    assert visits.fetch(tmp_path, "anna", token) is None
    assert visits.fetch(tmp_path, "anna", other) is not None
