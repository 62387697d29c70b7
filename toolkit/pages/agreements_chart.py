"""When agreements are in force, drawn: an SVG made here, with no script and nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from markupsafe import Markup

from toolkit.services.agreements import AgreementOn
from toolkit.services.agreements_shown import STATUSES, Register
from toolkit.texts import text
from toolkit.texts.formats import day, word

MOST_BARS = 60
"""More are no picture any more: the table has them all."""
_STEP = 20
_LETTER = 12
_CAPITALS, _LETTERS = 0.7, 0.6
"""How wide letters are, of their height: of the widest letters browsers have in place of ours."""
_COLOURS = ("#b9c6bf", "#d9a02b", "#1f6f4a", "#7d8f87", "#a3242b")
"""Of the statuses in their order; the look's own."""


@dataclass(frozen=True, slots=True)
class _Size:
    """A drawing for one sort of screen."""

    width: int
    """Of names and bars together: that of a card of the page."""
    names: int
    """The most room for names."""
    years: str
    """How a year is written."""
    padding: int
    """Between the words that explain the colours."""
    columns: int
    """The colours explained in a line; 0 for all."""
    named: bool
    """Whether partners stand beside the numbers of their agreements."""


_BROAD = _Size(1140, 400, "%Y", 36, 0, named=True)
_SLIM = _Size(334, 150, "%y", 12, 1, named=False)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing, for a screen and for a phone, and what it says to who does not see it."""

    broad: Markup
    slim: Markup
    said: str
    drawn: int
    of: int


def timeline(register: Register, found: Sequence[AgreementOn], lang: str) -> Timeline:
    """The first agreements of a list as bars between their days, the register's day as a line."""
    drawn = found[:MOST_BARS]
    if not drawn:
        return Timeline(Markup(), Markup(), "", 0, 0)
    first, last = _span(register, drawn)
    said = text(
        "agreements.timeline.said", lang, count=len(drawn), first=day(first, lang),
        last=day(last, lang), day=day(register.day, lang),
        in_force=sum(own.status == "in_force" for own in drawn),
    )  # fmt: skip
    broad, slim = (_drawing(register, drawn, lang, size) for size in (_BROAD, _SLIM))
    return Timeline(broad, slim, said, len(drawn), len(found))


def _drawing(register: Register, drawn: Sequence[AgreementOn], lang: str, size: _Size) -> Markup:
    bars = list(_bars(register, drawn, lang, size))
    # vl-convert writes the SVG and escapes every text in it; a test holds it to that
    return Markup(_svg(bars, register.day, lang, size))  # noqa: S704


def _span(register: Register, drawn: Sequence[AgreementOn]) -> tuple[date, date]:
    """From the first day to the last; an open end is drawn up to the last other one."""
    days = [register.day, *(own.version.valid_from for own in drawn)]
    ends = [own.version.ends_on for own in drawn if own.version.ends_on]
    return min(days), max([*days, *ends])


def _bars(
    register: Register, drawn: Sequence[AgreementOn], lang: str, size: _Size
) -> Iterator[dict[str, str]]:
    first, last = _span(register, drawn)
    for own in drawn:
        version = own.version
        begins, ends = max(version.valid_from, first), min(version.ends_on or last, last)
        label = f"{version.agreement} · {register.partner_names(own)}"
        yield {
            "label": label,
            "short": _shortened(label if size.named else version.agreement, size.names),
            "from": begins.isoformat(),
            "to": max(begins, ends).isoformat(),
            "status": word("agreement_status", own.status, lang),
        }


def _shortened(label: str, room: int) -> str:
    """As much of a label as has room."""
    if _wide(label) <= room:
        return label
    kept = label
    while _wide(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _wide(label: str) -> float:
    small = sum(letter.islower() or not letter.isalnum() for letter in label)
    return _LETTER * (_LETTERS * small + _CAPITALS * (len(label) - small))


def _titled(svg: str, bars: Sequence[dict[str, str]]) -> str:
    """The drawing with the whole of every shortened label, for who points at it."""
    at = 0
    for bar in bars:
        short, label = (escape(bar[name], quote=False) for name in ("short", "label"))
        at = svg.index(f">{short}</text>", at) + 1
        if short != label:
            title = f"<title>{label}</title>"
            svg = svg[:at] + title + svg[at:]
            at += len(title)
    return svg


def _svg(bars: Sequence[dict[str, str]], on: date, lang: str, size: _Size) -> str:
    import altair as alt  # a second of loading, for those who ask for the picture
    import vl_convert

    legend = alt.Legend(title=None, orient="top", columnPadding=size.padding, columns=size.columns)
    words = [word("agreement_status", status, lang) for status in STATUSES]
    rows = [{**bar, "row": row} for row, bar in enumerate(bars)]
    shorts = json.dumps([bar["short"] for bar in bars])
    time = alt.Scale(type="utc")
    room = int(max(_wide(bar["short"]) for bar in bars))
    years = alt.Axis(format=size.years, tickCount="year")
    names = alt.Axis(labelLimit=0, minExtent=room, labelExpr=f"{shorts}[datum.value]")
    shown = alt.Chart(alt.InlineData(values=rows)).mark_bar(height=10, cornerRadius=2, aria=False)
    drawn = shown.encode(
        x=alt.X("from:T", scale=time, title=None, axis=years),
        x2="to:T",
        y=alt.Y("row:O", title=None, axis=names),
        color=alt.Color(
            "status:N", scale=alt.Scale(domain=words, range=list(_COLOURS)),
            legend=legend,
        ),
    )  # fmt: skip
    rule = alt.Chart(alt.InlineData(values=[{"day": on.isoformat()}])).mark_rule(
        color="#8a5a00", strokeDash=[4, 3], strokeWidth=1.5, aria=False
    )
    chart = (drawn + rule.encode(x=alt.X("day:T", scale=time))).properties(
        width=size.width - room, height=alt.Step(_STEP)
    )
    svg: str = vl_convert.vegalite_to_svg(chart.configure(**_look()).to_dict())
    return _titled(svg, bars)


def _look() -> dict[str, Any]:
    font = "Segoe UI, system-ui, Noto Sans, sans-serif"
    plain = {"labelColor": "#1c2a26", "labelFontSize": _LETTER, "gridColor": "#dde4e0"}
    return {
        # the wrapper says what the picture is: Vega's own labels would be English
        "aria": False, "background": "transparent", "font": font, "view": {"stroke": None},
        "axis": {**plain, "domainColor": "#b9c6bf", "tickColor": "#b9c6bf"},
        "legend": {"labelColor": "#1c2a26", "labelFontSize": _LETTER},
    }  # fmt: skip
