"""The keyboard on the pages: who presses a key stands where they stood, or where it has led."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Served, opened, sign_in, visiting

pytestmark = pytest.mark.slow
AGREEMENTS = "agreements?day=2022-09-01"
NOW, BEFORE = "semester?semester=2022%2F2023-1", "semester?semester=2022%2F2023-2"
CELL = "[data-slot] table td:first-child button"
MAXIMUM = "[data-slot] table td:nth-child(3) button"
SAME = ""
"""In place of where one stands afterwards: on the control that was pressed."""

Step = tuple[str, str, str]
"""What is pressed, with which key, and where one stands when the page has answered."""

WAYS: dict[str, tuple[str, str, tuple[Step, ...]]] = {
    "a register searched and drawn": ("anna", AGREEMENTS, (
        ("[data-on=draw]", "Enter", SAME),
        ("[data-on=draw]", "Space", SAME),
        ("[name=filter] button", "Enter", SAME),
        ("[name=filter] [name=query]", "Enter", SAME),
        ("[name=filter] [name=status]", "ArrowDown", SAME),
    )),
    "one agreement, read and amended": ("anna", AGREEMENTS, (
        (f"{CELL}:text-is('P6-13/08-2019')", "Enter", "#h-one"),
        ("[name=semester]", "ArrowDown", SAME),
        ("[data-on=amending]", "Enter", SAME),
        *((("[name=kind]", "ArrowDown", SAME),) * 5),
        ("[name=kind]", "End", SAME),
        ("[data-on=amending]", "Space", SAME),
        ("[data-on=change_row] >> nth=0", "Enter", SAME),
        ("[data-on=add_row]", "Enter", SAME),
        ("[data-on=close_one]", "Enter", f"{CELL}:text-is('P6-13/08-2019')"),
        (f"{CELL}:text-is('P6-13/08-2019')", "Enter", "#h-one"),
    )),
    "the parts of the agreements": ("anna", AGREEMENTS, (
        ("[data-view=due]", "Enter", SAME),
        ("[name=filter] [name=within]", "Enter", SAME),
        ("[data-view=successions]", "Space", SAME),
        ("[name=successions] [name=on]", "ArrowDown", SAME),
        ("[data-view=new]", "Enter", "#h-new"),
        ("[name=new] [data-on=add_row]", "Enter", SAME),
        ("[data-view=register]", "Enter", SAME),
        ("[data-view=new]", "Enter", "#h-new"),
    )),
    "a semester computed and checked": ("anna", NOW, (
        (f"{CELL} >> nth=0", "Enter", SAME),
        (f"{MAXIMUM} >> nth=0", "Enter", "#h-trace"),
        ("[data-on=untrace]", "Enter", f"{MAXIMUM} >> nth=0"),
        (f"{MAXIMUM} >> nth=0", "Enter", "#h-trace"),
        ("[data-on=workbook]", "Enter", SAME),
        ("[name=draft] [name=reason]", "Enter", SAME),
        ("button[data-on=draft_run]", "Enter", SAME),
        ("[data-action=check]", "Enter", "#h-steps"),
        ("[data-action=return]", "Enter", "[name=take] [name=reason]"),  # it asks for one
        ("select[name=semester]", "ArrowDown", SAME),
        ("select[name=semester]", "ArrowUp", SAME),
    )),
    "approved, released": ("juris", NOW, (
        ("[data-action=approve]", "Enter", "#h-steps"),
        ("[data-action=release]", "Space", "#h-partners"),
    )),
    "notes of what was released": ("anna", NOW, (
        ("[data-on=note_workbook]", "Enter", SAME),
        ("[data-on=note_draft]", "Enter", SAME),
    )),
    "the journal": ("juris", "journal", (
        ("[data-on=verify]", "Enter", SAME),
        ("[name=choose] [name=from]", "Enter", SAME),
        ("[name=choose] button", "Space", SAME),
        (f"{CELL}:text-is('2')", "Enter", "#h-one"),
        ("[data-on=close_one]", "Enter", f"{CELL}:text-is('2')"),
    )),
}  # fmt: skip


@pytest.fixture
def anna(browser: Any, served: Served) -> Any:
    page = browser.new_page()
    sign_in(page, served, "anna")
    return page


def answered(page: Any) -> None:
    """Wait until the page has answered what was done last."""
    page.wait_for_selector(".grants:not([aria-busy=true])")


def here(page: Any) -> str:
    """Where the keyboard stands, for a person who reads a failed test."""
    told: str = page.evaluate(
        "() => { const { tagName, name, id, textContent } = document.activeElement;"
        " return [tagName, id, name, textContent.trim().slice(0, 40)].join(' '); }"
    )
    return told


def stands(page: Any, place: str) -> None:
    """The keyboard stands at a place, at once or as soon as the table is drawn."""
    node = page.locator(place)
    for _ in range(100):
        if node.count() == 1 and node.evaluate("node => node === document.activeElement"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not at {place}, but at {here(page)}")


def press(page: Any, place: str, key: str) -> None:
    page.locator(place).focus()
    page.keyboard.press(key)
    answered(page)


@pytest.mark.parametrize("way", WAYS)
def test_a_key_leaves_nobody_at_the_top_of_the_page(
    way: str, served: Served, playwright: Any, tmp_path: Path
) -> None:
    person, address, steps = WAYS[way]
    with visiting(playwright, tmp_path / "browser", served.url) as context:
        page = context.new_page()
        sign_in(page, served, person)
        opened(page, served, address)
        answered(page)
        for pressed, key, place in steps:
            press(page, pressed, key)
            page.wait_for_timeout(200)
            stands(page, place or pressed)


def cell(page: Any, row: int, column: int) -> str:
    """A cell of the register: the first row is 1, the first column 1."""
    return f"[data-slot=register] tbody tr:nth-child({row}) td:nth-child({column})"


def test_a_cell_is_edited_given_up_and_left_by_the_keyboard(anna: Any, served: Served) -> None:
    page = opened(anna, served, "registers?table=institutions")
    answered(page)
    name = page.locator(cell(page, 1, 2))
    name.click()
    old = name.text_content()
    page.keyboard.press("F2")
    page.keyboard.type(" X")
    page.keyboard.press("Escape")
    stands(page, f"{cell(page, 1, 2)} .pen")
    assert name.text_content() == old
    assert page.input_value(f"{cell(page, 1, 2)} .pen") == old
    assert page.locator("[name=save]").count() == 0

    page.keyboard.press("F2")
    page.keyboard.type(" X")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=save]")
    stands(page, f"{cell(page, 2, 2)} .pen")
    assert name.text_content() == f"{old} X"

    page.keyboard.press("Tab")
    stands(page, "[name=save] [name=reason]")
    page.keyboard.press("Shift+Tab")
    stands(page, f"{cell(page, 2, 2)} .pen")

    press(page, "[name=save] button[data-on=forget]", "Enter")
    stands(page, "#h-register")
    assert name.text_content() == old
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-slot=register]') !== null")


def test_a_press_right_after_typing_in_a_cell_is_not_lost(anna: Any, served: Served) -> None:
    page = opened(anna, served, "registers?table=institutions")
    for row, typed in ((1, "Pirmā"), (2, "Otrā")):
        page.locator(cell(page, row, 2)).click()
        page.keyboard.press("F2")
        page.keyboard.press("Control+a")
        page.keyboard.type(typed)
        if row == 1:
            page.keyboard.press("Enter")
            page.wait_for_selector("[name=save]")
    page.click("[name=save] button[data-on=save]")
    page.wait_for_selector("[role=status].note")
    answered(page)
    assert page.locator("[name=save]").count() == 0
    names = [page.locator(cell(page, row, 2)).text_content() for row in (1, 2)]
    assert names == ["Pirmā", "Otrā"]


def test_a_record_is_chosen_added_and_refused_by_the_keyboard(anna: Any, served: Served) -> None:
    page = opened(anna, served, "registers?table=institutions")
    answered(page)
    press(page, f"{cell(page, 1, 1)} button", "Enter")
    stands(page, "#h-chosen")
    page.fill("[name=add] [name=institution]", "JAUNA")
    page.fill("[name=add] [name=name]", "Jaunā skola")
    press(page, "[name=add] button", "Enter")
    stands(page, "[name=add] [name=valid_from]")  # it is required
    page.keyboard.type("01.09.2022.")
    press(page, "[name=add] button", "Enter")
    page.wait_for_selector("text=Ieraksts pievienots.")
    stands(page, "[name=add] button")
    assert {field.input_value() for field in page.locator("[name=add] input").all()} == {""}

    page.fill("[name=add] [name=institution]", "JAUNA")
    page.fill("[name=add] [name=name]", "Jaunā skola")
    page.fill("[name=add] [name=valid_from]", "nekad")
    press(page, "[name=add] [name=valid_from]", "Enter")
    page.wait_for_selector("[role=alert]")
    stands(page, "[name=add] [name=valid_from]")
    press(page, "select[name=table]", "ArrowDown")
    stands(page, "select[name=table]")


def test_a_refused_password_leaves_the_person_in_its_form(anna: Any, served: Served) -> None:
    page = opened(anna, served, "people")
    answered(page)
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("Tab")
    stands(page, "a.skip")
    press(page, f"{CELL}:text-is('Juris Apstiprinātājs')", "Enter")
    stands(page, "#h-one")
    page.fill("[name=password] [name=again]", "īsa")
    page.fill("[name=password] [name=password]", "īsa")
    press(page, "[name=password] [name=password]", "Enter")
    page.wait_for_selector("[role=alert]")
    stands(page, "[name=password] [name=password]")
    page.keyboard.type("īsa")
    page.fill("[name=password] [name=again]", "cita")
    press(page, "[name=password] button", "Enter")
    stands(page, "[name=password] [name=again]")
    assert page.locator("[role=alert]").count() == 1
    press(page, "[data-on=fresh]", "Enter")
    stands(page, "#h-one")


def test_a_file_is_thrown_away_by_the_keyboard(anna: Any, served: Served, tmp_path: Path) -> None:
    page = opened(anna, served, BEFORE)
    answered(page)
    wrong = tmp_path / "Skaits.csv"
    wrong.write_text("semester,institution\n,\n", encoding="utf-8")
    page.focus("input[type=file]")
    page.set_input_files("input[type=file]", wrong)
    page.wait_for_selector("#h-finds")
    stands(page, "#h-finds")
    press(page, "[data-on=discard]", "Enter")
    stands(page, "input[type=file]")


def test_a_press_right_after_another_semester_was_chosen_is_not_lost(
    anna: Any, served: Served
) -> None:
    page = opened(anna, served, NOW)
    answered(page)
    with page.expect_download() as download:
        page.select_option("select[name=semester]", "2020/2021-1")
        page.click("[data-on=workbook]")
    assert "2020-2021-1" in download.value.suggested_filename


@pytest.mark.parametrize("name", ["overview", "semester", "agreements", "registers"])
def test_the_first_key_leads_past_the_menu(name: str, anna: Any, served: Served) -> None:
    page = opened(anna, served, name)
    answered(page)
    page.keyboard.press("Tab")
    stands(page, "a.skip")
    assert page.locator("a.skip").is_visible()
    page.keyboard.press("Enter")
    stands(page, "main#page")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert "#page" in page.url
