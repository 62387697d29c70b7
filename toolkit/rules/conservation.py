"""Whether all that partners had before a succession is somewhere after it, and once only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from toolkit.frames.succession import BALANCE, HELD, PASSED, in_order
from toolkit.rules.succession import Heirs, Weights

_BY = ["semester", "thing", "partner"]
_BY_INSTITUTION = ("institutions", "plans")


@dataclass(frozen=True, slots=True)
class Day:
    """The registers on a day: who follows whom, which institution is whose, who stands."""

    heirs: Heirs
    members: Mapping[str, frozenset[str]]
    schools: Heirs
    gone: Collection[str]
    known: Collection[str] = ()
    """The partners registered; empty when there is no register of them."""
    weights: Weights = field(default_factory=dict)

    def stands(self, partner: str) -> bool:
        """Whether a partner is registered and is not gone."""
        return partner not in self.gone and (not self.known or partner in self.known)

    def partners_of(self, institution: str, before: str) -> list[str]:
        """The heirs of a partner that have its institution now: one, when all is in order.

        An institution succeeded by others is where these are. A membership may still
        name the partner of before: the succession carries it on.
        """
        ends = self.heirs.ends(before)
        places = self.schools.ends(institution) if institution in self.schools else (institution,)
        found: set[str | None] = set()
        for place in places:
            members = self.members.get(place, frozenset())
            found |= {m if m in ends else self.heirs.heir(m, members) for m in members}
        return sorted(heir for heir in ends & found if self.stands(heir))

    def shares(self, partner: str, thing: str, item: str, amount: int) -> Iterable[tuple[str, int]]:
        """Who has the thing now, and how much of it; nobody, when it is lost.

        Plans go with their institution, wholly to each partner that claims it. An
        agreement is one, whichever of its party's heirs share it. Money and quotas are
        divided at a split. Source: design §5 point 2.
        """
        if thing in _BY_INSTITUTION:
            return [(heir, amount) for heir in self.partners_of(item, partner)]
        if thing == "agreements":
            heirs = sorted(filter(self.stands, self.heirs.ends(partner)))
            return [(", ".join(heirs), amount)] if heirs else []
        shared = self.heirs.shared(partner, amount, self.weights) or {}
        return [(heir, part) for heir, part in shared.items() if self.stands(heir)]


def passed(held: pl.DataFrame, day: Day) -> pl.DataFrame:
    """PASSED: where what was held is on the day.

    Like the walk of successions, this one loops: only what parties of a succession
    hold comes here, some dozen rows.
    """
    rows = [
        (semester, thing, item, partner, heir, part)
        for semester, thing, item, partner, amount in held.select(*HELD.columns).iter_rows()
        for heir, part in day.shares(partner, thing, item, amount)
    ]
    return pl.DataFrame(rows, schema=dict(PASSED.columns), orient="row")


def balance(held: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """BALANCE: per semester, thing and partner of before, the sum before and after.

    A difference below 0 is a loss, above 0 something counted twice.
    """
    before = held.group_by(_BY).agg(before=pl.col("amount").sum())
    after = moved.group_by(_BY).agg(
        after=pl.col("amount").sum(), heirs=pl.col("heir").unique().sort().str.join(", ")
    )
    return BALANCE.held(
        before.join(after, on=_BY, how="left", validate="1:1")
        .with_columns(pl.col("after").fill_null(0), pl.col("heirs").fill_null(""))
        .with_columns(difference=pl.col("after") - pl.col("before"))
        .sort(in_order("thing"), "semester", "partner")
    )


def not_conserved(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a balance where the sum after is not the sum before."""
    return rows.filter(pl.col("difference") != 0)
