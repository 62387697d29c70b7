"""The table in Chromium: its markup, keys, letters, clipboard, width, speed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.tables import reading, writing

pytestmark = pytest.mark.slow


def cell(page: Any, row: int, column: int) -> Any:
    """A cell as a person counts: row 1 is below the headings."""
    return page.locator("#slot table tr").nth(row).locator("td, th").nth(column)


def test_first(drawn: Any):
    page = drawn(reading())
    page.screenshot(path="/tmp/read1280.png")
    page = drawn(reading(), 390)
    page.screenshot(path="/tmp/read390.png")
    page = drawn(writing())
    cell(page, 2, 2).click()
    page.keyboard.insert_text("2,5")
    page.keyboard.press("Enter")
    cell(page, 4, 1).click()
    page.keyboard.insert_text("Šķūņu")
    page.screenshot(path="/tmp/write1280.png")
    page = drawn(writing(40), 390)
    page.screenshot(path="/tmp/write390.png")
    page = drawn(writing(40, page_rows=15))
    page.screenshot(path="/tmp/paged1280.png", full_page=True)
