"""One definition per form: columns, headings, kinds. Read from `templates/forms/*.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["code", "text", "day", "semester", "grades", "whole", "money"]


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
    closed: Literal["", "blocks", "explain"] = ""
    """How severe it is when anything but `values` and their codes stands there."""

    def headings(self) -> set[str]:
        """Every heading that means this column, folded for comparison."""
        return {folded(h) for h in (self.name, *self.heading.values(), *self.also)}

    def codes(self) -> dict[str, str]:
        """Code of everything people write, folded; of a closed column also the codes themselves."""
        own = {folded(code): code for code in self.values.values()} if self.closed else {}
        return own | {folded(written): code for written, code in self.values.items()}


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


def load_forms(folder: Path) -> dict[str, Form]:
    """The forms of a folder, by table."""
    forms = [_form(path) for path in sorted(folder.glob("*.toml"))]
    return {form.table: form for form in forms}


def _form(path: Path) -> Form:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = tuple(
        Column(**{**column, "also": tuple(column.get("also", ()))}) for column in raw.pop("column")
    )
    return Form(
        table=raw["table"],
        title=raw["title"],
        columns=columns,
        key=tuple(raw.get("key", ())),
        needed=raw.get("needed", True),
        spans=tuple((first, last) for first, last in raw.get("spans", ())),
    )
