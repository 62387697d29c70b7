"""Who is known to the store, what they may do, and their passwords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.errors import ConflictError, UsageError
from toolkit.frames.ledger import ROLES
from toolkit.pages.grid import Grid, GridCell, GridColumn, GridRow
from toolkit.pages.page import Desk, Page, event
from toolkit.services import passwords, people, registers
from toolkit.services.people import Person
from toolkit.services.workflow import refuse
from toolkit.texts import text
from toolkit.texts.formats import word

ROLE = "role "
NEW = Person("", "", frozenset())


class People(Page):
    """The manager's page: people, roles, passwords."""

    name = "people"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.known: dict[str, Person] = {}
        self.versions: dict[str, int] = {}
        self.chosen = NEW
        self.seen = 0
        """The version of the chosen person that is shown."""
        self.leaves = False
        self.partners: dict[str, str] = {}
        titles = {
            name: text(f"people.{name}", self.lang)
            for name in ("name", "code", "roles", "partner", "password")
        }
        columns = [GridColumn(name, title, opens=name == "name") for name, title in titles.items()]
        self.grid = Grid(
            text("page.people", self.lang), columns, lang=self.lang, on_open=self._opened,
            read_only=True,
        )  # fmt: skip
        desk.grids["people"] = self.grid

    def open(self) -> None:
        self.person.must("people")
        self._load()
        self._choose(self.desk.visit.query.get("code", ""))

    @event
    def fresh(self, _: Mapping[str, Any]) -> None:
        """An empty form."""
        self._choose("")

    @event
    def save(self, values: Mapping[str, Any]) -> None:
        """Make a person known, or change them."""
        roles = frozenset(role for role in ROLES if values.get(f"{ROLE}{role}"))
        code = self.chosen.code or values.get("code", "").strip()
        partner = values.get("partner", "").strip()
        person = Person(code, values.get("name", "").strip(), roles, partner)
        self.leaves = bool(self.chosen.roles) and not roles
        if self.leaves and not values.get("leaves"):
            raise UsageError("error.person.leaves", name=self.chosen.name).placed("leaves")
        try:
            people.add_person(
                self.desk.database, self.person, person, self.desk.clock(),
                values.get("reason", ""), seen=self.seen,
            )  # fmt: skip
        except ConflictError:
            # what the other wrote is in the list; what was typed stays, to be saved over it or not
            self._load()
            self._choose(self.chosen.code)
            raise
        self.drop_draft(f"person {self.chosen.code}")
        self._load()
        self._choose(code)
        self.say("people.saved", name=person.name)

    @event
    def password(self, values: Mapping[str, Any]) -> None:
        """Give the chosen person a password; their own, people change by knowing the old one."""
        typed = values.get("password", "")
        refuse([passwords.differing(typed, values.get("again", ""))])
        passwords.set_password(
            self.desk.database, self.person, self.chosen.code, typed,
            self.desk.clock(),
        )  # fmt: skip
        self._load()
        self.say("people.password_set", name=self.chosen.name)

    def field(self, at: str) -> str:
        about, _, role = at.partition(" ")
        return f"{ROLE}{role or ROLES[0]}" if about == "roles" else at

    def address(self) -> Mapping[str, str]:
        return {"code": self.chosen.code} if self.chosen.code else {}

    def facts(self) -> Mapping[str, Any]:
        return {
            "chosen": self.chosen, "roles": ROLES, "role_mark": ROLE, "partners": self.partners,
            "me": self.desk.visit.person, "leaves": self.leaves,
        }  # fmt: skip

    def _load(self) -> None:
        self.known = people.people(self.desk.database)
        self.versions = people.versions(self.desk.database)
        rows = registers.rows(self.desk.database, "partners").sort("name")
        self.partners = dict(rows.select("partner", "name").iter_rows())
        having = passwords.having(self.desk.database)
        self.grid.show([self._row(person, has_password=person.code in having)
                        for person in self.known.values()])  # fmt: skip

    def _opened(self, key: str, _column: str) -> None:
        self._choose(key)
        self.refresh()

    def _choose(self, code: str) -> None:
        self.chosen, self.seen = self.known.get(code, NEW), self.versions.get(code, 0)
        self.leaves = False

    def _row(self, person: Person, *, has_password: bool) -> GridRow:
        lang = self.lang
        roles = ", ".join(word("role", role, lang) for role in sorted(person.roles))
        told = text("people.has_password" if has_password else "people.no_password", lang)
        partner = self.partners.get(person.partner, person.partner)
        cells = {
            "name": GridCell(person.name, value=person.name),
            "code": GridCell(person.code, value=person.code),
            "roles": GridCell(roles or text("people.no_role", lang), value=roles),
            "partner": GridCell(partner or "–", value=partner),
            "password": GridCell(told, value=told),
        }
        return GridRow(person.code, cells, opens=True)
