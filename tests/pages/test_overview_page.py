"""The first page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.pages.clicking import Reader, before
from toolkit.pages.overview import Overview


def test_money_targets_due_and_journal_are_there(database: Any, spool: Path) -> None:
    anna = before(Overview, database, "anna", spool)
    assert anna.said == []
    assert "tiek apkopots" in anna.html
    anna.html = anna.page.follow() or ""
    assert "tiek apkopots" not in anna.html
    assert "nokavēti:" in anna.html
    assert anna.html.count("agreements?agreement=") == 5, "those due next are named"
    for words in ("Finansējums pa semestriem", "Termiņi 30 dienās", "Pašvaldības ar līgumu",
                  "importēti dati", "2022./2023. m.g. 1. semestris"):  # fmt: skip
        assert words in anna.html
    assert 'href="journal?entry=2"' in anna.html
    assert "mērķis 64\u00a0000" in anna.html
    assert Reader(anna.html).scripts == 0


def test_a_partner_sees_no_other_partner_and_no_journal(database: Any, spool: Path) -> None:
    ludza = before(Overview, database, "ludza", spool)
    assert ludza.said == []
    assert "importēti dati" not in ludza.html
    assert "Pašvaldības ar līgumu" not in ludza.html
    assert "journal?entry=" not in ludza.html


def test_money_that_is_drafted_or_decided_is_drawn_and_told(database: Any, spool: Path) -> None:
    from toolkit.semester import Semester
    from toolkit.services import people, stored, workflow
    from toolkit.services.runs import Asked

    anna = before(Overview, database, "anna", spool)
    assert "<svg" not in anna.follow().html
    assert "chart" not in anna.html
    asked = Asked(Semester.parse("2021/2022-1"))
    workflow.draft(database, people.acting(database, "anna"), asked, stored.now())
    anna = before(Overview, database, "anna", spool)
    assert "68\u00a0375,50" in anna.html, "the figures are there before the picture"
    assert 'class="chart drawing"' in anna.html
    anna.follow()
    assert "drawing" not in anna.html
    assert 'role="img" aria-label="Plānotais un piešķirtais finansējums' in anna.html
    assert "tūkst. €" in anna.html
    assert Reader(anna.html).scripts == 0
