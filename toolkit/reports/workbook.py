"""A report as an XLSX workbook. The only place that knows xlsxwriter."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import UsageError
from toolkit.reports.report import FIRST_ROW, Cell, Column, Kind, Report, Sheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from toolkit.reports.plain import PlainWorksheet

MOST_ROWS = 1_048_576 - FIRST_ROW - 1
MOST_LINKS = 65_530
"""Excel's limit a sheet; rows beyond it are explained by the number of the trace alone."""
_INK, _SOFT, _LEAF, _PALE, _LINE, _SUN = (
    "#1c2a26", "#55655f", "#1f6f4a", "#e3f1ea", "#dde4e0", "#8a5a00",
)  # fmt: skip
_ROW_PIXELS = 20
_NUMBER_FORMATS: dict[Kind, str] = {
    "money": "", "count": "#,##0", "cents": "#,##0", "number": "0.######",
    "day": "dd.mm.yyyy", "text": "@", "wide": "@",
}  # fmt: skip


def write(report: Report, path: Path) -> None:
    """Write the report to `path`, whole or not at all; the same report gives the same bytes.

    Text is always written as text: nothing a person typed becomes a formula or link.
    Raises UsageError when a sheet is too long or the file cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    longest = max(sheet.height for sheet in report.sheets)
    if longest > MOST_ROWS:
        raise UsageError("error.too_many_rows", rows=longest)
    draft = path.with_name(f".{path.name}.draft")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        book = Workbook(str(draft), options)
        book.set_properties(
            {
                "title": report.title,
                "author": report.author,
                "created": datetime.combine(report.on, time()),
            }
        )
        styles = _Styles(book, report.money_format)
        with _collector_paused():
            for sheet in report.sheets:
                _SheetWriter(book, sheet, styles, report).write()
            book.close()
        draft.replace(path)
    except (FileCreateError, OSError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        raise UsageError("error.out_folder", path=path, reason=reason) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A workbook is some hundred thousand tuples without a cycle: searching them costs a tenth."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class _Styles:
    """The cell formats of a workbook, made once."""

    def __init__(self, book: Workbook, money_format: str) -> None:
        base = {"font_name": "Segoe UI", "font_size": 10, "font_color": _INK, "valign": "top"}

        def style(**more: object) -> Any:
            return book.add_format({**base, **more})

        def look(kind: Kind) -> dict[str, object]:
            left = {"align": "left", "indent": 1}
            more = {"text": left, "wide": {**left, "text_wrap": True}}.get(kind, {})
            return {"num_format": _NUMBER_FORMATS[kind] or money_format, **more}

        self.title = style(bold=True, font_size=16, font_color=_LEAF)
        self.soft = style(font_color=_SOFT)
        self.note = style(font_color=_SUN, bold=True)
        head = {"bold": True, "font_color": _SOFT, "bg_color": _PALE, "bottom": 1,
                "bottom_color": _LINE, "text_wrap": True, "valign": "vcenter"}  # fmt: skip
        self.heading = style(**head, indent=1)
        self.heading_right = style(**head, align="right")
        self.check = style(font_color=_SOFT, align="right")
        self.cells = {kind: style(**look(kind)) for kind in _NUMBER_FORMATS}
        self.links = {
            kind: style(**look(kind), underline=1, font_color=_LEAF) for kind in _NUMBER_FORMATS
        }
        bold = {"bold": True, "top": 1, "top_color": _SOFT}
        self.totals = {kind: style(**look(kind), **bold) for kind in _NUMBER_FORMATS}


_LINE_POINTS = 14


class _SheetWriter:
    """One sheet of a report onto one worksheet."""

    def __init__(self, book: Workbook, sheet: Sheet, styles: _Styles, report: Report) -> None:
        from toolkit.reports.plain import PlainWorksheet

        self.book, self.sheet, self.styles, self.report = book, sheet, styles, report
        self.ws: PlainWorksheet = book.add_worksheet(sheet.name, PlainWorksheet)

    def write(self) -> None:
        ws, sheet, styles = self.ws, self.sheet, self.styles
        ws.write_string(0, 0, sheet.title, styles.title)
        ws.write_string(1, 0, sheet.subtitle, styles.soft)
        if sheet.note:
            ws.write_string(2, 0, sheet.note, styles.note)
        self._checks()
        for place, column in enumerate(sheet.columns):
            self._column(place, column)
        self._heights()
        self._page()
        if sheet.chart and sheet.height:
            self._chart()

    def _checks(self) -> None:
        for place, check in enumerate(self.sheet.checks):
            ok, wrong = self.report.ok, self.report.wrong
            label = check.label.replace('"', '""')
            self.ws.write_formula(
                3, place * 3, f'="{label}: "&IF({check.formula},"{ok}","{wrong}")',
                self.styles.soft, f"{check.label}: {ok}",
            )  # fmt: skip

    def _column(self, place: int, column: Column) -> None:
        ws, styles = self.ws, self.styles
        numeric = column.kind not in ("text", "wide")
        head = styles.heading_right if numeric else styles.heading
        ws.write_string(FIRST_ROW - 2, place, column.heading, head)
        ws.set_column(
            place, place, column.width, None,
            {"level": 1, "hidden": True} if column.helper else {},
        )  # fmt: skip
        plain, linked = styles.cells[column.kind], styles.links[column.kind]
        first = FIRST_ROW - 1
        links = column.links if column.links and len(column.links) <= MOST_LINKS else None
        if links is not None:
            for row, target in enumerate(links, first):
                ws.write_url(row, place, f"internal:{target}", linked, "·")
        style = linked if links is not None else plain
        shown = _shown(column.kind, column.values)
        if column.formulas is not None:
            ws.formulas(first, place, column.formulas, shown, style)
        elif column.kind in ("text", "wide"):
            ws.texts(first, place, shown, style)
        else:
            for row, value in enumerate(shown, first):
                _write_value(ws, row, place, value, style)
        self._total(place, column)

    def _heights(self) -> None:
        """Rows high enough for their long texts: not every program grows them by itself."""
        lines: dict[int, int] = {}
        for column in (column for column in self.sheet.columns if column.kind == "wide"):
            for row, value in enumerate(column.values, FIRST_ROW - 1):
                needed = -(-len(str(value or "")) // column.width)
                lines[row] = max(lines.get(row, 1), needed)
        for row, needed in lines.items():
            if needed > 1:
                self.ws.set_row(row, _LINE_POINTS * needed)

    def _total(self, place: int, column: Column) -> None:
        if not self.sheet.total_label:
            return
        ws, row = self.ws, FIRST_ROW - 1 + self.sheet.height
        style = self.styles.totals[column.kind]
        if column.total is None:
            text = self.sheet.total_label if place == 0 else ""
            ws.write_string(row, place, text, self.styles.totals["text"])
            return
        (shown,) = _shown(column.kind, [column.total.value])
        if column.total_link:
            ws.write_url(row, place, f"internal:{column.total_link}", style, "·")
        if column.total.formula:
            ws.write_formula(row, place, column.total.formula, style, shown)
        else:
            _write_value(ws, row, place, shown, style)

    def _page(self) -> None:
        ws, sheet = self.ws, self.sheet
        shown = sum(not column.helper for column in sheet.columns) - 1
        last = FIRST_ROW - 1 + max(sheet.height - 1, 0)
        ws.freeze_panes(FIRST_ROW - 1, 1)
        ws.autofilter(FIRST_ROW - 2, 0, last, shown)
        ws.set_row(0, 24)
        ws.set_row(FIRST_ROW - 2, 32)
        ws.set_landscape()
        ws.set_paper(9)
        ws.fit_to_pages(1, 0)
        ws.repeat_rows(FIRST_ROW - 2)
        chart_rows = _chart_height(sheet) // _ROW_PIXELS + 2 if sheet.chart else 0
        ws.print_area(0, 0, last + bool(sheet.total_label) + chart_rows, shown)
        ws.set_footer("&L&8" + self.report.title.replace("&", "&&") + "&R&8&P / &N")
        ws.hide_gridlines(2)

    def _chart(self) -> None:
        sheet, chart = self.sheet, self.sheet.chart
        assert chart is not None
        first, last = FIRST_ROW - 1, FIRST_ROW - 2 + sheet.height
        bars = self.book.add_chart({"type": "bar"})
        bars.add_series(
            {
                "name": chart.title,
                "categories": [sheet.name, first, chart.names, last, chart.names],
                "values": [sheet.name, first, chart.values, last, chart.values],
                "fill": {"color": _LEAF},
                "gap": 40,
            }
        )
        bars.set_title({"name": chart.title, "name_font": {"size": 12, "color": _INK}})
        bars.set_legend({"none": True})
        bars.set_y_axis({"reverse": True, "num_font": {"size": 9}, "interval_unit": 1})
        grid = {"visible": True, "line": {"color": _LINE}}
        bars.set_x_axis({"num_format": "#,##0", "major_gridlines": grid})
        bars.set_size({"width": 900, "height": _chart_height(sheet)})
        # below the table, so that a printed page holds both
        self.ws.insert_chart(FIRST_ROW + sheet.height + 1, 0, bars)


def _chart_height(sheet: Sheet) -> int:
    return max(220, 90 + 22 * sheet.height)


def _shown(kind: Kind, values: Sequence[Any]) -> Sequence[Any]:
    """The values as cells hold them: cents of money in euros."""
    if kind != "money":
        return values
    return [None if value is None else value / 100 for value in values]


def _write_value(ws: Worksheet, row: int, place: int, value: Cell, style: Any) -> None:
    if value is None:
        ws.write_blank(row, place, None, style)
    elif isinstance(value, date):
        ws.write_datetime(row, place, datetime.combine(value, time()), style)
    elif isinstance(value, str):
        ws.write_string(row, place, value, style)
    else:
        ws.write_number(row, place, value, style)
