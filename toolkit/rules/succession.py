"""Who stands in a party's place on a day: merge, rename, takeover, split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Succession:
    """One predecessor and one successor; a split has several rows."""

    kind: str
    predecessor: str
    successor: str
    effective_on: date


class Heirs:
    """The successions in force on a day, ready to be followed."""

    def __init__(self, successions: Iterable[Succession], day: date) -> None:
        self._after: dict[str, list[Succession]] = {}
        for row in sorted(
            (s for s in successions if s.effective_on <= day),
            key=lambda s: (s.effective_on, s.successor),
        ):
            self._after.setdefault(row.predecessor, []).append(row)

    def __bool__(self) -> bool:
        return bool(self._after)

    def heir(self, party: str, members_of: frozenset[str]) -> str | None:
        """The partner in the party's place; None when a split is not decided.

        `members_of` are the partners the institution belongs to on the day. At a
        split that heir is taken who is one of them, or whose own successors lead to
        one; none or several leave the question open. Source: design §5 point 2.
        """
        if party not in self._after:
            return party
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
