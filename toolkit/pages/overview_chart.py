"""Money by semester as bars: an SVG of our own making, with the figures in the table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from toolkit.services.figures import SemesterFigures
from toolkit.texts import text
from toolkit.texts.formats import semester

CENTS = 100
KINDS = ("planned", "allocated")
_SEMESTERS = {"field": "semester", "type": "nominal", "title": None}
_EUROS = {"field": "euros", "type": "quantitative", "title": None}


def money_chart(rows: Sequence[SemesterFigures], lang: str) -> Markup:
    """Planned and allocated money of each semester; empty when there is none."""
    values = [
        {
            "semester": _short(row.semester),
            "cents": cents,
            "kind": text(f"overview.{kind}", lang),
            "euros": cents / CENTS,  # a bar's length, never a figure
        }
        for row in rows
        for kind, cents in zip(KINDS, (row.planned_cents, row.allocated_cents), strict=True)
        if cents
    ]
    if not values:
        return Markup("")
    label = text("overview.chart", lang, first=semester(rows[0].semester, lang),
                 last=semester(rows[-1].semester, lang))  # fmt: skip
    return Markup("").join(
        Markup('<div role="img" aria-label="{}" class="{}">{}</div>').format(
            label, kind, _svg(values, size, lang)
        )
        for kind, size in (("broad", _broad(lang)), ("slim", _slim(lang)))
    )


def _broad(lang: str) -> dict[str, Any]:
    """For a screen: bars beside each other, as wide as a card of the page."""
    return {
        "width": 1034, "height": 220, "mark": {"type": "bar", "size": 28, "aria": False},
        "x": {**_SEMESTERS, "axis": {"labelAngle": 0, "labelPadding": 6, "ticks": False}},
        "y": {**_EUROS, "axis": {"labelExpr": _thousands(lang), "tickCount": 4, "minExtent": 112}},
    }  # fmt: skip


def _slim(lang: str) -> dict[str, Any]:
    """For a phone: bars below each other, where a semester needs little room."""
    return {
        "width": 226, "height": {"step": 32}, "mark": {"type": "bar", "size": 18, "aria": False},
        "x": {**_EUROS, "axis": {"labelExpr": _thousands(lang), "tickCount": 2}},
        "y": {**_SEMESTERS, "axis": {"ticks": False, "labelPadding": 6, "minExtent": 76}},
    }  # fmt: skip


def _svg(values: Sequence[Mapping[str, Any]], size: Mapping[str, Any], lang: str) -> Markup:
    import vl_convert  # half a second, when there is something to draw

    kinds = [text(f"overview.{kind}", lang) for kind in KINDS]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "transparent", "width": size["width"],
        "height": size["height"], "data": {"values": values},
        "mark": size["mark"],
        "encoding": {
            "x": size["x"], "y": size["y"],
            "color": {"field": "kind", "type": "nominal", "title": None,
                      "scale": {"domain": kinds, "range": ["#b9c6bf", "#1f6f4a"]},
                      "legend": {"orient": "top", "columnPadding": 36}},
        },
        "config": {
            "font": "Segoe UI, system-ui, Noto Sans, Liberation Sans, sans-serif",
            "view": {"stroke": None},
            "axis": {"labelColor": "#1c2a26", "labelFontSize": 13, "gridColor": "#dde4e0",
                     "domainColor": "#b9c6bf", "tickColor": "#b9c6bf", "labelLimit": 0},
            "legend": {"labelColor": "#1c2a26", "labelFontSize": 13},
            # the wrapper says what the picture is: Vega's own labels would be English
            "aria": False,
        },
    }  # fmt: skip
    drawn = vl_convert.vegalite_to_svg(spec, vl_version="v5_20")
    return Markup(drawn)  # noqa: S704 - codes of semesters and words of ours alone stand in it


def _thousands(lang: str) -> str:
    """What stands at a height of the bars, as a Vega expression."""
    number = "toString(datum.value / 1000)"
    if lang == "lv":
        number = f"replace({number}, '.', ',')"
    return f"{number} + '\u00a0{text('overview.thousands', lang)}'"


def _short(code: str) -> str:
    """`2022/2023-1` as `22/23 · 1`."""
    return f"{code[2:4]}/{code[7:9]} · {code[-1]}"
