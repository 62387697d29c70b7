"""The editable table of the pages: Python holds the rows and judges, the browser draws a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from toolkit.pages.grid_rows import (
    GridCell,
    GridColumn,
    GridRow,
    Group,
    arranged,
    groups,
    matching,
    paged,
)
from toolkit.pages.page import told
from toolkit.texts import text

__all__ = ["Grid", "GridCell", "GridColumn", "GridRow"]

_HERE = Path(__file__).parent
_WORDS = (
    "errors", "next", "pages", "pasted", "pasted_left", "previous", "search", "sorted_down",
    "sorted_up", "unsorted",
)  # fmt: skip
FEW_ROWS = 10
"""So many rows are found by looking: no search is offered."""
MOST_LETTERS = 10_000

OnEdit = Callable[[str, str, str], GridCell]
OnOpen = Callable[[str, str], object]


@dataclass(frozen=True, slots=True)
class Order:
    """The column the rows are sorted by."""

    name: str
    descending: bool = False


class Grid(anywidget.AnyWidget):
    """A table that may be sorted, searched, turned in pages, and edited where its columns say so.

    `on_edit(key, column, text)` answers a typed cell with the cell as it stands now, or with
    its error; `on_open(key, column)` hears which cell was opened.
    """

    # anywidget takes one module, and loads it where it cannot import another
    _esm = "\n".join(
        (_HERE / part).read_text(encoding="utf-8")
        for part in ("grid_parts.js", "grid_pen.js", "grid.js")
    )
    _css = (_HERE / "grid.css").read_text(encoding="utf-8")
    view = traitlets.Dict().tag(sync=True)
    """What the browser draws: one page of rows, and all that stands around it."""

    def __init__(
        self, label: str, columns: Sequence[GridColumn], *, lang: str,
        on_edit: OnEdit | None = None, on_open: OnOpen | None = None,
        read_only: bool = False, page_rows: int = 2000,
    ) -> None:  # fmt: skip
        self._label, self._lang = label, lang
        self._columns = {column.name: column for column in columns}
        self._on_edit, self._on_open = on_edit, on_open
        self._read_only = read_only or on_edit is None
        self._page_rows = page_rows
        self._rows: dict[str, GridRow] = {}
        self._total: GridRow | None = None
        self._order: Order | None = None
        self._query = ""
        self._page = 0
        self._drawn: dict[str, dict[str, Any]] = {}
        super().__init__(view=self._viewed())
        self.on_msg(self._received)

    # -- what a page calls -----------------------------------------------------------------
    def show(self, rows: Iterable[GridRow], total: GridRow | None = None) -> None:
        """Replace the rows; the order, the search and the page stay as the person has them."""
        listed = list(rows)
        self._rows = {row.key: row for row in listed}
        if len(self._rows) != len(listed):
            raise ValueError("two rows have one key")
        self._total = total
        self._draw()

    def mark(self, key: str, name: str, text: str, error: str = "") -> None:
        """Change one cell's text, or say what is wrong with it; nothing moves."""
        cell = self._cell(key, name)
        if cell is not None:
            self._answer([(key, name, replace(cell, text=text, error=error))])

    def sort(self, name: str, *, descending: bool = False) -> None:
        """Sort by a column."""
        self._order, self._page = Order(name, descending), 0
        self._draw()

    def filter(self, query: str) -> None:
        """Show the rows that hold all words of the query."""
        self._query, self._page = query, 0
        self._draw()

    def turn(self, page: int) -> None:
        """Show another page; the first is 0."""
        self._page = page
        self._draw()

    # -- what the browser says: it may ask, never set ---------------------------------------
    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take nothing: what is shown comes from the rows alone."""

    def _received(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"type": "edit", "cells": list(cells)}:
                self._edited(cells[: len(self._rows) * len(self._columns)])
            case {"type": "open", "key": str(key), "name": str(name)}:
                self._opened(key, name)
            case {"type": "sort", "name": str(name)} if name in self._columns:
                self._sorted(name)
            case {"type": "filter", "text": str(query)} if _is_text(query):
                self.filter(query)
            case {"type": "page", "page": int(page)} if not isinstance(page, bool):
                self.turn(page)

    def _sorted(self, name: str) -> None:
        """Upwards, downwards, and back to the order in which the rows came."""
        if self._order == Order(name, descending=True):
            self._order = None
            self.turn(0)
        else:
            self.sort(name, descending=self._order == Order(name))

    def _opened(self, key: str, name: str) -> None:
        row, column = self._rows.get(key), self._columns.get(name)
        if not (row and row.opens and column and column.opens and self._on_open):
            return
        try:
            self._on_open(key, name)
        except Exception as error:
            self.send({"type": "say", "sentence": self._told(error)})

    def _edited(self, cells: Sequence[object]) -> None:
        answers = []
        for asked in cells:
            match asked:
                case [str(key), str(name), str(typed)] if _is_text(typed):
                    column, cell = self._columns.get(name), self._cell(key, name)
                    if column and column.editable and cell and key in self._rows:
                        answers.append((key, name, self._judged(key, column, typed)))
        self._answer(answers)

    def _judged(self, key: str, column: GridColumn, typed: str) -> GridCell:
        """The page's answer; what was typed stays in the cell while something is wrong with it."""
        cell = self._cell(key, column.name)
        assert cell is not None
        if self._read_only or self._on_edit is None:
            return cell
        code = _code(column, typed)
        wrong = text("grid.not_choice", self._lang) if code is None else ""
        try:
            # the page hears of what is no choice too: it keeps whatever was typed
            answer = self._on_edit(key, column.name, typed if code is None else code)
        except Exception as error:
            return replace(cell, text=typed, error=wrong or self._told(error))
        wrong = wrong or answer.error
        return replace(cell, text=typed, error=wrong) if wrong else answer

    def _told(self, error: Exception) -> str:
        return " ".join(one.words for one in told(error, self._lang, "grid"))

    # -- what is shown -----------------------------------------------------------------------
    def _cell(self, key: str, name: str) -> GridCell | None:
        row = self._rows.get(key)
        if row is None and self._total is not None and key == self._total.key:
            row = self._total
        return row.cells.get(name) if row else None

    def _answer(self, answers: Sequence[tuple[str, str, GridCell]]) -> None:
        for key, name, cell in answers:
            self._put(key, name, cell)
        marks = [
            {"key": key, "name": name, "cell": _cell_sent(cell)} for key, name, cell in answers
        ]
        if marks:
            self.send({"type": "mark", "cells": marks})

    def _put(self, key: str, name: str, cell: GridCell) -> None:
        """Keep the cell here and in the view, which a browser that comes back asks for.

        In place: the browser has the cell in a message, and need not be sent the page again.
        """
        if key in self._rows:
            row = self._rows[key]
            self._rows[key] = replace(row, cells={**row.cells, name: cell})
        elif self._total is not None:
            self._total = replace(self._total, cells={**self._total.cells, name: cell})
        if key in self._drawn:
            self._drawn[key]["cells"][list(self._columns).index(name)] = _cell_sent(cell)

    def _draw(self) -> None:
        self.view = self._viewed()

    def _chosen(self) -> list[Group]:
        found = matching(groups(self._rows.values()), self._query)
        if self._order is None:
            return found
        return arranged(found, self._order.name, descending=self._order.descending)

    def _viewed(self) -> dict[str, Any]:
        pages = paged(self._chosen(), self._page_rows)
        self._page = min(max(self._page, 0), len(pages) - 1)
        before = sum(len(page) for page in pages[: self._page])
        rows = [self._row_sent(row) for row in pages[self._page]]
        total = self._total and self._row_sent(self._total)
        self._drawn = {row["key"]: row for row in [*([total] if total else []), *rows]}
        count = sum(map(len, pages))
        order = self._order and {"name": self._order.name, "descending": self._order.descending}
        return {
            "label": self._label, "words": {word: self._word(word) for word in _WORDS},
            "columns": [_column_sent(column) for column in self._columns.values()],
            "read_only": self._read_only, "rows": rows, "total": total, "order": order,
            "query": self._query, "search": bool(self._query) or len(self._rows) > FEW_ROWS,
            "page": self._page, "pages": len(pages), "before": before, "count": count,
            "shown": text(
                "grid.page", self._lang, first=before + 1, last=before + len(rows), count=count
            ),
            "found": self._found(count),
        }  # fmt: skip

    def _found(self, count: int) -> str:
        if not self._rows:
            return text("grid.none", self._lang)
        if self._query:
            return text("grid.found", self._lang, count=count, all=len(self._rows))
        return ""

    def _word(self, word: str) -> str:
        # the browser fills these gaps itself
        return text(f"grid.{word}", self._lang, count="{count}", left="{left}", title="{title}")

    def _row_sent(self, row: GridRow) -> dict[str, Any]:
        cells = [row.cells.get(name) for name in self._columns]
        return {
            "key": row.key, "tone": row.tone, "opens": row.opens,
            "cells": [cell and _cell_sent(cell) for cell in cells],
        }  # fmt: skip


def _is_text(typed: str) -> bool:
    """Whether it can be kept and sent on: no halves of letters, no book."""
    return len(typed) <= MOST_LETTERS and not any(
        "\ud800" <= letter <= "\udfff" for letter in typed
    )


def _code(column: GridColumn, typed: str) -> str | None:
    """What `on_edit` receives: the text, or the code of a choice named by code or word."""
    if column.kind != "choice":
        return typed
    wanted = typed.strip().casefold()
    for code, shown in column.choices:
        if typed == code or wanted == shown.casefold():
            return code
    return None


def _column_sent(column: GridColumn) -> dict[str, Any]:
    return {
        "name": column.name, "title": column.title, "kind": column.kind,
        "editable": column.editable, "choices": [list(pair) for pair in column.choices],
        "opens": column.opens,
    }  # fmt: skip


def _cell_sent(cell: GridCell) -> dict[str, Any]:
    """What is not empty of a cell: a page has thousands."""
    sent = {"text": cell.text, "error": cell.error, "tone": cell.tone, "small": cell.small}
    part = {} if cell.part is None else {"part": min(max(cell.part, 0), 100)}
    opened = {} if cell.expanded is None else {"expanded": cell.expanded}
    return {name: value for name, value in sent.items() if value} | part | opened
