"""The register of agreements, clicked without a browser."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Clicker, Reader, before
from toolkit.pages.agreements import Agreements
from toolkit.services import stored
from toolkit.services.agreements import one_agreement
from toolkit.store import records
from toolkit.store.verify import verify

DAY = "2022-09-01"
RUGAJI, KARSAVA, RIGA = "P6-13/08-2019", "P6-12/133-2019", "EX-RIGA"
SIGNED = {"signed_on": "01.09.2022.", "effective_on": "2022-10-01"}


@pytest.fixture
def anna(database: Any, spool: Path) -> Clicker:
    return before(Agreements, database, "anna", spool, day=DAY)


def shown(clicker: Clicker) -> dict[str, dict[str, str]]:
    """The rows of the register: what stands in each column."""
    return {
        row.key: {name: cell.text for name, cell in row.cells.items()} for row in clicker.page.rows
    }


def opened(clicker: Clicker, number: str) -> Clicker:
    clicker.page._opened(number)
    return clicker.redraw()


def amending(clicker: Clicker, number: str, kind: str = "term") -> Clicker:
    opened(clicker, number).click("Ievadīt grozījumus")
    form = next(e for e in Reader(clicker.html).elements if e.attributes.get("data-on") == "amend")
    return clicker.fire("retyped", {**form.fields, "kind": kind})


def fields(clicker: Clicker, on: str) -> set[str]:
    (form,) = [
        e for e in Reader(clicker.html).elements
        if e.tag == "form" and e.attributes.get("data-on") == on
    ]  # fmt: skip
    return set(form.fields)


# -- the register ------------------------------------------------------------------------------
def test_the_register_shows_each_agreement_as_it_stands_on_the_day(anna: Clicker):
    rows = shown(anna)

    assert len(rows) == 17
    assert rows[RUGAJI]["partner"] == "Balvu novada pašvaldība"
    assert rows[RUGAJI]["signed_on"] == "08.02.2019."
    assert rows[RUGAJI]["ends_on"] == "31.12.2023."
    assert rows[RUGAJI]["status"] == "spēkā"
    assert rows[RUGAJI]["institutions"] == "2"
    assert rows[RUGAJI]["amended"] == "Nr. 1 no 01.09.2021."


@pytest.mark.parametrize(
    ("written", "partner"),
    [("30.06.2021.", "Rugāju novada dome"), ("2021-07-01", "Balvu novada pašvaldība"),
     ("1. 7. 2021", "Balvu novada pašvaldība")],
    ids=["the day before the reform", "its day, as ISO", "its day, with spaces"],
)  # fmt: skip
def test_a_day_is_read_as_latvians_and_as_machines_write_it(
    anna: Clicker, written: str, partner: str
):
    anna.click("Rādīt", day=written)

    assert shown(anna)[RUGAJI]["partner"] == partner


def test_a_day_that_is_none_is_a_sentence_and_the_register_stays(anna: Clicker):
    anna.click("Rādīt", day="35.13.2021.")

    assert anna.said == ["“35.13.2021.” nav datums. Ierakstiet datumu, piemēram, 2022-09-01."]
    assert len(shown(anna)) == 17


@pytest.mark.parametrize(
    ("query", "status", "found"),
    [
        ("rugaju novada", "", [RUGAJI]),
        ("P6-12", "", [KARSAVA]),
        ("kārsavas vidusskola", "", [KARSAVA]),
        ("", "terminated", []),
        ("rugāju", "ended", []),
    ],
    ids=["the party's name without its marks", "a number", "a school", "a status nobody has",
         "a name and a status that do not meet"],
)  # fmt: skip
def test_search_and_status_narrow_the_register(
    anna: Clicker, query: str, status: str, found: list[str]
):
    anna.click("Rādīt", query=query, status=status)

    assert list(shown(anna)) == found
    assert ("Neviens līgums neatbilst meklētajam." in anna.html) is not bool(found)


def test_the_timeline_is_an_image_that_says_what_it_shows(anna: Clicker):
    anna.click("Rādīt laika līniju")

    assert anna.html.count("<svg") == 1
    assert 'role="img" aria-label="Laika līnija: 17 līgumi no ' in anna.html
    assert "spēkā" in anna.html
    anna.click("Rādīt", query="rugāju")
    assert "Laika līnija: 1 līgumi" in anna.html
    assert "<svg" not in anna.click("Paslēpt laika līniju").html


def test_a_name_with_markup_is_harmless_in_the_timeline_and_everywhere(
    anna: Clicker, database: Any
):
    evil = "</text><script>alert(1)</script><img src=x onerror=alert(2)>"
    _rename(database, "BALVI", evil)

    anna.click("Rādīt").click("Rādīt laika līniju")
    opened(anna, RUGAJI)

    page = Reader(anna.html)
    assert page.scripts == 0
    assert [e for e in page.elements if e.tag == "img"] == []
    assert "&lt;script&gt;" in anna.html


def _rename(database: Any, partner: str, name: str) -> None:
    from toolkit.services import people, registers

    seen = registers.record(database, "partners", partner=partner)
    anna = people.acting(database, "anna")
    registers.change(database, anna, "partners", seen, {"name": name}, stored.now())
