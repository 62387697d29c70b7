"""One definition per form: columns, headings, kinds. Read from `templates/forms/*.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

Kind = Literal["code", "text", "day", "semester", "grades", "whole", "codes", "money", "person"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a form: its name in the frame, its headings, and how its cells are read."""

    name: str
    kind: Kind
    heading: Mapping[str, str]
    also: tuple[str, ...] = ()
    required: bool = True
    optional: bool = False
    """The whole column may be absent."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What people write, and the code it stands for."""
    english: Mapping[str, str] = field(default_factory=dict)
    """The English word for a code, where the code itself is none."""
    closed: Literal["", "blocks", "explain"] = ""
    """How severe it is when anything but `values` and their codes stands there."""
    pseudonym: Callable[[str], str | None] | None = None
    """Of a column of personal codes: what takes their place."""

    def headings(self) -> set[str]:
        """Every heading that means this column, folded for comparison."""
        return {folded(h) for h in (self.name, *self.heading.values(), *self.also)}

    def codes(self) -> dict[str, str]:
        """Code of everything people write, folded; of a closed column also the codes themselves."""
        closed = self.closed or self.kind == "codes"
        own = {folded(code): code for code in self.values.values()} if closed else {}
        own |= {folded(word): code for code, word in self.english.items()}
        return own | {folded(written): code for written, code in self.values.items()}

    def words(self, lang: str) -> dict[str, str]:
        """The code of all that may be written, each with the first word for it."""
        first: dict[str, str] = {}
        for written, code in self.values.items():
            first.setdefault(code, written if lang == "lv" else self.english.get(code, code))
        return first


@dataclass(frozen=True, slots=True)
class Form:
    """A table as a person fills it in."""

    table: str
    title: Mapping[str, str]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    needed: bool = True
    """Whether an allocation cannot do without the table."""
    spans: tuple[tuple[str, str], ...] = ()
    """Pairs of days where the second may not be before the first."""

    def names(self) -> set[str]:
        """Every file or sheet name that means this table, folded."""
        return {folded(self.table), *(folded(title) for title in self.title.values())}


def folded(text: str) -> str:
    """A heading without case, diacritics, spaces, dots and underscores."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", plain)


def load_forms(
    folder: Path, pseudonym: Callable[[str], str | None] | None = None
) -> dict[str, Form]:
    """The forms of a folder, by table; `pseudonym` is for columns of personal codes."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))]
    forms = [_keyed(_form(text), pseudonym) for text in texts]
    return {form.table: form for form in forms}


def _keyed(form: Form, pseudonym: Callable[[str], str | None] | None) -> Form:
    columns = tuple(
        replace(column, pseudonym=pseudonym) if column.kind == "person" else column
        for column in form.columns
    )
    return replace(form, columns=columns)


@lru_cache(64)
def _form(text: str) -> Form:
    # every cell that is edited asks for the forms, and TOML takes 10 ms of them
    raw = tomllib.loads(text)
    columns = (
        Column(**{**column, "also": tuple(column.get("also", ()))}) for column in raw["column"]
    )
    return Form(
        table=raw["table"],
        title=raw["title"],
        columns=tuple(columns),
        key=tuple(raw.get("key", ())),
        needed=raw.get("needed", True),
        spans=tuple((first, last) for first, last in raw.get("spans", ())),
    )
