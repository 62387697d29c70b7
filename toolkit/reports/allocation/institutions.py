"""The second sheet: each institution's part of its partner's maximum."""

from __future__ import annotations

from toolkit.reports.allocation import formulas
from toolkit.reports.allocation.layout import INSTITUTIONS, ROWS, SUMMARY, Layout, letters
from toolkit.reports.report import FIRST_ROW, Check, Column, Sheet, Total

AT = letters(INSTITUTIONS)
LINE = letters(ROWS)
TOP = letters(SUMMARY)


def institutions_sheet(layout: Layout) -> Sheet:
    """Institutions by partner, live from the rows, the law and the summary."""
    last = FIRST_ROW + layout.allocation.institutions.height - 1
    total = f"{layout.names['summary']}!{TOP['maximum']}{layout.total_row}"
    own = f"{AT['maximum']}{FIRST_ROW}:{AT['maximum']}{last}"
    return Sheet(
        name=layout.say("sheet.institutions"),
        title=layout.say("title.institutions"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=_Institutions(layout).columns(),
        checks=[Check(layout.say("check.institutions"), f"ROUND(SUM({own})-{total},2)=0")]
        if layout.allocation.institutions.height
        else [],
        total_label=layout.say("total"),
    )


class _Institutions:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.frame = layout.allocation.institutions
        self.keys = self.frame.select("partner", "institution").rows()
        self.rows = range(FIRST_ROW, FIRST_ROW + self.frame.height)
        self.cents = {
            k: self.frame[f"{k}_cents"].to_list() for k in ("earned", "limited", "maximum")
        }
        partners = layout.allocation.partners
        self.given = dict(partners.select("partner", "maximum_cents").iter_rows())
        self.whole = dict(partners.select("partner", "summed_cents").iter_rows())

    def columns(self) -> list[Column]:
        columns = {**self._who(), **self._money(), **self._steps()}
        return [columns[key] for key in INSTITUTIONS]

    def _who(self) -> dict[str, Column]:
        head, names = self.layout.say, self.layout.allocation.names
        partner, institution = names.get("partner", {}), names.get("institution", {})
        plans = self.frame["plans"].to_list()
        return {
            "partner": Column(head("partner"), "text", [p for p, _ in self.keys], width=18),
            "partner_name": Column(
                head("partner_name"), "text", [partner.get(p, p) for p, _ in self.keys], width=30
            ),
            "institution": Column(head("institution"), "text", [i for _, i in self.keys], width=16),
            "name": Column(
                head("institution_name"), "text", [institution.get(i, i) for _, i in self.keys],
                width=34,
            ),
            "plans": Column(
                head("plans"), "count", plans, self._from_rows("SUM({span})", "plans"),
                total=self._sum("plans", sum(plans)), width=9,
            ),
        }  # fmt: skip

    def _money(self) -> dict[str, Column]:
        cap = self.layout.allocation.terms.cap_institution_cents
        capped = f",{self.layout.law('cap.institution')}" if cap is not None else ""
        links = [self.layout.trace("institution", i) for i in range(len(self.keys))]
        words = [self.layout.word("limit", code) for code in self.frame["limit"]]
        earned = self._from_rows("ROUND(SUM({span}),2)", "earned")
        limited = [f"=MIN({AT['earned']}{r}{capped})" for r in self.rows]
        return {
            "earned": self._amount("earned", earned),
            "limited": self._amount("limited", limited),
            "maximum": Column(
                self.layout.say("maximum"), "money", self.cents["maximum"], self._shares(), links,
                self._sum("maximum", sum(self.cents["maximum"]), rounded=True), width=15,
            ),
            "limit": Column(
                self.layout.say("limit"), "text", words, self._limit_formulas(), width=14
            ),
        }  # fmt: skip

    def _amount(self, key: str, formulas_: list[str]) -> Column:
        values = self.cents[key]
        return Column(
            self.layout.say(f"institution.{key}"), "money", values, formulas_,
            total=self._sum(key, sum(values), rounded=True), width=15,
        )  # fmt: skip

    def _steps(self) -> dict[str, Column]:
        totals = [self.given[p] for p, _ in self.keys]
        wholes = [self.whole[p] for p, _ in self.keys]
        steps = formulas.divided(totals, self.cents["limited"], wholes)
        parts, rests = [], []
        for row, (partner, _), (_, _, exact) in zip(self.rows, self.keys, steps, strict=True):
            total, whole = self._top(partner, "cents"), self._top(partner, "summed_cents")
            weight = f"{AT['limited_cents']}{row}"
            parts.append(formulas.quotient(total, weight, whole) if exact else "")
            rests.append(
                formulas.remainder(total, weight, whole, f"{AT['part']}{row}") if exact else ""
            )
        limited = [f"=ROUND({AT['limited']}{r}*100,0)" for r in self.rows]
        cents = [f"=ROUND({AT['maximum']}{r}*100,0)" for r in self.rows]
        left = [
            f"={AT['cents']}{r}-SUM({self._span(key, 'part')})"
            for r, key in zip(self.rows, self.keys, strict=True)
        ]
        return {
            "limited_cents": self._step("limited_cents", self.cents["limited"], limited),
            "part": self._step("part", [s[0] for s in steps], parts),
            "rest": self._step("rest", [s[1] for s in steps], rests),
            "cents": self._step("cents", self.cents["maximum"], cents),
            "left": self._step("left", self._left_values(), left),
            "earned_cents": self._step(
                "earned_cents", self.cents["earned"], self._from_rows("SUM({span})", "earned_cents")
            ),
        }

    def _step(self, key: str, values: list[int], formulas_: list[str]) -> Column:
        return Column(self.layout.say(key), "cents", values, formulas_, width=16, helper=True)

    def _shares(self) -> list[str]:
        blocks = self.layout.partner_blocks
        return [
            formulas.with_cent(
                f"{AT['part']}{row}", AT["rest"], AT["limited_cents"],
                self._top(partner, "left"), blocks[partner], row,
            )
            for row, (partner, _) in zip(self.rows, self.keys, strict=True)
        ]  # fmt: skip

    def _left_values(self) -> list[int]:
        """The cents that whole quotients of the rows leave over, for each institution."""
        given = dict(zip(self.keys, self.cents["maximum"], strict=True))
        whole = dict(zip(self.keys, self.cents["earned"], strict=True))
        left = dict(given)
        lines = self.layout.allocation.lines.select("partner", "institution", "earned_cents")
        for partner, institution, earned in lines.iter_rows():
            key = (partner, institution)
            left[key] -= given[key] * earned // whole[key] if whole[key] else 0
        return [left[key] for key in self.keys]

    def _limit_formulas(self) -> list[str]:
        say = {code: f'"{self.layout.word("limit", code)}"'
               for code in ("envelope", "partner", "institution", "none")}  # fmt: skip
        top, total = self.layout.names["summary"], self.layout.total_row
        binds = f"{top}!${TOP['cents']}${total}<{top}!${TOP['limited_cents']}${total}"
        found = []
        for row, (partner, _) in zip(self.rows, self.keys, strict=True):
            cut = f"{self._top(partner, 'limited')}<{self._top(partner, 'summed')}"
            own = f"{AT['limited']}{row}<{AT['earned']}{row}"
            found.append(
                f"=IF({binds},{say['envelope']},IF({cut},{say['partner']},"
                f"IF({own},{say['institution']},{say['none']})))"
            )
        return found

    def _top(self, partner: str, key: str) -> str:
        """A cell of the partner's row on the summary."""
        return f"{self.layout.names['summary']}!${TOP[key]}${self.layout.partner_rows[partner]}"

    def _span(self, key: tuple[str, str], column: str) -> str:
        return self.layout.names["rows"] + "!" + self.layout.row_blocks[key].span(LINE[column])

    def _from_rows(self, formula: str, column: str) -> list[str]:
        return ["=" + formula.format(span=self._span(key, column)) for key in self.keys]

    def _sum(self, key: str, value: int, *, rounded: bool = False) -> Total:
        if not self.keys:
            return Total(0)
        added = f"SUM({AT[key]}{FIRST_ROW}:{AT[key]}{FIRST_ROW + len(self.keys) - 1})"
        return Total(value, f"=ROUND({added},2)" if rounded else f"={added}")
