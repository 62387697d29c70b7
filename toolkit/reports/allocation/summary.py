"""The first sheet: each partner's maximum, live from its institutions and the law."""

from __future__ import annotations

from toolkit.reports.allocation import formulas
from toolkit.reports.allocation.formulas import Block
from toolkit.reports.allocation.layout import INSTITUTIONS, ROWS, SUMMARY, Layout, letters
from toolkit.reports.report import FIRST_ROW, Chart, Check, Column, Sheet, Total

AT = letters(SUMMARY)
INST = letters(INSTITUTIONS)
LINE = letters(ROWS)


def summary_sheet(layout: Layout) -> Sheet:
    """Partners with a chart; totals below; checks above."""
    columns = _Summary(layout).columns()
    order = list(SUMMARY)
    return Sheet(
        name=layout.say("sheet.summary"),
        title=layout.say("title"),
        subtitle=layout.subtitle,
        note=layout.note,
        columns=columns,
        checks=_checks(layout),
        chart=Chart(layout.say("chart"), order.index("name"), order.index("maximum")),
        total_label=layout.say("total"),
    )


def _checks(layout: Layout) -> list[Check]:
    total, height = layout.total_row, layout.allocation.partners.height
    if not height:
        return []
    last = total - 1

    def adds_up(key: str) -> str:
        column = AT[key]
        return f"ROUND(SUM({column}{FIRST_ROW}:{column}{last})-{column}{total},2)=0"

    parts = f"ROUND({AT['esf']}{total}+{AT['state']}{total}-{AT['maximum']}{total},2)=0"
    return [
        Check(layout.say("check.partners"), adds_up("maximum")),
        Check(layout.say("check.esf"), f"AND({adds_up('esf')},{adds_up('state')},{parts})"),
    ]


