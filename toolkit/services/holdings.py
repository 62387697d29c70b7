"""What partners hold that follows a succession, and the registers by which it goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from toolkit.frames.succession import HELD, PASSED
from toolkit.rules.conservation import Day, passed
from toolkit.rules.schools import members_by_any_code
from toolkit.rules.succession import Heirs, Weights, divided, eve, members_on, split_weights
from toolkit.services.inputs import Inputs

Sides = tuple[pl.DataFrame, pl.DataFrame]
"""HELD and PASSED."""


def gone(inputs: Inputs, day: date) -> frozenset[str]:
    """The partners that are there no more on the day.

    Their last day is before it, or one heir has taken their place whole: the register may
    still let one stand that was merged, but all that its agreements earn is its heir's. One
    that came back is there; of one that was divided, or whose heir was, the register decides.
    """
    partners = inputs.frames["partners"]
    ended = partners.filter(pl.col("valid_to") < day)["partner"]
    heirs = Heirs(inputs.successions[0], day)
    # without memberships an heir is found only where nothing was divided on the way
    followed = (code for code in heirs if heirs.heir(code, frozenset()) not in (None, code))
    return frozenset({*ended, *followed})


def registers(inputs: Inputs, day: date, since: date = date.min) -> Day:
    """The registers of a day, with the successions after `since`; without memberships."""
    of_partners, of_schools = inputs.successions
    heirs, schools = Heirs(of_partners, day, since), Heirs(of_schools, day, since)
    known = frozenset(inputs.frames["partners"]["partner"])
    return Day(heirs, {}, schools, gone(inputs, day), known)


def on_the_day(inputs: Inputs, day: date) -> Day:
    """The registers of a day on which successions take effect, with these alone."""
    return replace(registers(inputs, day, eve(day)), members=inputs.members(day))


def agreements(inputs: Inputs, first: date, last: date) -> pl.DataFrame:
    """HELD: the agreements in force on some day between two, by their party of the earlier."""
    return _held(
        inputs.agreements_on(min(first, last)).filter(
            pl.col("valid_from") <= last, pl.col("ends_on").is_null() | (pl.col("ends_on") >= first)
        ),
        semester=pl.lit(""), thing=pl.lit("agreements"), item="agreement",
        amount=pl.lit(1, pl.Int64),
    )  # fmt: skip


def unspent(inputs: Inputs, day: date) -> pl.DataFrame:
    """HELD: what partners did not spend of the semesters begun before the day, in cents."""
    begun = inputs.frames["semesters"].filter(pl.col("first_day") < day)["semester"].implode()
    rows = inputs.frames["unspent"].filter(pl.col("semester").is_in(begun))
    return _held(
        rows, semester="semester", thing=pl.lit("unspent"), item=pl.lit(""), amount="unspent_cents"
    )


def quotas(inputs: Inputs) -> pl.DataFrame:
    """HELD: the projects that partners may grant in each call."""
    rows = inputs.frames["quotas"]
    return _held(rows, semester=pl.lit(""), thing=pl.lit("quotas"), item="call", amount="projects")


def money_moved(inputs: Inputs, held: pl.DataFrame, day: date) -> pl.DataFrame:
    """PASSED: unspent money and quotas where they are on the day.

    Money of a semester follows what happened after the semester began; a quota, which has
    no day, stays with a partner that still stands. What is noted under a partner that is
    gone follows all its successions: the old name stands for its heirs.
    """
    if held.is_empty():
        return pl.DataFrame(schema=dict(PASSED.columns))
    begun = dict(inputs.frames["semesters"].select("semester", "first_day").iter_rows())
    always = replace(registers(inputs, day), weights=weights(inputs, day))
    found = []
    for (semester,), rows in held.partition_by("semester", as_dict=True).items():
        since = Heirs(inputs.successions[0], day, begun.get(semester, day))
        later = pl.col("partner").is_in(list(since)) | ~pl.col("partner").is_in(list(always.gone))
        found += [
            passed(rows.filter(later), replace(always, heirs=since)),
            passed(rows.filter(~later), always),
        ]
    return pl.concat(found)


def weights(inputs: Inputs, day: date) -> Weights:
    """The plans by which the splits up to a day divide money and quotas."""
    if not divided(inputs.successions[0], day):
        return {}
    of_partners, of_schools = inputs.successions
    begun = inputs.frames["semesters"].select("semester", "first_day")
    plans = inputs.plans_counted.join(begun, on="semester", how="inner", validate="m:1")
    memberships = inputs.frames["memberships"]

    def members(on: date) -> Mapping[str, frozenset[str]]:
        """By any code up to then: the last counts may name one, memberships another."""
        return members_by_any_code(members_on(memberships, on), Heirs(of_schools, on))

    return split_weights(of_partners, day, plans, members)


def of_parties(held: pl.DataFrame, parties: Collection[str]) -> pl.DataFrame:
    """The rows of what these partners hold."""
    return held.filter(pl.col("partner").is_in(list(parties)))


def _held(rows: pl.DataFrame, **columns: pl.Expr | str) -> pl.DataFrame:
    return rows.select(partner="partner", **columns).select(*HELD.columns)
