"""An agreement or an amendment entered wrongly is taken back, and may be entered anew."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tests.store.material import anna, at, juris
from tests.store.test_agreements_entering import NEW
from tests.store.test_amending import RUGAJI, SCHOOLS, TERM
from toolkit import cli
from toolkit.errors import ConflictError, RefusedError, UsageError
from toolkit.services import agreements_withdrawing as withdrawing
from toolkit.services.agreements import agreement_versions, one_agreement
from toolkit.services.agreements_doubts import questions
from toolkit.services.agreements_entering import enter
from toolkit.services.agreements_withdrawing import Taken, withdraw
from toolkit.services.amending import amend, foreseen
from toolkit.services.stored import stored_inputs
from toolkit.store import journal, records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, Writing
from toolkit.store.verify import verify

NUMBER = NEW.agreement["agreement"]
WHY = "ievadīts divreiz"


def taken(database: Database, agreement: str, amendment: str = "") -> Taken:
    """What somebody takes back who sees the agreement as it stands."""
    seen = agreement_versions(stored_inputs(database)).get(agreement, ())
    return Taken(agreement, seen, amendment)


def test_an_agreement_goes_with_all_that_belongs_to_it_in_one_entry(database: Database):
    enter(database, anna(database), NEW, at(1))
    amend(database, anna(database), replace(TERM, agreement=NUMBER, number="1"), at(2))
    entries = records.entry_at(database, None)

    gone = withdraw(database, anna(database), taken(database, NUMBER), at(3), WHY)

    assert gone == {"agreements": 1, "amendments": 1, "coverage": 1}
    frames = stored_inputs(database).frames
    for table in withdrawing.TABLES:
        assert NUMBER not in set(frames[table]["agreement"]), table
    assert records.entry_at(database, None) == entries + 1
    last = records.journal_entry(database, entries + 1)
    assert last is not None
    assert (last.action, last.subject, last.reason) == ("withdraw", f"agreements: {NUMBER}", WHY)
    assert verify(database).damage == ()


def test_the_registers_are_then_as_if_it_had_never_been(database: Database):
    before = stored_inputs(database)
    enter(database, anna(database), NEW, at(1))
    withdraw(database, anna(database), taken(database, NUMBER), at(2), WHY)

    after = stored_inputs(database)

    for table in withdrawing.TABLES:
        assert after.frames[table].equals(before.frames[table]), table


def test_what_was_before_is_still_known_as_of_then(database: Database):
    enter(database, anna(database), NEW, at(1))
    then = records.entry_at(database, None)
    withdraw(database, anna(database), taken(database, NUMBER), at(2), WHY)

    assert NUMBER in set(records.standing(database, "agreements", then)["agreement"])
    assert NUMBER not in set(records.standing(database, "agreements")["agreement"])


def test_the_same_number_may_be_entered_again(database: Database):
    for day in (1, 3, 5):
        enter(database, anna(database), NEW, at(day))
        amend(database, anna(database), replace(TERM, agreement=NUMBER, number="1"), at(day))
        if day < 5:
            withdraw(database, anna(database), taken(database, NUMBER), at(day + 1), WHY)

    (signed, amended) = agreement_versions(stored_inputs(database))[NUMBER]
    assert (signed.number, amended.number) == (0, 1)
    assert verify(database).damage == ()


def test_an_amendment_goes_alone_with_its_coverage(database: Database):
    before = one_agreement(stored_inputs(database), RUGAJI, date(2022, 4, 1))
    amend(database, anna(database), SCHOOLS, at(1))
    changed = one_agreement(stored_inputs(database), RUGAJI, date(2022, 4, 1))
    assert changed.version.coverage != before.version.coverage

    gone = withdraw(database, anna(database), taken(database, RUGAJI, "2"), at(2), WHY)

    assert gone == {"amendments": 1, "coverage": 1}
    assert one_agreement(stored_inputs(database), RUGAJI, date(2022, 4, 1)) == before
    amend(database, anna(database), replace(SCHOOLS, kind="term", value="2024-12-31",
                                            coverage=()), at(3))  # fmt: skip
    assert len(agreement_versions(stored_inputs(database))[RUGAJI]) == 3


def test_an_amendment_before_others_goes_and_they_are_as_if_it_had_never_been(
    database: Database,
):
    only = replace(TERM, number="3", signed_on=date(2022, 3, 2), effective_on=date(2022, 5, 1))
    amend(database, anna(database), replace(only, value="2025-12-31"), at(1))
    expected = agreement_versions(stored_inputs(database))[RUGAJI]
    amend(database, anna(database), SCHOOLS, at(2))

    withdraw(database, anna(database), taken(database, RUGAJI, "2"), at(3), WHY)

    assert agreement_versions(stored_inputs(database))[RUGAJI] == expected


@pytest.mark.parametrize("amendment", ["", "1"], ids=["all of it", "its amendment"])
@pytest.mark.parametrize("again", [False, True], ids=["amended", "entered anew"])
def test_only_what_the_person_has_seen_is_taken_back(
    database: Database, amendment: str, *, again: bool
):
    """Somebody else has amended the agreement since, or put another in its place."""
    first = replace(TERM, agreement=NUMBER, number="1")
    enter(database, anna(database), NEW, at(1))
    amend(database, anna(database), first, at(2))
    seen = taken(database, NUMBER, amendment)
    if again:
        withdraw(database, anna(database), taken(database, NUMBER), at(3), WHY)
        other = {**NEW.agreement, "amount": "99 999,99"}
        enter(database, anna(database), replace(NEW, agreement=other), at(4))
        amend(database, anna(database), first, at(5))
    else:
        amend(database, anna(database), replace(first, number="2", value="2025-12-31"), at(3))
    entries = records.entry_at(database, None)

    with pytest.raises(RefusedError) as raised:
        withdraw(database, anna(database), seen, at(6), WHY)

    assert [one.key for one in raised.value.reasons] == ["error.refused.withdraw.changed"]
    assert records.entry_at(database, None) == entries


def test_an_amendment_it_has_not_is_no_amendment(database: Database):
    with pytest.raises(UsageError):
        withdraw(database, anna(database), taken(database, RUGAJI, "9"), at(1), WHY)


def test_amendments_that_another_one_is_built_on_are_asked_about(database: Database):
    """The third prolongs the end that the second set; without it, it changes nothing."""
    later = replace(TERM, number="3", effective_on=date(2022, 5, 1), value="2024-12-31")
    shorter = replace(TERM, value="2023-06-30")
    amend(database, anna(database), shorter, at(1))
    amend(database, anna(database), replace(later, value="2023-12-31"), at(2))

    found = withdrawing.foreseen(database, anna(database), taken(database, RUGAJI, "2"))

    asked = questions(*found, RUGAJI).asked
    assert [one.key for one in asked] == ["error.refused.amendment.changes_nothing"]
    assert asked[0].facts["amendment"] == "3"


@pytest.mark.parametrize("reason", ["", "  "], ids=["none", "blank"])
def test_without_a_reason_nothing_is_taken_back(database: Database, reason: str):
    with pytest.raises(RefusedError) as raised:
        withdraw(database, anna(database), taken(database, RUGAJI), at(1), reason)

    assert [one.at for one in raised.value.reasons] == ["reason"]


def test_an_agreement_nobody_has_is_no_agreement(database: Database):
    with pytest.raises(UsageError):
        withdraw(database, anna(database), Taken("P6-13/99", ()), at(1), WHY)


def test_an_approver_takes_nothing_back(database: Database):
    with pytest.raises(RefusedError):
        withdraw(database, juris(database), taken(database, RUGAJI), at(1), WHY)
    with pytest.raises(RefusedError):
        withdrawing.foreseen(database, juris(database), taken(database, RUGAJI))


def test_who_is_slower_takes_nothing_back(database: Database, monkeypatch: pytest.MonkeyPatch):
    """Somebody amends it after it was looked at and before it is written."""
    real = journal.writing

    def slow(database: Database, act: Act) -> AbstractContextManager[Writing]:
        monkeypatch.setattr(withdrawing, "writing", real)
        amend(database, anna(database), TERM, at(1))
        return real(database, act)

    monkeypatch.setattr(withdrawing, "writing", slow)
    with pytest.raises(ConflictError):
        withdraw(database, anna(database), taken(database, RUGAJI), at(2), WHY)

    assert len(agreement_versions(stored_inputs(database))[RUGAJI]) == 3


def test_what_is_foreseen_is_what_comes(database: Database):
    """Of a withdrawal and of an amendment alike."""
    before, after = foreseen(database, anna(database), SCHOOLS)
    amend(database, anna(database), SCHOOLS, at(1))
    _same(after.frames, stored_inputs(database).frames)

    again, without = withdrawing.foreseen(database, anna(database), taken(database, RUGAJI, "2"))
    _same(again.frames, after.frames)
    _same(without.frames, before.frames)
    withdraw(database, anna(database), taken(database, RUGAJI, "2"), at(2), WHY)
    _same(without.frames, stored_inputs(database).frames)


def _same(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> None:
    for table in withdrawing.TABLES:
        first, second = (_sorted(frames[table]) for frames in (one, other))
        assert first.equals(second), table


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    named = [name for name in ("agreement", "amendment", "institution") if name in frame.columns]
    return frame.drop("row", "file").sort(named)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((RUGAJI, "--amendment", "1"),
         "0: Līguma P6-13/08-2019 grozījumi Nr. 1 atsaukti; to vēsture paliek žurnālā."),
        ((RUGAJI,), "0: Līgums P6-13/08-2019 atsaukts; tā vēsture paliek žurnālā."),
        ((RUGAJI, "--amendment", "9"),
         "2: Ieraksts “P6-13/08-2019 · 9” nav atrasts. Pārbaudiet kodu."),
        (("P6-13/99",), "2: Līgums “P6-13/99” reģistrā nav atrasts. Pārbaudiet numuru."),
    ],
    ids=["an amendment", "the whole agreement", "an amendment it has not", "no agreement"],
)  # fmt: skip
def test_the_command_takes_back_as_the_page_does(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...], said: str,
):  # fmt: skip
    asked = ["grants", "agreements", "withdraw", *words, "--reason", WHY, "--person", "anna"]
    monkeypatch.setattr(sys, "argv", asked)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    told = capsys.readouterr()
    assert f"{ended.value.code}: {(told.out + told.err).strip()}" == said
    assert verify(database).damage == ()
