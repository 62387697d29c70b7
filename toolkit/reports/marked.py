"""A person's own table with what must be mended: marked at the cell, listed in front."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from toolkit.errors import Finding
from toolkit.personal import masked
from toolkit.texts import text
from toolkit.texts.formats import word

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?")
"""What is handed back as a number: a code with noughts in front, or a long one, stays as it is."""
_COLOURS = {"blocks": "#FBD5D7", "explain": "#FDF3DC", "note": "#E3F1EA"}
_FORBIDDEN = str.maketrans("[]:*?/\\", "       ")
_LONGEST_NAME = 31
_LONGEST_CELL = 32_000
_MOST_MARKS = 2_000
_MOST_CELLS = 1_000_000
"""A larger table comes back with the rows that have findings: whole, it would fill the memory."""
_FIRST_ROWS = 20
_WIDTHS = (24, 12, 46, 46, 52)
_LINE_POINTS = 15


@dataclass(frozen=True, slots=True)
class MarkedSheet:
    """A sheet as it was read: its title here, its name in findings, all cells as text."""

    title: str
    name: str
    rows: Sequence[Sequence[str]]


def marked_workbook(sheets: Sequence[MarkedSheet], findings: Sequence[Finding], lang: str) -> bytes:
    """The sheets with marks, behind a list of corrections that links to each place."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        styles = _styles(book)
        titles = _titles([text("marked.list", lang), *(sheet.title for sheet in sheets)])
        places = {sheet.name: title for sheet, title in zip(sheets, titles[1:], strict=True)}
        large = sum(len(row) for sheet in sheets for row in sheet.rows) > _MOST_CELLS
        page = book.add_worksheet(titles[0])
        _write_list(page, findings, places, styles, lang)
        if large:
            page.write_string(len(findings) + 1, 0, text("marked.shortened", lang))
        page.write_string(len(findings) + 2, 0, text("marked.values", lang))
        for sheet, title in zip(sheets, titles[1:], strict=True):
            own = [finding for finding in findings if finding.sheet == sheet.name]
            _write_sheet(book.add_worksheet(title), sheet.rows, own, styles, lang, large=large)
    return content.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    number = {"valign": "top"}
    plain = {**number, "num_format": "@"}
    marks = {severity: {"bg_color": colour, "border": 1} for severity, colour in _COLOURS.items()}
    return {
        "plain": book.add_format(plain),
        "number plain": book.add_format(number),
        "wrapped": book.add_format({**plain, "text_wrap": True}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "link": book.add_format({"font_color": "#16523A", "underline": 1, "valign": "top"}),
        **{mark: book.add_format({**plain, **look}) for mark, look in marks.items()},
        **{f"number {mark}": book.add_format({**number, **look}) for mark, look in marks.items()},
    }


def _write_list(
    page: Any, findings: Sequence[Finding], places: Mapping[str, str], styles: Mapping[str, Any],
    lang: str,
) -> None:  # fmt: skip
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    for column, name in enumerate(("place", "severity", "problem", "expected", "remedy")):
        page.write_string(0, column, text(f"marked.{name}", lang), styles["head"])
    _fit(page)
    for row, finding in enumerate(findings, 1):
        cell = finding.cell or (f"A{finding.row}" if finding.row else "A1")
        place = masked(finding.spot(lang) or finding.file)
        if finding.sheet in places and _ADDRESS.fullmatch(cell):
            sheet = places[finding.sheet].replace("'", "''")
            page.write_url(row, 0, f"internal:'{sheet}'!{cell}", styles["link"], place[:250])
        else:
            page.write_string(row, 0, place, styles["plain"])
        severity = word("severity", finding.severity, lang)
        page.write_string(row, 1, severity, styles[finding.severity])
        told = (finding.problem(lang), finding.expected(lang), finding.remedy(lang))
        for column, sentence in enumerate(told, 2):
            page.write_string(row, column, masked(sentence), styles["wrapped"])
        # not every program grows rows by itself
        lines = max(-(-len(told[at]) // (_WIDTHS[at + 2] - 4)) for at in range(len(told)))
        page.set_row(row, _LINE_POINTS * lines)


def _write_sheet(
    page: Any, rows: Sequence[Sequence[str]], findings: Iterable[Finding],
    styles: Mapping[str, Any], lang: str, *, large: bool,
) -> None:  # fmt: skip
    at = _by_cell(findings)
    kept = {*range(_FIRST_ROWS), *(row for row, _ in at)} if large else range(len(rows))
    page.set_column(0, max(map(len, rows), default=1), 16)
    _fit(page)
    for row in kept:
        for column, cell in enumerate(rows[row] if row < len(rows) else ()):
            if cell and (row, column) not in at:
                _write_cell(page, (row, column), cell, styles, "plain")
    for count, ((row, column), own) in enumerate(at.items()):
        cell = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        _write_cell(page, (row, column), cell, styles, own[0].severity)
        if count < _MOST_MARKS:
            told = "\n".join(f"{one.problem(lang)} {one.remedy(lang)}" for one in own)
            page.write_comment(row, column, masked(told), {"x_scale": 2.4, "y_scale": 1.4})


def _write_cell(
    page: Any, place: tuple[int, int], cell: str, styles: Mapping[str, Any], style: str
) -> None:
    """Numbers as numbers, so that the table can go on being reckoned with; the rest as text."""
    if _NUMBER.fullmatch(cell):
        page.write_number(*place, float(cell), styles[f"number {style}"])
    else:
        page.write_string(*place, masked(cell)[:_LONGEST_CELL], styles[style])


def _fit(page: Any) -> None:
    """Headings that stay, and paper that takes the whole width."""
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _by_cell(findings: Iterable[Finding]) -> dict[tuple[int, int], list[Finding]]:
    """The findings of each cell, the gravest first; one of a whole row stands at its first cell."""
    order = list(_COLOURS)
    found: dict[tuple[int, int], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: order.index(one.severity)):
        address = finding.cell or (f"A{finding.row}" if finding.row else "")
        if match := _ADDRESS.fullmatch(address):
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            found.setdefault((int(match[2]) - 1, column - 1), []).append(finding)
    return found


def _titles(wanted: Iterable[str]) -> list[str]:
    """Names as Excel takes them: short, without its own marks, none twice."""
    titles: list[str] = []
    for name in wanted:
        plain = masked(name).translate(_FORBIDDEN).strip(" '")[:_LONGEST_NAME] or "–"
        title, number = plain, 2
        while title.lower() in {known.lower() for known in titles}:
            title = f"{plain[: _LONGEST_NAME - 4]} {number}"
            number += 1
        titles.append(title)
    return titles
