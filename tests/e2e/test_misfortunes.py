"""What happens to people between two clicks: sessions end, languages change, they go back."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Served, opened, serving, sign_in, visiting

pytestmark = pytest.mark.slow
REASON = "[name=draft] [name=reason]"
PAST = "2020/2021-1"
ADDRESS = "semester?semester=2020%2F2021-1"


@pytest.fixture
def anna(browser: Any, served: Served) -> Any:
    page = browser.new_page()
    sign_in(page, served, "anna")
    return page


def semester(page: Any) -> str:
    return str(page.input_value("select[name=semester]"))


def typed(page: Any, text: str) -> None:
    """Whether the field holds the text, once the page has come back."""
    page.wait_for_selector(".grants:not([aria-busy=true]) h1", timeout=60_000)
    assert page.input_value(REASON) == text


def test_language_and_reload_keep_the_semester_and_what_was_typed(
    anna: Any, served: Served
) -> None:
    opened(anna, served, "semester")
    anna.select_option("select[name=semester]", PAST)
    anna.wait_for_url(f"**/{ADDRESS}")
    anna.locator(REASON).press_sequentially("Pusvārdā: šķ")
    anna.click(".who [lang=en]")
    anna.wait_for_selector("text=Maximum funding", timeout=60_000)
    typed(anna, "Pusvārdā: šķ")
    assert semester(anna) == PAST
    anna.reload()
    typed(anna, "Pusvārdā: šķ")
    assert semester(anna) == PAST
    anna.click(".who [lang=lv]")
    anna.wait_for_selector("text=Semestra finansējuma apjoms", timeout=60_000)
    assert semester(anna) == PAST


def test_a_chosen_file_outlives_reload_language_and_a_killed_kernel(
    anna: Any, served: Served, tmp_path: Path
) -> None:
    file = tmp_path / "Skaits ēģķ.csv"
    file.write_text("semester,institution\n,\n", encoding="utf-8")
    opened(anna, served, ADDRESS)
    anna.set_input_files("input[type=file]", file)
    anna.wait_for_selector("#h-finds")
    anna.reload()
    anna.wait_for_selector("text=Datne “Skaits ēģķ.csv” ir izvēlēta, bet vēl nav saglabāta")
    assert anna.locator("#h-finds").count() == 1
    for kernel in served.kernels():
        os.kill(kernel, signal.SIGKILL)
    anna.goto(f"{served.url}/{ADDRESS}&lang=en")
    anna.wait_for_selector("text=The file “Skaits ēģķ.csv” is chosen, but not stored yet")
    anna.click("[data-on=discard]")
    anna.wait_for_selector("#h-finds", state="detached")
    anna.goto(f"{served.url}/{ADDRESS}&lang=lv")
    anna.wait_for_selector("text=Semestra finansējuma apjoms", timeout=60_000)
    anna.wait_for_timeout(1500)
    assert "ir izvēlēta" not in anna.inner_text("main")


def test_back_and_forward_lead_to_pages_as_they_stood(anna: Any, served: Served) -> None:
    opened(anna, served, "semester")
    anna.select_option("select[name=semester]", PAST)
    anna.wait_for_url(f"**/{ADDRESS}")
    anna.fill(REASON, "Atpakaļ")
    anna.click("nav a[href$=agreements]")
    anna.wait_for_selector("#h-register", timeout=60_000)
    anna.fill("[name=filter] [name=day]", "30.06.2021.")
    anna.click("[name=filter] button")
    anna.wait_for_url("**/agreements?day=2021-06-30")
    anna.go_back()
    anna.wait_for_url(f"**/{ADDRESS}")
    typed(anna, "Atpakaļ")
    assert semester(anna) == PAST
    anna.go_forward()
    anna.wait_for_selector("#h-register", timeout=60_000)
    assert anna.input_value("[name=filter] [name=day]") == "30.06.2021."


@pytest.mark.parametrize("comes", ["anna", "juris"])
def test_what_was_typed_after_the_session_ended_is_there_for_its_person_alone(
    comes: str, anna: Any, served: Served
) -> None:
    opened(anna, served, ADDRESS)
    other = anna.context.new_page()
    opened(other, served, "people")
    other.click("text=Iziet")
    other.wait_for_selector("[data-door]")
    anna.fill(REASON, f"Pēc sesijas beigām: ķēdes {comes}")
    anna.wait_for_selector(".lost", timeout=60_000)
    anna.click(".lost a")
    anna.wait_for_selector("[data-door]")
    anna.fill("[name=person]", comes)
    anna.fill("[name=password]", f"{comes}-demo-parole")
    anna.click("button.main")
    anna.wait_for_selector(".grants h1", timeout=60_000)
    assert semester(anna) == PAST
    if comes == "anna":
        typed(anna, "Pēc sesijas beigām: ķēdes anna")
    else:
        anna.wait_for_timeout(1000)
        assert "ķēdes" not in anna.content()
        assert "ķēdes" not in anna.evaluate("JSON.stringify(sessionStorage)")


@pytest.fixture
def two(demo: Path, tmp_path: Path, playwright: Any) -> Iterator[tuple[Served, Any, Any]]:
    """Two approvers before the same semester, which is approved."""
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    with (
        serving(home, "--pool", "0") as served,
        visiting(playwright, tmp_path / "a", served.url) as one,
        visiting(playwright, tmp_path / "b", served.url) as two,
    ):
        code = "2022/2023-1"
        for step, person in (("draft", "anna"), ("check", "anna"), ("approve", "juris")):
            served.grants("semester", step, code, "--person", person)
        yield served, one.new_page(), two.new_page()


def test_of_two_who_release_in_the_same_second_one_is_told(
    two: tuple[Served, Any, Any],
) -> None:
    served, *pages = two
    for page in pages:
        sign_in(page, served, "juris")
        opened(page, served, "semester?semester=2022%2F2023-1")
    for page in pages:  # a click that does not wait for its answer
        page.evaluate(
            "setTimeout(() => document.querySelector('[data-action=release]').click(), 300)"
        )
    said = []
    for page in pages:
        page.wait_for_selector(".grants .note.good, .grants .note.stop")
        said.append(page.inner_text(".grants .note.good, .grants .note.stop"))
    assert sum("nodots partneriem" in sentence for sentence in said) == 1, said
    assert not any("neparedzēta" in sentence for sentence in said), said
    assert served.grants("verify")


def edited(page: Any, name: str) -> None:
    """The second cell of the register's first row, typed over and handed in."""
    page.locator("[role=grid] tbody tr").first.locator("td").nth(1).click()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Labotas rindas: 1")
    page.click("text=Saglabāt izmaiņas")


