"""The workbook of a difference note: partners with causes, changed rows, changed law, findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from toolkit.frames.allocation import LawUsed
from toolkit.frames.difference import AMOUNTS, CAUSES, DifferenceNote, direction
from toolkit.reports.allocation.findings import findings_sheet
from toolkit.reports.allocation.layout import Layout, letters
from toolkit.reports.difference_words import option_words, sentences
from toolkit.reports.report import FIRST_ROW, MONEY_FORMAT, Check, Column, Report, Sheet, Total

COLUMNS = (
    "partner", "name", "old", "noted", "new", "difference", "direction", *CAUSES,
    "esf_difference", "state_difference", "refused",
)  # fmt: skip
AT = letters(COLUMNS)
_SIDES = ("before", "after")


def difference_report(note: DifferenceNote, lang: str) -> Report:
    """The note's workbook in one language."""
    layout = Layout(note.after, lang)
    return Report(
        title=f"{layout.say('title.difference')} · {layout.subtitle}",
        author=note.after.programme_title[lang],
        on=note.after.calendar.first_day,
        sheets=(
            _Partners(note, layout).sheet(),
            _words_sheet(note, layout),
            _rows_sheet(note, layout),
            _law_sheet(note, layout),
            findings_sheet(layout),
        ),
        money_format=MONEY_FORMAT[lang],
        ok=layout.say("check.ok"),
        wrong=layout.say("check.wrong"),
    )


@dataclass(frozen=True)
class _Partners:
    """The first sheet: each partner's amounts, live from what was released, noted and computed."""

    note: DifferenceNote
    layout: Layout

    def sheet(self) -> Sheet:
        say = self.layout.say
        columns = {**self._who(), **{key: self._amount(key) for key in AMOUNTS}, **self._words()}
        return Sheet(
            name=say("sheet.difference"),
            title=say("title.difference"),
            subtitle=self.layout.subtitle,
            note=self.layout.note,
            columns=[columns[key] for key in COLUMNS],
            checks=self._checks() if self.codes else (),
            total_label=say("total"),
        )

    @cached_property
    def codes(self) -> list[str]:
        return self.note.partners["partner"].to_list()

    @property
    def rows(self) -> range:
        return range(FIRST_ROW, FIRST_ROW + len(self.codes))

    def _who(self) -> dict[str, Column]:
        say, names = self.layout.say, self.note.names
        return {
            "partner": Column(say("partner"), "text", self.codes, width=18),
            "name": Column(
                say("partner_name"), "text", [names.get(c, c) for c in self.codes], width=34
            ),
        }

    def _amount(self, key: str) -> Column:
        values = self.note.partners[f"{key}_cents"].to_list()
        total = Total(self.note.total(key), self._sum(key) if self.codes else "")
        formula = {
            "difference": "=ROUND({new}{row}-{old}{row}-{noted}{row},2)",
            "state_difference": "=ROUND({difference}{row}-{esf_difference}{row},2)",
        }.get(key)
        live = [formula.format(row=row, **AT) for row in self.rows] if formula else None
        return Column(
            self.layout.say(f"difference.{key}"), "money", values, live, total=total, width=13
        )

    def _words(self) -> dict[str, Column]:
        layout = self.layout
        cents = self.note.partners["difference_cents"].to_list()
        refused = self.note.partners["refused"].to_list()
        rise, fall, same = (layout.word("direction", way) for way in ("rise", "fall", "same"))
        live = [
            f'=IF({AT["difference"]}{row}>0,"{rise}",IF({AT["difference"]}{row}<0,"{fall}","{same}"))'
            for row in self.rows
        ]
        ways = [layout.word("direction", direction(amount)) for amount in cents]
        return {
            "direction": Column(layout.say("difference.direction"), "text", ways, live),
            "refused": Column(
                layout.say("difference.refused"), "count", refused,
                total=Total(sum(refused), self._sum("refused") if self.codes else ""), width=12,
            ),
        }  # fmt: skip

    def _checks(self) -> list[Check]:
        say = self.layout.say
        causes = "+".join(self._span(cause) for cause in CAUSES)
        adds_up = f"SUMPRODUCT((ROUND({causes}-{self._span('difference')},2)<>0)*1)=0"
        moved = f"ROUND(SUM({self._span('rounding')}),2)=0"
        return [Check(say("check.causes"), adds_up), Check(say("check.rounding"), moved)]

    def _span(self, key: str) -> str:
        return f"{AT[key]}{FIRST_ROW}:{AT[key]}{self.rows[-1]}"

    def _sum(self, key: str) -> str:
        return f"=ROUND(SUM({self._span(key)}),2)"


