"""Who did what and when, and the proof that nothing of it was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from toolkit.pages.grid import Grid, GridCell, GridColumn, GridRow
from toolkit.pages.page import Desk, Page, event
from toolkit.services import journal, keeping, people
from toolkit.services.keeping import Proof
from toolkit.services.stored import HERE
from toolkit.texts import text
from toolkit.texts.formats import word

MOST = 20_000
_COLUMNS = ("entry", "recorded_at", "person", "action", "subject", "reason")


class Journal(Page):
    """The auditor's page."""

    name = "journal"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.verified: Proof | None = None
        self.asked = {"person": "", "from": "", "to": ""}
        columns = [
            GridColumn(name, text(f"journal.{name}", self.lang)) for name in (*_COLUMNS, "hash")
        ]
        self.grid = Grid(text("page.journal", self.lang), columns, lang=self.lang, read_only=True)
        desk.grids["journal"] = self.grid

    def open(self) -> None:
        self._load()

    @event
    def choose(self, values: Mapping[str, Any]) -> None:
        """Entries of one person, of some days."""
        self.asked = {name: str(values.get(name, "")) for name in self.asked}
        self._load()

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
        return {"asked": self.asked, "people": known.values(), "verified": self.verified}

    def _load(self) -> None:
        self.person.must("journal")
        names = {code: who.name for code, who in people.people(self.desk.database).items()}
        entries = keeping.journal(self.desk.database, MOST)
        self.grid.show([_row(entry, names, self.lang) for entry in entries if self._wanted(entry)])

    def _wanted(self, entry: Sequence[Any]) -> bool:
        day = _here(entry[1]).date().isoformat()
        person, first, last = self.asked["person"], self.asked["from"], self.asked["to"]
        return (
            (not person or entry[2] == person)
            and (not first or day >= first)
            and (not last or day <= last)
        )


def _row(entry: Sequence[Any], names: Mapping[str, str], lang: str) -> GridRow:
    told = dict(zip((*_COLUMNS, "hash"), entry, strict=True))
    cells = {
        "entry": GridCell(str(told["entry"]), value=told["entry"]),
        "recorded_at": GridCell(moment(told["recorded_at"], lang), value=told["recorded_at"]),
        "person": GridCell(names.get(told["person"], told["person"]), value=told["person"]),
        "action": GridCell(word("action", told["action"], lang), value=told["action"]),
        "subject": GridCell(told["subject"], value=told["subject"]),
        "reason": GridCell(told["reason"], value=told["reason"]),
        "hash": GridCell(told["hash"][:12] + "…", value=told["hash"]),
    }
    return GridRow(str(told["entry"]), cells)


def moment(recorded_at: str, lang: str) -> str:
    """When an entry was recorded, in Latvia's time: `25.11.2026. 12:04:31`."""
    form = "%d.%m.%Y. %H:%M:%S" if lang == "lv" else "%Y-%m-%d %H:%M:%S"
    return _here(recorded_at).strftime(form)


def _here(recorded_at: str) -> datetime:
    return datetime.fromisoformat(recorded_at).astimezone(HERE)
