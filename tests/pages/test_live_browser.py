"""A page's own script in Chromium: presses while it is busy, and what stays when it is redrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import ADDRESS, POLICY
from toolkit.pages.live import Live

pytestmark = pytest.mark.slow
FRAME = """<!doctype html><html lang="lv"><head><meta charset="utf-8"><title>Lapa</title></head>
<body><main id="page"></main><script type="module" src="fake_live.js"></script></body></html>"""
FORM = """<h1>Lapa</h1><section data-key="one"><h2>Viens</h2>
<form name="one" data-on="save"><input name="reason"><input name="day">
<button data-on="save">Saglabāt</button><button type="button" data-on="check">Pārbaudīt</button>
<button type="button" data-on="drop">Atmest</button></form></section>"""
WITHOUT = FORM.replace('<button type="button" data-on="check">Pārbaudīt</button>', "")
OFF = FORM.replace('data-on="check"', 'data-on="check" disabled')
OTHER = FORM.replace('data-on="check"', 'data-on="check" data-action="approve"')
OPENED = FORM + '<section data-key="two"><h2 tabindex="-1" data-focus="two">Divi</h2></section>'
SAVE, CHECK, DROP = (f"button[data-on={name}]" for name in ("save", "check", "drop"))

Show = Callable[..., Any]


@pytest.fixture
def shown(chromium: Any) -> Iterator[Show]:
    """A page that is open and shows its first HTML; it has no errors and asks nobody outside."""
    contexts, complaints = [], []

    def show(html: str, query: str = "") -> Any:
        context = chromium.new_context(viewport={"width": 900, "height": 500})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        context.route("**/*", _answer)
        page.goto(ADDRESS + query)
        page.wait_for_selector(".grants", state="attached")
        answer(page, html)
        return page

    yield show
    for context in contexts:
        context.close()
    assert complaints == []


def _answer(route: Any) -> None:
    name = route.request.url.removeprefix(ADDRESS).partition("?")[0]
    made = {"live.js": str(Live._esm), "fake_live.js": _read("fake_live.js")}
    if name in made:
        route.fulfill(body=made[name], content_type="text/javascript")
    elif name == "":
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(body=FRAME, content_type="text/html", headers=headers)
    else:
        route.fulfill(status=404)


def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def answer(page: Any, html: str | None = None) -> None:
    """Python answers what was asked first and not yet answered, with new HTML or without."""
    page.evaluate("html => answer(html)", html)


def asked(page: Any) -> list[str]:
    """The events that Python has heard of."""
    return [one["name"] for one in page.evaluate("asked")]


def here(page: Any) -> str:
    told: str = page.evaluate("document.activeElement.name || document.activeElement.textContent")
    return told


# -- what stays where it is -------------------------------------------------------------------


def test_who_has_gone_on_and_types_is_not_called_away(shown: Show):
    page = shown(FORM)
    page.click(CHECK)
    page.focus("[name=reason]")
    answer(page, OPENED)
    assert here(page) == "reason"

    page.click(CHECK)
    answer(page, FORM)
    page.click(CHECK)
    answer(page, OPENED)
    assert here(page) == "Divi"


@pytest.mark.parametrize("query", ["", "?agreement=P6"])
def test_a_page_that_comes_moves_nobody(query: str, shown: Show):
    page = shown(OPENED.replace("<section", '<p style="height: 900px"></p><section', 1), query)

    assert page.evaluate("document.activeElement === document.body")
    page.focus(CHECK)
    page.keyboard.press("Tab")
    assert here(page) == "Atmest"


def test_another_control_in_its_place_is_not_given_the_focus(shown: Show):
    page = shown(FORM)
    page.focus(CHECK)
    page.keyboard.press("Enter")
    answer(page, OTHER)

    assert here(page) == "Viens"
    page.keyboard.press("Enter")
    assert asked(page) == ["check"]
    page.evaluate("html => show(html)", OTHER.replace("Lapa", "Lapa 2"))
    assert here(page) == "Viens"


def test_a_switch_stays_itself(shown: Show):
    html = '<button type="button" data-on="draw" data-wanted="{}">{}</button>'
    page = shown(html.format("yes", "Rādīt"))
    page.focus("button")
    page.keyboard.press("Space")
    answer(page, html.format("no", "Paslēpt"))

    assert here(page) == "Paslēpt"


def test_a_note_that_comes_and_goes_moves_nothing_else(shown: Show):
    rest = '<div class="two"><input name="password"><div id="box"></div></div><p>Beigas</p>'
    note = '<div class="note good" role="status">Saglabāts</div>'
    page = shown(FORM + rest)
    page.fill("[name=password]", "rakstīts")
    page.evaluate(
        "() => { const moved = []; window.moved = moved;"
        " new MutationObserver((all) => moved.push(...all.flatMap((one) =>"
        " [...one.addedNodes].filter((node) => node.nodeType === 1))))"
        ".observe(document.querySelector('.grants'), { childList: true, subtree: true }); }"
    )
    page.evaluate("html => show(html)", FORM + note + rest)
    page.evaluate("html => show(html)", FORM + rest)
    page.evaluate("html => show(html)", note + FORM + rest)
    page.evaluate("html => show(html)", FORM + rest)

    assert page.input_value("[name=password]") == "rakstīts"
    assert here(page) == "password"
    assert page.evaluate("moved.map((node) => node.className)") == ["note good", "note good"]
