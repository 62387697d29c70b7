"""What stands in a column of the store, in words: codes by name, amounts, days, semesters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property, partial
from typing import Any

from toolkit.intake.forms import Column, Form
from toolkit.personal import masked
from toolkit.services import annexes
from toolkit.services.agreements import amendment_value, codes
from toolkit.services.inputs import known_forms
from toolkit.services.plans import measure_names
from toolkit.services.records_checked import stored_name
from toolkit.texts import has, text
from toolkit.texts.formats import SEMESTER, count, day, money, semester, word

Names = Mapping[str, Mapping[str, str]]
"""What partners, institutions, agreements and persons are called, by code."""
NOTHING = "–"
NAMED = {
    "partner": ("partner",), "institution": ("institution",), "agreement": ("agreement",),
    "predecessor": ("partner", "institution"), "successor": ("partner", "institution"),
    **dict.fromkeys(
        ("person", "drafted_by", "checked_by", "approved_by", "released_by", "proposed_by",
         "confirmed_by"),
        ("person",),
    ),
}  # fmt: skip
"""Columns that hold codes, and whose names they are."""
GROUPS = {
    "programme": "programme", "plan_kind": "plan_kind", "state": "state", "method": "method",
    "option": "option", "roles": "role", "status": "status", "password": "journal.password",
}  # fmt: skip
"""Columns that hold codes of ours, one or several, and the group of their words."""
EMPTY = {
    "roles": "people.no_role", "measures": "cli.agreements.all",
    "grades": "cli.agreements.all_grades",
}  # fmt: skip
"""Columns of which nothing means something, and what."""
AMENDED = {
    "term": "ends_on", "termination": "ends_on", "money": "amount_cents", "measures": "measures",
    "party": "partner",
}  # fmt: skip
"""Which term of an agreement the value of an amendment is, by its kind."""
SHOWN_OF_HASH = 12
SHOWN_OF_PSEUDONYM = 8
_CURRENCY = re.compile(r", (EUR|€)$")


class Words:
    """Columns and their values in one language, with the names that the reader may know."""

    def __init__(self, names: Names, lang: str) -> None:
        self._names, self._lang = names, lang
        measured = self._measured
        self._by_name: dict[str, Callable[[str], str]] = {
            **{name: partial(self._named, kinds) for name, kinds in NAMED.items()},
            **{name: partial(self._grouped, group) for name, group in GROUPS.items()},
            "measures": measured, "measure": measured, "grades": self._grades,
            "learner": self._pseudonym,
        }  # fmt: skip

    def heading(self, table: str, name: str) -> str:
        """What a column is called; amounts bring their currency themselves."""
        lang, bare = self._lang, name.removesuffix("_cents")
        if (column := self._column(table, name)) is not None:
            return _CURRENCY.sub("", column.heading[lang])
        key = next(
            k for k in (f"journal.field.{bare}", f"report.difference.{bare}") if has(k, lang)
        )
        return _CURRENCY.sub("", text(key, lang))

    def empty(self, name: str) -> str:
        """What it says that nothing stands in a column."""
        return text(EMPTY[name], self._lang) if name in EMPTY else NOTHING

    def value(self, table: str, name: str, found: Any, row: Mapping[str, Any]) -> str:
        """What stands in a column of a row."""
        lang = self._lang
        if isinstance(found, bool):
            return text(f"journal.{name}.{'yes' if found else 'no'}", lang)
        if isinstance(found, date):
            return day(found, lang)
        if isinstance(found, int):
            return money(found, lang) if name.endswith("_cents") else count(found, lang)
        return self._text(table, name, str(found), row)

    def _text(self, table: str, name: str, found: str, row: Mapping[str, Any]) -> str:
        if SEMESTER.fullmatch(found):
            return semester(found, self._lang)
        if name.endswith("sha256") or name == "seal":
            return f"{found[:SHOWN_OF_HASH]}…"
        if table == "amendments" and name in ("kind", "value"):
            return self._amended(name, found, str(row["kind"]))
        if name in self._by_name:
            return self._by_name[name](found)
        column = self._column(table, name)
        words = column.words(self._lang) if column else {}
        # a code that the form does not know, or what somebody has written
        return ", ".join(words.get(part, part) for part in found.split(",")) if words else (
            masked(found)
        )  # fmt: skip

    def _named(self, kinds: tuple[str, ...], code: str) -> str:
        name = next((self._names[k][code] for k in kinds if code in self._names[k]), code)
        if name == code:
            return code
        # an agreement has a number for a name: the partner's stands beside it
        return f"{code} ({name})" if kinds == ("agreement",) else f"{name} ({code})"

    def _grouped(self, group: str, found: str) -> str:
        return ", ".join(word(group, code, self._lang) for code in found.split(","))

    def _measured(self, found: str) -> str:
        return ", ".join(self._measures.get(code, code) for code in codes(found))

    def _grades(self, found: str) -> str:
        return annexes.grades(tuple(map(int, found.split(","))), self._lang)

    def _pseudonym(self, found: str) -> str:
        return text("journal.pseudonym", self._lang, start=found[:SHOWN_OF_PSEUDONYM])

    def _amended(self, name: str, found: str, kind: str) -> str:
        if name == "kind":
            return word("amendment_kind", found, self._lang)
        value = amendment_value(kind, found)
        if value is None or kind not in AMENDED:
            return masked(found)
        names = {**self._names["partner"], **self._measures}
        return annexes.value(AMENDED[kind], value, self._lang, names)

    def _column(self, table: str, name: str) -> Column | None:
        form = self._forms.get(table)
        columns = (column for column in form.columns if stored_name(column) == name) if form else ()
        return next(iter(columns), None)

    @cached_property
    def _forms(self) -> dict[str, Form]:
        return known_forms()

    @cached_property
    def _measures(self) -> dict[str, str]:
        return measure_names(self._lang)