class _Summary:
    """The columns of the summary, each with its formulas."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.terms = layout.allocation.terms
        self.frame = layout.allocation.partners
        self.codes = self.frame["partner"].to_list()
        self.rows = range(FIRST_ROW, FIRST_ROW + self.frame.height)
        self.total = layout.total_row
        self.block = Block(FIRST_ROW, max(self.total - 1, FIRST_ROW))
        self.cents = {k: self.frame[f"{k}_cents"].to_list() for k in
                      ("earned", "summed", "limited", "maximum", "esf", "state")}  # fmt: skip
        self.limited_total = sum(self.cents["limited"])
        self.max_total = sum(self.cents["maximum"])
        self.esf_total = sum(self.cents["esf"])

    def columns(self) -> list[Column]:
        columns = {**self._who(), **self._money(), **self._steps()}
        return [columns[key] for key in SUMMARY]

    def _who(self) -> dict[str, Column]:
        names = self.layout.allocation.names.get("partner", {})
        head = self.layout.say
        plans, schools = self.frame["plans"].to_list(), self.frame["institutions"].to_list()
        return {
            "partner": Column(head("partner"), "text", self.codes, width=18),
            "name": Column(
                head("partner_name"), "text", [names.get(c, c) for c in self.codes], width=34
            ),
            "plans": Column(
                head("plans"), "count", plans, self._from_institutions("SUM({span})", "plans"),
                total=self._sum("plans", sum(plans)), width=9,
            ),
            "institutions": Column(
                head("institutions"), "count", schools,
                self._from_institutions("ROWS({span})", "plans"),
                total=self._sum("institutions", sum(schools)), width=10,
            ),
        }  # fmt: skip

    def _money(self) -> dict[str, Column]:
        head, at = self.layout.say, AT
        cap, envelope = self.terms.cap_partner_cents, self.terms.envelope_cents
        rounded = "ROUND(SUM({span}),2)"
        capped = f",{self.layout.law('cap.partner')}" if cap is not None else ""
        limited = [f"=MIN({at['summed']}{r}{capped})" for r in self.rows]
        if envelope is None:
            maximum = [f"={at['limited']}{r}" for r in self.rows]
        else:
            maximum = self._shares("part", "rest", "limited_cents")
        return {
            "earned": self._amount("earned", self._from_institutions(rounded, "earned")),
            "summed": self._amount("summed", self._from_institutions(rounded, "limited")),
            "limited": self._amount("limited", limited),
            "maximum": self._figure("maximum", maximum, f"={at['cents']}{self.total}/100"),
            "esf": self._figure(
                "esf", self._shares("esf_part", "esf_rest", "cents"),
                f"={at['esf_rest']}{self.total}/100",
            ),
            "state": self._figure(
                "state", [f"=ROUND({at['maximum']}{r}-{at['esf']}{r},2)" for r in self.rows],
                f"=ROUND({at['maximum']}{self.total}-{at['esf']}{self.total},2)",
            ),
            "limit": Column(
                head("limit"), "text", self._limits(), self._limit_formulas(), width=14
            ),
        }  # fmt: skip

    def _amount(self, key: str, formulas_: list[str]) -> Column:
        values = self.cents[key]
        total = self._sum(key, sum(values), rounded=True)
        return Column(self.layout.say(key), "money", values, formulas_, total=total, width=15)

    def _figure(self, key: str, formulas_: list[str], total: str) -> Column:
        links = [self.layout.trace("partner", i, key) for i in range(len(self.codes))]
        return Column(
            self.layout.say(key), "money", self.cents[key], formulas_, links,
            Total(sum(self.cents[key]), total), self.layout.trace("total", 0, key), width=15,
        )  # fmt: skip

    def _steps(self) -> dict[str, Column]:
        """The helper columns: whole cents, quotients and remainders of the two divisions."""
        at, total, rows = AT, self.total, self.rows
        cents = {key: [f"=ROUND({at[key]}{r}*100,0)" for r in rows]
                 for key in ("limited", "maximum", "summed")}  # fmt: skip
        envelope = self._division(
            self.max_total, self.cents["limited"], self.limited_total,
            f"${at['cents']}${total}", "limited_cents", f"${at['limited_cents']}${total}", "part",
        )  # fmt: skip
        esf = self._division(
            self.esf_total, self.cents["maximum"], self.max_total,
            f"${at['esf_rest']}${total}", "cents", f"${at['cents']}${total}", "esf_part",
        )  # fmt: skip
        esf_left = self.esf_total - sum(esf[0])
        left = [
            f"={at['cents']}{r}-SUM({self._span(code, 'part')})"
            for r, code in zip(rows, self.codes, strict=True)
        ]
        return {
            "limited_cents": self._step("limited_cents", self.cents["limited"], cents["limited"],
                                        self._sum("limited_cents", self.limited_total)),
            "part": self._step("part", envelope[0], envelope[1],
                               self._left("part", "cents", self.max_total - sum(envelope[0]))),
            "rest": self._step("rest", envelope[2], envelope[3]),
            "cents": self._step("cents", self.cents["maximum"], cents["maximum"],
                                Total(self.max_total, self._spent())),
            "esf_part": self._step("esf_part", esf[0], esf[1],
                                   self._left("esf_part", "esf_rest", esf_left)),
            "esf_rest": self._step("esf_rest", esf[2], esf[3], Total(self.esf_total, self._esf())),
            "left": self._step("left", self._left_values(), left),
            "summed_cents": self._step("summed_cents", self.cents["summed"], cents["summed"]),
        }  # fmt: skip

    def _division(
        self, total: int, weights: list[int], whole: int, total_at: str, weight: str, whole_at: str,
        part: str,
    ) -> tuple[list[int], list[str], list[int], list[str]]:  # fmt: skip
        steps = formulas.divided([total] * len(weights), weights, [whole] * len(weights))
        parts, rests = [], []
        for row, (_, _, exact) in zip(self.rows, steps, strict=True):
            own = f"{AT[weight]}{row}"
            parts.append(formulas.quotient(total_at, own, whole_at) if exact else "")
            rests.append(
                formulas.remainder(total_at, own, whole_at, f"{AT[part]}{row}") if exact else ""
            )
        return [s[0] for s in steps], parts, [s[1] for s in steps], rests

    def _step(
        self, key: str, values: list[int], formulas_: list[str], total: Total | None = None
    ) -> Column:
        return Column(
            self.layout.say(key), "cents", values, formulas_, total=total, width=16, helper=True
        )

    def _shares(self, part: str, rest: str, weight: str) -> list[str]:
        left = f"${AT[part]}${self.total}"
        return [
            formulas.with_cent(f"{AT[part]}{r}", AT[rest], AT[weight], left, self.block, r)
            for r in self.rows
        ]

    def _sum(self, key: str, value: int, *, rounded: bool = False) -> Total:
        if not self.codes:
            return Total(0)
        added = f"SUM({AT[key]}{FIRST_ROW}:{AT[key]}{self.total - 1})"
        return Total(value, f"=ROUND({added},2)" if rounded else f"={added}")

    def _left(self, part: str, of: str, value: int) -> Total:
        """The cents that whole quotients leave over."""
        if not self.codes:
            return Total(0)
        parts = f"SUM({AT[part]}{FIRST_ROW}:{AT[part]}{self.total - 1})"
        return Total(value, f"={AT[of]}{self.total}-{parts}")

    def _spent(self) -> str:
        """The total: what the partners add up to, or the envelope when that is less."""
        limited = f"{AT['limited_cents']}{self.total}"
        if self.terms.envelope_cents is None:
            return f"={limited}"
        return f"=MIN({limited},ROUND({self.layout.law('envelope')}*100,0))"

    def _esf(self) -> str:
        """The ESF part of the total, cut to the cent; the share as a fraction of whole numbers."""
        scale = max(self.terms.esf_denominator, 1)
        share = f"ROUND({self.layout.law('share.esf')}*{scale},0)"
        return formulas.quotient(f"{AT['cents']}{self.total}", share, str(scale))

    def _span(self, code: str, key: str) -> str:
        return (
            self.layout.names["institutions"]
            + "!"
            + self.layout.partner_blocks[code].span(INST[key])
        )

    def _from_institutions(self, formula: str, key: str) -> list[str]:
        return ["=" + formula.format(span=self._span(code, key)) for code in self.codes]

    def _left_values(self) -> list[int]:
        institutions = self.layout.allocation.institutions
        given = dict(zip(self.codes, self.cents["maximum"], strict=True))
        summed = dict(zip(self.codes, self.cents["summed"], strict=True))
        left = dict(given)
        for code, weight in institutions.select("partner", "limited_cents").iter_rows():
            left[code] -= given[code] * weight // summed[code] if summed[code] else 0
        return [left[code] for code in self.codes]

    def _limits(self) -> list[str]:
        return [self.layout.word("limit", code) for code in self.frame["binding"]]

    def _limit_formulas(self) -> list[str]:
        say = {code: f'"{self.layout.word("limit", code)}"'
               for code in ("envelope", "partner", "institution", "none")}  # fmt: skip
        binds = f"${AT['cents']}${self.total}<${AT['limited_cents']}${self.total}"
        found = []
        for row, code in zip(self.rows, self.codes, strict=True):
            cut = f"SUMPRODUCT(({self._span(code, 'limited')}<{self._span(code, 'earned')})*1)>0"
            partner = f"{AT['limited']}{row}<{AT['summed']}{row}"
            found.append(
                f"=IF({binds},{say['envelope']},IF({partner},{say['partner']},"
                f"IF({cut},{say['institution']},{say['none']})))"
            )
        return found
