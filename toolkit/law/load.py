"""A law file, read exactly: what is not understood is refused with its place and a remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from toolkit.errors import LawError
from toolkit.law.model import STATUSES, Dated, Law, Parameter, Programme, Source, Words
from toolkit.law.units import UNITS, checked

_PLAIN_DECIMAL = re.compile(r"[+-]?\d+\.\d+")
_HEADER = re.compile(
    r"^[ \t]*\[[ \t]*parameter[ \t]*\.[ \t]*[\"']?(?P<name>[^\"'\]]+?)[\"']?[ \t]*\]", re.MULTILINE
)
_VALUE_KEYS = frozenset({"since", "value", "known_since", "ended", "status", "source"})


class _Float(str):
    """A number that TOML calls a float but that is no plain decimal: `2.7e2`, `inf`, `nan`."""


def _exact(text: str) -> object:
    plain = text.replace("_", "")
    return Decimal(plain) if _PLAIN_DECIMAL.fullmatch(plain) else _Float(text)


def read_law(path: Path) -> Law:
    """The law of one file. Raises LawError naming file, line, parameter and remedy."""
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LawError("error.law.unreadable", file=path.name) from error
    return parse_law(source, path.name)


def parse_law(source: str, file: str) -> Law:
    """The law of a file's text; `file` is its name for messages."""
    try:
        raw = tomllib.loads(source, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        raise LawError("error.law.toml", file=file, reason=error) from error
    return _Reader(file, source).law(raw)


class _Reader:
    """Turns the parsed file into values, knowing where it stands for the message."""

    def __init__(self, file: str, source: str) -> None:
        self.file = file
        self.lines = _header_lines(source)

    def law(self, raw: Mapping[str, Any]) -> Law:
        self._keys(raw, {"programme", "parameter"}, required={"programme", "parameter"}, place="")
        head = self._table(raw["programme"], "programme")
        self._keys(
            head, {"id", "fund", "title"}, required={"id", "fund", "title"}, place="programme"
        )
        parameters = self._table(raw["parameter"], "parameter")
        return Law(
            Programme(
                self._text(head["id"], "programme.id"),
                self._text(head["fund"], "programme.fund"),
                self._title(head["title"], "programme.title"),
            ),
            {name: self._parameter(name, raw) for name, raw in parameters.items()},
            self.file,
        )

    def _parameter(self, name: str, raw: object) -> Parameter:
        place = self._place(name)
        fields = self._table(raw, place)
        self._keys(fields, {"title", "unit", "values"}, {"title", "unit", "values"}, place)
        unit = self._text(fields["unit"], place)
        if unit not in UNITS:
            raise LawError(
                "error.law.unit", file=self.file, place=place, unit=unit, units=", ".join(UNITS)
            )
        raws = fields["values"]
        if not isinstance(raws, list) or not raws:
            raise LawError("error.law.no_values", file=self.file, place=place)
        values = tuple(self._dated(unit, raw, f"{place} ({n}.)") for n, raw in enumerate(raws, 1))
        for number, (before, after) in enumerate(pairwise(values), 2):
            if after.order <= before.order:
                raise LawError(
                    "error.law.order", file=self.file, place=f"{place} ({number}.)",
                    since=after.since, previous=before.since,
                )  # fmt: skip
        return Parameter(name, self._title(fields["title"], place), unit, values)

    def _dated(self, unit: str, raw: object, place: str) -> Dated:
        fields = self._table(raw, place)
        self._keys(fields, _VALUE_KEYS, {"since", "status", "source"}, place)
        ended = fields.get("ended", False)
        if not isinstance(ended, bool) or ("value" in fields) == ended:
            raise LawError("error.law.value_or_end", file=self.file, place=place)
        if fields["status"] not in STATUSES:
            raise LawError("error.law.status", file=self.file, place=place, status=fields["status"])
        known = fields.get("known_since")
        return Dated(
            since=self._day(fields["since"], place),
            status=fields["status"],
            source=self._source(fields["source"], place),
            value=None if ended else self._value(unit, fields["value"], place),
            known_since=None if known is None else self._day(known, place),
            ended=ended,
        )

    def _value(self, unit: str, raw: object, place: str) -> Any:
        if isinstance(raw, _Float):
            raise LawError("error.law.float", file=self.file, place=place, value=raw)
        try:
            return checked(unit, raw)
        except ValueError as error:
            raise LawError(
                "error.law.value", file=self.file, place=place, name="", value=raw, unit=unit
            ) from error

    def _source(self, raw: object, place: str) -> Source:
        fields = self._table(raw, place)
        self._keys(fields, {"act", "point", "url", "note"}, {"act"}, f"{place} source")
        act = self._words(fields["act"], place)
        note = self._words(fields["note"], place) if "note" in fields else ""
        texts = {key: self._text(fields[key], place) for key in ("point", "url") if key in fields}
        return Source(act, note=note, **texts)

    def _words(self, raw: object, place: str) -> Words:
        """What stands there for everybody, or in both languages."""
        return self._title(raw, place) if isinstance(raw, Mapping) else self._text(raw, place)

    def _title(self, raw: object, place: str) -> Mapping[str, str]:
        fields = self._table(raw, place)
        self._keys(fields, {"lv", "en"}, {"lv", "en"}, f"{place} title")
        return {lang: self._text(value, place) for lang, value in fields.items()}

    def _table(self, raw: object, place: str) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            raise LawError("error.law.table", file=self.file, place=place)
        return raw

    def _text(self, raw: object, place: str) -> str:
        if not isinstance(raw, str) or not raw.strip():
            raise LawError("error.law.text", file=self.file, place=place, value=raw)
        return raw

    def _day(self, raw: object, place: str) -> date:
        if not isinstance(raw, date) or isinstance(raw, datetime):
            raise LawError("error.law.day", file=self.file, place=place, value=raw)
        return raw

    def _keys(
        self,
        raw: Mapping[str, Any],
        known: set[str] | frozenset[str],
        required: set[str],
        place: str,
    ) -> None:
        for key in raw:
            if key not in known:
                near = get_close_matches(key, known, n=1) or sorted(known)
                raise LawError(
                    "error.law.unknown_key", file=self.file, place=place or key, key=key,
                    meant=", ".join(near),
                )  # fmt: skip
        for key in sorted(required - raw.keys()):
            raise LawError("error.law.missing_key", file=self.file, place=place or key, key=key)

    def _place(self, name: str) -> str:
        """The parameter and the line its table begins on."""
        line = self.lines.get(name)
        return f"{name}:{line}" if line else name


def _header_lines(source: str) -> dict[str, int]:
    """The line on which each parameter's table begins."""
    return {
        match["name"]: source.count("\n", 0, match.end()) + 1 for match in _HEADER.finditer(source)
    }
