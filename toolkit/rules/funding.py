"""The semester maximum: what is earned, the limits, and the way back down to each row."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from toolkit import money
from toolkit.frames.allocation import BASES, LIMITS, Terms

LINE_KEY = ["programme", "grade", "plan_kind"]


def per_plan(accepted: pl.LazyFrame) -> pl.LazyFrame:
    """Accepted counts with `earned_cents`: plans times the rate of their kind.

    Source: parameters `rate.<plan_kind>`. Further methods stand beside this one.
    """
    return accepted.with_columns(
        earned_cents=money.product("plans", "rate_cents"),
        measures_cents=pl.lit(None, pl.Int64),
        basis=_basis("per_plan"),
    )


def priced_measures(accepted: pl.LazyFrame, planned: pl.LazyFrame) -> pl.LazyFrame:
    """Accepted counts with `earned_cents`: what the measures of their plans cost as planned.

    `planned` holds `measures_cents` by institution, programme, grade and plan kind; a row
    without planned measures earns nothing. Source: facts of the programme §2, the amounts
    of real partners are sums of priced measures.
    """
    joined = accepted.join(planned, on=["institution", *LINE_KEY], how="left", validate="m:1")
    cents = pl.col("measures_cents").fill_null(0)
    return joined.with_columns(
        measures_cents=cents, earned_cents=cents, basis=_basis("priced_measures")
    )


def lesser_of(accepted: pl.LazyFrame, planned: pl.LazyFrame) -> pl.LazyFrame:
    """Accepted counts with the lesser of both methods, and in `basis` the one that binds.

    At a tie it is the rate, which is the law's. Source: as for both methods.
    """
    both = priced_measures(accepted, planned)
    rate_cents = money.product("plans", "rate_cents")
    by_rate = rate_cents <= pl.col("measures_cents")
    return both.with_columns(
        earned_cents=pl.when(by_rate).then(rate_cents).otherwise("measures_cents"),
        basis=pl.when(by_rate).then(_basis("per_plan")).otherwise(_basis("priced_measures")),
    )


def partner_maxima(earned: pl.LazyFrame, terms: Terms) -> pl.LazyFrame:
    """Each partner's maximum in cents, its ESF and state part, and the limit that binds.

    Institution ceiling, then partner ceiling, then the envelope apportioned over the
    partners; each lowers, none raises. ESF is cut to the cent on the total and
    apportioned, the state pays the rest. Source: design §5 points 4–6.
    """
    partners = (
        limited_institutions(earned, terms)
        .group_by("partner")
        .agg(
            pl.col("plans").sum(),
            pl.len().cast(pl.Int64).alias("institutions"),
            money.total("earned_cents"),
            money.total("limited_cents").alias("summed_cents"),
            (pl.col("limited_cents") < pl.col("earned_cents")).any().alias("_institution_cut"),
        )
        .with_columns(limited_cents=_capped("summed_cents", terms.cap_partner_cents))
        .with_columns(_limited_total=money.total("limited_cents"))
    )
    enveloped = _under_envelope(partners, terms.envelope_cents)
    return (
        _with_esf(enveloped, Fraction(terms.esf_numerator, terms.esf_denominator))
        .with_columns(
            binding=_limit(
                envelope=pl.col("_envelope_binds"),
                partner=pl.col("limited_cents") < pl.col("summed_cents"),
                institution=pl.col("_institution_cut"),
            )
        )
        .drop("_institution_cut", "_limited_total", "_envelope_binds")
        .sort("partner")
    )


def limited_institutions(earned: pl.LazyFrame, terms: Terms) -> pl.LazyFrame:
    """Each institution's sum, and what its ceiling leaves of it."""
    return (
        earned.group_by("partner", "institution")
        .agg(pl.col("plans").sum(), money.total("earned_cents"))
        .with_columns(limited_cents=_capped("earned_cents", terms.cap_institution_cents))
    )


