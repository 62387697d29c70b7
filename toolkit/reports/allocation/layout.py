"""Where everything stands in the workbook, so that a formula on one sheet can name another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from toolkit.frames.allocation import Allocation
from toolkit.reports.allocation.formulas import Block, blocks
from toolkit.reports.report import FIRST_ROW, letter, quoted
from toolkit.texts import text
from toolkit.texts.formats import amount, day, semester, word

SUMMARY = (
    "partner", "name", "plans", "institutions", "earned", "summed", "limited", "maximum", "esf",
    "state", "limit", "limited_cents", "part", "rest", "cents", "esf_part", "esf_rest", "left",
    "summed_cents",
)  # fmt: skip
INSTITUTIONS = (
    "partner", "partner_name", "institution", "name", "plans", "earned", "limited", "maximum",
    "limit", "limited_cents", "part", "rest", "cents", "left", "earned_cents",
)  # fmt: skip
ROWS = (
    "partner", "institution", "name", "programme", "grade", "plan_kind", "plans", "rate", "earned",
    "maximum", "limit", "agreement", "file", "row", "earned_cents", "part", "rest",
    # where the method asks for planned measures
    "measures", "basis",
)  # fmt: skip
TOTAL_FIGURES = ("maximum", "esf", "state")


def letters(keys: Iterable[str]) -> dict[str, str]:
    """The spreadsheet column of each key."""
    return {key: letter(place) for place, key in enumerate(keys)}


@dataclass(frozen=True)
class Layout:
    """Positions and words of one allocation's workbook in one language."""

    allocation: Allocation
    lang: str

    def say(self, key: str, **facts: object) -> str:
        return text(f"report.{key}", self.lang, **facts)

    def word(self, group: str, code: str) -> str:
        return word(group, code, self.lang)

    def amount(self, cents: int) -> str:
        return amount(cents, self.lang)

    @cached_property
    def subtitle(self) -> str:
        calendar = self.allocation.calendar
        days = f"{day(calendar.first_day, self.lang)}–{day(calendar.last_day, self.lang)}"
        name = semester(calendar.semester.code, self.lang)
        return f"{self.allocation.programme_id} · {name} ({days})"

    @cached_property
    def note(self) -> str:
        """The assumed values, named on every sheet; and that rows were refused."""
        notes = []
        if assumed := self.allocation.assumed:
            values = "; ".join(
                f"{used.title[self.lang]} {used.shown(self.lang)}" for used in assumed
            )
            # the stop of a Latvian day is the stop of the sentence too
            notes.append(self.say("assumed", values=values.removesuffix(".")))
        if not self.allocation.complete:
            notes.append(self.say("incomplete", count=self.allocation.refused.height))
        return " ".join(notes)

    @cached_property
    def names(self) -> dict[str, str]:
        """Sheet names by key, as formulas want them."""
        keys = ("summary", "institutions", "rows", "law", "trace")
        return {key: quoted(self.say(f"sheet.{key}")) for key in keys}

    @cached_property
    def law_rows(self) -> dict[str, int]:
        return {used.name: row for row, used in enumerate(self.allocation.law_used, FIRST_ROW)}

    def law(self, name: str) -> str:
        """The cell that holds a parameter's value."""
        return f"{self.names['law']}!$D${self.law_rows[name]}"

    @cached_property
    def partner_rows(self) -> dict[str, int]:
        return {
            code: row for row, code in enumerate(self.allocation.partners["partner"], FIRST_ROW)
        }

    @cached_property
    def partner_blocks(self) -> dict[str, Block]:
        """The institutions of each partner."""
        partners = self.allocation.institutions["partner"].to_list()
        return dict(zip(dict.fromkeys(partners), blocks(partners, FIRST_ROW), strict=True))

    @cached_property
    def institution_rows(self) -> dict[tuple[str, str], int]:
        keys = self.allocation.institutions.select("partner", "institution").iter_rows()
        return {(key[0], key[1]): row for row, key in enumerate(keys, FIRST_ROW)}

    @cached_property
    def row_blocks(self) -> dict[tuple[str, str], Block]:
        """The counts rows of each institution."""
        keys = self.allocation.lines.select("partner", "institution").rows()
        return dict(zip(dict.fromkeys(keys), blocks(keys, FIRST_ROW), strict=True))

    @cached_property
    def total_row(self) -> int:
        """The row of the totals on the summary."""
        return FIRST_ROW + self.allocation.partners.height

    @cached_property
    def _trace_starts(self) -> dict[str, int]:
        partners = len(TOTAL_FIGURES) * self.allocation.partners.height
        first = FIRST_ROW + len(TOTAL_FIGURES)
        return {
            "total": FIRST_ROW,
            "partner": first,
            "institution": first + partners,
            "line": first + partners + self.allocation.institutions.height,
        }

    def trace(self, level: str, index: int, figure: str = "maximum") -> str:
        """The trace row of a figure: totals and partners have three each."""
        start = self._trace_starts[level]
        if level in ("total", "partner"):
            row = start + index * len(TOTAL_FIGURES) + TOTAL_FIGURES.index(figure)
        else:
            row = start + index
        return f"{self.names['trace']}!A{row}"
