"""What is wrong with a form stands beside the field, for eyes and for screen readers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import Served, opened, sign_in
from tests.e2e.test_pages import serious

pytestmark = pytest.mark.slow
FORMS = (
    ("journal", "choose", {"from": "rīt"}, ["from"]),
    ("semester", "draft", {"envelope": "daudz"}, ["envelope"]),
    ("people", "person", {"code": "a b", "name": "A"}, ["code", "role officer"]),
    ("agreements?view=new", "new", {"agreement": "P6-13/99-2022", "signed_on": "35.01.2022.",
                                    "cover 1 grades": "0"}, ["signed_on", "cover 1 grades"]),
)  # fmt: skip


@pytest.mark.parametrize(("place", "form", "typed", "wrong"), FORMS, ids=[f[0] for f in FORMS])
def test_fields_at_fault_are_marked_and_the_first_has_the_focus(
    place: str, form: str, typed: dict[str, str], wrong: list[str], served: Served, browser: Any
) -> None:
    page = browser.new_page()
    sign_in(page, served, "anna")
    opened(page, served, place)
    fields = page.locator(f'form[name="{form}"]')
    for name, text in typed.items():
        fields.locator(f'[name="{name}"]').fill(text)
    fields.locator("button[data-on]:not([data-on=add_row])").last.click()
    marked = page.locator("[aria-invalid=true]")
    marked.first.wait_for()
    names = marked.evaluate_all("found => found.map(one => one.name)")
    assert [name for name in wrong if name not in names] == [], names
    assert page.evaluate("document.activeElement.name") == names[0]
    for name in wrong:
        field = fields.locator(f'[name="{name}"]')
        sentence = page.locator("#" + field.get_attribute("aria-describedby"))
        assert sentence.is_visible()
        assert sentence.inner_text() in page.locator(".note.stop[role=alert]").inner_text()
    assert serious(page) == []
