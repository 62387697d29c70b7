"""The auditor's page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Clicker, before
from tests.store.plain import plainly, without_guards
from toolkit.pages.journal import Journal
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


def test_the_page_asks_itself_whether_the_person_may_read_the_journal(
    database: Any, spool: Path
) -> None:
    from toolkit.services import people
    from toolkit.services.people import Person
    from toolkit.services.stored import now

    zane = Person("zane", "Zane", frozenset({"officer"}))
    people.add_person(database, people.acting(database, "anna"), zane, now())
    officer: Any = before(Journal, database, "zane", spool)
    assert "nedrīkst" in officer.said[0]
    assert not officer.page.grid._rows
    assert "nedrīkst" in officer.fire("verify", {}).said[0]
