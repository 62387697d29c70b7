"""The check that stops an allocation in which a succession loses something or counts it twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from toolkit.errors import ConservationError, Finding
from toolkit.frames.allocation import Allocation
from toolkit.frames.succession import HELD, PASSED
from toolkit.rules.conservation import Day, balance, not_conserved, passed
from toolkit.rules.schools import members_by_heirs
from toolkit.rules.succession import Heirs, eve, members_on
from toolkit.services import holdings
from toolkit.services.holdings import Sides, of_parties
from toolkit.services.inputs import Inputs
from toolkit.texts.formats import amount

Claims = Mapping[str, tuple[str, list[str]]]
"""Institutions that one heir alone should have: the partner of before, and who has them."""


def check(inputs: Inputs, allocation: Allocation) -> None:
    """Nothing, when the semester keeps all that successions moved up to its first day.

    Raises ConservationError that names each partner with what it had and what of it is
    left: accepted plans, agreements in force, unspent money of earlier semesters, quotas.
    A split that leaves an institution undecided refuses its counts, and is told there.
    """
    calendar = allocation.calendar
    moving = moved_by(inputs, calendar.first_day)
    if not moving:
        return
    day = holdings.registers(inputs, calendar.first_day)
    agreements = of_parties(
        holdings.agreements(inputs, calendar.first_day, calendar.last_day), moving
    )
    money = of_parties(
        pl.concat([holdings.unspent(inputs, calendar.first_day), holdings.quotas(inputs)]), moving
    )
    sides = [
        (agreements, passed(agreements, day)),
        (money, holdings.money_moved(inputs, money, calendar.first_day)),
        _plans(inputs, allocation, day, moving),
    ]
    held, moved = (pl.concat(frames) for frames in zip(*sides, strict=True))
    lost = not_conserved(balance(held, moved))
    if lost.height:
        raise ConservationError(findings(inputs, lost, calendar.semester.code))


def moved_by(inputs: Inputs, day: date) -> frozenset[str]:
    """The partners that successions took something from by a day, and those that are gone."""
    found = holdings.registers(inputs, day)
    return frozenset({*found.heirs, *found.gone})


def findings(inputs: Inputs, lost: pl.DataFrame, semester: str = "") -> list[Finding]:
    """A finding for each sum that is not kept, at the partner's row of its register.

    `semester` is the one computed, for things that have none of their own.
    """
    places: dict[str, tuple[str, str, int | None]] = {
        code: (table, file, row)
        for table, column in (("successions", "predecessor"), ("partners", "partner"))
        for code, file, row in inputs.frames[table].select(column, "file", "row").iter_rows()
    }
    return [
        Finding(
            "succession.not_conserved", *_place(places.get(row["partner"], ("partners", "", None))),
            value=row["partner"],
            facts={
                "thing": row["thing"], "semester": row["semester"] or semester or "—",
                "heirs": row["heirs"] or "—",
                **{
                    f"{side}{tail}": shown(row["thing"], row[side], lang)
                    for side in ("before", "after")
                    for lang, tail in (("lv", ""), ("en", "_en"))
                },
            },
        )
        for row in lost.iter_rows(named=True)
    ]  # fmt: skip


def shown(thing: str, number: int, lang: str) -> str:
    """How much of a thing, as a person reads it."""
    return amount(number, lang) if thing == "unspent" else str(number)


def _place(place: tuple[str, str, int | None]) -> tuple[str, str, str, int | None]:
    table, file, row = place
    return table, file, "", row


def _plans(inputs: Inputs, allocation: Allocation, day: Day, moving: frozenset[str]) -> Sides:
    """The accepted plans of the parties that moved, and where the allocation has put them.

    The agreement's party decides, but a dissolved partner must have left each of its
    institutions to one heir: one without a membership is nobody's in the next count.
    """
    claims = _claims(inputs, allocation, day)
    parties = inputs.agreements_on(allocation.calendar.first_day).select(
        "agreement", party="partner"
    )
    old = pl.DataFrame(
        [(institution, partner) for institution, (partner, _) in claims.items()],
        schema={"item": pl.String, "_old": pl.String}, orient="row",
    )  # fmt: skip
    lines = (
        allocation.lines.join(parties, on="agreement", how="left", validate="m:1")
        .rename({"partner": "heir", "institution": "item", "plans": "amount"})
        .join(old, on="item", how="left", validate="m:1")
        .select(
            "item", "heir", "amount", "_old",
            semester=pl.lit(allocation.calendar.semester.code), thing=pl.lit("plans"),
            partner=pl.coalesce("_old", "party"),
        )
        .filter(pl.col("_old").is_not_null() | pl.col("partner").is_in(list(moving)))
    )  # fmt: skip
    decided = lines.filter(pl.col("_old").is_null() & _stands(day))
    claimed = pl.DataFrame(
        [(item, heir) for item, (_, heirs) in claims.items() for heir in heirs],
        schema={"item": pl.String, "heir": pl.String}, orient="row",
    )  # fmt: skip
    undecided = lines.drop("heir").join(claimed, on="item", how="inner")
    moved = [frame.select(*PASSED.columns) for frame in (decided, undecided)]
    return lines.select(*HELD.columns), pl.concat(moved)


def _stands(day: Day) -> pl.Expr:
    stands = ~pl.col("heir").is_in(list(day.gone))
    return stands & pl.col("heir").is_in(list(day.known)) if day.known else stands


def _claims(inputs: Inputs, allocation: Allocation, day: Day) -> Claims:
    """Institutions of dissolved partners that no heir has, or more than one.

    One that another has followed is dissolved, whether its own row has a last day or not.
    What has been mended by the semester's first day is in order: a school may be
    registered with its new partner only from September.
    """
    institutions = frozenset(allocation.lines["institution"])
    dissolved = [row for row in inputs.successions[0] if row.predecessor in day.gone]
    names = {institution: institution for institution in institutions} | {
        old: heir for old in day.schools for heir in day.schools.ends(old) & institutions
    }
    own = inputs.frames["memberships"].filter(pl.col("institution").is_in(list(names)))
    now = replace(day, members=members_on(own, allocation.calendar.first_day))
    found: dict[str, tuple[str, list[str]]] = {}
    for on in sorted({row.effective_on for row in dissolved if row.predecessor in day.heirs}):
        members = members_by_heirs(members_on(own, on), Heirs(inputs.successions[1], on))
        then = replace(holdings.registers(inputs, on, eve(on)), members=members)
        gone = {row.predecessor for row in dissolved if row.effective_on == on}
        for institution, partners in members_on(own, eve(on)).items():
            for partner in sorted(partners & gone):
                heirs = then.partners_of(institution, partner)
                if len(heirs) != 1 and len(now.partners_of(institution, partner)) != 1:
                    found[names[institution]] = partner, heirs
    return found
