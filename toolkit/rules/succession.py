"""Who stands in a party's place on a day: merge, rename, takeover, split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from toolkit import money

SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Succession:
    """One predecessor and one successor; a split has several rows."""

    kind: str
    predecessor: str
    successor: str
    effective_on: date


Members = Callable[[date], Mapping[str, frozenset[str]]]
"""The partners that each institution belongs to on a day."""
Weights = Mapping[tuple[str, str], int]
"""Plans that pass from a predecessor to an heir when it is split."""


class Heirs:
    """The successions in force on a day, ready to be followed; those up to `since` are history."""

    def __init__(
        self, successions: Iterable[Succession], day: date, since: date = date.min
    ) -> None:
        self._after: dict[str, list[Succession]] = {}
        self._before: dict[str, set[str]] = {}
        self._ends: dict[str, frozenset[str]] = {}
        self._heir: dict[tuple[str, frozenset[str]], str | None] = {}
        for row in sorted(
            (s for s in successions if since < s.effective_on <= day),
            key=lambda s: (s.effective_on, s.successor),
        ):
            self._after.setdefault(row.predecessor, []).append(row)
            self._before.setdefault(row.successor, set()).add(row.predecessor)

    def __bool__(self) -> bool:
        return bool(self._after)

    def __contains__(self, party: str) -> bool:
        return party in self._after

    def __iter__(self) -> Iterator[str]:
        return iter(self._after)

    def heir(self, party: str, members_of: frozenset[str]) -> str | None:
        """The partner in the party's place; None when a split is not decided.

        `members_of` are the partners the institution belongs to on the day. At a
        split that heir is taken who is one of them, or whose own successors lead to
        one; none or several leave the question open. Source: design §5 point 2.
        """
        if party not in self._after:
            return party
        asked = party, members_of
        if asked not in self._heir:
            self._heir[asked] = self._walked(party, members_of)
        return self._heir[asked]

    def _walked(self, party: str, members_of: frozenset[str]) -> str | None:
        past: frozenset[Succession] = frozenset()
        passed = {party}
        while step := self._next(party, past, passed):
            past |= frozenset(step)
            heirs = sorted({row.successor for row in step})
            if len(heirs) > 1 or any(row.kind == SPLIT for row in step):
                heirs = [heir for heir in heirs if self._reach(heir, past) & members_of]
                if len(heirs) != 1:
                    return None
            party = heirs[0]
            passed.add(party)
        return party

    def shared(self, party: str, amount: int, weights: Weights) -> dict[str, int] | None:
        """The amount by those who have it on the day; None when a split has no weights for it.

        A split divides it by the plans that went to each heir, and the parts add up.
        """
        return self._shared(party, amount, weights, frozenset(), {party})

    def ends(self, party: str) -> frozenset[str]:
        """All who have a part of the party on the day."""
        if party not in self._ends:
            self._ends[party] = frozenset(self.shared(party, 0, {}) or ())
        return self._ends[party]

    def nearest(self, party: str, among: Collection[str]) -> set[str]:
        """Those among some that came last before the party, on each way back from it."""
        found: set[str] = set()
        seen, back = {party}, [party]
        while back:
            for before in self._before.get(back.pop(), set()) - seen:
                seen.add(before)
                if before in among:
                    found.add(before)
                else:
                    back.append(before)
        return found

    def _shared(
        self, party: str, amount: int, weights: Weights,
        past: frozenset[Succession], passed: set[str],
    ) -> dict[str, int] | None:  # fmt: skip
        step = self._next(party, past, passed)
        if not step:
            return {party: amount}
        heirs = {row.successor: weights.get((party, row.successor), 0) for row in step}
        if len(heirs) == 1 and all(row.kind != SPLIT for row in step):
            parts = dict.fromkeys(heirs, amount)
        elif amount and not any(heirs.values()):
            return None
        else:
            parts = money.apportion(amount, heirs)
        found: dict[str, int] = {}
        for heir, part in parts.items():
            further = self._shared(heir, part, weights, past | {*step}, passed | {heir})
            if further is None:
                return None
            for end, share in further.items():
                found[end] = found.get(end, 0) + share
        return found

    def _next(self, party: str, past: frozenset[Succession], passed: set[str]) -> list[Succession]:
        """The successions that take a party further.

        A partner may come back (renamed back, restored by a split, itself among the
        heirs of its split): then it goes on in order of time, and what lies before
        its return is history. Otherwise all its successions count, whatever their order.
        """
        now = max((row.effective_on for row in past), default=date.min)
        ahead = [row for row in self._after.get(party, []) if row not in past]
        later = [row for row in ahead if row.effective_on >= now]
        if not later:
            return [r for r in ahead if not self._reach(r.successor, past) & passed]
        first = [row for row in later if row.effective_on == later[0].effective_on]
        returns = any(party in self._reach(row.successor, past | {*first}) for row in first)
        return first if returns else later

    def _reach(self, party: str, past: frozenset[Succession]) -> frozenset[str]:
        """The party and everyone whom successions not yet passed lead to."""
        reached: set[str] = set()
        ahead = [party]
        while ahead:
            current = ahead.pop()
            if current not in reached:
                reached.add(current)
                rows = self._after.get(current, [])
                ahead.extend(row.successor for row in rows if row not in past)
        return frozenset(reached)


def by_sort(
    successions: pl.DataFrame, partners: Collection[str], institutions: Collection[str]
) -> tuple[list[Succession], list[Succession]]:
    """The successions of partners, and those of institutions.

    A vocational school may be its own partner under one code: its successions are of both.
    """
    of_partners: list[Succession] = []
    of_institutions: list[Succession] = []
    columns = ("kind", "predecessor", "successor", "effective_on")
    for kind, before, after, on in successions.select(columns).iter_rows():
        row = Succession(kind, before, after, on)
        schools = before in institutions and after in institutions
        if schools:
            of_institutions.append(row)
        if not schools or (before in partners and after in partners):
            of_partners.append(row)
    return of_partners, of_institutions


def follow(
    frame: pl.DataFrame, amount: str, heirs: Heirs, weights: Weights
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with `partner` as it is on the day, and those rows that no heir can be found for.

    `amount` (cents, projects) of a partner that was split is divided by `weights` into
    a row for each heir. What a partner had before and takes over stays in rows of its own.
    """
    moving = pl.col("partner").is_in(list(heirs))
    kept, parts, lost = frame.filter(~moving), [], []
    for row in frame.filter(moving).iter_rows(named=True):
        shared = heirs.shared(row["partner"], row[amount], weights)
        if shared is None:
            lost.append(row)
            continue
        parts += [{**row, "partner": heir, amount: part} for heir, part in shared.items()]
    moved = pl.DataFrame(parts, schema=frame.schema)
    return pl.concat([kept, moved]), pl.DataFrame(lost, schema=frame.schema)


