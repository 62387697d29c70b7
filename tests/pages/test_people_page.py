"""People, roles and passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Clicker, Reader, before
from toolkit.errors import ConflictError
from toolkit.pages.people import People
from toolkit.services import drafts, passwords, people
from toolkit.services.people import Person, acting
from toolkit.services.stored import now


@pytest.fixture
def anna(database: Any, spool: Path) -> Clicker:
    return before(People, database, "anna", spool)


def test_a_new_person_is_known_with_roles_and_a_password(anna: Clicker, database: Any) -> None:
    typed = {"code": "zane", "name": "Zane Bērziņa", "role officer": "1", "partner": ""}
    anna.fire("save", typed)
    assert anna.said == ["Saglabāts: Zane Bērziņa."]
    assert acting(database, "zane").roles == {"officer"}
    anna.click("Iestatīt paroli", password="ļoti gara parole", again="ļoti gara paroļe")
    assert anna.said == ["Abas reizes ievadītās paroles atšķiras. Nekas nav mainīts."]
    assert passwords.having(database) == set()
    anna.click("Iestatīt paroli", password="ļoti gara parole", again="ļoti gara parole")
    assert anna.said == ["Parole iestatīta: Zane Bērziņa. Nododiet to lietotājam personiski."]
    assert passwords.verify(database, "zane", "ļoti gara parole") is not None
    assert "ļoti gara parole" not in anna.html


KNOWN = {"code": "zane", "name": "Zane Bērziņa", "role officer": "1", "partner": ""}
WRONG: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
    ("a code with a blank could not be typed at the login", {"code": "zane b"},
     {"code": "bez atstarpēm"}),
    ("nor one that begins with what options begin with", {"code": "-zane"}, {"code": "-zane"}),
    ("a person has a name", {"name": " "}, {"name": "vārdu"}),
    ("and at first a role", {"role officer": ""}, {"role officer": "vismaz vienu lomu"}),
    ("a partner is one of the register", {"role partner": "1", "partner": "NAV"},
     {"partner": "“NAV” reģistrā nav"}),
    ("a partner's person needs a partner", {"role partner": "1"}, {"partner": "izvēlieties"}),
    ("who is no partner's has none", {"partner": "LUDZA"}, {"partner": "tikai kopā ar lomu"}),
    ("everything is told at once", {"code": "", "name": "", "role officer": ""},
     {"code": "", "name": "", "role officer": ""}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_what_is_wrong_with_a_person_is_told_beside_its_field(
    typed: dict[str, str], expected: dict[str, str], anna: Clicker, database: Any
) -> None:
    anna.fire("save", {**KNOWN, **typed})
    said = {one.field: one.words for message in anna.page.messages for one in message.said}
    assert said.keys() == expected.keys()
    assert all(words in said[field] for field, words in expected.items())
    assert people.people(database).keys() == {"anna", "juris", "ludza"}


def test_somebody_known_may_lose_all_roles_but_the_last_manager(
    anna: Clicker, database: Any
) -> None:
    page: Any = anna.page
    page.grid._on_open("juris", "name")
    roles = acting(database, "juris").roles
    anna.redraw().fire("save", {"name": "Juris Apstiprinātājs"})
    assert [one.field for one in anna.page.messages[0].said] == ["leaves"]
    assert "Juris Apstiprinātājs vairs nevarēs pieteikties" in anna.html
    assert acting(database, "juris").roles == roles
    anna.fire("save", {"name": "Juris Apstiprinātājs", "leaves": "1"})
    assert acting(database, "juris").roles == frozenset()
    page.grid._on_open("anna", "name")
    anna.redraw().fire("save", {"name": "Anna Finansiste", "role officer": "1"})
    assert "vienīgais" in anna.said[0]
    assert "manager" in acting(database, "anna").roles


ILZE = {"code": "ilze", "name": "Ilze Šķēle", "role officer": "1", "partner": ""}


def test_a_new_person_does_not_take_the_place_of_one_who_is_known(
    anna: Clicker, database: Any
) -> None:
    before_ = acting(database, "juris")
    anna.click("Jauns lietotājs").fire("save", {**ILZE, "code": "juris"})

    assert [one.field for one in anna.page.messages[0].said] == ["code"]
    assert "“juris” jau ir" in anna.said[0]
    assert acting(database, "juris") == before_


def test_of_two_who_change_a_person_the_second_is_told_and_loses_nothing(
    anna: Clicker, database: Any, spool: Path
) -> None:
    anna.fire("save", ILZE)
    other = before(People, database, "anna", spool, code="ilze")
    anna.fire("save", {**ILZE, "role auditor": "1"})

    typed = {**ILZE, "name": "Ilze Bērziņa"}
    other.page.keep_draft("person ilze", typed)
    other.fire("save", typed)

    assert "Ilze Bērziņa" in other.html, "what was typed is still there"
    assert acting(database, "ilze").roles == {"officer", "auditor"}
    assert other.said != ["Saglabāts: Ilze Bērziņa."]
    other.fire("save", {**typed, "role auditor": "1"})
    assert acting(database, "ilze").name == "Ilze Bērziņa"


def test_of_two_managers_who_take_the_role_from_each_other_one_stays(
    anna: Clicker, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's change comes between the look at the managers and the writing."""
    anna.fire("save", {**ILZE, "role manager": "1"})
    ilze, by = Person("ilze", "Ilze", frozenset({"officer"})), acting(database, "anna")
    real = people.writing

    def slow(*args: Any) -> Any:
        monkeypatch.setattr(people, "writing", real)
        left = Person("anna", "Anna", frozenset({"officer"}))
        people.add_person(database, acting(database, "ilze"), left, now())
        return real(*args)

    monkeypatch.setattr(people, "writing", slow)
    with pytest.raises(ConflictError):
        people.add_person(database, by, ilze, now())

    known = people.people(database).values()
    assert [one.code for one in known if "manager" in one.roles] == ["ilze"]


def test_the_chosen_person_is_there_again_after_a_reload(
    anna: Clicker, database: Any, spool: Path
) -> None:
    anna.page._opened("juris", "name")

    again = before(People, database, "anna", spool, **anna.page.address())

    assert again.page.chosen.code == "juris"
    assert before(People, database, "anna", spool, code="nobody").page.chosen.code == ""


def test_a_managers_own_password_is_changed_where_the_old_one_is_asked_for(anna: Clicker) -> None:
    anna.page.grid._on_open("anna", "name")
    assert "Iestatīt paroli" not in anna.redraw().html
    assert '<a href="password">Paroles maiņa</a>' in anna.html


def test_a_role_that_was_unticked_stays_unticked_in_the_draft(anna: Clicker) -> None:
    anna.page.grid._on_open("juris", "name")
    ticked = 'name="role auditor" value="1" checked'
    assert ticked in anna.redraw().html
    anna.page.keep_draft("person juris", {"boxes": "1", "role approver": "1", "reason": "Maiņa"})
    assert ticked not in anna.redraw().html
    assert 'name="role approver" value="1" checked' in anna.html


def test_a_partner_is_chosen_by_name(anna: Clicker) -> None:
    anna.page.grid._on_open("ludza", "name")
    assert '<option value="LUDZA" selected>Ludzas novada pašvaldība</option>' in anna.redraw().html


def test_a_weak_password_is_refused_and_never_kept(
    anna: Clicker, database: Any, home: Path
) -> None:
    anna.page.grid._on_open("juris", "name")
    anna.redraw().click("Iestatīt paroli", password="juris", again="juris")
    assert [one.field for one in anna.page.messages[0].said] == ["password"]
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
