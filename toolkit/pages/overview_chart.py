"""Money by semester as bars: an SVG of our own making, with the figures in the table beside it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from toolkit.services.figures import SemesterFigures
from toolkit.texts import text
from toolkit.texts.formats import semester

CENTS = 100


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
        for kind, cents in (("planned", row.planned_cents), ("allocated", row.allocated_cents))
        if cents
    ]
    if not values:
        return Markup("")
    import vl_convert  # half a second, when there is something to draw

    thousands = f"datum.value / 1000 + ' {text('overview.thousands', lang)}'"
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 720, "height": 200, "data": {"values": values},
        "mark": {"type": "bar", "size": 26},
        "encoding": {
            "x": {"field": "semester", "type": "nominal", "title": None,
                  "axis": {"labelAngle": 0}},
            "y": {"field": "euros", "type": "quantitative", "title": None,
                  "axis": {"labelExpr": thousands, "tickCount": 4}},
            "color": {"field": "kind", "type": "nominal", "title": None,
                      "scale": {"range": ["#1f6f4a", "#b9c6bf"]},
                      "legend": {"orient": "top"}},
        },
        "config": {"font": "Segoe UI, Noto Sans, sans-serif", "view": {"stroke": None}},
    }  # fmt: skip
    drawn = vl_convert.vegalite_to_svg(spec, vl_version="v5_20")
    label = text("overview.chart", lang, first=semester(rows[0].semester, lang),
                 last=semester(rows[-1].semester, lang))  # fmt: skip
    svg = Markup(drawn)  # noqa: S704 - codes of semesters and words of ours alone stand in it
    return Markup('<div role="img" aria-label="{}">{}</div>').format(label, svg)


def _short(code: str) -> str:
    """`2022/2023-1` as `22/23 · 1`."""
    return f"{code[2:4]}/{code[7:9]} · {code[-1]}"
