"""The one place where HTML is made: templates with autoescaping, and how they write figures."""

from __future__ import annotations

from datetime import date
from functools import cache, partial

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolkit import config
from toolkit.texts import LANGUAGES, formats, text

FOLDER = "templates/pages"


EXAMPLES = {
    "lv": {"day": "01.09.2022.", "amount": "12 500,00"},
    "en": {"day": "2022-09-01", "amount": "12500.00"},
}
"""How a day and an amount may be typed."""


@cache
def _environment(lang: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(config.shipped(FOLDER)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": lambda key, **gaps: text(key, lang, **gaps), "lang": lang,
                     "languages": LANGUAGES, "example": EXAMPLES[lang]}  # fmt: skip
    made.filters |= {
        "money": partial(_maybe, formats.money, lang),
        "amount": partial(_maybe, formats.amount, lang),
        "change": partial(_maybe, change, lang),
        "day": partial(_maybe, formats.day, lang),
        "journal_subject": partial(_maybe, formats.journal_subject, lang),
        "semester": partial(_maybe, formats.semester, lang),
        "word": lambda code, group: formats.word(group, code, lang),
    }
    return made


def render(template: str, lang: str, **facts: object) -> str:
    """A template in one language; everything in it that is not markup of ours is escaped."""
    return _environment(lang).get_template(template).render(**facts)


def warm(template: str) -> None:
    """Compile a template before somebody waits for it."""
    for lang in LANGUAGES:
        _environment(lang).get_template(template)


def change(cents: int, lang: str) -> str:
    """A difference with its sign: `+12,00`, `−3,50`."""
    if not cents:
        return formats.amount(0, lang)
    sign = "+" if cents > 0 else "−"
    return sign + formats.amount(abs(cents), lang)


def _maybe(form: object, lang: str, value: int | date | str | None) -> str:
    """A figure that does not exist is a dash, not a nought."""
    return "–" if value is None else form(value, lang)  # type: ignore[operator]
