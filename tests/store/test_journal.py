"""The journal searched, by whom it may be, and the chain walked under the eyes of a page."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import pytest

from tests.store.material import anna, at, juris
from toolkit import cli
from toolkit.errors import RefusedError
from toolkit.frames.ledger import ROLES
from toolkit.services import journal, people, registers, stored
from toolkit.services.journal import Wanted
from toolkit.services.people import Person
from toolkit.services.visible import Visible
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing
from toolkit.store.tables import STORED
from toolkit.texts import has

DAY = date(2022, 3, 5)
LATE = datetime(2022, 3, 3, 22, 30, tzinfo=UTC)
"""Half past midnight of the 4th in Riga."""


def seen_by(database: Database, who: Person) -> Visible:
    return Visible(who, stored.stored_inputs(database), DAY)


@pytest.fixture
def written(database: Database) -> Database:
    """A store in which people have changed things of two partners."""
    by = anna(database)
    for partner, minutes in (("LUDZA", 1), ("BALVI", 2), ("KARSAVA", 3)):
        seen = registers.record(database, "partners", partner=partner)
        values = {"registration_number": "40"}
        registers.change(database, by, "partners", seen, values, at(minutes), f"par {partner}")
    person = Person("ilze", "Ilze Šķēle", frozenset({"officer"}))
    people.add_person(database, by, person, at(4), "jauna darbiniece")
    with writing(database, Act("juris", "check", "Āgenskalns · 1", LATE)):
        pass
    return database


CASES: tuple[tuple[str, Wanted, list[int]], ...] = (
    ("all, the newest first", Wanted(), [7, 6, 5, 4, 3, 2, 1]),
    ("of one person", Wanted(person="juris"), [7]),
    ("of one action", Wanted(action="change"), [5, 4, 3]),
    ("by a part of the subject", Wanted(subject="ludz"), [3]),
    ("whatever case, also of Latvian letters", Wanted(subject="āGENS"), [7]),
    ("signs of a pattern are only signs", Wanted(subject="%"), []),
    ("nor are dots", Wanted(subject="p.rtners"), []),
    ("from a day on, as it is in Latvia", Wanted(first=date(2022, 3, 4)), [7]),
    ("to a day, that day too", Wanted(last=date(2022, 3, 1)), [6, 5, 4, 3, 2, 1]),
    ("the evening before it was still the day before in London",
     Wanted(first=date(2022, 3, 3), last=date(2022, 3, 3)), []),
    ("all at once", Wanted("anna", "change", "partners", DAY.replace(day=1), DAY), [5, 4, 3]),
    ("the ends of time", Wanted(first=date.min, last=date.max), [7, 6, 5, 4, 3, 2, 1]),
    ("nothing", Wanted(person="nobody"), []),
)  # fmt: skip


def test_entries_are_found_by_person_action_subject_and_day(written: Database):
    auditor = seen_by(written, juris(written))
    for case, wanted, numbers in CASES:
        found = journal.search(written, auditor, wanted)
        assert [entry.number for entry in found.entries] == numbers, case
        assert found.found == len(numbers), case
        assert found.people == ("anna", "juris"), case

    (entry,) = journal.search(written, auditor, Wanted(subject="balvi")).entries
    assert (entry.person, entry.action, entry.subject, entry.reason) == (
        "anna", "change", "partners: BALVI", "par BALVI",
    )  # fmt: skip
    assert entry.at == at(2)
    row = records.journal_entry(written, entry.number)
    assert row is not None
    assert row.hash == entry.hash


def test_pages_follow_each_other_and_end(written: Database):
    auditor = seen_by(written, juris(written))
    pages = [journal.search(written, auditor, Wanted(), n, size=3) for n in (0, 1, 2, 3, 4)]

    assert [[e.number for e in page.entries] for page in pages] == [
        [7, 6, 5], [7, 6, 5], [4, 3, 2], [1], [1],
    ]  # fmt: skip
    assert [(page.page, page.pages) for page in pages] == [(1, 3), (1, 3), (2, 3), (3, 3), (3, 3)]
    assert journal.search(written, auditor, Wanted(person="nobody")).pages == 1


def test_a_partners_person_reads_what_is_about_their_partner(written: Database):
    ludza = seen_by(written, people.acting(written, "ludza"))

    found = journal.search(written, ludza, Wanted())

    assert [entry.subject for entry in found.entries] == ["partners: KARSAVA", "partners: LUDZA"]
    assert (found.people, found.actions) == (("anna",), ("change",))
    assert [entry.number for entry in journal.latest(written, ludza, 1)] == [5]
    assert journal.search(written, ludza, Wanted(subject="balvi")).entries == ()


def test_a_new_password_of_ones_own_is_read(written: Database):
    with writing(written, Act("anna", "password", "ludza", LATE)):
        pass
    ludza = seen_by(written, people.acting(written, "ludza"))

    assert journal.latest(written, ludza, 1)[0].action == "password"


def test_the_entering_of_an_agreement_is_read_by_its_partner_alone(written: Database):
    for number in ("EX-LUDZA", "EX-MADONA"):
        with writing(written, Act("anna", "agreement", number, LATE)):
            pass
    ludza = seen_by(written, people.acting(written, "ludza"))

    found = journal.search(written, ludza, Wanted(action="agreement"))
    assert [entry.subject for entry in found.entries] == ["EX-LUDZA"]


READERS = {"auditor": True, "manager": True, "officer": False, "approver": False}


@pytest.mark.parametrize("role", sorted({*ROLES} - {"partner"}))
def test_who_may_search_the_journal_and_walk_the_chain(database: Database, role: str):
    who = Person("x", "X", frozenset({role}))
    seen = seen_by(database, who)
    if READERS[role]:
        assert journal.search(database, seen, Wanted()).found == 2
        assert journal.verified(database, who).damage == ()
    else:
        with pytest.raises(RefusedError):
            journal.search(database, seen, Wanted())
        with pytest.raises(RefusedError):
            journal.verified(database, who)
    assert len(journal.latest(database, seen, 5)) == 2


def test_nobody_without_a_role_reads_anything(database: Database):
    seen = seen_by(database, Person("x", "X", frozenset()))

    assert journal.search(database, seen, Wanted()).found == 0
    assert journal.latest(database, seen, 5) == ()


def test_a_page_hears_of_every_table_as_it_is_walked(database: Database):
    told: list[tuple[int, int]] = []

    found = journal.verified(database, anna(database), lambda *done: told.append(done))

    assert told == [(n, len(STORED)) for n in range(1, len(STORED) + 1)]
    assert (found.entries, found.damage) == (2, ())


def test_every_action_has_a_word():
    from pathlib import Path
    from re import findall

    import toolkit
    from toolkit.services.workflow import FROM

    code = "\n".join(p.read_text("utf-8") for p in Path(toolkit.__file__).parent.rglob("*.py"))
    actions = {*findall(r'Act\([\w.]+, "(\w+)"', code), *FROM}

    assert len(actions) > 10
    assert [a for a in actions for lang in ("lv", "en") if not has(f"action.{a}", lang)] == []


def listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `grants journal` lists as CSV, or why it does not."""
    monkeypatch.setattr(sys, "argv", ["grants", "journal", "--format", "csv", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    numbers = ",".join(line.partition(",")[0] for line in said.out.splitlines()[1:])
    return f"{ended.value.code}: {numbers or said.err.strip()}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--person", "juris"), "0: 7,6,5,4,3,2,1"),
        (("--person", "juris", "--last", "2"), "0: 7,6"),
        (("--person", "juris", "--last", "0"), "0: "),
        (("--person", "ludza"), "0: 5,3"),
        (("--person", "ludza", "--last", "1"), "0: 5"),
        (("--person", "ilze"), "3: Ilze Šķēle nedrīkst lasīt visu žurnālu"),
        ((), "2: Nav zināms, kas rīkojas."),
        (("--person", "nobody"), "2: "),
    ],
    ids=[
        "an auditor reads all", "as many as asked for", "or none",
        "a partner's person what is about their partner", "of that as many as asked for",
        "an officer is refused", "nobody is named", "a person that nobody knows",
    ],
)  # fmt: skip
def test_the_command_asks_who_reads(
    written: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...], expected: str,
):  # fmt: skip
    monkeypatch.delenv("GRANTS_PERSON", raising=False)

    assert listed(monkeypatch, capsys, *words).startswith(expected)


def test_the_command_takes_the_person_of_the_environment(
    written: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("GRANTS_PERSON", "ludza")

    assert listed(monkeypatch, capsys) == "0: 5,3"


def test_the_proof_is_open_to_whoever_has_the_store(
    written: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("GRANTS_PERSON", raising=False)
    monkeypatch.setattr(sys, "argv", ["grants", "verify"])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "7" in said
    assert not any(name in said for name in ("anna", "juris", "LUDZA", "Ilze"))


def test_the_command_lists_in_words_for_a_person_and_in_codes_for_a_program(
    written: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def told(shape: str) -> str:
        asked = ["grants", "journal", "--person", "juris", "--format", shape]
        monkeypatch.setattr(sys, "argv", asked)
        with pytest.raises(SystemExit):
            cli.main()
        return capsys.readouterr().out

    changed = "partners: KARSAVA"
    csv, table = told("csv"), told("table")
    assert f",change,{changed}," in csv
    assert "T22:30:00.000000Z" in csv
    assert "mainīts ieraksts" in table
    assert changed not in table, "a register is told by its name"
    assert "04.03.2022. 00:30:00" in table, "the time is Latvia's, as people write it"
