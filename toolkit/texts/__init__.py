"""The catalogue: every sentence a person reads, Latvian first, English second.

`lv.po` and `en.po` are the source; the `.mo` files beside them are compiled by
`python -m toolkit.texts.build` and a test keeps them in step.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations
from pathlib import Path

LANGUAGES = ("lv", "en")
FOLDER = Path(__file__).parent


@cache
def _catalogue(lang: str) -> GNUTranslations:
    if lang not in LANGUAGES:
        raise LookupError(f"no catalogue for the language {lang!r}; there are {LANGUAGES}")
    with (FOLDER / f"{lang}.mo").open("rb") as file:
        return GNUTranslations(file)


def text(key: str, lang: str, /, **facts: object) -> str:
    """The sentence `key` in `lang`, its gaps filled with `facts`.

    Raises LookupError when the catalogue has no such sentence: a missing text
    must fail a test, never reach a person as a key.
    """
    sentence = _catalogue(lang).gettext(key)
    if sentence == key:
        raise LookupError(f"no text {key!r} in {lang}.po")
    return sentence.format(**facts)


def has(key: str, lang: str) -> bool:
    """Whether the catalogue holds the sentence."""
    return _catalogue(lang).gettext(key) != key
