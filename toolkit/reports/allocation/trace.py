"""Where each figure comes from: inputs, parameter, act, formula in words, limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from toolkit.frames.allocation import LawUsed
from toolkit.reports.allocation.layout import (
    INSTITUTIONS,
    ROWS,
    SUMMARY,
    TOTAL_FIGURES,
    Layout,
    letters,
)  # fmt: skip
from toolkit.reports.report import FIRST_ROW, Column, Sheet

TOP, INST, LINE = letters(SUMMARY), letters(INSTITUTIONS), letters(ROWS)


class Trace(NamedTuple):
    """One figure and how it came about."""

    figure: str
    cents: int
    cell: str
    inputs: str
    parameter: str
    act: str
    words: str
    limit: str


def trace_sheet(layout: Layout) -> Sheet:
    """A row for every figure of the summary, the institutions and the rows, in that order."""
    traces = list(_Traces(layout).all())
    say = layout.say
    fields = [[trace[place] for trace in traces] for place in range(len(Trace._fields))]
    figure, cents, cells, inputs, parameter, act, words, limit = fields
    return Sheet(
        name=say("sheet.trace"),
        title=say("title.trace"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=[
            Column(say("figure"), "text", figure, width=46),
            Column(say("value_eur"), "money", cents, [f"={c}" for c in cells], width=15),
            Column(say("inputs"), "text", inputs, width=26),
            Column(say("parameter"), "text", parameter, width=68),
            Column(say("act_and_point"), "text", act, width=34),
            Column(say("in_words"), "text", words, width=110),
            Column(say("limit"), "text", limit, width=14),
        ],
    )


class _Traces:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.allocation = layout.allocation
        self.used = {used.name: used for used in layout.allocation.law_used}
        self.limits = {
            code: layout.word("limit", code)
            for code in ("envelope", "partner", "institution", "none")
        }

    def all(self) -> Iterator[Trace]:
        """In the order that `Layout.trace` counts on."""
        yield from self._totals()
        yield from self._partners()
        yield from self._institutions()
        yield from self._lines()

    def _totals(self) -> Iterator[Trace]:
        allocation, say = self.allocation, self.layout.say
        sheet, row = self.layout.names["summary"], self.layout.total_row
        cents = {
            "maximum": allocation.total_cents,
            "esf": allocation.esf_cents,
            "state": allocation.state_cents,
        }
        parameters = {"maximum": self._parameter("envelope"), "state": ("", "")}
        for figure in TOTAL_FIGURES:
            parameter, act = parameters.get(figure, self._parameter("share.esf"))
            yield Trace(
                f"{say('total')} · {say(figure)}", cents[figure],
                f"{sheet}!{TOP[figure]}{row}",
                _span(say("sheet.summary"), TOP[figure], FIRST_ROW, max(row - 1, FIRST_ROW)),
                parameter, act, say(f"words.total.{figure}"), "",
            )  # fmt: skip

    def _partners(self) -> Iterator[Trace]:
        say, amount = self.layout.say, self.layout.amount
        sheet = self.layout.names["summary"]
        caps = self._parameters("cap.institution", "cap.partner", "envelope")
        share = self._parameter("share.esf")
        rows = self.allocation.partners.iter_rows(named=True)
        for number, row in enumerate(rows, FIRST_ROW):
            span = self.layout.partner_blocks[row["partner"]]
            inputs = _span(say("sheet.institutions"), INST["limited"], span.first, span.last)
            own_maximum = f"{say('sheet.summary')} {TOP['maximum']}{number}"
            words = {
                "maximum": say(
                    "words.partner.maximum", summed=amount(row["summed_cents"]),
                    limited=amount(row["limited_cents"]), maximum=amount(row["maximum_cents"]),
                ),
                "esf": say("words.partner.esf", maximum=amount(row["maximum_cents"])),
                "state": say(
                    "words.partner.state", maximum=amount(row["maximum_cents"]),
                    esf=amount(row["esf_cents"]),
                ),
            }  # fmt: skip
            for figure in TOTAL_FIGURES:
                parameter, act = {"maximum": caps, "esf": share}.get(figure, ("", ""))
                yield Trace(
                    f"{row['partner']} · {say(figure)}", row[f"{figure}_cents"],
                    f"{sheet}!{TOP[figure]}{number}",
                    inputs if figure == "maximum" else own_maximum,
                    parameter, act, words[figure], self.limits[row["binding"]],
                )  # fmt: skip

    def _institutions(self) -> Iterator[Trace]:
        say, amount = self.layout.say, self.layout.amount
        sheet = self.layout.names["institutions"]
        parameter, act = self._parameter("cap.institution")
        rows = self.allocation.institutions.iter_rows(named=True)
        for number, row in enumerate(rows, FIRST_ROW):
            span = self.layout.row_blocks[row["partner"], row["institution"]]
            yield Trace(
                f"{row['partner']} · {row['institution']}", row["maximum_cents"],
                f"{sheet}!{INST['maximum']}{number}",
                _span(say("sheet.rows"), LINE["earned"], span.first, span.last),
                parameter, act,
                say(
                    "words.institution", earned=amount(row["earned_cents"]),
                    limited=amount(row["limited_cents"]), maximum=amount(row["maximum_cents"]),
                ),
                self.limits[row["limit"]],
            )  # fmt: skip

    def _lines(self) -> Iterator[Trace]:
        frame, amount, layout = self.allocation.lines, self.layout.amount, self.layout
        sheet, column = layout.names["rows"], LINE["maximum"]
        kinds = {k: (*self._parameter(f"rate.{k}"), layout.word("plan_kind", k))
                 for k in frame["plan_kind"].unique()}  # fmt: skip
        row_word = layout.say("row_short")
        cut = layout.say("words.line.cut")
        columns = frame.select(
            "partner", "institution", "grade", "plan_kind", "file", "row", "plans", "rate_cents",
            "earned_cents", "maximum_cents", "limit", "measures_cents",
        )  # fmt: skip
        planned = layout.say("words.line.measures")
        for number, (*figures, measures) in enumerate(columns.iter_rows(), FIRST_ROW):
            partner, institution, grade, kind, file, row, plans, rate, earned, cents, limit = (
                figures
            )
            parameter, act, kind_word = kinds[kind]
            words = f"{plans} × {amount(rate)} = {amount(plans * rate)}"
            if measures is not None:
                words = f"{words}; {planned} {amount(measures)}"
            if cents != earned:
                words = f"{words}; {cut} {amount(cents)}"
            yield Trace(
                f"{partner} · {institution} · {grade} · {kind_word}", cents,
                f"{sheet}!{column}{number}", f"{file}, {row_word} {row}", parameter, act, words,
                self.limits[limit],
            )  # fmt: skip

    def _parameter(self, name: str) -> tuple[str, str]:
        """The parameter with its value and status, and its act and point."""
        used = self.used.get(name)
        return ("", "") if used is None else (self._value(used), self._act(used))

    def _parameters(self, *names: str) -> tuple[str, str]:
        found = [self._parameter(name) for name in names if name in self.used]
        return "; ".join(p for p, _ in found), "; ".join(a for _, a in found)

    def _value(self, used: LawUsed) -> str:
        status = self.layout.word("status", used.status)
        return f"{used.title[self.layout.lang]} = {used.shown(self.layout.lang)} ({status})"

    def _act(self, used: LawUsed) -> str:
        point = f", {self.layout.say('point_short', point=used.point)}" if used.point else ""
        return f"{used.source(self.layout.lang)}{point}"


def _span(sheet: str, column: str, first: int, last: int) -> str:
    """Cells as a person names them: `Rindas I7:I12`."""
    return f"{sheet} {column}{first}:{column}{last}"
