"""Appending a value to a law file: never editing one, never losing a comment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import InlineTable, Item

from toolkit.errors import LawError
from toolkit.law.load import read_law
from toolkit.law.model import Dated, Law
from toolkit.law.units import Value, written


def append_value(path: Path, name: str, dated: Dated) -> Law:
    """The law of the file with one value more, written in its place by date.

    A value for a day that already has one must be known later than it; then it
    takes its place without removing it. The file is replaced whole or not at all.
    Raises LawError when the result would not load.
    """
    law = read_law(path)
    if name not in law.parameters:
        raise LawError("error.law.unknown_parameter", name=name, file=path.name)
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    parameters: Any = document["parameter"]
    values = parameters[name]["values"]
    place = sum(value.order <= dated.order for value in law.parameters[name].values)
    if place == len(values):
        values.add_line(_table(dated))
    else:
        values.insert(place, _table(dated))
    draft = path.with_suffix(".draft.toml")
    draft.write_text(tomlkit.dumps(document), encoding="utf-8")
    try:
        changed = read_law(draft)
    except LawError:
        draft.unlink()
        raise
    draft.replace(path)
    return Law(changed.programme, changed.parameters, path.name)


def _table(dated: Dated) -> InlineTable:
    table = tomlkit.inline_table()
    table["since"] = dated.since
    if dated.known_since:
        table["known_since"] = dated.known_since
    if dated.ended:
        table["ended"] = True
    else:
        assert dated.value is not None
        table["value"] = _item(dated.value)
    table["status"] = dated.status
    source = tomlkit.inline_table()
    for key in ("act", "point", "url", "note"):
        if text := getattr(dated.source, key):
            source[key] = text
    table["source"] = source
    return table


def _item(value: Value) -> Item | date:
    if isinstance(value, Decimal):
        # A plain decimal as written: tomlkit has no exact decimal of its own.
        return tomlkit.value(written(value))
    if isinstance(value, date):
        return value
    return tomlkit.item(list(value) if isinstance(value, tuple) else value)
