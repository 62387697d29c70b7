"""What holds for the note between any two versions of any programme."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import reference
from tests.programmes import (
    Draw,
    Programme,
    envelopes,
    expected,
    programmes,
    row,
    without_successions,
)
from tests.services.test_difference import explained
from toolkit.frames.difference import AMOUNTS, CAUSES, STEPS, DifferenceNote
from toolkit.money import euros
from toolkit.services.difference import TABLES

NORMAL = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
some_causes = st.sets(st.sampled_from(STEPS), min_size=1)


@st.composite
def pairs(draw: Draw) -> tuple[Programme, Programme]:
    """A programme, and one that grew out of it or has nothing but the semester in common."""
    before = draw(st.one_of(without_successions(), programmes(bad_rows=False), programmes()))
    other = draw(programmes())
    tight = st.one_of(envelopes(), st.integers(1, 9_999))
    if draw(st.booleans()):
        counts = [
            {**line, "semester": before.semester}
            if line.get("semester") == other.semester
            else line
            for line in other.tables["counts"]
        ]
        after = replace(other.with_rows(counts=counts), semester=before.semester)
    else:
        after = _grown(draw, before).with_law("rate.economic", *other.law["rate.economic"])
    return before.with_envelope(draw(tight)), after.with_envelope(draw(tight))


def _grown(draw: Draw, before: Programme) -> Programme:
    """Some counts corrected, some coverage ended, some partners merged into the last one."""
    tables = before.tables
    counts = [
        {**line, "plans": str(draw(st.integers(0, 40)))} if line and draw(st.booleans()) else line
        for line in tables["counts"]
    ]
    coverage = [cover for cover in tables["coverage"] if draw(st.integers(0, 4))]
    names = [partner["partner"] for partner in tables["partners"]]
    mergers = [
        row("successions", "merge", name, names[-1], "2018-01-01", "")
        for name in names[:-1]
        if not draw(st.integers(0, 2))
    ]
    return before.with_rows(counts=counts, coverage=coverage, successions=mergers)


def changed(before: Programme, after: Programme, causes: Collection[str]) -> Programme:
    """`before` with what belongs to the causes as it is in `after`."""
    own = [table for cause in causes for table in TABLES[cause] if table in after.tables]
    tables = {table: after.tables[table] for table in own}
    mixed = before.with_rows(**tables)
    if "rate" in causes:
        mixed = replace(mixed, law=after.law, envelope_cents=after.envelope_cents)
    return mixed


def amounts(note: DifferenceNote) -> dict[str, dict[str, int]]:
    return {
        own["partner"]: {key: own[f"{key}_cents"] for key in AMOUNTS}
        for own in note.partners.iter_rows(named=True)
        if any(own[f"{key}_cents"] for key in AMOUNTS)
    }


def exact_maxima(programme: Programme) -> dict[str, Fraction]:
    """The maxima with all fractions of a cent, from the reference that knows no toolkit."""
    with tempfile.TemporaryDirectory() as name:
        contract = reference.Programme(programme.write(Path(name)), programme.semester)
        lines, _ = contract.judge()
    caps = (contract.cents("cap.institution"), contract.cents("cap.partner"))
    weights = {name: partner["maximum"] for name, partner in reference.limit(lines, *caps).items()}
    given = programme.envelope_cents
    envelope, whole = contract.cents("envelope") if given is None else given, sum(weights.values())
    share = Fraction(envelope, whole) if envelope is not None and envelope < whole else 1
    return {name: weight * Fraction(share) for name, weight in weights.items()}


@NORMAL
@given(pairs(), some_causes)
def test_old_and_new_are_those_of_the_contract_and_the_causes_lead_from_one_to_the_other(
    pair: tuple[Programme, Programme], causes: Collection[str]
) -> None:
    before, after = pair[0], changed(*pair, causes)
    sides = {"old": expected(before), "new": expected(after)}

    found = amounts(explained(before, after))

    for own in found.values():
        assert sum(own[cause] for cause in CAUSES) == own["difference"] == own["new"] - own["old"]
        assert own["esf_difference"] + own["state_difference"] == own["difference"]
    for side, wanted in sides.items():
        shown = {p: euros(own[side]) for p, own in found.items() if own[side]}
        maxima = {p["partner"]: p["maximum"] for p in wanted["partners"]}
        assert shown == {p: amount for p, amount in maxima.items() if amount != "0.00"}


@NORMAL
@given(pairs(), some_causes)
def test_a_cause_that_did_not_change_moves_nobody_and_rounding_is_nothing_in_total(
    pair: tuple[Programme, Programme], causes: Collection[str]
) -> None:
    note = explained(pair[0], changed(*pair, causes))

    for cause in set(STEPS) - set(causes):
        assert note.partners.filter(pl.col(f"{cause}_cents") != 0).is_empty()
    assert note.total("rounding") == 0


@NORMAL
@given(pairs())
def test_each_cause_is_its_exact_effect_within_a_cent_and_whole_in_total(
    pair: tuple[Programme, Programme],
) -> None:
    steps = [exact_maxima(changed(*pair, STEPS[:number])) for number in range(len(STEPS) + 1)]

    found = amounts(explained(*pair))

    for cause, before, after in zip(STEPS, steps, steps[1:], strict=False):
        effect = {name: after.get(name, 0) - before.get(name, 0) for name in {*before, *after}}
        named: Mapping[str, Any] = {name: found.get(name, {}).get(cause, 0) for name in effect}
        assert sum(named.values()) == sum(effect.values())
        assert all(abs(named[name] - exact) < 1 for name, exact in effect.items())
        assert all(named[n] == exact for n, exact in effect.items() if exact == int(exact))


@settings(NORMAL, max_examples=15)
@given(pairs(), some_causes, some_causes)
def test_the_order_of_two_changes_alters_nothing_in_total(
    pair: tuple[Programme, Programme], first: Collection[str], second: Collection[str]
) -> None:
    before, both = pair[0], changed(*pair, {*first, *second})
    together = amounts(explained(before, both))

    for causes in (first, second):
        one = explained(before, changed(*pair, causes))
        two = explained(before, both, one.partners)
        rows = pl.concat([one.partners, two.partners])
        assert explained(before, both, rows).empty
        for key in ("difference", "esf_difference", *CAUSES):
            summed = rows.group_by("partner").agg(pl.col(f"{key}_cents").sum())
            noted = {name: cents for name, cents in summed.iter_rows() if cents}
            assert noted == {name: own[key] for name, own in together.items() if own[key]}


@NORMAL
@given(programmes())
def test_the_same_programme_has_an_empty_note(programme: Programme) -> None:
    note = explained(programme, programme)

    assert note.empty
    assert note.rows.is_empty()
    assert note.complete == expected(programme)["complete"]
