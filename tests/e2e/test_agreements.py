"""The agreements' page in a browser: found, read, entered, amended; partners see their own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.e2e.conftest import Served, opened, sign_in, visiting

pytestmark = pytest.mark.slow
RUGAJI, KARSAVA, LUDZA, RIGA = "P6-13/08-2019", "P6-12/133-2019", "EX-LUDZA", "EX-RIGA"
NEW = "P6-13/77-2022"
AGREEMENTS = "agreements?day=2022-09-01"
OTHERS = ("Rīgas", "Rugāj", "Aizpute", RUGAJI, RIGA)
"""What no page of Ludza's person may hold."""


@pytest.fixture
def anna(browser: Any, served: Served) -> Any:
    page = browser.new_page()
    sign_in(page, served, "anna")
    return opened(page, served, AGREEMENTS)


@pytest.fixture
def laima(playwright: Any, served: Served, tmp_path: Path) -> Iterator[Any]:
    """The person of Ludza, in a browser of their own."""
    with visiting(playwright, tmp_path / "ludza", served.url) as context:
        page = context.new_page()
        sign_in(page, served, "ludza")
        yield page


def listed(page: Any, slot: str = "agreements") -> list[list[str]]:
    """The rows of a table, cell by cell."""
    table = page.locator(f"[data-slot={slot}] [role=grid]")
    table.wait_for()
    rows: list[list[str]] = table.evaluate(
        "table => [...table.querySelectorAll('tbody tr, [role=row]')]"
        ".map(row => [...row.querySelectorAll('[role=gridcell], td')]"
        ".map(cell => cell.innerText.trim())).filter(row => row.length)"
    )
    return rows


def answered(page: Any) -> None:
    """Wait until the page has answered what was done last."""
    page.wait_for_selector(".grants:not([aria-busy=true])")


def shown(page: Any, **typed: str) -> list[str]:
    """The numbers of the agreements that a search finds."""
    for name, value in typed.items():
        page.fill(f"[name=filter] [name={name}]", value)
    page.click("[name=filter] button")
    answered(page)
    page.wait_for_timeout(300)
    return [row[0] for row in listed(page)]


def one(page: Any) -> str:
    """What stands of the agreement that is open."""
    page.wait_for_selector("#h-one")
    told: str = page.inner_text("section[data-key=one]")
    return told.replace("\u00a0", " ")


def stored(served: Served, number: str, on: str) -> dict[str, Any]:
    """The agreement as the store has it on a day."""
    told = json.loads(served.grants("agreements", "--on", on, "--format", "json"))
    found = [row for row in told if row["agreement"] == number]
    assert len(found) == 1, number
    return dict(found[0])


# -- the programme's people --------------------------------------------------------------------
def test_an_agreement_is_found_on_a_day_and_read_with_its_annex(anna: Any) -> None:
    assert len(shown(anna)) == 17
    assert shown(anna, query="rugaju") == [RUGAJI]
    assert "Balvu novada pašvaldība" in listed(anna)[0][1]
    shown(anna, day="30.06.2021.")
    assert listed(anna)[0][1] == "Rugāju novada dome"
    shown(anna, day="01.09.2022.")

    anna.click(f"text={RUGAJI}")

    told = one(anna)
    assert "Rugāju novada vidusskola RUG-VSK\t2018./2019. m.g. 2. semestris\t–\t5–12" in told
    assert "Grozījumi Nr. 1: termiņš" in told
    annex = anna.locator("table.annex").inner_text()
    assert annex.endswith("Spēkā līdz\t31.12.2022.\t31.12.2023.")


def test_a_new_agreement_and_its_amendment_stand_in_the_store_as_typed(
    anna: Any, served: Served
) -> None:
    anna.click("button[data-view=new]")
    form = anna.locator("form[name=new]")
    typed = {"agreement": NEW, "signed_on": "01.08.2022.", "valid_from": "2022-09-01",
             "valid_to": "31.12.2023.", "amount": "12 500,00", "cover 1 institution": "LUD-PIL",
             "cover 1 grades": "5-9", "cover 1 starts_on": "15.09.2022.",
             "reason": "Jauns līgums ar Ludzu"}  # fmt: skip
    for name, value in typed.items():
        form.locator(f"[name='{name}']").fill(value)
    form.locator("[name=partner]").select_option("LUDZA")
    form.locator("[name='cover 1 from_semester']").select_option("2022/2023-1")
    form.get_by_label("Individuāla konsultācija").check()
    form.get_by_role("button", name="Saglabāt līgumu").click()
    anna.wait_for_selector("text=Nekas vēl nav saglabāts")  # another agreement covers the school
    form.get_by_label("Viss ir pareizi, saglabāt").check()
    form.get_by_role("button", name="Saglabāt līgumu").click()
    anna.wait_for_selector(f"text=Līgums {NEW} saglabāts.")

    told = one(anna)
    first = "2022./2023. m.g. 1. semestris"
    assert f"Ludzas pilsētas vidusskola LUD-PIL\t{first}\t–\t5–9\t15.09.2022." in told
    assert "Individuāla konsultācija" in told
    assert "12 500,00 €" in told
    kept = stored(served, NEW, "2022-09-01")
    assert (kept["party"], kept["valid_from"], kept["ends_on"], kept["status"]) == (
        "LUDZA", "2022-09-01", "2023-12-31", "in_force",
    )  # fmt: skip

    anna.click("text=Ievadīt grozījumus")
    form = anna.locator(f"form[name='amend {NEW}']")
    assert form.locator("[name=number]").input_value() == "1"
    for name, value in {"signed_on": "01.12.2022.", "effective_on": "01.01.2023.",
                        "day": "31.08.2024.", "note": "Pagarināts par gadu"}.items():  # fmt: skip
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button", name="Saglabāt grozījumus").click()
    anna.wait_for_selector("text=Grozījumi Nr. 1 saglabāti")

    assert "Pagarināts par gadu" in one(anna)
    annex = anna.locator("table.annex").inner_text()
    assert annex.endswith("Spēkā līdz\t31.12.2023.\t31.08.2024.")
    assert stored(served, NEW, "2022-12-31")["ends_on"] == "2023-12-31"
    assert stored(served, NEW, "2023-01-01")["ends_on"] == "2024-08-31"
    printed = served.grants("agreements", "show", NEW, "--on", "2023-01-01")
    printed = printed.replace("\u00a0", " ")
    for written in ("Parakstīts 01.08.2022.", "LUD-PIL", "5–9", "15.09.2022.", "12 500,00"):
        assert written in printed
    assert served.grants("verify")


