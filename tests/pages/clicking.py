"""A page used without a browser: what is not in its HTML cannot be clicked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from toolkit.pages.page import Desk, Page
from toolkit.services import visits


@dataclass
class Element:
    tag: str
    attributes: Mapping[str, str]
    form: Element | None = None
    words: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    unticked: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """Buttons with their words, and forms with what stands in their fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.scripts = 0
        self._form: Element | None = None
        self._open: Element | None = None
        self._select: tuple[str, bool] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.scripts += tag == "script" or any(name.startswith("on") for name in attributes)
        element = Element(tag, attributes, self._form)
        self.elements.append(element)
        if tag == "form":
            self._form = element
        elif tag in ("button", "a"):
            self._open = element
        elif attributes.get("type") == "checkbox" and "checked" not in attributes:
            if self._form:  # what is not ticked is not sent
                self._form.unticked.append(attributes.get("name", ""))
        elif tag in ("input", "textarea") and "name" in attributes and self._form:
            self._form.fields[attributes["name"]] = attributes.get("value", "")
        elif tag == "select":
            self._select = (attributes.get("name", ""), False)
        elif tag == "option" and self._select and self._form:
            name, chosen = self._select
            if "selected" in attributes or (not chosen and name not in self._form.fields):
                self._form.fields[name] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in ("button", "a"):
            self._open = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open.words += data.strip()


class Clicker:
    """A person before a page."""

    def __init__(self, page: Page, fetched: list[str]) -> None:
        self.page, self.fetched = page, fetched
        self.html = page.begin()

    @property
    def said(self) -> list[str]:
        """The sentences above the page."""
        return [sentence for message in self.page.messages for sentence in message.sentences]

    def click(self, words: str, **typed: str) -> Clicker:
        """Click the button with these words, with what was typed into its form."""
        found = [
            one
            for one in Reader(self.html).elements
            if one.tag in ("button", "a") and one.words == words and "data-on" in one.attributes
        ]
        assert len(found) == 1, (words, [one.words for one in Reader(self.html).elements])
        element = found[0]
        fields = dict(element.form.fields) if element.form else {}
        for name in typed:
            assert name in fields, f"no field {name!r} beside {words!r}: {sorted(fields)}"
        arguments = {
            name.removeprefix("data-"): value
            for name, value in element.attributes.items()
            if name.startswith("data-") and name != "data-on"
        }
        return self.fire(element.attributes["data-on"], {**fields, **typed, **arguments})

    def fire(self, event: str, values: Mapping[str, Any]) -> Clicker:
        self.html = self.page.fire(event, values)
        return self

    def follow(self) -> Clicker:
        """The page once everything has come that may come after the first look."""
        self.html = self.page.follow() or self.html
        return self

    def redraw(self) -> Clicker:
        self.html = self.page.html()
        return self

    @property
    def buttons(self) -> list[str]:
        return [
            one.words
            for one in Reader(self.html).elements
            if one.tag in ("button", "a") and "data-on" in one.attributes
        ]


def before(
    make: Callable[[Desk], Page], database: Any, person: str, spool: Path, lang: str = "lv",
    **query: str,
) -> Clicker:  # fmt: skip
    """The page opened by a person."""
    fetched: list[str] = []
    visit = visits.Visit(person, make.name, lang, query)
    desk = Desk(visit, spool, database, fetch=fetched.append)
    return Clicker(make(desk), fetched)
