"""What fills the gaps of a sentence: codes, days and moments as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from toolkit.texts import formats, text
from toolkit.texts.formats import word

_CODED = {
    "programme": "programme", "plan_kind": "plan_kind", "state": "state", "roles": "role",
    "amendment_kind": "amendment_kind", "field": "cli.agreements.field", "thing": "thing",
    "referring": "table", "table": "table", "target": "table",
}  # fmt: skip
"""Facts that are codes, one or several: a person reads the words of the group."""
_AS_WRITTEN = frozenset(
    {"text", "found", "first_cell", "cell", "file", "path", "place", "since", "previous"}
)
"""Facts that quote what somebody wrote, also in a law file, or say where it stands."""
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\S*(Z|\+00:00)")
_DAY_AT_THE_END = re.compile(r"(?<=[0-9]{2}\.[0-9]{4}\.)\.")


def sentence_of(key: str, lang: str, facts: Mapping[str, str], **quoted: str) -> str:
    """A sentence of the catalogue with its facts told, and others as they were written."""
    told = {name: _told(name, fact, lang) for name, fact in facts.items()}
    # the stop of a Latvian day is the stop of the sentence too
    return _DAY_AT_THE_END.sub("", text(key, lang, **told, **quoted))


def _told(name: str, fact: str, lang: str) -> str:
    if name in _AS_WRITTEN:
        return fact
    if name == "subject":
        return formats.journal_subject(fact, lang)
    if name == "record":
        return formats.record(fact, lang)
    if name == "covered":
        return formats.SEMESTER.sub(lambda found: formats.semester(found[0], lang), fact)
    parts = fact.split(", ")
    if name in _CODED:
        return ", ".join(word(_CODED[name], part, lang) for part in parts)
    tell = _option if name in ("option", "options") else _part
    return ", ".join(tell(part, lang) for part in parts)


def _option(code: str, lang: str) -> str:
    """How a difference is settled, with the code that a command takes."""
    found = word("option", code, lang)
    return code if found == code else f"{found} ({code})"


def _part(fact: str, lang: str) -> str:
    """A semester as it stands before the word for it, a day, a moment; else the text itself."""
    if formats.SEMESTER.fullmatch(fact):
        return formats.semester_number(fact, lang)
    try:
        if _MOMENT.fullmatch(fact):
            return formats.moment(datetime.fromisoformat(fact), lang)
    except ValueError:
        return fact
    return formats.plain_day(fact, lang)
