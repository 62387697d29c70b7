"""A late change to a released semester: which cause moved which partner's money, to the cent."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.programmes import Programme, Value, row
from toolkit.errors import UsageError
from toolkit.frames.difference import CAUSES, DIFFERENCE, NOTED, DifferenceNote, permitted
from toolkit.frames.promise import BrokenPromiseError
from toolkit.frames.registers import REGISTERS
from toolkit.semester import Semester
from toolkit.services.difference import TABLES, Situation, explain
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law

SEMESTER = "2020/2021-1"
LONG_AGO = "2017-03-16"
PARTNERS = ("ALFA", "BETA", "GAMA")


def counts(**plans: int | str) -> list[dict[str, str]]:
    """One row for the only school of each partner."""
    return [
        row("counts", SEMESTER, f"S-{name}", "general", "7", "consultative", str(number))
        for name, number in plans.items()
    ]


def coverage(*partners: str) -> list[dict[str, str]]:
    return [row("coverage", f"L-{name}", f"S-{name}", "2017/2018-1", "", "") for name in partners]


RELEASED = Programme(
    SEMESTER,
    {
        "semesters": [
            row("semesters", SEMESTER, "2020-09-01", "2020-12-18"),
            row("semesters", "2020/2021-2", "2021-01-04", "2021-05-31"),
        ],
        "partners": [
            row("partners", p, f"{p} novads", "municipality", "", "2009-07-01", "")
            for p in PARTNERS
        ],
        "institutions": [
            row("institutions", f"S-{p}", f"{p} skola", "general", "2009-07-01", "")
            for p in PARTNERS
        ],
        "memberships": [row("memberships", f"S-{p}", p, "2009-07-01", "") for p in PARTNERS],
        "agreements": [row("agreements", f"L-{p}", p, LONG_AGO, LONG_AGO, "") for p in PARTNERS],
        "coverage": coverage(*PARTNERS),
        "counts": counts(ALFA=2, BETA=5, GAMA=3),
    },
    {
        "share.esf": [Value(LONG_AGO, "0.85")],
        "target.general": [Value(LONG_AGO, '"5-12"')],
        "rate.consultative": [Value(LONG_AGO, "100.00")],
    },
)
"""200, 500 and 300 euros."""
MERGER = row("successions", "merge", "ALFA", "BETA", "2020-07-01", "")
NEW_KIND = row("counts", SEMESTER, "S-ALFA", "general", "8", "digital", "4")


def situation(programme: Programme, known_on: date | None = None) -> Situation:
    with tempfile.TemporaryDirectory() as name:
        folder = programme.write(Path(name))
        inputs, law = read_inputs(folder), load_law(folder=folder)
    semester = Semester.parse(programme.semester)
    return Situation(inputs, law, semester, programme.envelope_cents, known_on)


def explained(
    before: Programme, after: Programme, already: pl.DataFrame | None = None
) -> DifferenceNote:
    return explain(situation(before), situation(after), already)


def causes(note: DifferenceNote) -> dict[str, dict[str, int]]:
    """The causes that are not 0, by partner."""
    found = {
        r["partner"]: {cause: r[f"{cause}_cents"] for cause in CAUSES if r[f"{cause}_cents"]}
        for r in note.partners.iter_rows(named=True)
    }
    return {partner: named for partner, named in found.items() if named}


UNDER_ENVELOPE = RELEASED.with_envelope(10_200)
"""Of the thousand euros only 102 are there: 20.40, 51.00 and 30.60 euros."""
A_FEW_CENTS = RELEASED.with_envelope(102)
"""20.4, 51 and 30.6 cents: GAMA gets the cent that is left."""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(RELEASED, RELEASED, {}, id="nothing changed"),
        pytest.param(
            RELEASED, RELEASED.with_rows(counts=counts(GAMA=3, BETA=5, ALFA=2)), {},
            id="the same rows in another order change nothing",
        ),
        pytest.param(
            RELEASED, RELEASED.with_rows(counts=counts(ALFA=2, BETA=4, GAMA=3)),
            {"BETA": {"count": -10_000}},
            id="one count was too high",
        ),
        pytest.param(
            RELEASED, RELEASED.with_law("rate.consultative", Value(LONG_AGO, "110.50")),
            {"ALFA": {"rate": 2_100}, "BETA": {"rate": 5_250}, "GAMA": {"rate": 3_150}},
            id="a rate turned out higher",
        ),
        pytest.param(
            RELEASED, RELEASED.with_law("cap.partner", Value(LONG_AGO, "450")),
            {"BETA": {"rate": -5_000}},
            id="a ceiling came in, for the one above it",
        ),
        pytest.param(
            RELEASED, RELEASED.with_envelope(50_000),
            {"ALFA": {"rate": -10_000}, "BETA": {"rate": -25_000}, "GAMA": {"rate": -15_000}},
            id="an envelope given by hand is a limit like those of the law",
        ),
        pytest.param(
            RELEASED, RELEASED.with_rows(coverage=coverage("BETA", "GAMA")),
            {"ALFA": {"coverage": -20_000}},
            id="a school is no longer covered",
        ),
        pytest.param(
            RELEASED.with_rows(coverage=coverage("BETA", "GAMA")), RELEASED,
            {"ALFA": {"coverage": 20_000}},
            id="a partner that only the present has starts from nothing",
        ),
        pytest.param(
            RELEASED, RELEASED.with_rows(counts=counts(BETA=5, GAMA=3)),
            {"ALFA": {"count": -20_000}},
            id="a partner that only the release had ends at nothing",
        ),
        pytest.param(
            RELEASED, RELEASED.with_rows(successions=[MERGER]),
            {"ALFA": {"succession": -20_000}, "BETA": {"succession": 20_000}},
            id="a merger was registered late: the money goes over whole",
        ),
        pytest.param(
            RELEASED,
            RELEASED.with_rows(successions=[MERGER], counts=counts(ALFA=1, BETA=5, GAMA=3)),
            {
                "ALFA": {"count": -10_000, "succession": -10_000},
                "BETA": {"succession": 10_000},
            },
            id="two at once: the count first, what is left of it goes over",
        ),
        pytest.param(
            UNDER_ENVELOPE,
            UNDER_ENVELOPE.with_rows(counts=counts(ALFA=2, BETA=5, GAMA=10)),
            {"ALFA": {"count": -840}, "BETA": {"count": -2_100}, "GAMA": {"count": 2_940}},
            id="under an envelope the others pay for a count: their cause is the count too",
        ),
        pytest.param(
            A_FEW_CENTS, A_FEW_CENTS.with_rows(counts=counts(ALFA=3, BETA=4, GAMA=3)),
            {
                "ALFA": {"count": 10, "rounding": 1},
                "BETA": {"count": -10},
                "GAMA": {"rounding": -1},
            },
            id="a partner whose share stays and whose left-over cent moves: rounding alone",
        ),
        pytest.param(
            RELEASED.with_law("rate.digital", Value("2025-01-01", "10.00")),
            RELEASED.with_law("rate.digital", Value(LONG_AGO, "10.00")).with_rows(
                counts=[*counts(ALFA=2, BETA=5, GAMA=3), NEW_KIND]
            ),
            {"ALFA": {"rate": 4_000}},
            id="counts that wait for a rate earn by the rate",
        ),
    ],
)  # fmt: skip
def test_causes(
    before: Programme, after: Programme, expected: Mapping[str, Mapping[str, int]]
) -> None:
    note = explained(before, after)

    assert causes(note) == expected
    assert note.partners["difference_cents"].to_list() == [
        sum(expected.get(partner, {}).values()) for partner in note.partners["partner"]
    ]
    assert note.empty == (not expected)


def test_every_table_belongs_to_one_cause() -> None:
    tables = [table for group in TABLES.values() for table in group]

    assert sorted(tables) == sorted(REGISTERS)


def test_esf_follows_the_maximum_and_the_state_pays_the_rest() -> None:
    fewer = RELEASED.with_rows(counts=counts(ALFA=2, BETA=4, GAMA=3))

    parts = explained(RELEASED, fewer).partners.filter(partner="BETA")

    assert parts["esf_difference_cents"].item() == -8_500
    assert parts["state_difference_cents"].item() == -1_500


def test_another_esf_share_is_no_empty_note_though_no_maximum_moves() -> None:
    note = explained(RELEASED, RELEASED.with_law("share.esf", Value(LONG_AGO, "0.80")))

    assert causes(note) == {}
    assert not note.empty
    assert note.total("esf_difference") == -5_000
    assert note.total("state_difference") == 5_000


def test_a_value_known_later_counts_from_the_day_it_is_known() -> None:
    law = (Value(LONG_AGO, "100.00"), Value(LONG_AGO, "90.00", known_since="2021-02-01"))
    programme = RELEASED.with_law("rate.consultative", *law)

    before = situation(programme, known_on=date(2021, 1, 31))

    assert explain(before, situation(programme, date(2021, 1, 31))).empty
    assert causes(explain(before, situation(programme, date(2021, 2, 1)))) == {
        "ALFA": {"rate": -2_000}, "BETA": {"rate": -5_000}, "GAMA": {"rate": -3_000},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("spoiled", "rule"),
    [
        pytest.param({"plans": "5,0"}, "counts.plans_not_whole", id="a number no longer whole"),
        pytest.param({"semester": "2020/2021-9"}, "counts.unknown_semester", id="semester typo"),
        pytest.param({"institution": "S-BETTA"}, None, id="a school mistyped is another row"),
    ],
)
def test_a_row_refused_now_is_told_and_not_only_a_reduction(
    spoiled: Mapping[str, str], rule: str | None
) -> None:
    rows = counts(ALFA=2, BETA=5, GAMA=3)
    rows[1] |= spoiled

    note = explained(RELEASED, RELEASED.with_rows(counts=rows))

    assert not note.complete
    assert len(note.after.findings) == 1
    assert note.rows["rule"].to_list() == [rule]
    assert note.partners["refused"].to_list() == [0, int(rule is not None), 0]


def test_changed_rows_show_both_sides() -> None:
    rows = [row("counts", SEMESTER, "S-ALFA", "general", "9", "consultative", "1")]
    after = RELEASED.with_rows(counts=[*counts(ALFA=2, BETA=4), *rows], successions=[MERGER])

    changed = explained(RELEASED, after).rows

    columns = ("partner_before", "partner_after", "plans_before", "plans_after")
    assert changed.select("institution", "grade", *columns).rows() == [
        ("S-ALFA", 7, "ALFA", "BETA", 2, 2),
        ("S-ALFA", 9, None, "BETA", None, 1),
        ("S-BETA", 7, "BETA", "BETA", 5, 4),
        ("S-GAMA", 7, "GAMA", None, 3, None),
    ]


FEWER = UNDER_ENVELOPE.with_rows(counts=counts(ALFA=2, BETA=4, GAMA=3))
MERGED = UNDER_ENVELOPE.with_rows(successions=[MERGER])
BOTH = FEWER.with_rows(successions=[MERGER])


@pytest.mark.parametrize("first", [FEWER, MERGED], ids=["count first", "merger first"])
def test_two_notes_in_either_order_are_the_one_note_of_both(first: Programme) -> None:
    one = explained(UNDER_ENVELOPE, first).partners
    two = explained(UNDER_ENVELOPE, BOTH, one).partners

    together = explained(UNDER_ENVELOPE, BOTH).partners

    for column in ("difference_cents", "esf_difference_cents", *(f"{c}_cents" for c in CAUSES)):
        assert (one[column] + two[column]).to_list() == together[column].to_list()
    assert two["noted_cents"].to_list() == one["difference_cents"].to_list()


def test_noting_the_same_again_adds_nothing() -> None:
    one = explained(UNDER_ENVELOPE, FEWER)
    two = explained(UNDER_ENVELOPE, BOTH, one.partners)

    again = explained(UNDER_ENVELOPE, BOTH, pl.concat([one.partners, two.partners]))

    assert not one.empty
    assert not two.empty
    assert again.empty
    assert causes(again) == {}


def test_a_change_taken_back_takes_back_its_note() -> None:
    arrived = RELEASED
    released = RELEASED.with_rows(coverage=coverage("BETA", "GAMA"))
    note = explained(released, arrived)

    back = explained(released, released, note.partners)

    alfa = back.partners.filter(partner="ALFA")
    assert alfa.select("old_cents", "noted_cents", "new_cents", "difference_cents").row(0) == (
        0, 20_000, 0, -20_000,
    )  # fmt: skip
    assert causes(back) == {"ALFA": {"coverage": -20_000}}


def test_earlier_notes_must_add_up() -> None:
    note = explained(RELEASED, RELEASED.with_rows(counts=counts(ALFA=2, BETA=4, GAMA=3)))
    wrong = note.partners.with_columns(pl.col("count_cents") + 1)

    with pytest.raises(BrokenPromiseError, match="the causes add up"):
        NOTED.held(wrong)
    assert set(NOTED.columns) <= set(DIFFERENCE.columns)


def test_two_semesters_are_not_compared() -> None:
    before = situation(RELEASED)

    with pytest.raises(UsageError) as caught:
        explain(before, replace(before, semester=Semester.parse("2020/2021-2")))

    assert "2020./2021. m.g. 2. semestris" in caught.value.sentence("lv")


@pytest.mark.parametrize(
    ("cents", "options"),
    [
        pytest.param(1, ("carry_over",), id="a rise can only go into the next semester"),
        pytest.param(0, (), id="nothing to settle"),
        pytest.param(-1, ("carry_over", "offset", "pay_back"), id="a fall can go all ways"),
    ],
)
def test_options(cents: int, options: tuple[str, ...]) -> None:
    assert permitted(cents) == options
