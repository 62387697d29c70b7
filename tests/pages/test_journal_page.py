"""The auditor's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Clicker, Reader, before
from tests.store.plain import plainly, without_guards
from toolkit.pages.journal import Journal
from toolkit.pages.registers import Registers
from toolkit.services import people
from toolkit.services.people import Person
from toolkit.services.stored import now
from toolkit.store import records
from toolkit.texts.formats import moment


@pytest.fixture
def juris(database: Any, spool: Path) -> Clicker:
    return before(Journal, database, "juris", spool)


def test_the_proof_says_that_everything_is_whole(juris: Clicker) -> None:
    told: list[tuple[int, int, str]] = []
    juris.page.desk.show_progress = lambda *step: told.append(step)
    juris.click("Pārbaudīt visu")
    assert "Viss ir neskarts" in juris.html
    assert told
    assert told[-1][0] == told[-1][1]


def test_a_changed_row_is_named(juris: Clicker, database: Any) -> None:
    without_guards(database)
    plainly(database, "UPDATE partners SET name = 'Cits' WHERE partner = 'LUDZA'")
    juris.click("Pārbaudīt visu")
    assert "Atrasti bojājumi" in juris.html
    assert "LUDZA" in juris.html


def test_days_that_run_backwards_are_a_sentence_beside_their_field(juris: Clicker) -> None:
    juris.fire("choose", {"from": "31.12.2026.", "to": "01.01.2020."})
    assert [one.field for one in juris.page.messages[0].said] == ["to"]
    juris.fire("choose", {"from": "31.12.2026.", "to": "31.12.2026."})
    assert juris.page.messages == [], "one day is a span"


def test_entries_are_chosen_by_person_and_day(juris: Clicker) -> None:
    page: Any = juris.page
    everything = len(page.grid._rows)
    assert everything >= 2
    juris.fire("choose", {"person": "juris"})
    assert not page.grid._rows
    juris.fire("choose", {"person": "anna", "from": "25.11.2026.", "to": "25.11.2026."})
    assert len(page.grid._rows) == everything
    juris.fire("choose", {"from": "2026-11-26"})
    assert not page.grid._rows
    juris.fire("choose", {"from": "31.02.2026."})
    assert "31.02.2026." in juris.said[-1]
    assert 'value="31.02.2026."' in juris.html


def test_subjects_are_told_in_words_and_kept_as_codes(juris: Clicker) -> None:
    page: Any = juris.page
    subjects = {
        row.cells["subject"].value: row.cells["subject"].text for row in page.grid._rows.values()
    }
    imported = next(kept for kept in subjects if kept.startswith("published: "))
    assert "agreements, amendments" in imported
    assert "Līgumi, Grozījumi" in subjects[imported]


def test_the_moment_is_latvias(database: Any) -> None:
    assert moment(datetime(2026, 7, 1, 21, tzinfo=UTC), "lv") == "02.07.2026. 00:00:00"
    assert moment(datetime(2026, 12, 31, 22, 30, tzinfo=UTC), "en") == "2027-01-01 00:30:00"


def test_entries_that_are_not_shown_are_told_of(
    database: Any, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Rādīti jaunākie" not in before(Journal, database, "juris", spool).html
    monkeypatch.setattr("toolkit.pages.journal.MOST", 1)
    juris: Any = before(Journal, database, "juris", spool)
    assert "Rādīti jaunākie 1 ieraksti no" in juris.html
    assert len(juris.page.grid._rows) == 1


def opened(juris: Clicker, number: str) -> str:
    """The page after a number in the table was clicked."""
    page: Any = juris.page
    page.grid._opened(number, "entry")
    return juris.redraw().html


def test_an_amount_typed_into_a_register_is_told_from_old_to_new(
    juris: Clicker, database: Any, spool: Path
) -> None:
    anna: Any = before(Registers, database, "anna", spool, table="unspent")
    anna.fire("add", {"partner": "LUDZA", "semester": "2023/2024-1", "unspent": "1234,50"})
    anna.page._typed("LUDZA\t2023/2024-1", "unspent", "12345,67")
    anna.redraw().click("Saglabāt izmaiņas", reason="Precizēts pārskats")
    number = str(records.entry_at(database, None))
    juris.fire("choose", {})

    html = opened(juris, number)

    assert f"Ieraksts Nr. {number}" in html
    for words in ("Precizēts pārskats", "mainīts ieraksts", "Anna Finansiste", "Neizlietots",
                  "Ludzas novada pašvaldība (LUDZA) · 2023./2024. m.g. 1. semestris",
                  "<td>1234,50\u00a0€</td><td>12\u00a0345,67\u00a0€</td>",
                  "mainītas rindas — 1"):  # fmt: skip
        assert words in html, words
    row = records.journal_entry(database, int(number))
    assert row is not None
    assert row.hash in html, "the whole of it"
    assert juris.page.address() == {"entry": number}

    juris.click("Aizvērt")
    assert "Kas mainīts" not in juris.html
    assert juris.page.address() == {}


def test_other_roles_are_told_by_the_words_for_them(juris: Clicker, database: Any) -> None:
    zane = Person("zane", "Zane <b>Zīle</b>", frozenset({"officer"}))
    for roles in ({"officer"}, {"auditor", "manager"}):
        who = replace(zane, roles=frozenset(roles))
        people.add_person(database, people.acting(database, "anna"), who, now())
    juris.fire("choose", {})

    html = opened(juris, str(records.entry_at(database, None)))

    assert "<td>Lomas</td><td>finansists</td><td>revidents, vadītājs</td>" in html
    assert "Zane &lt;b&gt;Zīle&lt;/b&gt; (zane)" in html
    assert Reader(html).scripts == 0


def test_an_import_tells_its_tables_and_that_not_all_rows_are_shown(juris: Clicker) -> None:
    html = opened(juris, "2")

    assert "<b>Skaits</b>: pievienotas rindas — 490." in html
    assert "Parādītas pirmās rindas: 37 no 490." in html
    assert "jauna rinda" in html


def test_an_entry_is_opened_by_its_address(database: Any, spool: Path) -> None:
    juris = before(Journal, database, "juris", spool, entry="1")
    assert "Ieraksts Nr. 1" in juris.html
    english = before(Journal, database, "juris", spool, lang="en", entry="1")
    assert "Entry No. 1" in english.html
    assert "rows added — 26" in english.html


@pytest.mark.parametrize("number", ["999", "0", "viens", "9" * 30])
def test_an_address_without_an_entry_says_so(database: Any, spool: Path, number: str) -> None:
    juris: Any = before(Journal, database, "juris", spool, entry=number)

    assert juris.said == [f"“{number}” nav žurnāla ieraksts, ko varat atvērt. Pārbaudiet numuru."]
    assert len(juris.page.grid._rows) >= 2
    assert juris.page.address() == {}


def test_a_partners_person_opens_no_foreign_entry_by_hand(database: Any, spool: Path) -> None:
    ludza: Any = before(Journal, database, "ludza", spool, entry="2")

    assert ludza.said == ["“2” nav žurnāla ieraksts, ko varat atvērt. Pārbaudiet numuru."]
    assert "Kas mainīts" not in ludza.html


def test_the_page_asks_itself_whether_the_person_may_read_the_journal(
    database: Any, spool: Path
) -> None:
    zane = Person("zane", "Zane", frozenset({"officer"}))
    people.add_person(database, people.acting(database, "anna"), zane, now())
    officer: Any = before(Journal, database, "zane", spool)
    assert "nedrīkst" in officer.said[0]
    assert not officer.page.grid._rows
    assert "nedrīkst" in officer.fire("verify", {}).said[0]
