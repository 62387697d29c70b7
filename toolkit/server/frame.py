"""The page frame around everything: header, login, errors, from `templates/pages`."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.pages.html import render
from toolkit.pages.names import open_to
from toolkit.services.people import Person
from toolkit.texts import LANGUAGES, text

LANGUAGE_COOKIE = "grants-language"


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame in one language."""

    lang: str
    base_url: str

    def login(self, xsrf: str, after: str, sentence: str = "", person: str = "") -> str:
        """The login page, with why the last try failed."""
        # each language by its own name: who reads no other finds it
        names = {code: text(f"language.{code}", code) for code in LANGUAGES}
        return self._render(
            "login.html", xsrf=xsrf, after=after, sentence=sentence, person=person, names=names
        )

    def password(self, xsrf: str, sentence: str, at: str, *, done: bool) -> str:
        """The page on which somebody changes their own password; `done` when they just did.

        `at` is the field that the sentence is about, if it is about one.
        """
        return self._render("password.html", xsrf=xsrf, sentence=sentence, at=at, done=done)

    def error(self, sentence: str, *, signed_in: bool) -> str:
        """A page with one sentence."""
        return self._render("error.html", sentence=sentence, signed_in=signed_in)

    def given_up(self, number: str) -> str:
        """The end of a page that was not drawn in time."""
        return self._render(
            "given_up.html", sentence=text("page.error.500", self.lang, number=number)
        )

    def filled(self, html: str, name: str, person: Person, xsrf: str) -> str:
        """A piece of a page with the marks of the template replaced by what this person sees.

        A preheated page was drawn before anybody was known.
        """
        marks = {
            "@@lang@@": self.lang,
            "@@title@@": f"{text(f'page.{name}', self.lang)} · {text('page.product', self.lang)}",
            "@@wait@@": text("page.wait", self.lang),
            "@@late@@": text("page.late", self.lang),
            "@@again@@": text("page.reload", self.lang),
            "@@broken@@": text("page.not_opened", self.lang),
        }
        if "@@top@@" in html:
            marks["@@top@@"] = self._render("top.html", name=name, person=person, xsrf=xsrf)
        for mark, value in marks.items():
            html = html.replace(mark, value)
        return html

    def _render(self, template: str, **facts: object) -> str:
        person = facts.get("person")
        pages = open_to(person.roles) if isinstance(person, Person) else []
        return render(template, self.lang, base=self.base_url, pages=pages, **facts)
