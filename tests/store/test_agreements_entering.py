"""A new agreement entered by hand: one entry of the journal, and the checks of an import."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.store.material import anna, at, juris
from toolkit.errors import InputError, RefusedError, TypedError, UsageError
from toolkit.rules.amendments import Covered
from toolkit.services.agreements import one_agreement
from toolkit.services.agreements_entering import NewAgreement, enter
from toolkit.services.stored import stored_inputs
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.verify import verify

HEAD = {
    "agreement": "P6-13/9-2022", "partner": "LUDZA", "signed_on": "01.03.2022.",
    "valid_from": "2022-03-02", "valid_to": "31.12.2022.", "amount": "12 345,67",
}  # fmt: skip
SCHOOL = {
    "institution": "RUG-VSK",
    "from_semester": "2022./2023. m.g. 1. semestris",
    "grades": "5-7",
}
NEW = NewAgreement(HEAD, [SCHOOL])


def test_an_agreement_and_its_coverage_are_one_entry(database: Database):
    before = records.entry_at(database, None)

    assert enter(database, anna(database), NEW, at(1)) == []

    version = one_agreement(stored_inputs(database), "P6-13/9-2022", date(2022, 9, 1)).version
    assert (version.partner, version.ends_on, version.amount_cents) == (
        "LUDZA", date(2022, 12, 31), 1_234_567,
    )  # fmt: skip
    assert version.coverage == (Covered("RUG-VSK", "2022/2023-1", grades=(5, 6, 7)),)
    assert records.entry_at(database, None) == before + 1
    assert verify(database).damage == ()


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"partner": "NOBODY"}, ["reference.unknown"]),
        ({"signed_on": "35.03.2022."}, ["value.not_day"]),
        ({"valid_to": "2022-03-01"}, ["row.days_backwards"]),
        ({"partner": "", "valid_from": ""}, ["value.missing", "value.missing"]),
        ({"measures": "tea"}, ["measures.unknown"]),
        ({"amount": "daudz"}, ["value.not_money"]),
        ({"amount": "-0,01"}, ["agreements.negative"]),
    ],
    ids=["a partner that is not there", "a day that is none", "an end before its beginning",
         "two empty cells", "a measure outside the catalogue", "an amount that is none",
         "a cent below nothing"],
)  # fmt: skip
def test_an_agreement_is_held_to_its_form(
    database: Database, changed: dict[str, str], rules: list[str]
):
    with pytest.raises(InputError) as caught:
        enter(database, anna(database), replace(NEW, agreement={**HEAD, **changed}), at(1))

    assert [f.rule for f in caught.value.findings] == rules


@pytest.mark.parametrize(
    ("coverage", "rules"),
    [
        ([{**SCHOOL, "institution": "NO-SCHOOL"}], ["reference.unknown"]),
        ([{**SCHOOL, "from_semester": "2022"}], ["value.not_semester"]),
        ([{**SCHOOL, "grades": "5-19"}], ["value.not_grades"]),
        ([SCHOOL, SCHOOL], ["row.duplicate_key", "row.duplicate_key"]),
        ([{**SCHOOL, "to_semester": "2021/2022-2"}], ["coverage.backwards"]),
    ],
    ids=["a school that is not there", "a semester that is none", "grades beyond the twelfth",
         "a school twice", "a last semester before the first"],
)  # fmt: skip
def test_its_coverage_is_held_to_its_form(
    database: Database, coverage: list[dict[str, str]], rules: list[str]
):
    with pytest.raises(InputError) as caught:
        enter(database, anna(database), replace(NEW, coverage=coverage), at(1))

    assert [f.rule for f in caught.value.findings] == rules


MIXED = (
    ("a wrong amount and an unknown school", {"amount": "daudz"}, {"institution": "NO-SCHOOL"},
     [("amount", "value.not_money"), ("coverage 0 institution", "reference.unknown")]),
    ("an unknown partner and wrong grades", {"partner": "NOBODY"}, {"grades": "5-19"},
     [("coverage 0 grades", "value.not_grades"), ("partner", "reference.unknown")]),
    ("a wrong day and good coverage", {"signed_on": "35.03.2022."}, {},
     [("signed_on", "value.not_day")]),
    ("no partner, which is one fault", {"partner": "", "amount": "daudz"}, {},
     [("partner", "value.missing"), ("amount", "value.not_money")]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("head", "school", "expected"), [one[1:] for one in MIXED], ids=[one[0] for one in MIXED]
)
def test_whatever_can_be_judged_is_told_at_once(
    database: Database, head: dict[str, str], school: dict[str, str], expected: list[Any]
):
    wrong = NewAgreement({**HEAD, **head}, [{**SCHOOL, **school}])
    with pytest.raises(TypedError) as caught:
        enter(database, anna(database), wrong, at(1))

    found = [(field, finding.rule) for field, finding in caught.value.fields]
    assert sorted(found) == sorted(expected)


def test_a_number_is_given_once(database: Database):
    taken = replace(NEW, agreement={**HEAD, "agreement": "P6-13/08-2019"})

    with pytest.raises(RefusedError, match="jau ir"):
        enter(database, anna(database), taken, at(1))


def test_an_unusual_number_is_noted_and_kept(database: Database):
    unusual = replace(NEW, agreement={**HEAD, "agreement": "LUDZA-1"})

    found = enter(database, anna(database), unusual, at(1))

    assert [f.rule for f in found] == ["agreements.unusual_number"]


def test_nothing_and_one_semester_are_the_least_there_may_be(database: Database):
    least = NewAgreement(
        {**HEAD, "amount": "0"}, [{**SCHOOL, "to_semester": SCHOOL["from_semester"]}]
    )
    assert enter(database, anna(database), least, at(1)) == []


def test_institutions_may_come_later(database: Database):
    assert enter(database, anna(database), replace(NEW, coverage=()), at(1)) == []


def test_nothing_typed_is_a_sentence(database: Database):
    with pytest.raises(UsageError, match="nav aizpildīts"):
        enter(database, anna(database), NewAgreement({}), at(1))


def test_who_may_not_import_enters_no_agreement(database: Database):
    with pytest.raises(RefusedError):
        enter(database, juris(database), NEW, at(1))
