"""Twenty people open pages within one minute: all are served, and nothing of them stays."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import CHROMIUM, Served, serving, sign_in
from tests.e2e.test_kernels import until
from toolkit.pages.names import PAGES

pytestmark = [pytest.mark.slow, pytest.mark.alone]
PEOPLE, APART_MS = 20, 2_500
WARM = len(PAGES)


def opening(browser: Any, served: Served, number: int) -> Any:
    """One more person, who has just asked for a page and does not wait for it."""
    page = browser.new_context().new_page()
    sign_in(page, served, "anna")
    page.goto(f"{served.url}/{list(PAGES)[number % WARM]}", wait_until="commit")
    return page


def test_twenty_people_within_a_minute_are_all_served(
    demo: Path, tmp_path: Path, playwright: Any
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    with serving(home, "--pool", "1") as served:
        until(lambda: len(served.kernels()) >= WARM)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), headless=True, args=CHROMIUM
        )
        try:
            pages = []
            for number in range(PEOPLE):
                pages.append(opening(browser, served, number))
                pages[-1].wait_for_timeout(APART_MS - 1_000)
            for page in pages:
                page.wait_for_selector(".grants h1", timeout=120_000)
            for page in pages:
                page.context.close()
        finally:
            browser.close()
        until(lambda: len(served.kernels()) <= WARM)
