"""Compute the maximum funding of a semester."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from toolkit import money
from toolkit.errors import MoneyError, UsageError
from toolkit.frames.allocation import (
    INSTITUTION_MAXIMA,
    LINES,
    METHODS,
    PARTNER_MAXIMA,
    REFUSED,
    Allocation,
    LawUsed,
    Terms,
)
from toolkit.law import InForce, Law, LawOn
from toolkit.law.units import written
from toolkit.rules import agreements, counts, funding, plans, schools, succession
from toolkit.semester import Calendar, Semester
from toolkit.services import conserving
from toolkit.services.inputs import Inputs
from toolkit.services.plans import unplanned
from toolkit.services.refusals import refusal_findings
from toolkit.texts import LANGUAGES, text

ENGINE: Literal["in-memory"] = "in-memory"
"""A semester is some thousand rows: starting the streaming engine costs more than the work."""


@dataclass(frozen=True, slots=True)
class Found:
    """The law's terms for a semester and the parameters they were taken from."""

    terms: Terms
    used: tuple[LawUsed, ...]


def allocate(
    inputs: Inputs, law: Law, semester: Semester, envelope_cents: int | None = None,
    method: str = "per_plan",
) -> Allocation:  # fmt: skip
    """The maximum of each partner, institution and row, with the refused rows and their reasons.

    The law is taken on the first day of the semester; an envelope given here goes
    before the law's. `method` is how a row earns (frames.allocation.METHODS). Raises
    LawError when a value needed is missing, MoneyError when an amount is larger than can
    be held exactly, UsageError when measures are asked for and there are no plans,
    ConservationError when a succession would lose something on the way to the semester.
    """
    calendar, found, rows = checked_counts(inputs, law, semester, envelope_cents)
    priced = planned(inputs, calendar, method)
    allocation = maxima(rows, found, calendar, law, priced, method)
    conserving.check(inputs, allocation)
    refusals = tuple(refusal_findings(allocation.refused, inputs))
    missing = unplanned(inputs, semester) if priced is not None else ()
    return replace(
        allocation, findings=(*inputs.findings, *missing, *refusals), names=_names(inputs)
    )


def checked_counts(
    inputs: Inputs, law: Law, semester: Semester, envelope_cents: int | None = None
) -> tuple[Calendar, Found, pl.LazyFrame]:
    """The semester's counts with the rule each breaks, and the terms they are judged by."""
    if envelope_cents is not None and envelope_cents < 0:
        raise MoneyError("error.money.unreadable", text=money.euros(envelope_cents))
    calendar = inputs.calendar(semester)
    rows = inputs.counts_of(semester)
    in_semester = rows.filter(pl.col("semester") == semester.code)
    found = terms_on(
        law.on(calendar.first_day),
        in_semester["plan_kind"].unique(),
        in_semester["programme"].unique(),
        envelope_cents,
    )
    cover, heirs = covered(inputs, calendar, found.terms)
    registers = counts.Registers(
        inputs.known_semesters, inputs.frames["institutions"].lazy(), cover.lazy(), heirs
    )
    return calendar, found, counts.checked(rows.lazy(), registers, found.terms, calendar)


def terms_on(
    law: LawOn, plan_kinds: Iterable[str], programmes: Iterable[str], envelope_cents: int | None
) -> Found:
    """The terms that counts of these kinds and programmes need, and the parameters used.

    A kind without any rate, or whose rate has ended, gets none: its rows are refused.
    """
    rates = {kind: law.get(f"rate.{kind}") for kind in sorted(plan_kinds)}
    targets = {programme: law.get(f"target.{programme}") for programme in sorted(programmes)}
    cap_institution, cap_partner = law.get("cap.institution"), law.get("cap.partner")
    envelope = law.get("envelope") if envelope_cents is None else None
    share = law.need("share.esf")
    used = [share, cap_institution, cap_partner, envelope, *rates.values(), *targets.values()]
    terms = Terms(
        rate_cents={kind: rate.cents for kind, rate in rates.items() if rate},
        targets={programme: target.grades for programme, target in targets.items() if target},
        cap_institution_cents=cap_institution.cents if cap_institution else None,
        cap_partner_cents=cap_partner.cents if cap_partner else None,
        envelope_cents=envelope.cents if envelope else envelope_cents,
        esf_numerator=share.fraction.numerator,
        esf_denominator=share.fraction.denominator,
    )
    found = [law_used(parameter) for parameter in filter(None, used)]
    if envelope_cents is not None:
        found.append(_given_envelope(envelope_cents, law.day))
    return Found(terms, tuple(sorted(found, key=lambda used: used.name)))