def divided(successions: Iterable[Succession], day: date) -> list[Succession]:
    """The successions up to a day at which a party was divided."""
    up_to_day = [row for row in successions if row.effective_on <= day]
    heirs = Counter(row.predecessor for row in up_to_day)
    return [row for row in up_to_day if row.kind == SPLIT or heirs[row.predecessor] > 1]


def split_weights(
    successions: Collection[Succession], day: date, plans: pl.DataFrame, members: Members
) -> dict[tuple[str, str], int]:
    """Plans that pass from each divided predecessor to each heir up to a day.

    An institution's plans are those of the last semester that began before the split
    (`plans`: institution, first_day, plans); they pass to the heir it is a member of then.
    `members` gives the partners of each institution by every code it had up to a day.
    """
    found: dict[tuple[str, str], int] = {}
    splits = divided(successions, day)
    for on in sorted({row.effective_on for row in splits}):
        before = plans.filter(pl.col("first_day") < on)
        last = before.filter(pl.col("first_day") == pl.col("first_day").max())
        now, before_it = members(on), members(eve(on))
        heirs = Heirs(successions, on, eve(on))
        today = [row for row in splits if row.effective_on == on]
        for row in today:
            theirs = {row.successor, *heirs.ends(row.successor)}
            if row.successor == row.predecessor:
                # what it keeps: those who take over the other parts are its ends too
                others = {r.successor for r in today if r.predecessor == row.predecessor}
                for other in others - {row.successor}:
                    theirs -= {other, *heirs.ends(other)}
            passing = [
                institution
                for institution, partners in before_it.items()
                if row.predecessor in partners and theirs & now.get(institution, set())
            ]
            mine = last.filter(pl.col("institution").is_in(passing))
            found[row.predecessor, row.successor] = int(mine["plans"].sum())
    return found


def eve(day: date) -> date:
    """The day before."""
    return day - timedelta(1)


def resolve_parties(
    pairs: pl.DataFrame, heirs: Heirs, members_of: Mapping[str, frozenset[str]]
) -> pl.DataFrame:
    """The pairs of party and institution with `partner`, null where a split is not decided.

    The registers are small (hundreds of rows) and a chain of successions has no
    fixed length: this is the one rule that walks instead of joining.
    """
    if not heirs:
        return pairs.with_columns(partner="party")
    nobody: frozenset[str] = frozenset()
    decided = {
        (party, institution): heirs.heir(party, members_of.get(institution, nobody))
        for party, institution in pairs.select("party", "institution").unique().iter_rows()
    }
    asked = zip(pairs["party"], pairs["institution"], strict=True)
    return pairs.with_columns(partner=pl.Series([decided[pair] for pair in asked], dtype=pl.String))


def members_on(memberships: pl.DataFrame, day: date) -> dict[str, frozenset[str]]:
    """The partners each institution belongs to on a day."""
    valid = memberships.filter(
        pl.col("valid_from") <= day, pl.col("valid_to").is_null() | (pl.col("valid_to") >= day)
    )
    found: dict[str, set[str]] = {}
    for institution, partner in valid.select("institution", "partner").iter_rows():
        found.setdefault(institution, set()).add(partner)
    return {institution: frozenset(partners) for institution, partners in found.items()}
