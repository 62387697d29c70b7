"""What all sheets of a workbook share: their names and order, texts, day formats, calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from toolkit.intake.archive import Archive, Attributes, local

WORKBOOK = "xl/workbook.xml"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_BUILT_IN_DAYS = frozenset(
    str(code) for code in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
)
_LAST_SERIAL = 2_958_466
_SECONDS = 86_400
_LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, its part of the archive, whether a person sees it."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Book:
    """The workbook around the sheets."""

    sheets: list[Sheet] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    day_styles: set[str] = field(default_factory=set)
    since_1904: bool = False
    recalculates: bool = False
    """Whether the file asks for its formulas to be computed: the zeros stored are no results."""


def read_book(archive: Archive) -> Book:
    """The workbook of an archive."""
    book = Book()
    related = {key: (kind, part) for key, kind, part in archive.related(WORKBOOK)}
    for name, attributes in archive.elements(WORKBOOK):
        if name == "sheet":
            kind, part = related[attributes["id"]]
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                book.sheets.append(Sheet(attributes["name"], part, hidden))
        elif name == "workbookPr":
            book.since_1904 = is_true(attributes.get("date1904"))
        elif name == "calcPr":
            book.recalculates = is_true(attributes.get("fullCalcOnLoad"))
    for kind, part in related.values():
        if kind == "sharedStrings" and archive.has(part):
            book.texts = _texts(archive, part)
        if kind == "styles" and archive.has(part):
            book.day_styles = _day_styles(archive, part)
    return book


def is_true(attribute: str | None) -> bool:
    """A yes as XML writes it."""
    return attribute in ("1", "true", "on")


def unescaped(text: str) -> str:
    """`_x000A_` as the letter it stands for."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def number_text(stored: str) -> str | None:
    """The number as a person sees it: 15 digits, no exponent. None when it is none."""
    if stored.isascii() and stored.isdigit() and len(stored) <= _LONGEST_NUMBER:
        return str(int(stored))
    if not _NUMBER.fullmatch(stored.strip()) or abs(number := float(stored)) == float("inf"):
        return None
    digits = f"{number:.{_LONGEST_NUMBER}g}"
    return f"{Decimal(digits):f}" if "e" in digits else digits


def day_text(stored: str, *, since_1904: bool) -> str | None:
    """The day, and the time if there is one, of a count of days. None when it is none."""
    if not _NUMBER.fullmatch(stored.strip()) or not 0 <= float(stored) < _LAST_SERIAL:
        return None
    days, seconds = divmod(round(float(stored) * _SECONDS), _SECONDS)
    minutes, second = divmod(seconds, 60)
    time = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"
    if since_1904:
        first = date(1904, 1, 1)
    elif days == 0:
        return time
    else:
        # this calendar has a 29 February 1900 that never was
        first = date(1899, 12, 30) if days > 60 else date(1899, 12, 31)
    day = (first + timedelta(days)).isoformat()
    return f"{day} {time}" if seconds else day


def _texts(archive: Archive, part: str) -> list[str]:
    """The shared texts, those in several fonts joined, without reading aids."""
    texts: list[str] = []
    pieces: list[str] = []
    inside = {"t": False, "aid": False}

    def begin(name: str, _: Attributes) -> None:
        name = local(name)
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            inside["aid"] = True
        inside["t"] = name == "t"

    def end(name: str) -> None:
        name = local(name)
        inside["t"] = False
        if name == "rPh":
            inside["aid"] = False
        elif name == "si":
            texts.append(unescaped("".join(pieces)))

    def text(piece: str) -> None:
        if inside["t"] and not inside["aid"]:
            pieces.append(piece)

    archive.parse(part, begin, end, text)
    return texts


def _day_styles(archive: Archive, part: str) -> set[str]:
    """The cell styles, by their number, that show a day or a time."""
    formats = set(_BUILT_IN_DAYS)
    styles: set[str] = set()
    number = -1
    for name, attributes in archive.elements(part):
        if name == "numFmt" and _shows_day(attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            number = 0
        elif name in ("cellStyles", "dxfs"):
            number = -1
        elif name == "xf" and number >= 0:
            if attributes.get("numFmtId") in formats:
                styles.add(str(number))
            number += 1
    return styles


def _shows_day(code: str) -> bool:
    """Whether a format has letters of days or times outside of quotes and brackets."""
    shown = _NOT_LETTERS.sub("", code.partition(";")[0]).casefold()
    return "general" not in shown and any(letter in shown for letter in "dmyhs")
