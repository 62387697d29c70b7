"""An agreement's life: three dates, versions, what each kind of amendment may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from toolkit.rules.amendments import (
    MAY_CHANGE,
    TERMS,
    AgreementVersion,
    Amendment,
    Covered,
    changed_fields,
    difference,
    refusals,
    status_on,
    versions,
)

SCHOOL = Covered("RUG-VSK", "2018/2019-2", grades=(5, 6, 7))
SIGNED = AgreementVersion(
    "P6-12/133-2019", 0, "KARSAVA", date(2019, 12, 3), date(2020, 1, 1), date(2022, 12, 31),
    coverage=(SCHOOL,),
)  # fmt: skip
OTHER = {
    "partner": "LUDZA",
    "valid_from": date(2020, 2, 1),
    "ends_on": date(2023, 12, 31),
    "measures": ("catering",),
    "amount_cents": 100,
    "coverage": (),
}


def amendment(number: str, kind: str, value: object, effective: str = "2021-09-01") -> Amendment:
    return Amendment(number, kind, date(2021, 8, 16), date.fromisoformat(effective), value)


EXTENDED = amendment("1", "term", date(2023, 12, 31))
TERMINATED = amendment("2", "termination", date(2022, 5, 31), "2022-03-01")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-12-02", "not_signed"),
        ("2019-12-03", "signed"),
        ("2019-12-15", "signed"),
        ("2019-12-31", "signed"),
        ("2020-01-01", "in_force"),
        ("2022-12-31", "in_force"),
        ("2023-01-01", "ended"),
    ],
    ids=[
        "the day before it is signed", "the day it is signed",
        "Kārsava, 15.12.2019: signed and not yet valid, a cost of that day does not count",
        "the day before it is valid", "its first day", "its last day", "the day after",
    ],
)  # fmt: skip
def test_status_on_a_day(day: str, expected: str):
    assert status_on(versions(SIGNED, []), date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2022-12-31", "in_force"), ("2023-12-31", "in_force"), ("2024-01-01", "ended")],
    ids=["the old end", "Rugāji: extended to the end of 2023", "the day after"],
)
def test_status_of_an_extended_agreement(day: str, expected: str):
    assert status_on(versions(SIGNED, [EXTENDED]), date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2022-05-31", "in_force"), ("2022-06-01", "terminated")],
    ids=["the last day", "the day after"],
)
def test_status_of_a_terminated_agreement(day: str, expected: str):
    known = versions(SIGNED, [TERMINATED, EXTENDED])
    assert status_on(known, date.fromisoformat(day)) == expected


def test_each_amendment_is_a_full_version_in_the_order_of_its_day_and_number():
    schools = replace(
        amendment("10", "institutions", None),
        coverage=(replace(SCHOOL, grades=(5,)), Covered("RUG-EGL", "2021/2022-1")),
    )
    known = versions(SIGNED, [TERMINATED, schools, EXTENDED])

    assert [v.amendment.number if v.amendment else "" for v in known] == ["", "1", "10", "2"]
    assert [v.ends_on.year for v in known if v.ends_on] == [2022, 2023, 2023, 2022]
    assert known[3].coverage == known[2].coverage
    assert [c.institution for c in known[2].coverage] == ["RUG-EGL", "RUG-VSK"]
    assert list(difference(known[1], known[1])) == []
    assert [(c.field, c.before) for c in difference(known[1], known[2])] == [
        ("coverage", None),
        ("coverage", SCHOOL),
    ]


def test_a_termination_never_prolongs():
    late = amendment("1", "termination", date(2030, 1, 1))
    known = versions(SIGNED, [late])

    assert known[1].ends_on == SIGNED.ends_on
    assert [r.rule for r in refusals(known[0], known[1], "termination")] == ["changes_nothing"]


@pytest.mark.parametrize(("kind", "field"), list(product(MAY_CHANGE, TERMS)))
def test_a_kind_changes_what_the_table_says_and_nothing_else(kind: str, field: str):
    after = replace(SIGNED, **{field: OTHER[field]})

    found = refusals(SIGNED, after, kind)

    assert changed_fields(SIGNED, after) == {field}
    assert [(r.rule, r.about) for r in found] == (
        [] if field in MAY_CHANGE[kind] else [("not_allowed", field)]
    )


def test_all_reasons_come_at_once():
    late = amendment("1", "term", date(2030, 1, 1), effective="2023-01-01")
    after = replace(SIGNED, partner="LUDZA", measures=("catering",), amendment=late)

    assert [(r.rule, r.about) for r in refusals(SIGNED, after, "term")] == [
        ("not_allowed", "partner"),
        ("not_allowed", "measures"),
        ("after_end", "ends_on"),
    ]


@pytest.mark.parametrize(
    ("effective", "refused"), [("2022-12-31", []), ("2023-01-01", ["after_end"])],
    ids=["on the last day", "the day after"],
)  # fmt: skip
def test_an_amendment_takes_effect_before_the_end(effective: str, refused: list[str]):
    known = versions(SIGNED, [amendment("1", "term", date(2023, 12, 31), effective)])

    assert [r.rule for r in refusals(known[0], known[1], "term")] == refused