CELL = "[role=grid] tbody tr >> nth=0 >> td >> nth=1"


def register(page: Any, served: Served) -> Any:
    opened(page, served, "registers")
    page.wait_for_selector("[role=grid] tbody tr")
    return page


def begun(page: Any, text: str) -> None:
    """Text typed into the first row's name, and not left by any key."""
    page.locator(CELL).click()
    page.keyboard.type(text)


def stands_in_the_register(page: Any, text: str) -> bool:
    page.wait_for_selector("text=Labotas rindas: 1", timeout=30_000)
    return text in page.locator("[role=grid] tbody tr").first.inner_text()


@pytest.fixture
def emptied(anna: Any, served: Served) -> Iterator[None]:
    yield
    page = register(anna.context.new_page(), served)
    if page.locator("text=Labotas rindas").count():
        page.click("[data-on=forget]")
        page.wait_for_selector("text=Labotas rindas", state="detached")


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize("pause", [0, 1500])
def test_a_cell_being_typed_outlives_its_closed_tab(pause: int, anna: Any, served: Served) -> None:
    page = register(anna.context.new_page(), served)
    begun(page, f"Aizvērta cilne ļ {pause}")
    page.wait_for_timeout(pause)
    page.close(run_before_unload=True)
    assert stands_in_the_register(register(anna, served), f"Aizvērta cilne ļ {pause}")


@pytest.mark.usefixtures("emptied")
def test_a_cell_being_typed_outlives_reload_and_a_press_on_the_menu(
    anna: Any, served: Served
) -> None:
    begun(register(anna, served), "Pārlādēta ģ")
    anna.reload()
    assert stands_in_the_register(anna, "Pārlādēta ģ")
    for text in ("Saite 0", "Saite 1", "Saite 2"):
        begun(anna, text)
        anna.click("header a[href='/overview']")
        anna.wait_for_selector("h1:text-is('Pārskats')")
        assert stands_in_the_register(register(anna, served), text)


@pytest.mark.usefixtures("emptied")
def test_cells_handed_to_a_killed_kernel_are_told_of_and_not_lost(
    anna: Any, served: Served
) -> None:
    register(anna, served)
    for kernel in served.kernels():
        os.kill(kernel, signal.SIGKILL)
    begun(anna, "Kodolam nodots ņ")
    anna.keyboard.press("Enter")
    anna.wait_for_selector(".lost", timeout=60_000)
    anna.reload()
    assert stands_in_the_register(anna, "Kodolam nodots ņ")


@pytest.mark.usefixtures("emptied")
def test_a_cell_that_was_given_up_leaves_no_draft(anna: Any, served: Served) -> None:
    begun(register(anna, served), "Pārdomāts")
    anna.wait_for_timeout(700)
    anna.keyboard.press("Escape")
    anna.wait_for_timeout(700)
    register(anna, served)
    anna.wait_for_timeout(700)
    assert "Labotas rindas" not in anna.inner_text("main")


def test_after_a_conflict_is_settled_the_register_is_there_again_and_the_answer_in_sight(
    anna: Any, served: Served, browser: Any
) -> None:
    other = browser.new_page()
    for page in (anna, other):
        opened(page, served, "registers")
        page.wait_for_selector("[role=grid] tbody tr")
    edited(other, "Pirmais ķ")
    other.wait_for_selector("text=Saglabātas rindas: 1.")
    edited(anna, "Otrais ģ")
    refusal = anna.wait_for_selector(".note.stop[role=alert]")
    assert 0 <= refusal.bounding_box()["y"] < 900
    anna.click("text=Paturēt reģistra vērtības")
    anna.wait_for_selector("text=Otrais ģ", state="detached")
    anna.wait_for_selector("[role=grid] tbody tr")
    assert "Pirmais ķ" in anna.locator("[role=grid] tbody tr").first.inner_text()
