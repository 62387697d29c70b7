"""Partners, institutions, memberships and what else no other page enters, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.errors import ConflictError, ToolkitError, UsageError
from toolkit.pages.grid import Grid, GridCell, GridColumn, GridRow
from toolkit.pages.grid_rows import Kind
from toolkit.pages.page import Desk, Page, event
from toolkit.pages.registers_edited import VERSION, Edited, not_listed
from toolkit.services import drafts, registers, registers_shown
from toolkit.services.records_checked import column_of, form_of, stored_name
from toolkit.services.registers_shown import ShownColumn
from toolkit.texts.formats import record, word

TABLES = (
    "partners", "institutions", "memberships", "successions", "strategic_partners", "unspent",
    "quotas",
)  # fmt: skip
KINDS: dict[str, Kind] = {"day": "day", "money": "money", "whole": "whole"}
"""How columns of a form are drawn; every other one as text."""


class Registers(Page):
    """The registers' page."""

    name = "registers"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.table = TABLES[0]
        self.rows: dict[str, dict[str, Any]] = {}
        self.edited: dict[str, Edited] = {}
        self.chosen = ""
        self.columns: list[ShownColumn] = []
        self.known: Mapping[str, Mapping[str, str]] = {}
        self._drawn = ""

    def open(self) -> None:
        self.person.must("workbook")
        asked = self.desk.visit.query.get("table", "")
        self.table = asked if asked in TABLES else TABLES[0]
        self._load()
        self._finish()

    def address(self) -> Mapping[str, str]:
        return {} if self.table == TABLES[0] else {"table": self.table}

    @event
    def choose(self, values: Mapping[str, Any]) -> None:
        """Another register; what was typed stays as a draft."""
        self.person.must("workbook")
        if values.get("table") in TABLES:
            self.table, self.chosen = values["table"], ""
            self._load()
            self._finish()

    @event
    def save(self, values: Mapping[str, Any]) -> None:
        """Hand in every row that was edited; one at fault stays as it was typed."""
        self.person.must("import")
        saved = 0
        for key, edited in list(self.edited.items()):
            # what is withdrawn takes nothing; its card says so and lets it be thrown away
            ready = key in self.rows and not not_listed(self.columns, edited.typed)
            saved += ready and self._save(key, edited, values.get("reason", ""))
        left = len(self.edited)
        self._keep()
        if not self.edited:
            self.drop_draft("save")
        self._load()
        if saved:
            self.say("registers.saved", count=saved)
        if left:
            self.say("registers.left", tone="stop", count=left)

    @event
    def forget(self, values: Mapping[str, Any]) -> None:
        """Throw away what was typed, into one row or into all."""
        for key in [values["key"]] if values.get("key") else list(self.edited):
            self.edited.pop(key, None)
        self._keep()
        self._load()

    @event
    def keep_mine(self, values: Mapping[str, Any]) -> None:
        """After a conflict: what was typed goes onto what the other person wrote."""
        edited = self.edited.get(values.get("key", ""))
        if edited is not None and values["key"] in self.rows:
            edited.seen, edited.other = self.rows[values["key"]], None
            self._keep()

    @event
    def add(self, values: Mapping[str, Any]) -> None:
        """A new record."""
        fields = {column.name: str(values.get(column.name, "")) for column in self.columns}
        registers.add(
            self.desk.database, self.person, self.table, fields, self.desk.clock(),
            values.get("reason", ""),
        )  # fmt: skip
        self.drop_draft(f"add {self.table}")
        self._load()
        self.say("registers.added")

    @event
    def close(self, _: Mapping[str, Any]) -> None:
        """Leave the chosen record as it is."""
        self.chosen = ""

    @event
    def withdraw(self, values: Mapping[str, Any]) -> None:
        """Withdraw the chosen record."""
        if self.chosen not in self.rows:
            raise UsageError("error.record.none", record=self.chosen)
        registers.withdraw(
            self.desk.database, self.person, self.table, self.rows[self.chosen],
            self.desk.clock(), values.get("reason", ""),
        )  # fmt: skip
        self.edited.pop(self.chosen, None)
        self.drop_draft("withdraw " + self.table + " " + self.chosen.replace("\t", " · "))
        self.chosen = ""
        self._keep()
        self._load()
        self.say("registers.withdrawn")

    def facts(self) -> Mapping[str, Any]:
        conflicts = [
            {"key": key, "name": self._title(key), "gone": key not in self.rows,
             "rows": edited.beside(self.columns)}
            for key, edited in self.edited.items() if edited.other is not None
        ]  # fmt: skip
        return {
            "tables": TABLES, "table": self.table, "edited": self.edited, "conflicts": conflicts,
            "columns": self.columns, "known": self.known,
            "may": self.person.refusal("import") is None,
            "chosen": self.chosen.replace("\t", " · "), "title": self._title(self.chosen),
        }  # fmt: skip

    def _title(self, key: str) -> str:
        """A record by name; by its key alone when it stands no longer."""
        if key not in self.rows:
            return record(key.replace("\t", " · "), self.lang)
        return registers_shown.title(self.table, self.rows[key], self.known, self.lang)

    def _load(self) -> None:
        if self.table != self._drawn:
            self._draw()
        self.rows = registers_shown.standing(self.desk.database, self.table)
        others = registers_shown.others(self.desk.database)
        self.known = registers_shown.known(self.table, others, self.lang)
        self._take_up()
        self.grid.show([self._row(key, row) for key, row in self.rows.items()])

    def _draw(self) -> None:
        """The table of another register; within one, what was searched and sorted stays."""
        self.columns = registers_shown.columns(self.table, self.lang)
        may = self.person.refusal("import") is None
        opener = next(column.name for column in self.columns if column.key)
        self.grid = Grid(
            word("table", self.table, self.lang),
            [_column(column, opens=column.name == opener) for column in self.columns],
            lang=self.lang, on_edit=self._typed if may else None, on_open=self._opened,
            read_only=not may,
        )  # fmt: skip
        self.desk.grids["register"] = self.grid
        self._drawn = self.table

    def _row(self, key: str, row: Mapping[str, Any]) -> GridRow:
        texts, form = registers_shown.shown(self.table, row, self.lang), form_of(self.table)
        edited = self.edited.get(key)
        cells = {}
        for column in self.columns:
            name, typed = column.name, edited.typed.get(column.name) if edited else None
            shown = dict(column.choices).get(texts[name], texts[name])
            wrong = edited.wrong.get(name, "") if edited else ""
            tone = "hit" if typed is not None else ""
            # figures and days are sorted as what they are, not by their letters
            value = row[stored_name(column_of(form, name))] if column.kind in KINDS else texts[name]
            told = shown if typed is None else dict(column.choices).get(typed, typed)
            small = self._named(name, texts[name] if typed is None else typed, told)
            cells[name] = GridCell(told, value, error=wrong, tone=tone, small=small)
        return GridRow(key, cells, opens=True)

    def _typed(self, key: str, name: str, typed: str) -> GridCell:
        """Judge a cell as it is typed, and keep it as a draft whatever comes of it."""
        wrong = self._judge(key, name, typed)
        self._keep()
        self.refresh()
        choices = next(column.choices for column in self.columns if column.name == name)
        told = dict(choices).get(typed, typed)
        small = self._named(name, typed, told)
        return GridCell(told, value=typed, error=wrong, tone="hit", small=small)

    def _judge(self, key: str, name: str, typed: str) -> str:
        """Why a cell cannot be as it is typed; empty when it can."""
        edited = self.edited.setdefault(key, Edited(dict(self.rows[key])))
        edited.typed[name] = typed
        others = registers_shown.others(self.desk.database)
        beside = {other: text for other, text in edited.typed.items() if other != name}
        row = {**edited.seen, **self._stored(beside)}
        found = registers.judge(self.table, name, typed, row, others)
        found = UsageError("grid.not_choice") if not_listed(self.columns, {name: typed}) else found
        wrong = found.sentence(self.lang) if isinstance(found, ToolkitError) else ""
        edited.wrong = {**edited.wrong, name: wrong} if wrong else {
            n: w for n, w in edited.wrong.items() if n != name
        }  # fmt: skip
        return wrong

    def _named(self, column: str, code: str, told: str) -> str:
        """The name of the record that a cell names by code, unless the cell says it already."""
        name = self.known.get(column, {}).get(code.strip(), "")
        return "" if name == told else name

    def _save(self, key: str, edited: Edited, reason: str) -> int:
        """1 when the row was written, 0 when it stays as it was typed."""
        try:
            registers.change(
                self.desk.database, self.person, self.table, edited.seen,
                self._stored(edited.typed), self.desk.clock(), reason,
            )  # fmt: skip
        except ConflictError as conflict:
            edited.meet(conflict.now, self._shown)
            self.tell(conflict)
            return 0
        except ToolkitError as error:
            self.tell(error)
            return 0
        del self.edited[key]
        return 1

    def _stored(self, typed: Mapping[str, str]) -> dict[str, str]:
        """What was typed under the names of the store: else what stands there would win."""
        form = form_of(self.table)
        return {stored_name(column_of(form, name)): text for name, text in typed.items()}

    def _opened(self, key: str, _column: str) -> None:
        self.chosen = key
        self.refresh()

    def _keep(self) -> None:
        """Everything typed into this register, as the person's draft."""
        values = {
            f"{key}\n{name}": str(value)
            for key, edited in self.edited.items()
            for name, value in {**edited.typed, VERSION: edited.seen[VERSION]}.items()
        }
        drafts.keep(self.person.code, f"{self.name} edited {self.table}", values)

    def _take_up(self) -> None:
        """What the person had typed when they were here last, on rows that still stand."""
        found = drafts.kept(self.person.code, f"{self.name} edited {self.table}")
        before, self.edited = self.edited, {}
        for place, value in found.items():
            key, _, name = place.partition("\n")
            if name == VERSION or not name:
                continue
            version = int(found.get(f"{key}\n{VERSION}", 0))
            known = before.get(key) or Edited({**self.rows.get(key, {}), VERSION: version})
            self.edited.setdefault(key, known).typed[name] = value
            if key not in before and key in self.rows:
                self._judge(key, name, value)
        for key, edited in self.edited.items():
            edited.meet(self.rows.get(key), self._shown)
        self.edited = {key: edited for key, edited in self.edited.items() if not edited.settled}

    def _finish(self) -> None:
        """What was being typed when a tab closed or a kernel ended: as if left by Enter."""
        person, form = self.person.code, self._form(f"cells {self.table}")
        found = drafts.kept(person, form)
        for place, marked in found.items():
            key, _, name = place.partition("\n")
            typed = marked.removeprefix("=")
            if name not in {column.name for column in self.columns if not column.key}:
                continue
            if key in self.rows:
                self._judge(key, name, typed)
            else:
                gone = self.edited.setdefault(key, Edited({VERSION: 0}))
                gone.typed[name] = typed
        if found:
            self._keep()
            drafts.drop(person, form)
            self._load()

    def _shown(self, row: Mapping[str, Any]) -> dict[str, str]:
        return registers_shown.shown(self.table, row, self.lang)


def _column(column: ShownColumn, *, opens: bool) -> GridColumn:
    kind = "choice" if column.choices else KINDS.get(column.kind, "text")
    return GridColumn(
        column.name, column.title, kind, editable=not column.key, choices=column.choices,
        opens=opens,
    )  # fmt: skip
