"""Who acts, and whether they may."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from toolkit.errors import RefusedError, ToolkitError, UsageError
from toolkit.frames.ledger import PEOPLE, ROLES
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing

MAY = {
    "import": {"officer", "manager"},
    "draft": {"officer"},
    "check": {"officer", "manager"},
    "approve": {"approver"},
    "release": {"approver", "manager"},
    "return": {"officer", "manager", "approver"},
    "note": {"officer"},
    "propose": {"officer"},
    "confirm": {"approver"},
    "people": {"manager"},
    "workbook": {"officer", "manager", "approver", "auditor"},
    "password": {"manager"},
    "law": {"manager"},
    "journal": {"auditor", "manager"},
    "verify": {"auditor", "manager"},
}
"""Which roles may do what. The auditor reads everything and changes nothing.

What of the rows a person may read is `services.visible`."""


_CODE = re.compile(r"[^\W_][\w.@-]{0,59}")
"""A person's code is typed at the login and on command lines: no blanks, nothing invisible."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to the store."""

    code: str
    name: str
    roles: frozenset[str]
    partner: str = ""

    def refusal(self, action: str) -> ToolkitError | None:
        """Why the person may not do this, None when they may."""
        if self.roles & MAY[action]:
            return None
        roles = ", ".join(sorted(MAY[action]))
        return ToolkitError(f"error.refused.role.{action}", person=self.name, roles=roles)

    def must(self, action: str) -> None:
        """Raises RefusedError when the person's roles do not allow the action."""
        if refusal := self.refusal(action):
            raise RefusedError([refusal])


def people(database: Database, until: int | None = None) -> dict[str, Person]:
    """Everybody the store knows, by code, now or at a journal entry."""
    rows = records.standing(database, "people", until).iter_rows(named=True)
    return {row["person"]: _person(row) for row in rows}


def acting(database: Database, code: str) -> Person:
    """The person who acts. Raises UsageError when nobody is named, or nobody knows them."""
    if not code:
        raise UsageError("error.person.nobody")
    known = people(database)
    if code not in known:
        raise UsageError("error.person.unknown", person=code)
    return known[code]


def add_person(
    database: Database, by: Person, person: Person, now: datetime, reason: str = "",
    *, seen: int | None = None,
) -> None:  # fmt: skip
    """Make a person known, or change their name, roles and partner.

    `seen` is the version that `by` has looked at, 0 for somebody new; without it the newest is
    meant. Raises RefusedError when `by` may not, or with everything that is wrong with the
    person, ConflictError when somebody else has changed them, or the last manager, meanwhile.
    """
    by.must("people")
    basis = records.entry_at(database, None)
    faults = list(_faults(person, people(database, basis), _partners(database)))
    known = versions(database)
    if seen == 0 and person.code in known:
        faults.append(UsageError("error.person.taken", text=person.code).placed("code"))
    if faults:
        raise RefusedError(faults)
    version = 1 + (known.get(person.code, 0) if seen is None else seen)
    row = person_row(person).with_columns(version=pl.lit(version, pl.Int64))
    with writing(database, Act(by.code, "people", person.code, now, reason)) as w:
        w.put("people", row)
        if version > known.get(person.code, 0):  # else the row itself meets the other's
            w.unchanged_since(basis, ["people"])


def versions(database: Database) -> dict[str, int]:
    """The version in which everybody is known, by code."""
    rows = records.newest(database, "people").select("person", "version")
    return dict(rows.iter_rows())


def _partners(database: Database) -> set[str]:
    return set(records.standing(database, "partners")["partner"])


def _faults(
    person: Person, known: Mapping[str, Person], partners: Collection[str]
) -> Iterator[ToolkitError]:
    """Why the person cannot be as they are; somebody known may be left without any role."""
    if not _CODE.fullmatch(person.code):
        yield UsageError("error.person.code", text=person.code).placed("code")
    if not person.name.strip():
        yield UsageError("error.person.name").placed("name")
    if not person.roles and person.code not in known:
        yield UsageError("error.person.no_role").placed("roles")
    if person.partner and person.partner not in partners:
        yield UsageError("error.person.partner", partner=person.partner).placed("partner")
    if bool(person.partner) != ("partner" in person.roles):
        found = "error.person.without_partner" if not person.partner else "error.person.of_partner"
        yield UsageError(found, partner=person.partner).placed("partner")
    managers = {code for code, one in known.items() if "manager" in one.roles}
    if managers == {person.code} and "manager" not in person.roles:
        yield UsageError("error.person.last_manager").placed("roles manager")


def person_row(person: Person) -> pl.DataFrame:
    """A person as a row of the register. Raises UsageError for a role we do not have."""
    for role in person.roles - set(ROLES):
        raise UsageError("error.person.role", role=role, known=", ".join(ROLES))
    roles = ",".join(sorted(person.roles))
    return pl.DataFrame(
        [(person.code, person.name, roles, person.partner)], schema=PEOPLE.columns, orient="row"
    )


def _person(row: dict[str, str]) -> Person:
    roles = frozenset(filter(None, row["roles"].split(",")))
    return Person(row["person"], row["name"], roles, row["partner"])
