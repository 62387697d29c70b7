"""Who did what and when, and the proof that nothing of it was changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from toolkit.errors import UsageError
from toolkit.pages.grid import Grid, GridCell, GridColumn, GridRow
from toolkit.pages.grid_rows import Kind
from toolkit.pages.journal_one import One
from toolkit.pages.page import Desk, Page, event
from toolkit.services import journal, journal_changes, people, stored
from toolkit.services.agreements_shown import day_of
from toolkit.services.journal import Entry, Wanted
from toolkit.services.keeping import Proof
from toolkit.services.visible import Visible
from toolkit.texts import text
from toolkit.texts.formats import journal_subject, moment, word

MOST = 20_000
_COLUMNS: dict[str, Kind] = {
    "entry": "whole", "recorded_at": "day", "person": "text", "action": "text", "subject": "text",
    "reason": "text", "hash": "text",
}  # fmt: skip


class Journal(Page):
    """The auditor's page."""

    name = "journal"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.verified: Proof | None = None
        self.found = 0
        self.asked = {"person": "", "from": "", "to": ""}
        columns = [
            GridColumn(name, text(f"journal.{name}", self.lang), kind, opens=name == "entry")
            for name, kind in _COLUMNS.items()
        ]
        self.one: One | None = None
        self.grid = Grid(
            text("page.journal", self.lang), columns, lang=self.lang,
            on_open=lambda key, _: self._opened(key), read_only=True,
        )  # fmt: skip
        desk.grids["journal"] = self.grid

    def open(self) -> None:
        self._load()
        if asked := self.desk.visit.query.get("entry"):
            self._open_one(asked)

    def address(self) -> Mapping[str, str]:
        return {"entry": str(self.one.number)} if self.one else {}

    @event
    def choose(self, values: Mapping[str, Any]) -> None:
        """Entries of one person, of some days."""
        self.asked = {name: str(values.get(name, "")) for name in self.asked}
        self._load()

    @event
    def close_one(self, _: Mapping[str, Any]) -> None:
        """Back to the entries."""
        self.one = None

    @event
    def verify(self, _: Mapping[str, Any]) -> None:
        """Walk the chain: every entry, row and guard."""
        sentence = text("journal.verifying", self.lang)
        self.verified = journal.verified(
            self.desk.database, self.person,
            lambda done, of: self.desk.show_progress(done, of, f"{sentence} {done}/{of}"),
        )  # fmt: skip

    def facts(self) -> Mapping[str, Any]:
        known = people.people(self.desk.database)
        return {
            "asked": self.asked, "people": known.values(), "verified": self.verified,
            "found": self.found, "most": MOST, "one": self.one,
        }  # fmt: skip

    def _load(self) -> None:
        visible = Visible(self.person, stored.stored_inputs(self.desk.database), stored.today())
        names = {code: who.name for code, who in people.people(self.desk.database).items()}
        wanted = Wanted(self.asked["person"], first=self._day("from"), last=self._day("to"))
        if wanted.first and wanted.last and wanted.first > wanted.last:
            raise UsageError("journal.days_backwards").placed("to")
        found = journal.search(self.desk.database, visible, wanted, size=MOST)
        self.found = found.found
        self.grid.show([_row(entry, names, self.lang) for entry in found.entries])

    def _open_one(self, number: str) -> None:
        """One entry; what is no entry of the person's closes the one before."""
        self.one = None
        found = journal_changes.entry_changes(
            self.desk.database, self.person, stored.today(), number
        )
        self.one = One(found, self.lang)

    def _opened(self, number: str) -> None:
        """A number in the table was clicked."""
        self.messages = []
        self._open_one(number)
        self.refresh()

    def _day(self, field: str) -> date | None:
        """The day that was typed; none when nothing was. Raises UsageError for what is no day."""
        written = self.asked[field]
        return day_of(written, field) if written.strip() else None


def _row(entry: Entry, names: Mapping[str, str], lang: str) -> GridRow:
    action = word("action", entry.action, lang)
    cells = {
        "entry": GridCell(str(entry.number), value=entry.number),
        "recorded_at": GridCell(moment(entry.at, lang), value=entry.at.isoformat()),
        "person": GridCell(names.get(entry.person, entry.person), value=entry.person),
        "action": GridCell(action, value=action),
        "subject": GridCell(journal_subject(entry.subject, lang), value=entry.subject),
        "reason": GridCell(entry.reason, value=entry.reason),
        "hash": GridCell(entry.hash[:12] + "…", value=entry.hash),
    }
    return GridRow(str(entry.number), cells, opens=True)
