"""Stores to test on, and clocks that tests set themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from toolkit.services import demo, people, stored
from toolkit.services.people import Person
from toolkit.store.connect import Database

START = datetime(2022, 3, 1, 8, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """So many minutes after the store was made."""
    return START + timedelta(minutes=minutes)


def filled() -> Database:
    """The demo's people and partners in the database of the environment."""
    database = stored.init(demo.PEOPLE, START)
    demo.fill(database, START)
    return database


def anna(database: Database) -> Person:
    """The officer and manager."""
    return people.acting(database, "anna")


def juris(database: Database) -> Person:
    """The approver."""
    return people.acting(database, "juris")