def institution_maxima(earned: pl.LazyFrame, partners: pl.LazyFrame, terms: Terms) -> pl.LazyFrame:
    """Each partner's maximum apportioned over its institutions by what their ceiling left."""
    own = partners.select(
        "partner",
        "binding",
        _partner_cents="maximum_cents",
        _summed_cents="summed_cents",
        _partner_cut=pl.col("limited_cents") < pl.col("summed_cents"),
    )
    shared = money.apportioned(
        limited_institutions(earned, terms).join(own, on="partner", validate="m:1"),
        total="_partner_cents",
        weight="limited_cents",
        whole="_summed_cents",
        group="partner",
        key=["institution"],
        out="maximum_cents",
    )
    return (
        shared.with_columns(
            limit=_limit(
                envelope=pl.col("binding") == "envelope",
                partner=pl.col("_partner_cut"),
                institution=pl.col("limited_cents") < pl.col("earned_cents"),
            )
        )
        .drop("_partner_cents", "_summed_cents", "_partner_cut", "binding")
        .sort("partner", "institution")
    )


def lines(earned: pl.LazyFrame, institutions: pl.LazyFrame) -> pl.LazyFrame:
    """Each institution's maximum apportioned over its rows by what they earned."""
    own = institutions.select(
        "partner",
        "institution",
        "limit",
        _own_cents="maximum_cents",
        _own_earned_cents="earned_cents",
        _own=pl.int_range(pl.len()),
    )
    shared = money.apportioned(
        earned.join(own, on=["partner", "institution"], validate="m:1"),
        total="_own_cents",
        weight="earned_cents",
        whole="_own_earned_cents",
        group="_own",
        key=LINE_KEY,
        out="maximum_cents",
    )
    return shared.drop("_own_cents", "_own_earned_cents", "_own").sort(
        "partner", "institution", *LINE_KEY
    )


def _basis(method: str) -> pl.Expr:
    return pl.lit(method, pl.Enum(BASES))


def _capped(column: str, cap_cents: int | None) -> pl.Expr:
    # clip keeps a null, min_horizontal would let the cap stand in for it
    return pl.col(column) if cap_cents is None else pl.col(column).clip(upper_bound=cap_cents)


def _under_envelope(partners: pl.LazyFrame, envelope_cents: int | None) -> pl.LazyFrame:
    if envelope_cents is None:
        return partners.with_columns(
            maximum_cents="limited_cents", _envelope_binds=pl.lit(value=False)
        )
    binds = pl.col("_limited_total") > envelope_cents
    spent = pl.when(binds).then(envelope_cents).otherwise("_limited_total").cast(pl.Int64)
    return money.apportioned(
        partners.with_columns(_envelope_binds=binds, _spent=spent),
        total="_spent",
        weight="limited_cents",
        whole="_limited_total",
        key=["partner"],
        out="maximum_cents",
    ).drop("_spent")


def _with_esf(partners: pl.LazyFrame, share: Fraction) -> pl.LazyFrame:
    totals = partners.with_columns(_total=money.total("maximum_cents"))
    return (
        money.apportioned(
            totals.with_columns(_esf_total=money.floor_share(pl.col("_total"), share)),
            total="_esf_total",
            weight="maximum_cents",
            whole="_total",
            key=["partner"],
            out="esf_cents",
        )
        .with_columns(state_cents=pl.col("maximum_cents") - pl.col("esf_cents"))
        .drop("_esf_total", "_total")
    )


def _limit(*, envelope: pl.Expr, partner: pl.Expr, institution: pl.Expr) -> pl.Expr:
    """The limit that decided, the outermost first."""
    return (
        pl.when(envelope).then(pl.lit("envelope"))
        .when(partner).then(pl.lit("partner"))
        .when(institution).then(pl.lit("institution"))
        .otherwise(pl.lit("none"))
        .cast(pl.Enum(LIMITS))
    )  # fmt: skip
