"""What an allocation gives: each figure with what it was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from toolkit.errors import Finding
from toolkit.frames.promise import Promise
from toolkit.semester import Calendar
from toolkit.texts import formats
from toolkit.texts.formats import money

LIMITS = ("envelope", "partner", "institution", "none")


_LIMIT = pl.Enum(LIMITS)
METHODS = ("per_plan", "priced_measures", "lesser_of")
"""How a row earns: plans times rate; the planned measures at their price; the lesser of both."""
BASES = METHODS[:2]


def _at_least_zero(*columns: str) -> dict[str, pl.Expr]:
    return {f"{column} is not negative": pl.col(column) >= 0 for column in columns}


def _never_above(lower: str, upper: str) -> dict[str, pl.Expr]:
    return {f"{lower} is at most {upper}": pl.col(lower) <= pl.col(upper)}


LINES = Promise(
    "lines",
    {
        "partner": pl.String, "institution": pl.String, "programme": pl.String, "grade": pl.Int64,
        "plan_kind": pl.String, "agreement": pl.String, "file": pl.String, "row": pl.Int64,
        "plans": pl.Int64, "rate_cents": pl.Int64,
        # null where the method does not ask for measures; `basis` is what decided
        "measures_cents": pl.Int64, "basis": pl.Enum(BASES),
        "earned_cents": pl.Int64, "maximum_cents": pl.Int64, "limit": _LIMIT,
    },
    key=("partner", "institution", "programme", "grade", "plan_kind"),
    nullable=frozenset({"measures_cents"}),
    rules={
        **_at_least_zero("plans", "rate_cents", "maximum_cents"),
        **_never_above("maximum_cents", "earned_cents"),
        "earned is what its basis says": pl.col("earned_cents")
        == pl.when(pl.col("basis") == "per_plan")
        .then(pl.col("plans") * pl.col("rate_cents"))
        .otherwise("measures_cents"),
    },
)  # fmt: skip
"""One accepted counts row: what it earned and what is left of it after the limits."""

INSTITUTION_MAXIMA = Promise(
    "institution maxima",
    {
        "partner": pl.String, "institution": pl.String, "plans": pl.Int64,
        "earned_cents": pl.Int64,
        # after the ceiling of an institution, before those of the partner and the envelope
        "limited_cents": pl.Int64,
        "maximum_cents": pl.Int64, "limit": _LIMIT,
    },
    key=("partner", "institution"),
    rules={
        **_at_least_zero("maximum_cents"),
        **_never_above("limited_cents", "earned_cents"),
        **_never_above("maximum_cents", "limited_cents"),
    },
)  # fmt: skip

PARTNER_MAXIMA = Promise(
    "partner maxima",
    {
        "partner": pl.String, "plans": pl.Int64, "institutions": pl.Int64,
        "earned_cents": pl.Int64,
        # the institutions after their own ceiling
        "summed_cents": pl.Int64,
        # after the ceiling of a partner, before the envelope
        "limited_cents": pl.Int64,
        "maximum_cents": pl.Int64, "esf_cents": pl.Int64, "state_cents": pl.Int64,
        "binding": _LIMIT,
    },
    key=("partner",),
    rules={
        **_at_least_zero("maximum_cents", "esf_cents", "state_cents"),
        **_never_above("limited_cents", "summed_cents"),
        **_never_above("maximum_cents", "limited_cents"),
        "ESF and state are the maximum": (
            pl.col("esf_cents") + pl.col("state_cents") == pl.col("maximum_cents")
        ),
    },
)  # fmt: skip

REFUSED = Promise(
    "refused",
    {
        "file": pl.String, "row": pl.Int64, "rule": pl.String, "semester": pl.String,
        "institution": pl.String, "programme": pl.String, "grade_text": pl.String,
        "plan_kind": pl.String, "plans_text": pl.String,
    },
)  # fmt: skip
"""A counts row that no money is computed for, and the first rule it breaks."""


@dataclass(frozen=True, slots=True)
class LawUsed:
    """A parameter as an allocation used it, ready to be shown."""

    name: str
    title: dict[str, str]
    unit: str
    value: str
    since: date
    status: str
    act: str | Mapping[str, str]
    point: str = ""
    url: str = ""
    note: str | Mapping[str, str] = ""
    cents: int | None = None

    @property
    def assumed(self) -> bool:
        """Whether no act confirms the value."""
        return self.status == "assumed"

    def shown(self, lang: str) -> str:
        """The value for a person: an amount as money, a day as a day, a code in words."""
        if self.unit == "day":
            return " – ".join(formats.plain_day(day, lang) for day in self.value.split("…"))
        if self.unit == "code":
            return formats.word("law_value", self.value, lang)
        return self.value if self.cents is None else money(self.cents, lang)

    def source(self, lang: str) -> str:
        """The act that says so, in its own words; of a value assumed, that it is."""
        return formats.act(self.act, lang)

    def noted(self, lang: str) -> str:
        """What is to be known of the source beside the act."""
        return formats.said(self.note, lang)

    def unit_word(self, lang: str) -> str:
        """The unit in words."""
        return formats.word("unit", self.unit, lang)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the law says for one semester, in cents and exact fractions."""

    rate_cents: dict[str, int]
    targets: dict[str, frozenset[int]]
    cap_institution_cents: int | None
    cap_partner_cents: int | None
    envelope_cents: int | None
    esf_numerator: int
    esf_denominator: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """The maximum funding of one semester, with everything needed to redo it by hand."""

    calendar: Calendar
    programme_id: str
    programme_title: dict[str, str]
    terms: Terms
    lines: pl.DataFrame
    institutions: pl.DataFrame
    partners: pl.DataFrame
    refused: pl.DataFrame
    method: str
    law_used: Sequence[LawUsed]
    findings: Sequence[Finding] = ()
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    """Names of partners and institutions by code."""

    @property
    def total_cents(self) -> int:
        return int(self.partners["maximum_cents"].sum())

    @property
    def esf_cents(self) -> int:
        return int(self.partners["esf_cents"].sum())

    @property
    def state_cents(self) -> int:
        return self.total_cents - self.esf_cents

    @property
    def complete(self) -> bool:
        """Whether no row was refused."""
        return self.refused.is_empty()

    @property
    def assumed(self) -> list[LawUsed]:
        """The values used that no act confirms: every output names them."""
        return [used for used in self.law_used if used.assumed]
