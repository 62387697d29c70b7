"""Rows of the semester's table: partners, below an open one its schools, below these their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.frames.allocation import Allocation
from toolkit.pages.grid import GridCell, GridColumn, GridRow
from toolkit.pages.html import change
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
    allocation: Allocation, before: Mapping[str, int] | None, opened: set[str], lang: str
) -> Iterator[GridRow]:
    """Each partner, and what has been opened below it."""
    total = allocation.total_cents
    for partner in allocation.partners.iter_rows(named=True):
        key = partner["partner"]
        tone = "open" if key in opened else ""
        yield _partner(allocation, partner, before, tone, lang)
        if key in opened:
            yield from _schools(allocation, key, opened, total, lang)
    here = set(allocation.partners["partner"])
    gone = [cents for partner, cents in (before or {}).items() if partner not in here and cents]
    if gone:  # without them the differences would not add up to the one below
        name = text("semester.gone_partners", lang, count=len(gone))
        yield GridRow("gone", {"name": GridCell(name), "change": _change(-sum(gone), lang)})


def total_row(allocation: Allocation, before: Mapping[str, int] | None, lang: str) -> GridRow:
    """The line below the table."""
    cents = allocation.total_cents
    difference = None if before is None else cents - sum(before.values())
    cells = {
        "name": GridCell(text("semester.total", lang)),
        "plans": GridCell(str(allocation.partners["plans"].sum())),
        **_amounts(cents, allocation.esf_cents, allocation.state_cents, lang),
        "change": _change(difference, lang),
    }
    return GridRow("total", cells)


def _partner(
    allocation: Allocation, row: Mapping[str, Any], before: Mapping[str, int] | None,
    tone: str, lang: str,
) -> GridRow:  # fmt: skip
    key, cents = row["partner"], row["maximum_cents"]
    name = allocation.names["partner"].get(key, key)
    difference = None if before is None else cents - before.get(key, 0)
    cells = {
        "name": GridCell(name, value=name, small=key),
        "plans": GridCell(str(row["plans"]), value=row["plans"]),
        **_amounts(cents, row["esf_cents"], row["state_cents"], lang),
        "part": _part(cents, allocation.total_cents),
        "change": _change(difference, lang),
        "limit": _limit(row["binding"], lang),
    }
    return GridRow(key, cells, tone=tone, opens=True)


def _schools(
    allocation: Allocation, partner: str, opened: set[str], total: int, lang: str
) -> Iterator[GridRow]:
    own = allocation.institutions.filter(allocation.institutions["partner"] == partner)
    for row in own.iter_rows(named=True):
        key = SEPARATOR.join((partner, row["institution"]))
        code = row["institution"]
        name = allocation.names["institution"].get(code, code)
        cells = {
            "name": GridCell(name, value=name, small=code),
            "plans": GridCell(str(row["plans"]), value=row["plans"]),
            "maximum": GridCell(amount(row["maximum_cents"], lang), value=row["maximum_cents"]),
            "part": _part(row["maximum_cents"], total),
            "limit": _limit(row["limit"], lang),
        }
        yield GridRow(key, cells, tone="sub", opens=True)
        if key in opened:
            yield from _lines(allocation, partner, code, lang)


def _lines(allocation: Allocation, partner: str, school: str, lang: str) -> Iterator[GridRow]:
    lines = allocation.lines
    own = lines.filter((lines["partner"] == partner) & (lines["institution"] == school))
    for row in own.iter_rows(named=True):
        key = SEPARATOR.join(line_key(row))
        name = text(
            "semester.line", lang, grade=row["grade"],
            programme=word("programme", row["programme"], lang),
            kind=word("plan_kind", row["plan_kind"], lang),
        )  # fmt: skip
        cells = {
            "name": GridCell("· " + name, value=name),
            "plans": GridCell(str(row["plans"]), value=row["plans"]),
            "maximum": GridCell(amount(row["maximum_cents"], lang), value=row["maximum_cents"]),
            "limit": _limit(row["limit"], lang),
        }
        yield GridRow(key, cells, tone="sub", opens=True)


def line_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What names one row of the counts below its school."""
    names = ("partner", "institution", "programme", "grade", "plan_kind")
    return tuple(str(row[name]) for name in names)


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
