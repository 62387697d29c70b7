"""Rows of the semester's table: partners, below an open one its schools, below these their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.frames.allocation import Allocation
from toolkit.pages.grid import GridCell, GridColumn, GridRow
from toolkit.pages.html import change
from toolkit.services.semester_shown import KEYS, Before
from toolkit.texts import text
from toolkit.texts.formats import amount, word

SEPARATOR = "\t"
"""Between the parts of a row's key: no code of a register holds it."""


def columns(lang: str) -> list[GridColumn]:
    """The table's columns."""

    def title(name: str) -> str:
        return text(f"semester.column.{name}", lang)

    return [
        GridColumn("name", title("name"), opens=True),
        GridColumn("plans", title("plans"), "whole"),
        GridColumn("maximum", title("maximum"), "money", opens=True),
        GridColumn("part", title("part"), "part"),
        GridColumn("esf", title("esf"), "money"),
        GridColumn("state", title("state"), "money"),
        GridColumn("change", title("change"), "money"),
        GridColumn("limit", title("limit"), "tag"),
    ]


def rows(
    allocation: Allocation, before: Before | None, opened: set[str], lang: str
) -> Iterator[GridRow]:
    """Each partner, and what has been opened below it."""
    for partner in allocation.partners.iter_rows(named=True):
        key = partner["partner"]
        tone = "open" if key in opened else ""
        yield _partner(allocation, partner, before, tone, lang)
        if key in opened:
            yield from _schools(allocation, key, before, opened, lang)
    yield from _gone(allocation.partners, "partners", (), before, lang)


def total_row(allocation: Allocation, before: Before | None, lang: str) -> GridRow:
    """The line below the table."""
    cents = allocation.total_cents
    difference = None if before is None else cents - sum(_below((), before).values())
    cells = {
        "name": GridCell(text("semester.total", lang)),
        "plans": GridCell(str(allocation.partners["plans"].sum())),
        **_amounts(cents, allocation.esf_cents, allocation.state_cents, lang),
        "change": _change(difference, lang),
    }
    return GridRow("total", cells)


def _partner(
    allocation: Allocation, row: Mapping[str, Any], before: Before | None, tone: str, lang: str,
) -> GridRow:  # fmt: skip
    key, cents = row["partner"], row["maximum_cents"]
    name = allocation.names["partner"].get(key, key)
    cells = {
        "name": GridCell(name, value=name, small=key, expanded=tone == "open"),
        "plans": GridCell(str(row["plans"]), value=row["plans"]),
        **_amounts(cents, row["esf_cents"], row["state_cents"], lang),
        "part": _part(cents, allocation.total_cents),
        "change": _since((key,), cents, before, lang),
        "limit": _limit(row["binding"], lang),
    }
    return GridRow(key, cells, tone=tone, opens=True)


def _schools(
    allocation: Allocation, partner: str, before: Before | None, opened: set[str], lang: str
) -> Iterator[GridRow]:
    own = allocation.institutions.filter(allocation.institutions["partner"] == partner)
    for row in own.iter_rows(named=True):
        key = SEPARATOR.join((partner, row["institution"]))
        code = row["institution"]
        name = allocation.names["institution"].get(code, code)
        cells = {
            "name": GridCell(name, value=name, small=code, expanded=key in opened),
            "plans": GridCell(str(row["plans"]), value=row["plans"]),
            "maximum": GridCell(amount(row["maximum_cents"], lang), value=row["maximum_cents"]),
            "part": _part(row["maximum_cents"], allocation.total_cents),
            "change": _since((partner, code), row["maximum_cents"], before, lang),
            "limit": _limit(row["limit"], lang),
        }
        yield GridRow(key, cells, tone="sub", opens=True)
        if key in opened:
            yield from _lines(allocation, (partner, code), before, lang)
    yield from _gone(own, "institutions", (partner,), before, lang)


def _lines(
    allocation: Allocation, school: tuple[str, str], before: Before | None, lang: str
) -> Iterator[GridRow]:
    lines = allocation.lines
    own = lines.filter((lines["partner"] == school[0]) & (lines["institution"] == school[1]))
    for row in own.iter_rows(named=True):
        key = SEPARATOR.join(line_key(row))
        name = line_name(row, lang)
        cells = {
            "name": GridCell("· " + name, value=name),
            "plans": GridCell(str(row["plans"]), value=row["plans"]),
            "maximum": GridCell(amount(row["maximum_cents"], lang), value=row["maximum_cents"]),
            "change": _since(line_key(row), row["maximum_cents"], before, lang),
            "limit": _limit(row["limit"], lang),
        }
        yield GridRow(key, cells, tone="sub", opens=True)
    yield from _gone(own, "lines", school, before, lang)


def _since(key: tuple[str, ...], cents: int, before: Before | None, lang: str) -> GridCell:
    return _change(None if before is None else cents - before.get(key, 0), lang)


def _below(place: tuple[str, ...], before: Before) -> dict[tuple[str, ...], int]:
    """What stood directly below a partner or institution, or at the top, the semester before."""
    here = len(place)
    below = next(len(key) for key in KEYS.values() if len(key) > here)
    return {k: cents for k, cents in before.items() if len(k) == below and k[:here] == place}


def _gone(
    now: Any, level: str, place: tuple[str, ...], before: Before | None, lang: str
) -> Iterator[GridRow]:
    """What earned something the semester before and is not there any more.

    Without it the differences would not add up to the one above or below them.
    """
    here = {tuple(str(part) for part in key) for key in now.select(*KEYS[level]).iter_rows()}
    gone = [c for key, c in _below(place, before or {}).items() if key not in here and c]
    if gone:
        name = text(f"semester.gone_{level}", lang, count=len(gone))
        cells = {"name": GridCell(name), "change": _change(-sum(gone), lang)}
        yield GridRow(SEPARATOR.join(("gone", *place)), cells, tone="sub" if place else "")


def line_name(row: Mapping[str, Any], lang: str) -> str:
    """A row of an institution: grade, programme and kind of plan."""
    return text(
        "semester.line", lang, grade=row["grade"],
        programme=word("programme", row["programme"], lang),
        kind=word("plan_kind", row["plan_kind"], lang),
    )  # fmt: skip


def line_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What names one row of the counts below its school."""
    return tuple(str(row[name]) for name in KEYS["lines"])


def _amounts(maximum: int, esf: int, state: int, lang: str) -> dict[str, GridCell]:
    cents = {"maximum": maximum, "esf": esf, "state": state}
    return {name: GridCell(amount(value, lang), value=value) for name, value in cents.items()}


def _part(cents: int, total: int) -> GridCell:
    # a bar's length, no sum of money: whole percent are exact enough to look at
    percent = (cents * 100 + total // 2) // total if total else 0
    return GridCell(f"{percent} %", value=cents, part=percent)


def _change(difference: int | None, lang: str) -> GridCell:
    if difference is None:
        return GridCell("–")
    tone = "up" if difference > 0 else "down" if difference < 0 else ""
    return GridCell(change(difference, lang), value=difference, tone=tone)


def _limit(code: str, lang: str) -> GridCell:
    return GridCell(word("limit", code, lang), value=code, tone="" if code == "none" else "hit")
