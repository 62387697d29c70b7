"""Every page in a browser, wide and narrow: nothing serious for axe, nothing beyond the screen."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.e2e.conftest import Served, opened, sign_in, visiting
from toolkit.pages.names import PAGES

pytestmark = pytest.mark.slow
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
PARTS = (
    "agreements?view=due", "agreements?view=successions", "agreements?view=new",
    "registers?table=successions", "registers?table=unspent", "journal?entry=2",
)  # fmt: skip
"""Parts of a page that its first look does not show."""
WIDER = """() => [...document.querySelectorAll("main, main *")]
    .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .filter((one) => one.scrollWidth > one.clientWidth)
    .map((one) => `${one.className} ${one.ariaLabel}: ${one.scrollWidth} > ${one.clientWidth}`)"""
"""Whatever can be scrolled sideways, and has something there that is not seen."""
CURRENT = """() => { const seen = document.querySelector(".top nav").getBoundingClientRect();
    const page = document.querySelector(".top nav [aria-current]").getBoundingClientRect();
    // a browser scrolls by whole pixels
    return page.left >= seen.left - 1 && page.right <= Math.min(innerWidth, seen.right) + 1; }"""
"""Whether the header shows which page is open."""
RELEASED = "2022/2023-1"
PAYING = "P6-13/08-2019"
MOST_REQUESTS, MOST_BYTES = 110, 5_500_000


def serious(page: Any) -> list[str]:
    """What axe finds serious or critical, with the element."""
    # Playwright's own script world: the page's policy lets no script of ours in
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(
    width: int, served: Served, playwright: Any, tmp_path: Path
) -> None:
    kept = Path(os.environ.get("GRANTS_SCREENSHOTS") or tmp_path)
    with visiting(playwright, tmp_path / "browser", served.url, width) as context:
        page = context.new_page()
        page.goto(f"{served.url}/login")
        page.screenshot(path=kept / f"login-{width}.png", full_page=True)
        assert serious(page) == []
        sign_in(page, served, "anna")
        page.goto(f"{served.url}/password")
        page.screenshot(path=kept / f"password-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert serious(page) == []
        for name in (*PAGES, *PARTS):
            opened(page, served, name)
            page.wait_for_timeout(700)
            shown = re.sub(r"\W+", "-", name)
            page.screenshot(path=kept / f"{shown}-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert page.evaluate(CURRENT), name
            if width == 1280:
                assert page.evaluate(WIDER) == [], name
            assert serious(page) == [], name
            for secret in ("Traceback", ".py", str(served.home)):
                assert secret not in page.locator("body").inner_text()


def test_a_page_is_light(served: Served, browser: Any) -> None:
    page = browser.new_page()
    sign_in(page, served, "anna")
    page.goto("about:blank")
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    opened(page, served, "semester")
    page.wait_for_timeout(1000)
    assert len(sizes) <= MOST_REQUESTS
    assert sum(sizes) <= MOST_BYTES


def test_the_language_is_switched_in_the_header_and_stays(served: Served, browser: Any) -> None:
    page = browser.new_page()
    sign_in(page, served, "anna")
    opened(page, served, "semester")
    page.click("nav ~ .who [lang=en]")
    page.wait_for_selector("text=Maximum funding", timeout=60_000)
    assert page.get_attribute("html", "lang") == "en"
    assert "Overview" in opened(page, served, "overview").inner_text("header")
    page.click(".who [lang=lv]")
    page.wait_for_selector("text=Pārskats", timeout=60_000)


def test_what_is_opened_fits_as_well(served: Served, browser: Any, tmp_path: Path) -> None:
    kept = Path(os.environ.get("GRANTS_SCREENSHOTS") or tmp_path)
    note_of_a_released_semester(served, tmp_path / "counts.csv")
    page = browser.new_page()
    sign_in(page, served, "anna")
    steps = {
        "overview": ".chart .broad svg",
        f"semester?semester={RELEASED.replace('/', '%2F')}": ".notes tbody tr",
        "agreements#timeline": "button[data-on=draw]",
        "agreements#one": "[data-slot=agreements] button.link",
        f"agreements?agreement={PAYING}#withdraw": "details[data-key^=wrong] summary",
        "agreements?view=due": "[data-slot=due] tbody tr",
        "journal#one": "[data-slot=journal] button.link >> nth=0",
    }
    for name, sought in steps.items():
        opened(page, served, name.partition("#")[0])
        page.wait_for_selector(sought, timeout=30_000)
        if "#" in name:
            page.click(sought)
            if "#withdraw" in name:
                ask_to_withdraw(page)
            page.wait_for_selector(".chart .broad svg" if "timeline" in name else ".inside table")
        page.wait_for_timeout(700)
        shown = re.sub(r"\W+", "-", name)
        page.screenshot(path=kept / f"opened-{shown}.png", full_page=True)
        assert page.evaluate(WIDER) == [], name
        assert serious(page) == [], name


def ask_to_withdraw(page: Any) -> None:
    """Until it is asked whether counts are meant to be left without money."""
    page.click("button[data-on=withdrawing][data-amendment='']")
    page.fill("form[name=withdraw] [name=reason]", "ievadīts divreiz")
    page.click("form[name=withdraw] button.danger")
    page.wait_for_selector(".unpaid table")


def note_of_a_released_semester(served: Served, counts: Path) -> None:
    """A semester released, then other counts for it."""
    steps = {"draft": "anna", "check": "anna", "approve": "juris", "release": "juris"}
    for step, person in steps.items():
        served.grants("semester", step, RELEASED, "--person", person)
    names = ("institution", "programme", "grade", "plan_kind", "plans")
    rows = json.loads(served.grants("allocate", RELEASED, "--format", "json"))["lines"]
    lines = [",".join(str(row[name] + 7 if name == "plans" else row[name]) for name in names)
             for row in rows]  # fmt: skip
    told = [f"{RELEASED},{line}" for line in lines]
    counts.write_text("\n".join([",".join(("semester", *names)), *told]), encoding="utf-8")
    reason = ("--person", "anna", "--reason", "Labots skaits pēc partneru precizējumiem " * 3)
    served.grants("import", str(counts), "--table", "counts", "--yes", "--keep", *reason)
    served.grants("note", "draft", RELEASED, *reason)
