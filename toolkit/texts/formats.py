"""Amounts, days and semesters as people write them in Latvia, and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from toolkit.texts import has, text

FIVE_DIGITS = 10_000
FIVE_DIGITS_CENTS = 100 * FIVE_DIGITS
HERE = ZoneInfo("Europe/Riga")
SEMESTER = re.compile(r"[0-9]{4}/[0-9]{4}-[12]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@lru_cache(maxsize=65_536)
def amount(cents: int, lang: str) -> str:
    """`12 345,67` in Latvian (no-break space, grouped from five digits on), `12,345.67` in English.

    Not Babel's: it groups `1 234,56` too, against CLDR's rule for Latvian.
    """
    sign, size = ("-" if cents < 0 else ""), abs(cents)
    whole, part = divmod(size, 100)
    if lang == "lv":
        grouped = str(whole) if size < FIVE_DIGITS_CENTS else f"{whole:,}".replace(",", "\u00a0")
        return f"{sign}{grouped},{part:02d}"
    return f"{sign}{whole:,}.{part:02d}"


def count(number: int, lang: str) -> str:
    """`64 000` in Latvian (no-break space, from five digits on), `64,000` in English."""
    grouped = f"{number:,}"
    if lang == "lv":
        return str(number) if abs(number) < FIVE_DIGITS else grouped.replace(",", "\u00a0")
    return grouped


def money(cents: int, lang: str) -> str:
    """The amount with its currency: `12 345,67 €`, `€12,345.67`."""
    return f"{amount(cents, lang)}\u00a0€" if lang == "lv" else f"€{amount(cents, lang)}"


def day(on: date, lang: str) -> str:
    """`07.12.2022.` in Latvian, `2022-12-07` in English."""
    return on.strftime("%d.%m.%Y.") if lang == "lv" else on.isoformat()


def semester(code: str, lang: str) -> str:
    """`2022./2023. m.g. 1. semestris` of `2022/2023-1`."""
    years, half = code.split("-")
    first, second = years.split("/")
    return text("semester.name", lang, first=first, second=second, half=half)


def semester_number(code: str, lang: str) -> str:
    """`2022./2023. m.g. 1.`, for a sentence that has the word itself: `… 1. semestrī`."""
    years, half = code.split("-")
    first, second = years.split("/")
    return text("semester.number", lang, first=first, second=second, half=half)


def moment(at: datetime, lang: str) -> str:
    """A moment in Latvia's time: `25.11.2026. 12:04:31`."""
    form = "%d.%m.%Y. %H:%M:%S" if lang == "lv" else "%Y-%m-%d %H:%M:%S"
    return at.astimezone(HERE).strftime(form)


def said(words: str | Mapping[str, str], lang: str) -> str:
    """What was written once for everybody, or in each language."""
    return words if isinstance(words, str) else words[lang]


def act(name: str | Mapping[str, str], lang: str) -> str:
    """The name of an act as it is; the word in its place in a law file, where there is none."""
    assumption = text("law.assumption", "lv")
    return text("law.assumption", lang) if name == assumption else said(name, lang)


def due_subject(kind: str, subject: str, lang: str) -> str:
    """What an obligation is about: a semester, the day of an end, an amendment's number."""
    if kind == "renewal":
        return day(date.fromisoformat(subject), lang)
    return semester(subject, lang) if kind in ("counts", "settlement") else subject


def journal_subject(subject: str, lang: str) -> str:
    """What a journal entry is about, tables, semesters and days as people write them.

    The journal itself keeps codes: `unspent: LUDZA · 2020/2021-1`, `file: plans, measures`.
    """
    source, _, listed = subject.rpartition(": ")
    tables = listed.split(", ")
    if source and all(has(f"table.{name}", lang) for name in tables):
        return f"{source}: {', '.join(word('table', name, lang) for name in tables)}"
    about, colon, rest = subject.partition(": ")
    if not colon:
        return _numbered("", subject, lang)
    return f"{word('table', about, lang)}: {_numbered(about, rest, lang)}"


def _numbered(table: str, key: str, lang: str) -> str:
    """The parts of a key; a number at its end with the word for what it numbers."""
    first, _, number = key.rpartition(" · ")
    kind = "call" if table == "quotas" else "amendment" if table in ("", "amendments") else ""
    if not table and SEMESTER.fullmatch(first):
        kind = "note"
    if not (first and kind and number.isdecimal()):
        return record(key, lang)
    return f"{record(first, lang)} · {text(f'journal.numbered.{kind}', lang, number=number)}"


def record(key: str, lang: str) -> str:
    """The key of a record, `LUDZA · 2020/2021-1`, with semesters, days and kinds in words."""
    return " · ".join(_plain(part, lang) for part in key.split(" · "))


def _plain(code: str, lang: str) -> str:
    if SEMESTER.fullmatch(code):
        return semester(code, lang)
    for group in ("programme", "plan_kind"):
        if has(f"{group}.{code}", lang):
            return word(group, code, lang)
    return plain_day(code, lang)


def plain_day(written: str, lang: str) -> str:
    """A day that is kept as `2022-12-07`, as people write it; any other text itself."""
    try:
        return day(date.fromisoformat(written), lang) if _DAY.fullmatch(written) else written
    except ValueError:
        return written


def word(group: str, code: str, lang: str) -> str:
    """The word for a code (`plan_kind`, `consultative`); one the catalogue lacks stays itself."""
    key = f"{group}.{code}"
    return text(key, lang) if has(key, lang) else code
