"""Sessions and failed tries, by a clock of our own."""

from __future__ import annotations

import pytest

from toolkit.server.sessions import REMEMBERED, TRIES, WAIT_SECONDS, Sessions, Tries


def test_a_session_lives_while_it_is_used() -> None:
    sessions = Sessions(idle=100, longest=1000)
    key = sessions.begin("anna", 0).key
    for now in range(99, 991, 99):
        found = sessions.find(key, now)
        assert found is not None
        assert found.person == "anna"


@pytest.mark.parametrize(
    ("asked_at", "alive"),
    [([100], True), ([101], False), ([90, 190], True), ([90, 191], False)],
    ids=["at the last moment", "a moment late", "used in between", "used, then left too long"],
)
def test_a_session_ends_when_it_is_left_alone(asked_at: list[float], alive: bool) -> None:
    sessions = Sessions(idle=100, longest=1000)
    key = sessions.begin("anna", 0).key
    assert [sessions.find(key, now) for now in asked_at][-1] is not None or not alive
    assert (sessions.find(key, asked_at[-1]) is not None) is alive


def test_a_session_ends_after_its_longest_time_however_busy() -> None:
    sessions = Sessions(idle=100, longest=250)
    key = sessions.begin("anna", 0).key
    assert [sessions.find(key, now) is not None for now in (90, 180, 250, 251)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_an_ended_session_is_nobodys_and_a_made_up_key_too() -> None:
    sessions = Sessions()
    key = sessions.begin("anna", 0).key
    sessions.end(key)
    assert sessions.find(key, 1) is None
    assert sessions.find("made up", 1) is None


def test_two_sign_ins_of_one_person_are_two_sessions() -> None:
    sessions = Sessions(idle=100)
    first, second = sessions.begin("anna", 0).key, sessions.begin("anna", 50).key
    assert first != second
    assert sessions.over(120) == [first]
    assert sessions.find(second, 120) is not None


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(TRIES - 1, 0), (TRIES, WAIT_SECONDS), (2 * TRIES, 2 * WAIT_SECONDS),
     (3 * TRIES, 4 * WAIT_SECONDS), (100 * TRIES, 32 * WAIT_SECONDS)],
)  # fmt: skip
def test_the_wait_doubles_with_every_five_failures(failures: int, seconds: float) -> None:
    tries = Tries()
    for _ in range(failures):
        tries.failed(("person anna",), 0)
    assert tries.wait(("person anna",), 0) == seconds
    assert tries.wait(("person anna",), seconds) == 0
    assert tries.wait(("person juris",), 0) == 0


def test_a_success_forgets_the_failures() -> None:
    tries = Tries()
    for _ in range(TRIES):
        tries.failed(("person anna", "address 10.0.0.1"), 0)
    tries.succeeded(("person anna", "address 10.0.0.1"))
    assert tries.wait(("person anna", "address 10.0.0.1"), 0) == 0


def test_a_flood_of_names_takes_no_more_memory_and_keeps_the_newest() -> None:
    tries = Tries()
    for number in range(REMEMBERED + 10):
        for _ in range(TRIES if number >= REMEMBERED else 1):
            tries.failed((f"person {number}",), number)
    assert len(tries._failed) == REMEMBERED
    assert tries.wait((f"person {REMEMBERED + 9}",), REMEMBERED + 9) == WAIT_SECONDS
