"""Passwords: kept as Argon2id hashes, never as they are; who signs in with one."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import argon2
import polars as pl
from argon2.exceptions import Argon2Error, InvalidHashError

from toolkit.errors import ToolkitError, UsageError
from toolkit.frames.ledger import PASSWORDS
from toolkit.intake.forms import folded
from toolkit.services.people import Person, people
from toolkit.services.workflow import refuse
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing

LEAST = 12
"""The characters a password has at least."""
_HASHER = argon2.PasswordHasher()


def set_password(database: Database, by: Person, code: str, password: str, now: datetime) -> None:
    """Give a person a password: their own doing, or a manager's.

    Raises RefusedError with every reason, UsageError when nobody knows the person.
    """
    known = people(database)
    if code not in known:
        raise UsageError("error.person.unknown", person=code)
    refuse([None if by.code == code else by.refusal("password"), _weakness(known[code], password)])
    newest = records.newest(database, "passwords").filter(pl.col("person") == code)
    version = 1 + (newest["version"].item() if newest.height else 0)
    row = pl.DataFrame(
        [(code, _HASHER.hash(_plain(password)))], schema=PASSWORDS.columns, orient="row"
    )
    with writing(database, Act(by.code, "password", code, now)) as w:
        w.put("passwords", row.with_columns(version=pl.lit(version, pl.Int64)))


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody types to change their own password."""

    old: str
    new: str
    again: str


def change(database: Database, by: Person, typed: Change, now: datetime) -> None:
    """A person's own password, by knowing the one before.

    Raises RefusedError with what is wrong with the new one; nothing is said of it before
    the old one is right.
    """
    refuse([None if _is_of(database, by.code, typed.old) else
            ToolkitError("error.password.old").placed("old")])  # fmt: skip
    same = _plain(typed.new) == _plain(typed.old)
    refuse([
        differing(typed.new, typed.again),
        ToolkitError("error.password.same").placed("new") if same else None,
    ])  # fmt: skip
    set_password(database, by, by.code, typed.new, now)


def differing(password: str, again: str) -> ToolkitError | None:
    """Why a password typed twice is not taken: a slip would lock its owner out."""
    if _plain(password) == _plain(again):
        return None
    return UsageError("error.password.differ").placed("again")


def verify(database: Database, code: str, password: str) -> Person | None:
    """The person whose password it is; None for a wrong one, or when they have no role.

    Takes the same work whether the person is known or not: nobody learns who is.
    """
    stranger = _nobodys()
    person, kept = people(database).get(code), _hashes(database).get(code)
    fits = _fits(kept or stranger, password)
    return person if person and person.roles and kept and fits else None


def versions(database: Database) -> dict[str, int]:
    """Who can sign in, each with the version of their password."""
    kept = records.standing(database, "passwords").select("person", "version").iter_rows()
    able = {code for code, person in people(database).items() if person.roles}
    return {code: version for code, version in kept if code in able}


def having(database: Database) -> frozenset[str]:
    """The people who have been given one."""
    return frozenset(_hashes(database))


def _hashes(database: Database) -> dict[str, str]:
    rows = records.standing(database, "passwords").select("person", "hash").iter_rows()
    return dict(rows)


def _is_of(database: Database, code: str, password: str) -> bool:
    kept = _hashes(database).get(code)
    return kept is not None and _fits(kept, password)


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, _plain(password))
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_bytes())


def _weakness(person: Person, password: str) -> ToolkitError | None:
    if len(unicodedata.normalize("NFC", password)) < LEAST:
        return ToolkitError("error.password.short", least=LEAST).placed("password")
    if folded(password) in (folded(person.code), folded(person.name)):
        return ToolkitError("error.password.name").placed("password")
    return None


def _plain(password: str) -> bytes:
    """One spelling of what a person types: keyboards compose letters in different ways."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
