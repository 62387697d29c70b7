"""The demo: two people, so that four eyes can be tried, a partner's own, the published partners."""

from __future__ import annotations

from datetime import datetime

from toolkit import config
from toolkit.services.importing import prepare, store_import
from toolkit.services.people import Person
from toolkit.store.connect import Database

PEOPLE = [
    Person("anna", "Anna Finansiste", frozenset({"officer", "manager"})),
    Person("juris", "Juris Apstiprinātājs", frozenset({"approver", "auditor"})),
    Person("ludza", "Laima Koordinatore", frozenset({"partner"}), "LUDZA"),
]
PASSWORDS = {person.code: f"{person.code}-demo-parole" for person in PEOPLE}
"""Known to everybody: nothing but the demo may have them."""


def fill(database: Database, now: datetime) -> None:
    """Import the published partners as the first of the people."""
    source = config.shipped("data/sample/published")
    store_import(database, PEOPLE[0], prepare(database, source), now)


def let_in(database: Database, now: datetime) -> None:
    """Give everybody their demo password."""
    from toolkit.services.passwords import set_password

    for code, password in PASSWORDS.items():
        set_password(database, PEOPLE[0], code, password, now)


def password_of(database: Database, code: str) -> str:
    """The person's demo password when it opens this store, else nothing."""
    from toolkit.services.passwords import verify

    return PASSWORDS[code] if verify(database, code, PASSWORDS[code]) else ""