def covered(
    inputs: Inputs, calendar: Calendar, terms: Terms
) -> tuple[pl.DataFrame, pl.LazyFrame | None]:
    """Institution and grade: how many agreements cover it, and the partner of the one.

    Beside it the institutions succeeded by the first day with their heirs, when there are any.
    """
    day = calendar.first_day
    grades = sorted(set().union(*terms.targets.values()))
    ended = inputs.agreements_on(day).lazy()
    pairs = agreements.covering(inputs.coverage.lazy(), ended, calendar, grades).collect(
        engine=ENGINE
    )
    of_partners, of_schools = inputs.successions
    heirs, school_heirs = (succession.Heirs(rows, day) for rows in (of_partners, of_schools))
    pairs = schools.inherited(pairs, school_heirs)
    members = inputs.members(day) if heirs else {}
    # agreements of old schools whose partner is one are one: the merger made no choice of them
    one = pl.col("inherited").all() & (pl.col("partner").n_unique() == 1)
    cover = (
        succession.resolve_parties(pairs, heirs, members)
        .group_by("institution", "grade")
        .agg(
            pl.col("agreement").min(),
            pl.col("partner").min(),
            agreements=pl.when(one)
            .then(1)
            .otherwise(pl.col("agreement").n_unique())
            .cast(pl.Int64),
        )
    )
    return cover, schools.heirs_of_schools(school_heirs).lazy() if school_heirs else None


def planned(inputs: Inputs, calendar: Calendar, method: str) -> pl.LazyFrame | None:
    """What the planned measures cost, where the method asks for it."""
    if method not in METHODS:
        raise UsageError("error.method", method=method, known=", ".join(METHODS))
    if method == "per_plan":
        return None
    own = inputs.plans_of(calendar.semester)
    heirs = succession.Heirs(inputs.successions[1], calendar.first_day)
    if heirs:
        own = schools.planned_by_heirs(own, heirs)
    if own.select(pl.len()).collect(engine=ENGINE).item() == 0:
        raise UsageError("error.no_plans", semester=calendar.semester.code)
    return plans.planned_cents(own, inputs.frames["measures"].lazy(), calendar)


def _earned(accepted: pl.LazyFrame, priced: pl.LazyFrame | None, method: str) -> pl.LazyFrame:
    if priced is None:
        return funding.per_plan(accepted)
    earning = funding.priced_measures if method == "priced_measures" else funding.lesser_of
    return earning(accepted, priced)


def maxima(
    rows: pl.LazyFrame, found: Found, calendar: Calendar, law: Law,
    priced: pl.LazyFrame | None = None, method: str = "per_plan",
) -> Allocation:  # fmt: skip
    """The allocation of checked counts, each frame held to its promise.

    Collected step by step: one plan for all four results computes the rows thrice.
    """
    checked = rows.collect(engine=ENGINE)
    accepted = checked.lazy().filter(pl.col("rule").is_null())
    refused = checked.filter(pl.col("rule").is_not_null()).sort("row")
    try:
        earned = _earned(accepted, priced, method).collect(engine=ENGINE).lazy()
        partners = PARTNER_MAXIMA.held(
            funding.partner_maxima(earned, found.terms).collect(engine=ENGINE)
        )
        institutions = INSTITUTION_MAXIMA.held(
            funding.institution_maxima(earned, partners.lazy(), found.terms).collect(engine=ENGINE)
        )
        line_maxima = LINES.held(funding.lines(earned, institutions.lazy()).collect(engine=ENGINE))
    except pl.exceptions.InvalidOperationError as error:
        raise MoneyError("error.money.too_large", amount="…") from error
    money.within_bounds(int(partners["earned_cents"].cast(pl.Int128).sum()))
    return Allocation(
        calendar,
        law.programme.id,
        dict(law.programme.title),
        found.terms,
        line_maxima,
        institutions,
        partners,
        REFUSED.held(refused),
        method,
        (*found.used, *_calendar_used(calendar)),
    )


def law_used(parameter: InForce) -> LawUsed:
    """A parameter of the law ready to be shown, with status and source."""
    dated = parameter.dated
    amount = parameter.parameter.unit.startswith("EUR")
    return LawUsed(
        parameter.name, dict(parameter.parameter.title), parameter.parameter.unit,
        written(dated.value), dated.since, dated.status,
        dated.source.act, dated.source.point, dated.source.url, dated.source.note,
        parameter.cents if amount else None,
    )  # fmt: skip


def _given_envelope(cents: int, day: date) -> LawUsed:
    """The envelope of the command, shown among the law's values as what it is."""
    title = {lang: text("law.envelope_given", lang) for lang in LANGUAGES}
    source = {lang: text("law.envelope_source", lang) for lang in LANGUAGES}
    return LawUsed(
        "envelope", title, "EUR/semester", money.euros(cents), day, "given", source, cents=cents
    )


def _calendar_used(calendar: Calendar) -> tuple[LawUsed, ...]:
    """The semester's days, when it is known how sure they are: assumed days are assumed values."""
    if not calendar.status:
        return ()
    title = {lang: text("law.calendar", lang) for lang in LANGUAGES}
    days = f"{calendar.first_day}…{calendar.last_day}"
    source = calendar.source or text("law.calendar_source", "lv")
    return (
        LawUsed(
            f"semester.{calendar.semester.code}", title, "day", days, calendar.first_day,
            calendar.status, source,
        ),
    )  # fmt: skip


def _names(inputs: Inputs) -> dict[str, dict[str, str]]:
    return {
        table: dict(inputs.frames[f"{table}s"].select(table, "name").iter_rows())
        for table in ("partner", "institution")
    }
