"""The law used: each parameter with value, status and source; the formulas point here."""

from __future__ import annotations

from toolkit.frames.allocation import LawUsed
from toolkit.reports.allocation.layout import Layout
from toolkit.reports.report import Cell, Column, Sheet


def law_sheet(layout: Layout) -> Sheet:
    """Parameters used, by name."""
    used = layout.allocation.law_used
    say, lang = layout.say, layout.lang

    def column(heading: str, values: list[Cell], width: int, kind: str = "text") -> Column:
        return Column(say(heading), kind, values, width=width)  # type: ignore[arg-type]

    return Sheet(
        name=say("sheet.law"),
        title=say("title.law"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=[
            column("parameter", [u.name for u in used], 22),
            column("parameter_title", [u.title[lang] for u in used], 44),
            column("unit", [u.unit_word(lang) for u in used], 16),
            column("value", [_value(u, lang) for u in used], 25, "number"),
            column("since", [u.since for u in used], 12, "day"),
            column("status", [layout.word("status", u.status) for u in used], 14),
            column("act", [u.source(lang) for u in used], 40, "wide"),
            column("point", [u.point for u in used], 10),
            column("url", [u.url for u in used], 30, "wide"),
            column("law_note", [u.noted(lang) for u in used], 50, "wide"),
        ],
    )


def _value(used: LawUsed, lang: str) -> Cell:
    """Amounts in euros and shares as numbers, all else as text."""
    if used.cents is not None:
        return used.cents / 100
    if used.unit in ("share", "percent"):
        return float(used.value)
    return int(used.value) if used.unit == "count" else used.shown(lang)