def test_what_is_refused_says_why_and_loses_nothing_typed(anna: Any) -> None:
    anna.click("button[data-view=new]")
    anna.fill("form[name=new] [name=agreement]", RUGAJI)
    anna.fill("form[name=new] [name=valid_to]", "30.02.2023.")
    anna.click("text=Saglabāt līgumu")
    anna.wait_for_selector("form[name=new] [name=valid_to][aria-invalid=true]")

    assert "“30.02.2023.”" in anna.inner_text("form[name=new] .note.stop")
    assert anna.input_value("form[name=new] [name=agreement]") == RUGAJI
    assert anna.input_value("form[name=new] [name=valid_to]") == "30.02.2023."


def test_due_list_successions_and_timeline_are_there(anna: Any, served: Served) -> None:
    anna.click("button[data-view=due]")
    anna.wait_for_selector("#h-due")
    due = listed(anna, "due")
    asked = served.grants("due", "--on", "2022-09-01", "--within", "30", "--format", "json")
    assert len(due) == len(json.loads(asked))
    anna.fill("[name=filter] [name=within]", "soon")
    anna.click("[name=filter] button")
    anna.wait_for_selector(".note.stop")

    anna.click("button[data-view=successions]")
    anna.wait_for_selector("text=Visas summas saglabājas.")
    assert ["Lubānas vidusskola", "Lubānas novada pašvaldība", "Madonas novada pašvaldība"] in [
        row[2:5] for row in listed(anna, "moves")
    ]
    assert {row[-1] for row in listed(anna, "sums")} == {"0"}

    anna.click("button[data-view=register]")
    anna.click("text=Rādīt laika līniju")
    drawn = anna.locator(".chart .broad svg")
    drawn.wait_for(timeout=30_000)
    assert RUGAJI in drawn.text_content()
    assert "Laika līnija no " in anna.get_attribute(".chart .broad", "aria-label")


# -- a partner's person ------------------------------------------------------------------------
def test_a_partner_sees_own_agreements_alone(laima: Any, served: Served) -> None:
    opened(laima, served, AGREEMENTS)

    assert {row[0] for row in listed(laima)} >= {KARSAVA, LUDZA}
    assert all("Ludza" in row[1] for row in listed(laima))
    views = laima.locator("[data-view]").evaluate_all("all => all.map(one => one.dataset.view)")
    assert views == ["register", "due"]
    laima.click(f"text={KARSAVA}")
    assert "Kārsavas vidusskola" in one(laima)
    assert laima.locator("text=Ievadīt grozījumus").count() == 0
    laima.click("button[data-view=due]")
    laima.wait_for_selector("#h-due")
    assert all("Ludza" in row[4] for row in listed(laima, "due"))
    assert_nothing_of_others(laima)


@pytest.mark.parametrize(
    "address",
    ["agreements?agreement=EX-RIGA", "agreements?day=2021-06-30&agreement=P6-13%2F08-2019",
     "agreements?day=%27--&view=successions", "agreements?agreement=%3Cscript%3Ealert(1)",
     "semester?semester=2020/2021-1&partner=RIGA", "overview?person=anna&semester=%00"],
    ids=["one", "another", "a day that is none", "markup", "semester", "overview"],
)  # fmt: skip
def test_a_changed_address_shows_a_partner_nothing_of_others(
    laima: Any, served: Served, address: str
) -> None:
    opened(laima, served, address)
    answered(laima)

    assert_nothing_of_others(laima)
    assert laima.locator(".grants script").count() == 0
    assert "neparedzēta kļūda" not in laima.locator(".grants").inner_text()


def test_a_partner_cannot_fetch_what_was_made_for_another(
    anna: Any, laima: Any, served: Served
) -> None:
    opened(anna, served, "semester")
    anna.evaluate("HTMLAnchorElement.prototype.click = function () { window.taken = this.href }")
    anna.click("text=Lejupielādēt Excel")
    answered(anna)
    address = anna.evaluate("window.taken")
    ask = "async url => (await fetch(url)).status"
    assert laima.evaluate(ask, address) == 404
    assert anna.evaluate(ask, address) == 200
    for again in (anna, laima):
        assert again.evaluate(ask, address) == 404


def assert_nothing_of_others(page: Any) -> None:
    """A number that the person has typed into the address is theirs; a name is not."""
    # "there is no agreement …" repeats what was asked for, whether it is anybody's or not
    told = re.sub("Līgums “[^”]*” reģistrā nav", "", page.inner_text("body"))
    for other in OTHERS:
        found = "" if other in unquote(page.url) else other
        assert not found or found not in told, told
    assert "Traceback" not in page.content()
