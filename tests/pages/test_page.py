"""What every page keeps to: no traceback, no method out of reach, no markup but ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Reader, before
from toolkit import config
from toolkit.errors import RefusedError, StoreError, UsageError
from toolkit.pages import html
from toolkit.pages.names import FIRST, PAGES, open_to
from toolkit.pages.page import Page, event
from toolkit.pages.registry import page_class
from toolkit.services import faults


class Shaky(Page):
    name = "shaky"
    broken = False

    @event
    def fail(self, values: Mapping[str, Any]) -> None:
        raise {
            "ours": UsageError("error.semester", text="<b>2022</b>"),
            "refused": RefusedError([UsageError("error.semester", text="1"),
                                     UsageError("error.semester", text="2")]),
            "store": StoreError("error.store.none", place="/srv/secret/grants.db"),
            "unexpected": ZeroDivisionError("SELECT secret FROM /srv/secret"),
        }[values["how"]]  # fmt: skip

    @event
    def spoil(self, _: Mapping[str, Any]) -> None:
        self.broken = True

    def hidden(self, _: Mapping[str, Any]) -> None:
        raise AssertionError

    def html(self) -> str:
        if self.broken:
            raise KeyError("/srv/secret")
        return html.render("messages.html", self.lang, messages=self.messages)


@pytest.fixture
def shaky(database: Any, spool: Path) -> Any:
    return before(Shaky, database, "anna", spool)


@pytest.mark.parametrize("lang", ["lv", "en"])
@pytest.mark.parametrize("how", ["ours", "refused", "store", "unexpected"])
def test_whatever_goes_wrong_is_a_sentence(how: str, lang: str, database: Any, spool: Path) -> None:
    shaky = before(Shaky, database, "anna", spool, lang).fire("fail", {"how": how})
    assert 'role="alert"' in shaky.html
    for secret in ("Traceback", "/srv/secret", "SELECT", "<b>", ".py", "Error"):
        assert secret not in shaky.html
    assert len(shaky.said) == (2 if how == "refused" else 1)


@pytest.mark.parametrize("how", ["store", "unexpected"])
def test_the_number_of_a_fault_is_found_in_the_log(how: str, shaky: Any) -> None:
    sentence = shaky.fire("fail", {"how": how}).said[0]
    number = sentence.split("kods ")[1].split(")")[0]
    account = next(
        part for part in faults.log().read_text().split("\n\n") if f" {number} page shaky" in part
    )
    assert "/srv/secret" in account


def test_a_page_that_cannot_even_be_drawn_says_so(shaky: Any) -> None:
    found = shaky.fire("spoil", {})
    assert "kods" in found.html
    assert "/srv/secret" not in found.html


@pytest.mark.parametrize("name", ["hidden", "open", "facts", "desk", "__init__", "nothing", "say"])
def test_only_events_are_within_reach_of_a_browser(name: str, shaky: Any) -> None:
    before_it = shaky.html
    assert shaky.fire(name, {}).html == before_it


def test_a_person_whose_account_is_gone_is_told_so(database: Any, spool: Path) -> None:
    stranger = before(page_class("semester"), database, "nobody", spool)
    stranger.fire("draft_run", {})
    assert "nobody" in stranger.said[0]


def test_every_page_has_a_notebook_that_only_shows_it() -> None:
    import nbformat

    folder = config.shipped("notebooks/pages")
    assert {path.stem for path in folder.glob("*.ipynb")} == set(PAGES)
    for name in PAGES:
        book = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        title, call = book.cells
        assert title.cell_type == "markdown"
        assert call.source == f'from toolkit.pages.live import show\n\nshow("{name}")'
        assert not call.outputs


def test_pages_are_offered_by_role() -> None:
    assert open_to(frozenset({"partner"})) == ["overview", "semester", "agreements"]
    assert "people" in open_to(frozenset({"manager"}))
    assert open_to(frozenset()) == []
    assert all(FIRST in open_to(frozenset({role})) for role in ("officer", "auditor", "partner"))


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(0, "0,00"), (1200, "+12,00"), (-350, "−3,50"), (123456789, "+1\u00a0234\u00a0567,89")],
)
def test_a_difference_has_its_sign(cents: int, shown: str) -> None:
    assert html.change(cents, "lv") == shown


def test_a_figure_that_does_not_exist_is_a_dash(database: Any, spool: Path) -> None:
    template = html._environment("lv").from_string("{{ none | money }} {{ nought | money }}")
    assert template.render(none=None, nought=0) == "– 0,00\u00a0€"


def test_markup_of_people_stays_text(database: Any, spool: Path) -> None:
    page = before(page_class("semester"), database, "anna", spool)
    page.page.keep_draft(f"draft {page.page.semester}", {"reason": '"><script>alert(1)</script>'})
    found = Reader(page.redraw().html)
    assert found.scripts == 0
    typed = [one.attributes.get("value") for one in found.elements if one.tag == "input"]
    assert '"><script>alert(1)</script>' in typed