def _words_sheet(note: DifferenceNote, layout: Layout) -> Sheet:
    """For each partner the sentence and what may be done; apart, or the amounts print too small."""
    say, lang = layout.say, layout.lang
    codes = note.partners["partner"].to_list()
    options = [option_words(cents, lang) for cents in note.partners["difference_cents"]]
    return Sheet(
        name=say("sheet.sentences"),
        title=say("title.difference"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=[
            Column(say("partner"), "text", codes, width=18),
            Column(say("difference.sentence"), "wide", sentences(note, lang), width=90),
            Column(say("difference.options"), "wide", options, width=34),
        ],
    )


def _rows_sheet(note: DifferenceNote, layout: Layout) -> Sheet:
    """The counts rows behind the amounts: what they were, what they are."""
    say, rows = layout.say, note.rows
    columns = [
        Column(say("institution"), "text", rows["institution"].to_list(), width=18),
        Column(
            say("programme"), "text",
            [layout.word("programme", code) for code in rows["programme"]],
        ),
        Column(say("grade"), "count", rows["grade"].to_list(), width=9),
        Column(
            say("plan_kind"), "text",
            [layout.word("plan_kind", code) for code in rows["plan_kind"]],
        ),
    ]  # fmt: skip
    for key in ("partner", "plans", "rate_cents", "earned_cents"):
        for side in _SIDES:
            name, _, money = key.partition("_")
            values = rows[f"{name}_{side}_cents" if money else f"{name}_{side}"].to_list()
            heading = say(f"difference.{name}_{side}")
            if name == "partner":
                columns.append(Column(heading, "text", [value or "" for value in values], width=18))
            else:
                columns.append(Column(heading, "money" if money else "count", values))
    columns.append(Column(say("rule"), "text", [rule or "" for rule in rows["rule"]], width=28))
    return Sheet(
        name=say("sheet.changed_rows"), title=say("title.changed_rows"),
        subtitle=layout.subtitle, note=layout.note, columns=columns,
    )  # fmt: skip


def _law_sheet(note: DifferenceNote, layout: Layout) -> Sheet:
    """The values of the law that one side used otherwise than the other."""
    say, lang = layout.say, layout.lang
    before, after = (
        {used.name: used for used in side.law_used} for side in (note.before, note.after)
    )
    either = before | after
    names = [n for n in sorted(either) if _standing(before.get(n)) != _standing(after.get(n))]

    def column(heading: str, values: list[str], width: int) -> Column:
        return Column(say(heading), "wide", values, width=width)

    sides = [
        column(
            f"difference.value_{side}",
            [
                f"{used[n].shown(lang)} ({layout.word('status', used[n].status)})"
                if n in used
                else "—"
                for n in names
            ],
            24,
        )
        for side, used in zip(_SIDES, (before, after), strict=True)
    ]
    return Sheet(
        name=say("sheet.changed_law"),
        title=say("title.changed_law"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=[
            column("parameter", names, 22),
            column("parameter_title", [either[name].title[lang] for name in names], 44),
            *sides,
            column("act", [either[name].source(lang) for name in names], 40),
            column("point", [either[name].point for name in names], 10),
        ],
    )


def _standing(used: LawUsed | None) -> tuple[object, ...]:
    """What makes a value another one; how its source is worded does not."""
    return () if used is None else (used.value, used.since, used.status, used.point)
