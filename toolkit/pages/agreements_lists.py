"""What is due, and what successions pass on: read when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from toolkit.errors import UsageError
from toolkit.pages import agreements_rows
from toolkit.pages.grid import Grid, GridRow
from toolkit.pages.page import Desk
from toolkit.services import closures, obligations
from toolkit.services.agreements_shown import Register, day_of, succession_days
from toolkit.services.conserving import findings
from toolkit.services.inputs import Inputs
from toolkit.services.laws import load_law
from toolkit.services.succession import effect
from toolkit.services.visible import Visible
from toolkit.texts import text

WITHIN = 30
MOST_DAYS = 3660
MOVES = ("thing", "semester", "item", "partner", "heir", "amount")
SUMS = ("thing", "semester", "partner", "heirs", "before", "after", "difference")


class DueList:
    """What has to be done within some days of the register's day, and what is overdue."""

    def __init__(self, desk: Desk, lang: str, opened: Callable[[str], None]) -> None:
        self._desk, self._lang, self._open = desk, lang, opened
        self.within = WITHIN
        self.rows: list[GridRow] = []
        self._found: dict[str, str] = {}
        self.overdue = 0
        desk.grids["due"] = self._grid = Grid(
            text("agreements.due", lang), agreements_rows.due_columns(lang), lang=lang,
            on_open=self.opened, read_only=True,
        )  # fmt: skip

    def ask(self, written: str) -> None:
        """Within so many days. Raises UsageError for what is no number of days."""
        plain = written.strip()
        if not plain.isdecimal() or int(plain) > MOST_DAYS:
            raise UsageError("error.agreement.within", text=written, most=MOST_DAYS)
        self.within = int(plain)

    def opened(self, key: str, _: str) -> None:
        """The agreement of a row was clicked."""
        self._open(self._found[key])

    def load(self, inputs: Inputs, visible: Visible, register: Register) -> None:
        """Read the list. Raises LawError when the law says nothing of deadlines."""
        closed = closures.closures(self._desk.database)
        found = visible.due(
            obligations.due_list(inputs, load_law(), register.day, self.within, closed)
        )
        # what can still be done in time comes first
        found.sort(key=lambda one: one[1] == "overdue")
        self.rows = list(agreements_rows.due_rows(found, register, self._lang))
        numbers = (obligation.agreement for obligation, _ in found)
        self._found = dict(zip((row.key for row in self.rows), numbers, strict=True))
        self.overdue = sum(state == "overdue" for _, state in found)
        self._grid.show(self.rows)


class Successions:
    """What passes to whom on a day when successions take effect, and whether the sums are kept."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self._lang = lang
        self.days: list[date] = []
        self.day: date | None = None
        self.moves: list[GridRow] = []
        self.sums: list[GridRow] = []
        self.lost: list[str] = []
        self._grids = {
            name: Grid(
                text(f"agreements.successions.{name}", lang),
                agreements_rows.succession_columns(columns, lang), lang=lang, read_only=True,
            )
            for name, columns in (("moves", MOVES), ("sums", SUMS))
        }  # fmt: skip
        desk.grids.update(self._grids)

    def ask(self, written: str) -> None:
        """What passes on this day."""
        self.day = day_of(written)

    def load(self, inputs: Inputs, register: Register) -> None:
        """Read what passes on the day asked for, at first on the last one there is."""
        self.days = succession_days(inputs)
        self.day = self.day or next(iter(self.days), None)
        self.moves, self.sums, self.lost = [], [], []
        if self.day is None:
            return
        found = effect(inputs, self.day)
        names = {**register.partners, **register.institutions}
        self.moves, self.sums = (
            list(
                agreements_rows.succession_rows(
                    frame.select(columns).iter_rows(named=True), columns, names, self._lang
                )
            )
            for frame, columns in ((found.moves, MOVES), (found.balance, SUMS))
        )
        self._grids["moves"].show(self.moves)
        self._grids["sums"].show(self.sums)
        lost = findings(inputs, found.lost)
        self.lost = [f"{one.problem(self._lang)} {one.remedy(self._lang)}" for one in lost]
