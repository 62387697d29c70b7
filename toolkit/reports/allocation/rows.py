"""The third sheet: each counts row, what it earned and what is left of it."""

from __future__ import annotations

from toolkit.reports.allocation import formulas
from toolkit.reports.allocation.layout import INSTITUTIONS, ROWS, SUMMARY, Layout, letters
from toolkit.reports.report import FIRST_ROW, Check, Column, Sheet, Total

AT = letters(ROWS)
INST = letters(INSTITUTIONS)
TOP = letters(SUMMARY)


def rows_sheet(layout: Layout) -> Sheet:
    """Counts rows in the order of partner and institution, live from counts and rates."""
    height = layout.allocation.lines.height
    last = FIRST_ROW + height - 1
    total = f"{layout.names['summary']}!{TOP['maximum']}{layout.total_row}"
    own = f"{AT['maximum']}{FIRST_ROW}:{AT['maximum']}{last}"
    return Sheet(
        name=layout.say("sheet.rows"),
        title=layout.say("title.rows"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=_Rows(layout).columns(),
        checks=[Check(layout.say("check.rows"), f"ROUND(SUM({own})-{total},2)=0")]
        if height
        else [],
        total_label=layout.say("total"),
    )


class _Rows:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.frame = layout.allocation.lines
        self.keys = self.frame.select("partner", "institution").rows()
        self.rows = range(FIRST_ROW, FIRST_ROW + self.frame.height)
        self.earned = self.frame["earned_cents"].to_list()
        self.maxima = self.frame["maximum_cents"].to_list()
        institutions = layout.allocation.institutions.select(
            "partner", "institution", "maximum_cents", "earned_cents"
        ).rows()
        self.given = {(p, i): maximum for p, i, maximum, _ in institutions}
        self.whole = {(p, i): earned for p, i, _, earned in institutions}

    def columns(self) -> list[Column]:
        columns = {**self._what(), **self._money(), **self._steps(), **self._planned()}
        return [columns[key] for key in ROWS if key in columns]

    def _what(self) -> dict[str, Column]:
        head, frame = self.layout.say, self.frame
        names = self.layout.allocation.names.get("institution", {})
        plans = frame["plans"].to_list()
        return {
            "partner": Column(head("partner"), "text", [p for p, _ in self.keys], width=18),
            "institution": Column(head("institution"), "text", [i for _, i in self.keys], width=16),
            "name": Column(
                head("institution_name"), "text", [names.get(i, i) for _, i in self.keys], width=34
            ),
            "programme": Column(head("programme"), "text", self._words("programme"), width=13),
            "grade": Column(head("grade"), "count", frame["grade"].to_list(), width=8),
            "plan_kind": Column(head("plan_kind"), "text", self._words("plan_kind"), width=15),
            "plans": Column(
                head("plans"), "count", plans, total=self._sum("plans", sum(plans)), width=9
            ),
            "agreement": Column(head("agreement"), "text", frame["agreement"].to_list(), width=18),
            "file": Column(head("file"), "text", frame["file"].to_list(), width=16),
            "row": Column(head("row"), "count", frame["row"].to_list(), width=8),
        }  # fmt: skip

    def _money(self) -> dict[str, Column]:
        kinds, head = self.frame["plan_kind"].to_list(), self.layout.say
        cells = {kind: self.layout.law(f"rate.{kind}") for kind in set(kinds)}
        words = {code: self.layout.word("limit", code) for code in self.frame["limit"].unique()}
        earned = AT["earned"]
        return {
            "rate": Column(
                head("rate"), "money", self.frame["rate_cents"].to_list(),
                [f"={cells[kind]}" for kind in kinds], width=11,
            ),
            "earned": Column(
                head("line.earned"), "money", self.earned,
                [self._earning(r) for r in self.rows],
                total=self._sum("earned", sum(self.earned)), width=15,
            ),
            "maximum": Column(
                head("maximum"), "money", self.maxima, self._shares(),
                [self.layout.trace("line", i) for i in range(len(self.keys))],
                self._sum("maximum", sum(self.maxima)), width=15,
            ),
            "limit": Column(
                head("limit"), "text", [words[code] for code in self.frame["limit"]], width=14
            ),
            "earned_cents": Column(
                head("earned_cents"), "cents", self.earned,
                [f"=ROUND({earned}{r}*100,0)" for r in self.rows], width=16, helper=True,
            ),
        }  # fmt: skip

    def _steps(self) -> dict[str, Column]:
        steps = formulas.divided(
            [self.given[key] for key in self.keys], self.earned, [self.whole[k] for k in self.keys]
        )
        parts, rests = [], []
        for row, key, (_, _, exact) in zip(self.rows, self.keys, steps, strict=True):
            total, whole = self._institution(key, "cents"), self._institution(key, "earned_cents")
            weight = f"{AT['earned_cents']}{row}"
            parts.append(formulas.quotient(total, weight, whole) if exact else "")
            rests.append(
                formulas.remainder(total, weight, whole, f"{AT['part']}{row}") if exact else ""
            )
        say = self.layout.say
        return {
            "part": Column(
                say("part"), "cents", [s[0] for s in steps], parts, width=16, helper=True
            ),
            "rest": Column(
                say("rest"), "cents", [s[1] for s in steps], rests, width=16, helper=True
            ),
        }

    def _earning(self, row: int) -> str:
        """What a row earns, by the method of the allocation."""
        by_rate = f"ROUND({AT['plans']}{row}*{AT['rate']}{row},2)"
        measures = f"{AT['measures']}{row}"
        return {
            "per_plan": f"={by_rate}",
            "priced_measures": f"={measures}",
            "lesser_of": f"=MIN({by_rate},{measures})",
        }[self.layout.allocation.method]

    def _planned(self) -> dict[str, Column]:
        """What the planned measures cost, and which of the two bases decided."""
        if self.layout.allocation.method == "per_plan":
            return {}
        say, cents = self.layout.say, self.frame["measures_cents"].to_list()
        words = {code: self.layout.word("method", code) for code in self.frame["basis"].unique()}
        return {
            "measures": Column(
                say("line.measures"), "money", cents, total=self._sum("measures", sum(cents)),
                width=15,
            ),
            "basis": Column(
                say("line.basis"), "text", [words[code] for code in self.frame["basis"]], width=20
            ),
        }  # fmt: skip

    def _shares(self) -> list[str]:
        blocks = self.layout.row_blocks
        return [
            formulas.with_cent(
                f"{AT['part']}{row}", AT["rest"], AT["earned_cents"],
                self._institution(key, "left"), blocks[key], row,
            )
            for row, key in zip(self.rows, self.keys, strict=True)
        ]  # fmt: skip

    def _institution(self, key: tuple[str, str], column: str) -> str:
        """A cell of the institution's row on its sheet."""
        row = self.layout.institution_rows[key]
        return f"{self.layout.names['institutions']}!${INST[column]}${row}"

    def _words(self, column: str) -> list[str]:
        words = {code: self.layout.word(column, code) for code in self.frame[column].unique()}
        return [words[code] for code in self.frame[column]]

    def _sum(self, key: str, value: int) -> Total:
        if not self.keys:
            return Total(0)
        added = f"SUM({AT[key]}{FIRST_ROW}:{AT[key]}{FIRST_ROW + len(self.keys) - 1})"
        return Total(value, f"=ROUND({added},2)")
