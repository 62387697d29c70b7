"""Sessions and failed tries, by a clock of our own."""

from __future__ import annotations

import pytest

from toolkit.server.sessions import (
    FADES_SECONDS,
    REMEMBERED,
    TRIES,
    TRIES_AT_ONE,
    WAIT_SECONDS,
    Sessions,
    Tries,
)


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
    found = [sessions.find(key, now) for now in asked_at]
    assert (found[-1] is not None) is alive


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
     (3 * TRIES, 4 * WAIT_SECONDS), (9 * TRIES, 32 * WAIT_SECONDS)],
)  # fmt: skip
def test_a_names_wait_doubles_with_every_five_failures(failures: int, seconds: float) -> None:
    tries = Tries()
    for _ in range(failures):
        tries.failed("anna", "10.0.0.1", 0)
    assert tries.wait("anna", "10.0.0.2", 0) == seconds
    assert tries.wait("anna", "10.0.0.2", seconds) == 0
    assert tries.wait("juris", "10.0.0.1", 0) == 0


@pytest.mark.parametrize(("people", "waits"), [(TRIES_AT_ONE - 1, False), (TRIES_AT_ONE, True)])
def test_an_address_waits_after_fifty_failures_whatever_the_names(people: int, waits: bool) -> None:
    tries = Tries()
    for number in range(people):
        tries.failed(f"person {number}", "10.0.0.1", 0)
    assert (tries.wait("somebody", "10.0.0.1", 0) > 0) is waits
    assert tries.wait("somebody", "10.0.0.2", 0) == 0


def test_an_office_that_signs_in_rightly_never_waits() -> None:
    tries = Tries()
    for number in range(10 * TRIES_AT_ONE):
        assert tries.wait(f"person {number}", "10.0.0.1", number) == 0
        tries.failed(f"person {number}", "10.0.0.1", number)
        tries.succeeded(f"person {number}", "10.0.0.1", number)


def test_signing_in_oneself_gives_an_address_no_more_tries_at_others() -> None:
    tries = Tries()
    for number in range(TRIES_AT_ONE):
        tries.failed(f"victim {number}", "10.0.0.1", 0)
        tries.failed("own", "10.0.0.1", 0)
        tries.succeeded("own", "10.0.0.1", 0)
    assert tries.wait("victim", "10.0.0.1", 0) > 0


@pytest.mark.parametrize(("later", "waits"), [(FADES_SECONDS, True), (FADES_SECONDS + 1, False)])
def test_failures_of_long_ago_are_forgotten(later: float, waits: bool) -> None:
    tries = Tries()
    for _ in range(TRIES - 1):
        tries.failed("anna", "10.0.0.1", 0)
    tries.failed("anna", "10.0.0.1", later)
    assert (tries.wait("anna", "10.0.0.1", later) > 0) is waits


def test_a_flood_of_names_takes_no_more_memory_and_keeps_the_newest() -> None:
    tries = Tries()
    for number in range(REMEMBERED + 10):
        tries.failed(f"person {number}", f"address {number}", number)
    for _ in range(TRIES):
        tries.failed("newest", "10.0.0.1", REMEMBERED + 10)
    assert len(tries._failed) <= REMEMBERED
    assert tries.wait("newest", "10.0.0.1", REMEMBERED + 10) == WAIT_SECONDS


def test_a_session_ends_when_its_password_or_every_role_is_gone() -> None:
    sessions = Sessions()
    keys = {who: sessions.begin(who, 0, password=1).key for who in ("anna", "juris", "ludza")}
    other = sessions.begin("juris", 0, password=1).key
    sessions.renew(keys["juris"], password=2)
    assert set(sessions.outdated({"anna": 1, "juris": 2})) == {keys["ludza"], other}
    alive = {who: sessions.find(key, 1) is not None for who, key in keys.items()}
    assert alive == {"anna": True, "juris": True, "ludza": False}
    assert sessions.outdated({"anna": 1, "juris": 2}) == []
    assert sessions.outdated({"anna": 1, "juris": 1}) == [], "read before the change"
    assert sessions.outdated({"anna": 2, "juris": 2}) == [keys["anna"]]
