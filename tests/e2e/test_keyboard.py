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
        ("[data-action=approve]", "Enter", SAME),
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
