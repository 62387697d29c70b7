"""Whose kernel is whose, and when it is nobody's any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.server.kernels import ALONE_SECONDS, FIRST_SECONDS, Owners
from toolkit.services.visits import Visit, visit

ANNA = Visit("anna", "semester", "lv", {})


@pytest.fixture
def owners(tmp_path: Path) -> Owners:
    owners = Owners(tmp_path)
    owners.started("kernel", owners.folder())
    return owners


def test_a_preheated_kernel_is_nobodys_and_told_of_nobody(owners: Owners) -> None:
    assert not owners.owns("kernel", "", "")
    assert not owners.owns("kernel", "anna", "session")
    assert visit(owners.served("kernel").folder) is None
    assert owners.left_alone(10_000) == []


def test_an_opened_kernel_is_its_persons_in_that_session(owners: Owners) -> None:
    owners.opened("kernel", ANNA, "session", 0)
    assert owners.owns("kernel", "anna", "session")
    assert not owners.owns("kernel", "anna", "another session")
    assert not owners.owns("kernel", "juris", "session")
    assert not owners.owns("made up", "anna", "session")
    assert visit(owners.served("kernel").folder) == ANNA


@pytest.mark.parametrize(
    ("now", "ends"), [(FIRST_SECONDS, False), (FIRST_SECONDS + 1, True)],
    ids=["the page may still be drawn", "nobody came"],
)  # fmt: skip
def test_a_page_nobody_comes_to_is_given_up(now: float, ends: bool, owners: Owners) -> None:
    owners.opened("kernel", ANNA, "session", 0)
    assert bool(owners.left_alone(now)) is ends


@pytest.mark.parametrize(("after", "ends"), [(ALONE_SECONDS, False), (ALONE_SECONDS + 1, True)])
def test_a_page_that_was_held_and_left_is_given_up(
    after: float, ends: bool, owners: Owners
) -> None:
    owners.opened("kernel", ANNA, "session", 0)
    owners.connected("kernel")
    owners.connected("kernel")
    owners.disconnected("kernel", 500)
    assert owners.left_alone(10_000) == []
    owners.disconnected("kernel", 1_000)
    assert bool(owners.left_alone(1_000 + after)) is ends


def test_a_channel_closed_twice_does_not_count_against_the_next(owners: Owners) -> None:
    owners.opened("kernel", ANNA, "session", 0)
    for _ in range(3):
        owners.disconnected("kernel", 1)
    owners.connected("kernel")
    assert owners.left_alone(10_000) == []


def test_an_ended_kernel_leaves_nothing(owners: Owners, tmp_path: Path) -> None:
    owners.opened("kernel", ANNA, "session", 0)
    owners.ended("kernel")
    assert owners.of_session("session") == []
    assert list(tmp_path.iterdir()) == []


def test_a_person_holds_so_many_pages_open_and_no_more(tmp_path: Path) -> None:
    owners = Owners(tmp_path, each=2)
    for number in range(2):
        with owners.opening("anna") as may:
            assert may
            owners.started(f"{number}", owners.folder())
        owners.opened(f"{number}", ANNA, "session", 0)

    with owners.opening("anna") as may:
        assert not may
    with owners.opening("juris") as may:
        assert may
    owners.ended("0")
    with owners.opening("anna") as may:
        assert may


def test_pages_that_are_being_drawn_count_too(tmp_path: Path) -> None:
    owners = Owners(tmp_path, each=1)
    with owners.opening("anna") as first, owners.opening("anna") as second:
        assert (first, second) == (True, False)
    with owners.opening("anna") as may:
        assert may
