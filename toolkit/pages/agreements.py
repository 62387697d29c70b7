"""The register of agreements: on a day, one by one, what is due, what passes on, what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.pages import agreements_forms as forms
from toolkit.pages import agreements_rows
from toolkit.pages.agreements_chart import Timeline, timeline
from toolkit.pages.agreements_lists import DueList, Successions
from toolkit.pages.agreements_one import One
from toolkit.pages.agreements_writing import NEW, Writing
from toolkit.pages.grid import Grid
from toolkit.pages.page import Desk, event
from toolkit.services import stored
from toolkit.services.agreements import AgreementOn
from toolkit.services.agreements_shown import STATUSES, Register, day_of, register_on
from toolkit.services.inputs import Inputs
from toolkit.services.plans import measure_names
from toolkit.services.visible import Visible
from toolkit.texts import text

VIEWS = ("register", "due", "successions", "new")
MOST_UNPAID = 20
"""Rows of counts without money that are shown one by one."""


class Agreements(Writing):
    """Who has agreed to what, from when, and what has changed since."""

    name = "agreements"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = VIEWS[0]
        self.day = stored.today()
        self.query = self.status = ""
        self.visible: Visible | None = None
        self.register: Register | None = None
        self.found: list[AgreementOn] = []
        self.rows: list[Any] = []
        self.drawn: Timeline | None = None
        self.drawing = False
        self.grid = Grid(
            text("agreements.register", self.lang), agreements_rows.register_columns(self.lang),
            lang=self.lang, on_open=lambda key, _: self._opened(key), read_only=True,
        )  # fmt: skip
        desk.grids["agreements"] = self.grid
        self.due = DueList(desk, self.lang, self._opened)
        self.successions = Successions(desk, self.lang)

    def open(self) -> None:
        asked = self.desk.visit.query
        self.query, status = asked.get("query", ""), asked.get("status", "")
        self.status = status if status in STATUSES else ""
        try:
            self.day = day_of(asked["day"]) if asked.get("day") else self.day
        finally:  # of a day that is none the person is told above a register that works
            self._load()
        self.turn(asked)
        if asked.get("agreement"):
            self._open_one(asked["agreement"])
            self._one().resume(asked)

    def address(self) -> Mapping[str, str]:
        reading = self.view == VIEWS[0]
        told = {
            "view": "" if reading else self.view, "query": self.query, "status": self.status,
            "day": self.day.isoformat() if self.day != stored.today() else "",
            "agreement": self.one.number if self.one and reading else "",
            **(self.one.address() if self.one and reading else {}),
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    def fire(self, name: str, values: Mapping[str, Any]) -> str:
        self.findings, self.unpaid, self._typed = [], (), values
        return super().fire(name, values)

    @event
    def turn(self, values: Mapping[str, Any]) -> None:
        """Another part of the page."""
        if values.get("view") in self._views():
            self.view = values["view"]
            self._show_lists()

    @event
    def choose(self, values: Mapping[str, Any]) -> None:
        """Another day, status or search."""
        self.query, status = values.get("query", "").strip(), values.get("status", "")
        self.status = status if status in STATUSES else ""
        self._choose_day(values)

    @event
    def draw(self, values: Mapping[str, Any]) -> None:
        """The timeline, or without it again."""
        self.drawing = values.get("wanted") == "yes"
        if self.drawing:
            self.desk.show_progress(0, 1, text("agreements.timeline.drawing", self.lang))
        self._draw()

    @event
    def open_one(self, values: Mapping[str, Any]) -> None:
        """One agreement."""
        self._open_one(values.get("agreement", ""))

    @event
    def close_one(self, _: Mapping[str, Any]) -> None:
        """Back to the register."""
        self.one = None

    @event
    def cover_in(self, values: Mapping[str, Any]) -> None:
        """What the agreement covers in one semester."""
        one = self._one()
        semester = values.get("semester", "")
        one.semester = semester if semester in one.semesters else ""

    @event
    def due_within(self, values: Mapping[str, Any]) -> None:
        """What is due within so many days."""
        self.due.ask(values.get("within", ""))
        self._choose_day(values)

    @event
    def succeeded_on(self, values: Mapping[str, Any]) -> None:
        """What passes on another day."""
        self.successions.ask(values.get("on", ""))
        self._show_lists()

    def facts(self) -> Mapping[str, Any]:
        one, may = self.one, self.person.refusal("import") is None
        busy = self.view == VIEWS[0] and one is not None and bool(one.amending or one.withdrawing)
        return {
            "view": self.view, "views": self._views(), "day": self.day, "asking": self.asking,
            "query": self.query, "status": self.status, "statuses": STATUSES, "may": may,
            "register": self.register, "found": self.found, "drawing": self.drawing,
            "drawn": self.drawn, "one": one, "due": self.due, "successions": self.successions,
            "findings": self.findings, "unpaid": self.unpaid, "most_unpaid": MOST_UNPAID,
            "forms": forms, "typed": self._draft(NEW),
            "amendment": self._draft(one.form) if one else {},
            "writing": may and (self.view == NEW or busy),
            "semesters": self.inputs.known_semesters if self.inputs else [],
            "measures": measure_names(self.lang),
        }  # fmt: skip

    def _read(self) -> tuple[Inputs, Visible]:
        """The registers, and what of them the person may see: theirs as of today, on any day."""
        inputs = stored.stored_inputs(self.desk.database)
        return inputs, Visible(self.person, inputs, stored.today())

    def _choose_day(self, values: Mapping[str, Any]) -> None:
        written = values.get("day", "").strip()
        self.day = day_of(written, "day") if written else stored.today()
        self._load()

    def _load(self) -> None:
        self.inputs, self.visible = self._read()
        self.register = register_on(self.inputs, self.visible, self.day)
        self.found = list(self.register.found(self.query, self.status))
        self.rows = list(agreements_rows.register_rows(self.register, self.found, self.lang))
        self.grid.show(self.rows)
        self._draw()
        self._show_lists()
        if self.one:
            # one that somebody has withdrawn meanwhile is told of once, and closed
            view, number, self.one = self.view, self.one.number, None
            self._open_one(number)
            self.view = view  # which part is open does not change with what is read

    def _show_register(self) -> None:
        self.view, self.query, self.status = VIEWS[0], "", ""

    def _views(self) -> list[str]:
        """The parts for the person: what successions pass on is no single partner's."""
        shut = set() if self.person.refusal("import") is None else {NEW}
        if self.visible is None or not self.visible.everything:
            shut.add("successions")
        return [view for view in VIEWS if view not in shut]

    def _draw(self) -> None:
        self.drawn = None
        if self.drawing and self.register:
            self.drawn = timeline(self.register, self.found, self.lang)

    def _show_lists(self) -> None:
        """The list of the part that is open: the others are read when somebody asks for them."""
        if self.inputs is None or self.visible is None or self.register is None:
            return
        if self.view == "due":
            self.due.load(self.inputs, self.visible, self.register)
        elif self.view == "successions":
            self.successions.load(self.inputs, self.register)

    def _open_one(self, number: str) -> None:
        if self.inputs is None or self.register is None:
            return
        self.one = One(self.inputs, self.register, number, self.lang)
        self.view = VIEWS[0]

    def _opened(self, number: str) -> None:
        """A number in a table was clicked."""
        self.messages = []
        self._open_one(number)
        self.refresh()
