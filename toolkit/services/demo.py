"""The demo: two people, so that four eyes can be tried, and the published partners."""

from __future__ import annotations

from datetime import datetime

from toolkit import config
from toolkit.services.importing import prepare, store_import
from toolkit.services.people import Person
from toolkit.store.connect import Database

PEOPLE = [
    Person("anna", "Anna Finansiste", frozenset({"officer", "manager"})),
    Person("juris", "Juris Apstiprinātājs", frozenset({"approver", "auditor"})),
]


def fill(database: Database, now: datetime) -> None:
    """Import the published partners as the first of the two people."""
    source = config.shipped("data/sample/published")
    store_import(database, PEOPLE[0], prepare(database, source), now)
