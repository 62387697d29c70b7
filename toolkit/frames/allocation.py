"""What an allocation gives: each figure with what it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import dataframely as dy
import polars as pl

from toolkit.errors import Finding
from toolkit.semester import Calendar
from toolkit.texts.formats import money

LIMITS = ("envelope", "partner", "institution", "none")


class Lines(dy.Schema):
    """One accepted counts row: what it earned and what is left of it after the limits."""

    partner = dy.String(primary_key=True)
    institution = dy.String(primary_key=True)
    programme = dy.String(primary_key=True)
    grade = dy.Int64(primary_key=True)
    plan_kind = dy.String(primary_key=True)
    agreement = dy.String()
    file = dy.String()
    row = dy.Int64()
    plans = dy.Int64(min=0)
    rate_cents = dy.Int64(min=0)
    earned_cents = dy.Int64(min=0)
    maximum_cents = dy.Int64(min=0)
    limit = dy.Enum(LIMITS)

    @dy.rule()
    def a_limit_never_raises(cls) -> pl.Expr:
        return pl.col("maximum_cents") <= pl.col("earned_cents")

    @dy.rule()
    def earned_is_plans_times_rate(cls) -> pl.Expr:
        return pl.col("earned_cents") == pl.col("plans") * pl.col("rate_cents")


class InstitutionMaxima(dy.Schema):
    partner = dy.String(primary_key=True)
    institution = dy.String(primary_key=True)
    plans = dy.Int64(min=0)
    earned_cents = dy.Int64(min=0)
    limited_cents = dy.Int64(min=0)
    """After the ceiling of an institution, before those of the partner and the envelope."""
    maximum_cents = dy.Int64(min=0)
    limit = dy.Enum(LIMITS)

    @dy.rule()
    def limits_never_raise(cls) -> pl.Expr:
        lowered = pl.col("limited_cents") <= pl.col("earned_cents")
        return lowered & (pl.col("maximum_cents") <= pl.col("limited_cents"))


class PartnerMaxima(dy.Schema):
    partner = dy.String(primary_key=True)
    plans = dy.Int64(min=0)
    institutions = dy.Int64(min=0)
    earned_cents = dy.Int64(min=0)
    summed_cents = dy.Int64(min=0)
    """Sum of the institutions after their own ceiling."""
    limited_cents = dy.Int64(min=0)
    """After the ceiling of a partner, before the envelope."""
    maximum_cents = dy.Int64(min=0)
    esf_cents = dy.Int64(min=0)
    state_cents = dy.Int64(min=0)
    binding = dy.Enum(LIMITS)

    @dy.rule()
    def limits_never_raise(cls) -> pl.Expr:
        lowered = pl.col("limited_cents") <= pl.col("summed_cents")
        return lowered & (pl.col("maximum_cents") <= pl.col("limited_cents"))

    @dy.rule()
    def esf_and_state_are_the_maximum(cls) -> pl.Expr:
        return pl.col("esf_cents") + pl.col("state_cents") == pl.col("maximum_cents")


class Refused(dy.Schema):
    """A counts row that no money is computed for, and the first rule it breaks."""

    file = dy.String()
    row = dy.Int64()
    rule = dy.String()
    semester = dy.String()
    institution = dy.String()
    programme = dy.String()
    grade_text = dy.String()
    plan_kind = dy.String()
    plans_text = dy.String()


@dataclass(frozen=True, slots=True)
class LawUsed:
    """A parameter as an allocation used it, ready to be shown."""

    name: str
    title: dict[str, str]
    unit: str
    value: str
    since: date
    status: str
    act: str
    point: str = ""
    url: str = ""
    note: str = ""
    cents: int | None = None

    @property
    def assumed(self) -> bool:
        """Whether no act confirms the value."""
        return self.status == "assumed"

    def shown(self, lang: str) -> str:
        """The value for a person: an amount as money, all else as the law writes it."""
        return self.value if self.cents is None else money(self.cents, lang)


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
    method: str = "per_plan"


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
