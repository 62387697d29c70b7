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


def answer(page: Any, html: str | None = None, form: str = "") -> None:
    """Python answers what was asked first and not yet answered; a form was handed in by it."""
    page.evaluate("([html, form]) => answer(html, form)", [html, form])


def asked(page: Any) -> list[str]:
    """The events that Python has heard of."""
    return [one["name"] for one in page.evaluate("asked")]


def here(page: Any) -> str:
    told: str = page.evaluate("document.activeElement.name || document.activeElement.textContent")
    return told


# -- while something is being answered --------------------------------------------------------


def test_a_control_pressed_again_while_it_is_answered_asks_once(shown: Show):
    page = shown(FORM)
    page.dblclick(CHECK)
    page.focus(CHECK)
    page.keyboard.press("Enter")
    answer(page, FORM)

    assert asked(page) == ["check"]
    page.click(CHECK)
    assert asked(page) == ["check", "check"]


@pytest.mark.parametrize("form", [FORM, '<form name="one" data-on="save"><input name="reason">'])
def test_enter_pressed_twice_or_held_down_hands_a_form_in_once(form: str, shown: Show):
    page = shown(form)
    page.focus("[name=reason]")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert asked(page) == ["save"]
    answer(page, form)
    page.keyboard.down("Enter")
    answer(page, form)
    page.keyboard.down("Enter")  # the same key, not let go: a repetition
    page.keyboard.up("Enter")

    assert asked(page) == ["save", "save"]


def test_another_control_waits_for_its_turn_with_what_stands_there_then(shown: Show):
    page = shown(FORM)
    page.click(CHECK)
    page.click(SAVE)
    page.fill("[name=reason]", "Pēc tam ierakstīts")
    assert asked(page) == ["check"]
    answer(page, FORM)

    assert asked(page) == ["check", "save"]
    assert page.evaluate("asked[1].values.reason") == "Pēc tam ierakstīts"
    answer(page, FORM)
    assert asked(page) == ["check", "save"]


def test_of_several_the_last_one_goes_on(shown: Show):
    page = shown(FORM)
    page.click(CHECK)
    page.click(SAVE)
    page.click(DROP)
    page.click(CHECK)
    answer(page, FORM)

    assert asked(page) == ["check", "drop"]


@pytest.mark.parametrize("then", [WITHOUT, OFF, OTHER], ids=["gone", "disabled", "does another"])
def test_what_does_not_stand_there_any_more_is_not_done(then: str, shown: Show):
    page = shown(FORM)
    page.click(DROP)
    page.click(CHECK)
    answer(page, then)

    assert asked(page) == ["drop"]
    page.click(SAVE)
    assert asked(page) == ["drop", "save"]


def test_after_a_select_was_changed_a_press_is_not_lost(shown: Show):
    html = FORM.replace(
        "</form>", "<select name=kind data-on-change=retyped><option>a<option>b</select></form>"
    )
    page = shown(html)
    page.select_option("select", "b")
    page.click(SAVE)
    answer(page, html.replace("<option>b", "<option selected>b"))

    assert asked(page) == ["retyped", "save"]
    assert page.evaluate("asked[1].values.kind") == "b"


def test_a_press_while_a_file_is_sent_waits_for_all_of_it(shown: Show):
    html = FORM + '<form name="file"><input type="file" data-on-file="uploaded"></form>'
    page = shown(html)
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"x" * 3 * 2**20}
    page.set_input_files("input[type=file]", file)
    page.wait_for_timeout(300)
    page.click(CHECK)
    assert asked(page) == ["uploaded"]
    answer(page)
    page.wait_for_timeout(300)
    assert asked(page) == ["uploaded", "uploaded"]
    answer(page, html)
    page.wait_for_timeout(100)

    assert asked(page) == ["uploaded", "uploaded", "check"]


@pytest.mark.parametrize("types_on", [False, True])
def test_a_form_that_was_handed_in_is_empty_unless_somebody_types_on(types_on: bool, shown: Show):
    html = FORM.replace("<form", '<form data-draft="one 2022/2023-1"')
    page = shown(html)
    page.fill("[name=reason]", "Pirmais")
    page.keyboard.press("Enter")
    if types_on:
        page.evaluate("drafts = 'late'")
        page.fill("[name=reason]", "Otrais")
        page.wait_for_timeout(600)
    answer(page, html, "one 2022/2023-1")

    assert page.evaluate("asked[0].values.reason") == "Pirmais"
    assert page.input_value("[name=reason]") == ("Otrais" if types_on else "")


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


def test_who_presses_while_it_is_busy_and_then_types_is_not_called_away(shown: Show):
    page = shown(FORM)
    page.click(DROP)
    page.click(CHECK)
    page.focus("[name=reason]")
    answer(page, FORM)
    answer(page, OPENED)

    assert here(page) == "reason"


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


def test_an_empty_field_is_told_in_the_words_of_the_page(shown: Show):
    page = shown(FORM.replace('<input name="day">', '<input name="day" required>'))
    day = "document.querySelector('[name=day]').validationMessage"

    page.click(SAVE)
    assert page.evaluate(day) == "Aizpildiet!"
    assert page.evaluate("asked") == [], "nothing is asked of Python"
    page.fill("[name=day]", "1")
    page.click(SAVE)

    assert page.evaluate(day) == ""
    assert [one["name"] for one in page.evaluate("asked")] == ["save"]


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
