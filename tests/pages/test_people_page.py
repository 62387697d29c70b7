"""People, roles and passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Clicker, Reader, before
from toolkit.pages.people import People
from toolkit.services import drafts, passwords, people
from toolkit.services.people import acting


@pytest.fixture
def anna(database: Any, spool: Path) -> Clicker:
    return before(People, database, "anna", spool)


def test_a_new_person_is_known_with_roles_and_a_password(anna: Clicker, database: Any) -> None:
    typed = {"code": "zane", "name": "Zane Bērziņa", "role officer": "1", "partner": ""}
    anna.fire("save", typed)
    assert anna.said == ["Saglabāts: Zane Bērziņa."]
    assert acting(database, "zane").roles == {"officer"}
    anna.click("Iestatīt paroli", password="ļoti gara parole")
    assert anna.said == ["Parole iestatīta: Zane Bērziņa. Nododiet to lietotājam personiski."]
    assert passwords.verify(database, "zane", "ļoti gara parole") is not None
    assert "ļoti gara parole" not in anna.html


def test_a_weak_password_is_refused_and_never_kept(
    anna: Clicker, database: Any, home: Path
) -> None:
    anna.page.grid._on_open("juris", "name")
    anna.redraw().click("Iestatīt paroli", password="juris")
    assert anna.page.messages[0].tone == "stop"
    assert drafts.kept("anna", "people password") == {}


def test_somebody_who_is_no_manager_sees_no_people(database: Any, spool: Path) -> None:
    juris = before(People, database, "juris", spool)
    assert juris.page.messages[0].tone == "stop"
    juris.fire("save", {"code": "x", "name": "X", "role manager": "1"})
    assert "x" not in people.people(database)
    assert "Anna Finansiste" not in juris.html


def test_names_are_text(anna: Clicker, database: Any) -> None:
    evil = '"><script>alert(1)</script>'
    anna.fire("save", {"code": "evil", "name": evil, "role officer": "1"})
    assert people.people(database)["evil"].name == evil
    assert Reader(anna.html).scripts == 0


def test_what_is_typed_for_one_person_is_not_saved_for_another(
    anna: Clicker, database: Any
) -> None:
    page: Any = anna.page
    page.grid._on_open("juris", "name")
    page.keep_draft("person juris", {"name": "Juris Jaunais", "partner": "LUDZA"})
    page.grid._on_open("ludza", "name")
    assert "Juris Jaunais" not in anna.redraw().html
    page.grid._on_open("juris", "name")
    assert "Juris Jaunais" in anna.redraw().html
