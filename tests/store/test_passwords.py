"""Passwords: who may give them, which are good enough, who gets in, and where they never stand."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import argon2
import pytest

from tests.store.material import anna, at, juris
from toolkit import cli, config
from toolkit.errors import RefusedError, UsageError
from toolkit.services import demo, keeping, passwords, people
from toolkit.services.passwords import Change
from toolkit.services.people import Person
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.verify import verify

GOOD = "zaļš ābols kokā"
FAST = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def fast(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_HASHER", FAST)


def ludza(database: Database) -> Person:
    return people.acting(database, "ludza")


def given(database: Database, password: str = GOOD, code: str = "juris") -> None:
    passwords.set_password(database, anna(database), code, password, at(5))


REFUSED = (
    ("eleven characters", "12345678901", "short"),
    ("nothing at all", "", "short"),
    ("letters that only look many: seven, each with its mark apart", "a\u0304" * 7, "short"),
    ("the person's name", "Juris Apstiprinātājs", "name"),
    ("the name without its signs", "jurisapstiprinatajs", "name"),
)


@pytest.mark.parametrize(("case", "password", "why"), REFUSED, ids=[r[0] for r in REFUSED])
def test_a_weak_password_is_refused(database: Database, case: str, password: str, why: str):
    with pytest.raises(RefusedError) as error:
        given(database, password)

    assert [reason.key for reason in error.value.reasons] == [f"error.password.{why}"]
    assert "juris" not in passwords.having(database)


def test_only_a_manager_gives_another_a_password_and_everybody_their_own(database: Database):
    passwords.set_password(database, anna(database), "juris", GOOD, at(1))
    passwords.set_password(database, ludza(database), "ludza", GOOD, at(2))

    with pytest.raises(RefusedError) as error:
        passwords.set_password(database, juris(database), "ludza", "short", at(3))

    keys = [reason.key for reason in error.value.reasons]
    assert keys == ["error.refused.role.password", "error.password.short"]
    with pytest.raises(UsageError):
        given(database, code="nobody")


NEW = "violets plūmju koks"
TYPED = (
    ("all as it must be", Change(GOOD, NEW, NEW), None),
    ("the old one wrong, and nothing is told of the new", Change("wrong", "x", "y"), ["old"]),
    ("the new one typed twice, with a slip", Change(GOOD, NEW, NEW + "s"), ["differ"]),
    ("too short", Change(GOOD, "īsa", "īsa"), ["short"]),
    ("the same as before", Change(GOOD, GOOD, normalize("NFD", GOOD)), ["same"]),
)


@pytest.mark.parametrize(("case", "typed", "why"), TYPED, ids=[one[0] for one in TYPED])
def test_who_knows_the_old_password_changes_their_own(
    database: Database, case: str, typed: Change, why: list[str] | None
):
    given(database)
    if why is None:
        passwords.change(database, juris(database), typed, at(6))
    else:
        with pytest.raises(RefusedError) as error:
            passwords.change(database, juris(database), typed, at(6))
        assert [reason.key for reason in error.value.reasons] == [
            f"error.password.{w}" for w in why
        ]

    assert bool(passwords.verify(database, "juris", GOOD)) is (why is not None)
    assert bool(passwords.verify(database, "juris", NEW)) is (why is None)


def test_who_can_sign_in_and_with_which_version_of_their_password(database: Database):
    given(database)
    given(database, NEW, "ludza")
    given(database, NEW)
    given(database, "cita, vēl garāka parole", "ludza")
    ludza_ = replace(ludza(database), roles=frozenset(), partner="")
    people.add_person(database, anna(database), ludza_, at(7))

    assert passwords.versions(database) == {"juris": 2}


def test_who_gets_in(database: Database):
    given(database)
    given(database, "cita, vēl garāka parole", "ludza")
    idle = Person("ilze", "Ilze Bez Lomas", frozenset({"auditor"}))
    people.add_person(database, anna(database), idle, at(6))
    given(database, GOOD, "ilze")
    people.add_person(database, anna(database), replace(idle, roles=frozenset()), at(7))

    cases = (
        ("the right password", "juris", GOOD, True),
        ("the same, its letters composed otherwise", "juris", normalize("NFD", GOOD), True),
        ("a wrong password", "juris", "zaļš ābols zālē", False),
        ("an empty one", "juris", "", False),
        ("another person's", "ludza", GOOD, False),
        ("somebody who has none", "anna", GOOD, False),
        ("somebody nobody knows", "nobody", GOOD, False),
        ("somebody without a role", "ilze", GOOD, False),
        ("half a letter, as a broken form may send", "juris", "\udce4" * 12, False),
    )  # fmt: skip
    found = {case: passwords.verify(database, code, word) for case, code, word, _ in cases}
    assert {case: bool(who) for case, who in found.items()} == {c[0]: c[3] for c in cases}
    assert found["the right password"] == juris(database)


def test_a_new_password_takes_the_place_of_the_old(database: Database):
    given(database)
    given(database, "pavisam cita parole")

    assert passwords.verify(database, "juris", GOOD) is None
    assert passwords.verify(database, "juris", "pavisam cita parole")
    assert verify(database).damage == ()


def test_the_same_work_is_done_for_known_and_unknown(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    class Counted(argon2.PasswordHasher):
        verified = 0

        def verify(self, *given: str | bytes) -> bool:
            Counted.verified += 1
            return super().verify(*given)

    monkeypatch.setattr(passwords, "_HASHER", Counted(time_cost=1, memory_cost=8, parallelism=1))
    given(database)
    for code in ("juris", "anna", "nobody", "\udce4"):
        before = Counted.verified
        passwords.verify(database, code, "whatever is typed")
        assert Counted.verified == before + 1, code


def test_a_password_is_nowhere_in_the_store_and_is_argon2id(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(passwords, "_HASHER", argon2.PasswordHasher())
    given(database, "plain-ascii-password")
    keeping.back_up(database, tmp_path / "backup")

    kept = records.standing(database, "passwords").row(0, named=True)
    algorithm, _, cost = kept["hash"].split("$")[1:4]
    assert algorithm == "argon2id"
    assert int(cost.split(",")[0].removeprefix("m=")) >= 19 * 1024
    assert "plain-ascii-password" not in repr(records.entries(database).rows())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if b"plain-ascii-password" in path.read_bytes()] == []


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["grants", *command.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_command_reads_a_password_from_the_input_or_twice_from_the_terminal(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    command = "people password juris --person anna"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{GOOD}\r\nmore\n"))
    assert run(f"{command} --stdin", monkeypatch) == 0
    assert passwords.verify(database, "juris", GOOD)
    assert run(command, monkeypatch) == 2  # no terminal, and nobody said --stdin

    monkeypatch.setattr(sys, "stdin", Terminal())
    for typed, code in ((["otrā parole šeit"] * 2, 0), (["pavasara saule", "rudens saulīte"], 2)):
        words = iter(typed)
        monkeypatch.setattr("toolkit.cli.people.getpass", lambda _, words=words: next(words))
        assert run(command, monkeypatch) == code
    assert passwords.verify(database, "juris", "otrā parole šeit")
    said = capsys.readouterr()
    assert not {"saule", "saulīte", "ābols", "otrā"} & set((said.out + said.err).split())
    assert not (config.home() / "errors.log").exists()


def test_the_demo_lets_its_people_in_and_only_a_new_store_is_a_demo(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert run("init --manager anna", monkeypatch) == 0
    assert run("init --demo", monkeypatch) == 0
    assert "demo-parole" not in capsys.readouterr().out


def test_a_new_demo_says_its_passwords_every_time(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for _ in range(2):
        assert run("init --demo", monkeypatch) == 0
        said = capsys.readouterr().out
        assert all(word in said for word in demo.PASSWORDS.values()), said
