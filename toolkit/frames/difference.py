"""A difference note: what a late change makes of a released maximum, and why."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from toolkit.frames.allocation import Allocation
from toolkit.frames.promise import Promise

STEPS = ("count", "rate", "coverage", "succession")
"""The causes that can be named, in the order in which they are put in one after another."""
CAUSES = (*STEPS, "rounding")
AMOUNTS = ("old", "noted", "new", "difference", *CAUSES, "esf_difference", "state_difference")
"""What a note says of each partner and in total, in the order in which people read it."""
CAUSE_CENTS = tuple(f"{cause}_cents" for cause in CAUSES)
_ADDS_UP = {
    "the causes add up to the difference": (
        pl.sum_horizontal(CAUSE_CENTS) == pl.col("difference_cents")
    )
}


def _columns(*names: str) -> dict[str, DataType | DataTypeClass]:
    return {name: pl.Int64 if name.endswith("_cents") else pl.String for name in names}


NOTED = Promise(
    "noted",
    _columns("partner", "difference_cents", *CAUSE_CENTS, "esf_difference_cents"),
    rules=_ADDS_UP,
)
"""What earlier notes have already settled: their rows one below the other, as many as there are."""

DIFFERENCE = Promise(
    "difference",
    {
        **_columns("partner", "old_cents", "noted_cents", "new_cents", "difference_cents"),
        **_columns(*CAUSE_CENTS, "esf_difference_cents", "state_difference_cents"),
        # rows that earned the partner money in the original and are refused now
        "refused": pl.Int64,
    },
    key=("partner",),
    rules={
        "old, noted and difference are the new": (
            pl.sum_horizontal("old_cents", "noted_cents", "difference_cents") == pl.col("new_cents")
        ),
        "ESF and state are the difference": (
            pl.sum_horizontal("esf_difference_cents", "state_difference_cents")
            == pl.col("difference_cents")
        ),
        **_ADDS_UP,
    },
)
"""Each partner's maximum as released, as noted since, as it is now. Holds all of NOTED."""

CHANGED_ROWS = Promise(
    "changed rows",
    {
        "institution": pl.String, "programme": pl.String, "grade": pl.Int64, "plan_kind": pl.String,
        "partner_before": pl.String, "partner_after": pl.String,
        "plans_before": pl.Int64, "plans_after": pl.Int64,
        "rate_before_cents": pl.Int64, "rate_after_cents": pl.Int64,
        "earned_before_cents": pl.Int64, "earned_after_cents": pl.Int64,
        # the rule that a row refused now breaks
        "rule": pl.String,
    },
    key=("institution", "programme", "grade", "plan_kind"),
    # a row that is only on one side has nothing on the other
    nullable=frozenset(
        {f"{what}_{side}" for what in ("partner", "plans") for side in ("before", "after")}
        | {f"{what}_{side}_cents" for what in ("rate", "earned") for side in ("before", "after")}
        | {"rule"}
    ),
)  # fmt: skip
"""A counts row whose partner, plans or rate is not the same before and after."""

OPTIONS = {
    # into the next semester's maximum, whichever way
    "carry_over": ("rise", "fall"),
    # against the next payments
    "offset": ("fall",),
    # the partner returns the money
    "pay_back": ("fall",),
}
"""What can be done about a difference, and in which direction."""


def direction(cents: int) -> str:
    """`rise`, `fall` or `same`: people read a word, never a sign."""
    return "rise" if cents > 0 else "fall" if cents < 0 else "same"


def permitted(difference_cents: int) -> tuple[str, ...]:
    """The options for a partner's difference; none when there is nothing to settle."""
    return tuple(o for o, ways in OPTIONS.items() if direction(difference_cents) in ways)


@dataclass(frozen=True, slots=True)
class DifferenceNote:
    """A released semester, the same semester under what is known now, and what lies between."""

    before: Allocation
    after: Allocation
    partners: pl.DataFrame
    """DIFFERENCE: every partner of either side or of an earlier note."""
    rows: pl.DataFrame
    """CHANGED_ROWS."""

    @property
    def empty(self) -> bool:
        """Whether nothing is left to settle, neither in the maximum nor between ESF and state."""
        settled = pl.all_horizontal(pl.col("difference_cents", "esf_difference_cents") == 0)
        return bool(self.partners.select(settled.all()).item())

    @property
    def complete(self) -> bool:
        """Whether no row is refused now; if not, a reduction may be money that is only missing."""
        return self.after.complete

    @property
    def names(self) -> dict[str, str]:
        """Names of the partners by code, as they are now."""
        return self.before.names.get("partner", {}) | self.after.names.get("partner", {})

    def total(self, column: str) -> int:
        """Sum of a cents column over the partners."""
        return int(self.partners[f"{column}_cents"].sum())
