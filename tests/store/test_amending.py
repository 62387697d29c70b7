"""An amendment entered: the kind limits what may change, all reasons come at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.store.material import anna, at, juris
from toolkit.errors import RefusedError, UsageError
from toolkit.rules.amendments import Covered
from toolkit.services.agreements import one_agreement
from toolkit.services.amending import Entered, amend
from toolkit.services.stored import stored_inputs
from toolkit.store.connect import Database
from toolkit.store.verify import verify

RUGAJI = "P6-13/08-2019"
TERM = Entered(RUGAJI, "2", "term", date(2022, 3, 1), date(2022, 4, 1), "2024-12-31")
SCHOOL = Covered("RUG-EGL", "2018/2019-2", grades=tuple(range(1, 10)))
SCHOOLS = replace(TERM, kind="institutions", value="", coverage=(SCHOOL,))


def test_an_amendment_is_a_new_version_with_its_annex(database: Database):
    (change,) = amend(database, anna(database), TERM, at(1))

    found = one_agreement(stored_inputs(database), RUGAJI, date(2022, 4, 1))
    assert (change.field, change.before, change.after) == (
        "ends_on", date(2023, 12, 31), date(2024, 12, 31),
    )  # fmt: skip
    assert (found.version.number, found.version.ends_on) == (2, date(2024, 12, 31))
    assert verify(database).damage == ()


def test_an_amendment_may_hold_from_a_day_before_it_is_signed(database: Database):
    assert amend(database, anna(database), replace(TERM, effective_on=date(2022, 2, 28)), at(1))


@pytest.mark.parametrize(
    "entered",
    [
        replace(TERM, value="2019-02-08"),
        replace(TERM, signed_on=date(2019, 2, 8)),
        replace(TERM, effective_on=date(2019, 2, 8)),
        replace(TERM, kind="money", value="0"),
    ],
    ids=["ends on its first day", "signed with the agreement", "effective with it", "nought"],
)
def test_the_last_that_is_allowed(database: Database, entered: Entered):
    """The agreement was signed and began on 8 February 2019."""
    assert amend(database, anna(database), entered, at(1))


def test_the_annex_of_an_amendment_between_two_is_against_the_one_before_it(database: Database):
    between = replace(TERM, number="3", effective_on=date(2021, 3, 1), value="2024-06-30")

    (change,) = amend(database, anna(database), between, at(1))

    assert (change.before, change.after) == (date(2022, 12, 31), date(2024, 6, 30))


def test_grades_of_a_school_change_by_an_amendment_of_institutions(database: Database):
    amend(database, anna(database), SCHOOLS, at(1))

    inputs = stored_inputs(database)
    version = one_agreement(inputs, RUGAJI, date(2022, 4, 1)).version
    assert SCHOOL in version.coverage
    assert len(version.coverage) == 2
    rows = inputs.coverage.filter(inputs.coverage["institution"] == "RUG-EGL")
    assert rows["grades"].to_list() == [list(range(1, 10))]


@pytest.mark.parametrize(
    ("entered", "reasons"),
    [
        (replace(TERM, coverage=(SCHOOL,)), ["amendment.not_allowed"]),
        (replace(TERM, kind="money"), ["amendment.unread"]),
        (replace(TERM, kind="money", value=""), ["amendment.missing"]),
        (replace(TERM, kind="money", value="-5"), ["amendment.negative"]),
        (replace(TERM, kind="money", value="1.005"), ["amendment.unread"]),
        (replace(TERM, value="2019-02-07"), ["amendment.ends_before_start"]),
        (replace(TERM, signed_on=date(2019, 2, 7)), ["amendment.before_agreement"]),
        (replace(TERM, effective_on=date(2019, 2, 7)), ["amendment.before_agreement"]),
        (replace(TERM, value="2023-12-31"), ["amendment.changes_nothing"]),
        (replace(TERM, effective_on=date(2024, 1, 1)), ["amendment.after_end"]),
        (replace(TERM, number="1"), ["amendment.number"]),
        (replace(TERM, kind="party", value="NOBODY"), ["amendment.unknown"]),
        (replace(TERM, kind="measures", value="catering,tea"), ["amendment.unknown"]),
        (
            replace(TERM, number="1", coverage=(Covered("NOWHERE", "2022/2023-1"),),
                    effective_on=date(2024, 1, 1)),
            ["amendment.not_allowed", "amendment.after_end", "amendment.unknown",
             "amendment.number"],
        ),
    ],
    ids=["a term with a school", "an amount that is none", "no amount", "less than nothing",
         "finer than a cent", "an end before the start", "signed before the agreement",
         "effective before the agreement", "the same end again",
         "after the end", "a number that is taken", "a partner nobody knows",
         "a measure that is none", "all at once"],
)  # fmt: skip
def test_what_is_refused_and_why(database: Database, entered: Entered, reasons: list[str]):
    with pytest.raises(RefusedError) as refused:
        amend(database, anna(database), entered, at(1))

    assert [r.key for r in refused.value.reasons] == [f"error.refused.{r}" for r in reasons]


def test_roles_kinds_and_numbers_are_checked(database: Database):
    with pytest.raises(RefusedError, match="nedrīkst"):
        amend(database, juris(database), TERM, at(1))
    for wrong in (replace(TERM, kind="wish"), replace(TERM, agreement="P6-13/99")):
        with pytest.raises(UsageError):
            amend(database, anna(database), wrong, at(1))
