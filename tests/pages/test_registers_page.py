"""Registers edited cell by cell, by one person and by two at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Clicker, Reader, before
from toolkit.intake.forms import folded
from toolkit.pages.agreements import Agreements
from toolkit.pages.registers import TABLES, Registers
from toolkit.services import drafts, people, registers, registers_shown
from toolkit.services.people import Person
from toolkit.services.records_checked import column_of, form_of, stored_name
from toolkit.services.stored import now
from toolkit.store.tables import STORED


def visit(database: Any, spool: Path, person: str = "anna", **query: str) -> Clicker:
    return before(Registers, database, person, spool, **query)


@pytest.fixture
def anna(database: Any, spool: Path) -> Clicker:
    return visit(database, spool)


def typed(clicker: Clicker, key: str, name: str, value: str) -> Any:
    page: Any = clicker.page
    cell = page._typed(key, name, value)
    clicker.redraw()
    return cell


def name_of(database: Any, key: str) -> str:
    return str(registers_shown.standing(database, "partners")[key]["name"])


def key(clicker: Clicker) -> str:
    page: Any = clicker.page
    return next(iter(page.rows))


def test_a_cell_is_judged_as_it_is_typed_and_written_when_handed_in(
    anna: Clicker, database: Any
) -> None:
    partner = key(anna)
    assert typed(anna, partner, "name", "Jaunais nosaukums ēģ").error == ""
    assert name_of(database, partner) != "Jaunais nosaukums ēģ"
    anna.click("Saglabāt izmaiņas", reason="precizēts")
    assert anna.said == ["Saglabātas rindas: 1."]
    assert name_of(database, partner) == "Jaunais nosaukums ēģ"


def test_a_choice_is_shown_by_its_word_wherever_it_is_changed(
    anna: Clicker, database: Any, spool: Path
) -> None:
    partner = key(anna)
    assert typed(anna, partner, "kind", "municipality").text == "pašvaldība"
    for there in (anna, visit(database, spool)):
        assert there.page.grid._rows[partner].cells["kind"].text != "municipality"


def test_a_choice_that_is_none_stays_as_it_was_typed_and_stops_its_row(
    anna: Clicker, database: Any, spool: Path
) -> None:
    partner = key(anna)
    anna.page.grid._edited([[partner, "kind", "privātskola"], [partner, "name", "Jauns"]])

    for there in (anna.redraw(), visit(database, spool)):
        cell = there.page.grid._rows[partner].cells["kind"]
        assert cell.text == "privātskola"
        assert cell.error
        there.click("Saglabāt izmaiņas")
        assert "Nesaglabātās rindas: 1" in there.said[-1]
    assert name_of(database, partner) != "Jauns"


def test_a_cell_at_fault_keeps_what_was_typed_and_says_why(anna: Clicker, database: Any) -> None:
    partner = key(anna)
    cell = typed(anna, partner, "valid_from", "31.02.2020.")
    assert cell.text == "31.02.2020."
    assert cell.error
    anna.click("Saglabāt izmaiņas")
    assert "Nesaglabātās rindas: 1" in anna.said[-1]
    assert (
        anna.page._row(partner, anna.page.rows[partner]).cells["valid_from"].text == "31.02.2020."
    )


def test_of_two_people_the_second_sees_both_and_loses_nothing(
    anna: Clicker, database: Any, spool: Path
) -> None:
    people.add_person(database, people.acting(database, "anna"),
                      Person("zane", "Zane", frozenset({"officer"})), now())  # fmt: skip
    zane, partner = visit(database, spool, "zane"), key(anna)
    typed(anna, partner, "name", "Annas nosaukums")
    typed(zane, partner, "name", "Zanes nosaukums")
    zane.click("Saglabāt izmaiņas")
    anna.click("Saglabāt izmaiņas")
    assert any("mainīts vai atsaukts: Zane, " in said for said in anna.said), anna.said
    assert "Zanes nosaukums" in anna.html
    assert "Annas nosaukums" in anna.html
    assert name_of(database, partner) == "Zanes nosaukums"
    anna.click("Likt manas vērtības vietā; vēl jāsaglabā").click("Saglabāt izmaiņas")
    assert name_of(database, partner) == "Annas nosaukums"


@pytest.fixture
def zane(database: Any, spool: Path) -> Clicker:
    people.add_person(database, people.acting(database, "anna"),
                      Person("zane", "Zane", frozenset({"officer"})), now())  # fmt: skip
    return visit(database, spool, "zane")


def card(clicker: Clicker) -> list[tuple[str, str, str | None]]:
    """The rows of the only conflict shown."""
    (conflict,) = clicker.page.facts()["conflicts"]
    return list(conflict["rows"])


def test_a_conflict_is_shown_again_after_a_reload_and_only_what_differs(
    anna: Clicker, zane: Clicker, database: Any, spool: Path
) -> None:
    partner = key(anna)
    typed(anna, partner, "name", "Annas nosaukums")
    typed(anna, partner, "registration_number", "90000000001")
    typed(zane, partner, "registration_number", "90000000001")
    typed(zane, partner, "valid_from", "02.09.2016.")
    zane.click("Saglabāt izmaiņas")
    anna.click("Saglabāt izmaiņas")
    old, new = "Annas nosaukums", name_of(database, partner)
    assert card(anna) == [
        ("Nosaukums", new, old),
        ("Spēkā no", "02.09.2016.", None),
    ], "both wrote the same number; the day is Zane's alone"
    again = visit(database, spool)
    assert card(again) == [("Nosaukums", new, old)]
    again.click("Likt manas vērtības vietā; vēl jāsaglabā").click("Saglabāt izmaiņas")
    assert name_of(database, partner) == "Annas nosaukums"


def test_who_typed_what_the_other_wrote_has_nothing_to_settle(
    anna: Clicker, zane: Clicker, database: Any, spool: Path
) -> None:
    partner = key(anna)
    for one in (anna, zane):
        typed(one, partner, "name", "Viens nosaukums")
    zane.click("Saglabāt izmaiņas")
    assert visit(database, spool).page.edited == {}


def test_what_was_typed_into_a_record_that_was_withdrawn_is_not_lost(
    anna: Clicker, zane: Clicker, database: Any, spool: Path
) -> None:
    fields = {column.name: "" for column in anna.page.columns}
    fields |= {"partner": "JAUNS", "name": "Jauns", "kind": "municipality"}
    fields |= {"registration_number": "90000000001", "valid_from": "01.09.2020."}
    anna.fire("add", fields)
    typed(anna, "JAUNS", "name", "Annas nosaukums")
    zane = visit(database, spool, "zane")
    zane.page._opened("JAUNS", "partner")
    zane.redraw().click("Atsaukt ierakstu", reason="pārskatīšanās")
    for there in (anna, visit(database, spool)):
        there.click("Saglabāt izmaiņas")
        assert "Nesaglabātās rindas: 1" in there.said[-1]
        assert card(there) == [("Nosaukums", "–", "Annas nosaukums")]
        assert "šo ierakstu ir atsaucis" in there.html
        assert "Likt manas vērtības vietā; vēl jāsaglabā" not in there.buttons
    anna.click("Atmest ievadīto")
    assert visit(database, spool).page.edited == {}


def test_what_was_typed_is_there_when_the_page_is_opened_again(
    anna: Clicker, database: Any, spool: Path
) -> None:
    partner = key(anna)
    typed(anna, partner, "name", "Vēl nesaglabāts")
    again = visit(database, spool)
    assert "Labotas rindas: 1" in again.html
    again.click("Saglabāt izmaiņas")
    assert name_of(database, partner) == "Vēl nesaglabāts"
    assert "Labotas rindas" not in visit(database, spool).html


UNFINISHED = "registers cells partners"
"""Where the browser keeps the cells that are being typed; each text stands behind `=`."""


@pytest.mark.parametrize(
    ("name", "unfinished", "expected"),
    [
        ("name", "=Jaunā Ēģ", {"name": "Jaunā Ēģ"}),
        ("name", "==SUM(A1)", {"name": "=SUM(A1)"}),
        ("valid_to", "=", {"valid_to": ""}),
        ("valid_from", "=31.02.2020.", {"valid_from": "31.02.2020."}),
        ("partner", "=OTHER", {}),
        ("no column", "=text", {}),
    ],
    ids=["a name", "one that begins with the mark", "a cell that was emptied", "a day that is none",
         "a key, which is never typed", "a column nobody has"],
)  # fmt: skip
def test_a_cell_that_was_being_typed_when_the_tab_closed_is_as_if_left_by_enter(
    database: Any, spool: Path, name: str, unfinished: str, expected: dict[str, str]
) -> None:
    partner = key(visit(database, spool))
    drafts.keep("anna", UNFINISHED, {f"{partner}\n{name}": unfinished})

    for again in (visit(database, spool), visit(database, spool)):
        edited = again.page.edited.get(partner)
        assert (edited.typed if edited else {}) == expected
        assert bool(edited and edited.wrong) is (name == "valid_from")
    assert drafts.kept("anna", UNFINISHED) == {}, "it is a draft of its row now"


def test_a_cell_that_was_being_typed_is_its_persons_alone(database: Any, spool: Path) -> None:
    partner = key(visit(database, spool))
    drafts.keep("anna", UNFINISHED, {f"{partner}\nname": "=Jaunā"})

    assert visit(database, spool, "juris").page.edited == {}
    assert visit(database, spool).page.edited[partner].typed == {"name": "Jaunā"}


def test_what_was_being_typed_into_a_record_withdrawn_meanwhile_is_shown(
    database: Any, spool: Path
) -> None:
    drafts.keep("anna", UNFINISHED, {"GONE\nname": "=Rakstīts līdz pēdējam burtam"})

    anna = visit(database, spool)

    assert "Rakstīts līdz pēdējam burtam" in anna.html
    assert anna.page.facts()["conflicts"][0]["gone"] is True


def test_a_record_is_added_and_withdrawn(anna: Clicker, database: Any) -> None:
    page: Any = anna.page
    fields = {column.name: "" for column in page.columns}
    fields |= {"partner": "JAUNS", "name": "Jauns <b>partneris</b>", "kind": "municipality"}
    fields |= {"registration_number": "90000000001", "valid_from": "01.09.2020."}
    anna.fire("add", fields)
    assert anna.said == ["Ieraksts pievienots."]
    assert Reader(anna.html).scripts == 0
    page._opened("JAUNS", "partner")
    anna.redraw().click("Atsaukt ierakstu", reason="pārskatīšanās")
    assert anna.said == ["Ieraksts atsaukts; tā vēsture paliek žurnālā."]
    assert "JAUNS" not in registers_shown.standing(database, "partners")


def test_each_field_at_fault_has_its_sentence_in_the_words_of_a_form(anna: Clicker) -> None:
    fields = {column.name: "" for column in anna.page.columns}
    anna.fire("add", {**fields, "partner": "JAUNS", "valid_from": "31.02.2020."})
    said = {one.field: one.words for message in anna.page.messages for one in message.said}
    assert said["name"].startswith("Aizpildiet lauku")
    assert "“31.02.2020.” nav datums" in said["valid_from"]
    for of_files in ("kolonn", "rind", "šūn", "Excel"):
        assert not any(of_files in words.casefold() for words in said.values()), said


def test_a_chosen_record_is_left_as_it_is(anna: Clicker, database: Any) -> None:
    before = registers_shown.standing(database, "partners")
    anna.page._opened("LUDZA", "partner")
    assert "Atsaukt ierakstu" in anna.redraw().buttons
    anna.click("Aizvērt")
    assert "Atsaukt ierakstu" not in anna.buttons
    assert registers_shown.standing(database, "partners") == before


def test_a_succession_is_entered_and_the_agreements_page_leads_here(
    database: Any, spool: Path
) -> None:
    anna = visit(database, spool, table="successions")
    anna.fire("add", {
        "kind": "merge", "predecessor": "LUBANA", "successor": "NAV", "effective_on": "01.07.2030.",
        "document": "Lēmums Nr. 7",
    })  # fmt: skip
    assert "NAV" in anna.said[-1]
    anna.fire("add", {
        "kind": "merge", "predecessor": "LUDZA", "successor": "BALVI",
        "effective_on": "01.07.2030.", "document": "Lēmums Nr. 7",
    })  # fmt: skip
    assert anna.said == ["Ieraksts pievienots."]
    assert "LUDZA\tBALVI\t2030-07-01" in anna.page.rows
    assert anna.page.address() == {"table": "successions"}
    assert 'href="registers?table=successions"' in successions_of(database, spool, "anna")
    assert "registers?table=successions" not in successions_of(database, spool, "juris")


def successions_of(database: Any, spool: Path, person: str) -> str:
    return before(Agreements, database, person, spool, view="successions").html


def test_codes_of_other_registers_are_offered_with_their_names(database: Any, spool: Path) -> None:
    succession = visit(database, spool, table="successions").html
    assert '<input name="predecessor" value="" required list="known-predecessor"' in succession
    assert '<option value="LUDZA">Ludzas novada pašvaldība</option>' in succession
    unspent = visit(database, spool, table="unspent").html
    assert '<option value="2020/2021-1">2020./2021. m.g. 1. semestris</option>' in unspent


@pytest.mark.parametrize("table", TABLES)
def test_each_register_reads_what_it_shows(database: Any, table: str) -> None:
    others = registers_shown.others(database)
    for row in list(registers_shown.standing(database, table).values())[:20]:
        for lang in ("lv", "en"):
            for name, text in registers_shown.shown(table, row, lang).items():
                kept = stored_name(column_of(form_of(table), name))
                if kept in STORED[table].key:
                    continue
                assert registers.judge(table, name, text, row, others) == row[kept], (name, text)


def test_money_and_semesters_are_shown_as_people_write_them(database: Any) -> None:
    row = {"partner": "LUDZA", "semester": "2020/2021-1", "unspent_cents": 1_234_567}
    shown = registers_shown.shown("unspent", row, "lv")
    assert shown["unspent"] == "12\u00a0345,67"
    assert shown["semester"] == "2020./2021. m.g. 1. semestris"
    others = registers_shown.others(database)
    for name, text in shown.items():
        kept = stored_name(column_of(form_of("unspent"), name))
        assert registers.judge("unspent", name, text, row, others) == row[kept]


@pytest.mark.parametrize(
    ("table", "lang", "kinds"),
    [
        ("partners", "lv", ["pašvaldība", "valsts profesionālās izglītības iestāde"]),
        ("partners", "en", ["municipality", "state vocational school"]),
        ("successions", "en", ["merger", "division", "renaming", "takeover"]),
        ("strategic_partners", "en",
         ["school", "education board", "social service", "orphans' court", "other"]),
    ],
)  # fmt: skip
def test_kinds_are_words_of_the_readers_language_and_read_again(
    database: Any, table: str, lang: str, kinds: list[str]
) -> None:
    (kind,) = [one for one in registers_shown.columns(table, lang) if one.name == "kind"]
    assert [word for _, word in kind.choices] == kinds
    codes = column_of(form_of(table), "kind").codes()
    assert [codes[folded(word)] for word in kinds] == [code for code, _ in kind.choices]


def test_codes_of_other_registers_stand_with_their_names(database: Any, spool: Path) -> None:
    anna = visit(database, spool, table="memberships")
    page: Any = anna.page
    membership, row = next(iter(page.rows.items()))
    cells = page._row(membership, row).cells
    assert cells["partner"].text == row["partner"]
    assert cells["partner"].small == page.known["partner"][row["partner"]]
    assert cells["institution"].small == page.known["institution"][row["institution"]]
    page._opened(membership, "institution")
    heading = f"{row['institution']} ({cells['institution'].small}) · {row['partner']}"
    assert f">{heading} ({cells['partner'].small}) · " in anna.redraw().html
    partner = visit(database, spool)
    partner.page._opened("BALVI", "partner")
    assert ">BALVI · Balvu novada pašvaldība</h2>" in partner.redraw().html


def test_each_register_is_shown_and_only_officers_edit(
    database: Any, spool: Path, anna: Clicker
) -> None:
    for table in TABLES:
        anna.fire("choose", {"table": table})
        assert anna.page.messages == []
    juris = visit(database, spool, "juris")
    assert "Pievienot" not in juris.buttons
    assert "nedrīkst" in juris.fire("save", {}).said[0]
    assert "nedrīkst" in juris.fire("add", {}).said[0]


def test_what_was_searched_and_sorted_stays_after_saving(anna: Clicker) -> None:
    page: Any = anna.page
    page.grid.filter("novada")
    shown = len(page.grid.view["rows"])
    typed(anna, key(anna), "name", "Cita novada pašvaldība")
    anna.click("Saglabāt izmaiņas")
    assert page.desk.grids["register"] is page.grid
    assert len(page.grid.view["rows"]) == shown


def test_figures_stand_to_the_right_and_figures_and_days_are_sorted_as_such(
    database: Any, spool: Path
) -> None:
    def grid(table: str) -> Any:
        page: Any = visit(database, spool, table=table).page
        return page.grid

    kinds = {column["name"]: column["kind"] for column in grid("unspent").view["columns"]}
    assert kinds == {"partner": "text", "semester": "text", "unspent": "money"}
    assert [c["kind"] for c in grid("quotas").view["columns"] if c["kind"] == "whole"]
    partners = grid("partners")
    partners.sort("valid_to")
    at = [column["name"] for column in partners.view["columns"]].index("valid_to")
    days = [row["cells"][at].get("text", "") for row in partners.view["rows"]]
    ends = [tuple(reversed(day.rstrip(".").split("."))) for day in days if day]
    assert ends == sorted(ends) != []


def test_an_amount_that_is_typed_is_written(database: Any, spool: Path) -> None:
    anna = people.acting(database, "anna")
    fields = {"partner": "LUDZA", "semester": "2020/2021-1", "unspent": "900,50"}
    registers.add(database, anna, "unspent", fields, now())
    page = visit(database, spool, table="unspent")
    record = key(page)

    assert typed(page, record, "unspent", "12 345,67").error == ""
    page.click("Saglabāt izmaiņas", reason="precizēts")

    assert page.said == ["Saglabātas rindas: 1."]
    standing = registers_shown.standing(database, "unspent")[record]
    assert standing["unspent_cents"] == 1_234_567
