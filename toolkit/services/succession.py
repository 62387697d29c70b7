"""What passes from whom to whom on a day when successions take effect, and whether it adds up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from toolkit.errors import UsageError
from toolkit.frames.succession import HELD, PASSED, in_order
from toolkit.rules.conservation import Day, balance, not_conserved, passed
from toolkit.rules.schools import heirs_of_schools
from toolkit.rules.succession import Succession, eve
from toolkit.services import holdings
from toolkit.services.holdings import of_parties
from toolkit.services.inputs import Inputs


@dataclass(frozen=True, slots=True)
class SuccessionEffect:
    """The parts that found a partner (PASSED) and the sums before and after (BALANCE)."""

    day: date
    passed: pl.DataFrame
    balance: pl.DataFrame
    schools: pl.DataFrame
    """PASSED for the institutions succeeded themselves: `partner` and `heir` are institutions."""

    @property
    def moves(self) -> pl.DataFrame:
        """What has another partner than before, and institutions that others took the place of."""
        return pl.concat([self.schools, self.passed.filter(pl.col("partner") != pl.col("heir"))])

    @property
    def lost(self) -> pl.DataFrame:
        """The sums that are not kept."""
        return not_conserved(self.balance)


def effect(inputs: Inputs, day: date) -> SuccessionEffect:
    """What the successions of a day do to all that their parties hold on its eve.

    Institutions and their plans of every semester go by membership, so a register that
    is not ready for the day shows here before any semester is computed. Raises
    UsageError when no succession takes effect on the day.
    """
    days = sorted({row.effective_on for rows in inputs.successions for row in rows})
    if day not in days:
        known = ", ".join(map(str, days)) or "—"
        raise UsageError("error.no_successions", day=day, known=known)
    before, then = _eve(inputs, day), holdings.on_the_day(inputs, day)
    schools = _institutions(before)
    parties = _parties(inputs, day, schools)
    money = pl.concat([holdings.unspent(inputs, day), holdings.quotas(inputs)])
    owned = of_parties(_as_held(holdings.money_moved(inputs, money, eve(day))), parties)
    placed = of_parties(
        pl.concat([schools, _plans(inputs, before, schools), _agreements(inputs, before, day)]),
        parties,
    )
    weighed = replace(then, weights=holdings.weights(inputs, day))
    moved = PASSED.held(pl.concat([passed(placed, then), passed(owned, weighed)]))
    moved = moved.sort(in_order("thing"), "semester", "partner", "item", "heir")
    sums = balance(pl.concat([placed, owned]), moved)
    return SuccessionEffect(day, moved, sums, _schools(then))


def _schools(then: Day) -> pl.DataFrame:
    rows = [
        ("", "institutions", code, code, heir, 1)
        for code in sorted(then.schools)
        for heir in sorted(then.schools.ends(code))
    ]
    return pl.DataFrame(rows, schema=dict(PASSED.columns), orient="row")


def _eve(inputs: Inputs, day: date) -> Day:
    """The registers as they were the day before, with all successions up to then."""
    return replace(holdings.registers(inputs, eve(day)), members=inputs.members(eve(day)))


def _parties(inputs: Inputs, day: date, schools: pl.DataFrame) -> frozenset[str]:
    """Partners of the day's successions, those of its institutions, and those that just ended."""
    of_partners, of_schools = inputs.successions
    named = {p for row in of_partners if row.effective_on == day for p in _both(row)}
    succeeded = [code for row in of_schools if row.effective_on == day for code in _both(row)]
    owners = set(schools.filter(pl.col("item").is_in(succeeded))["partner"])
    partners = inputs.frames["partners"].filter(pl.col("valid_to") == eve(day))
    return frozenset(named | owners | set(partners["partner"]))


def _both(row: Succession) -> tuple[str, str]:
    return row.predecessor, row.successor


def _institutions(before: Day) -> pl.DataFrame:
    """HELD: each institution of the eve, by its partner."""
    rows = [
        ("", "institutions", institution, heir, 1)
        for institution, members in before.members.items()
        if institution in before.schools.ends(institution)
        for heir in sorted({before.heirs.heir(m, members) or m for m in members})
    ]
    return pl.DataFrame(rows, schema=dict(HELD.columns), orient="row")


def _plans(inputs: Inputs, before: Day, schools: pl.DataFrame) -> pl.DataFrame:
    """HELD: the plans of each semester, at the institution that had their place on the eve."""
    counts = inputs.plans_counted
    if before.schools:
        heirs = heirs_of_schools(before.schools)
        counts = counts.join(heirs, on="institution", how="left", validate="m:1").with_columns(
            institution=pl.coalesce("heir", "institution")
        )
    summed = counts.group_by("semester", item="institution").agg(amount=pl.col("plans").sum())
    return (
        summed.join(schools.select("item", "partner"), on="item", how="inner")
        .with_columns(thing=pl.lit("plans"))
        .select(*HELD.columns)
    )


def _agreements(inputs: Inputs, before: Day, day: date) -> pl.DataFrame:
    """HELD: the agreements that go on from the eve, by the partner their party had become."""
    found = holdings.agreements(inputs, day, eve(day))
    parties = {party: before.heirs.heir(party, frozenset()) or party for party in found["partner"]}
    return found.with_columns(pl.col("partner").replace(parties))


def _as_held(moved: pl.DataFrame) -> pl.DataFrame:
    """What has moved once, ready to move again."""
    return (
        moved.group_by("semester", "thing", "item", partner="heir")
        .agg(pl.col("amount").sum())
        .select(*HELD.columns)
    )
