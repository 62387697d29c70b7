"""Registers as a person edits them: columns with their headings, values as they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from toolkit.services import registers
from toolkit.services.inputs import Inputs
from toolkit.services.records_checked import REFERRING, form_of, stored_name, texts_of
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.tables import STORED
from toolkit.texts.formats import amount, day, semester

_LATVIAN: dict[str, Callable[[Any, str], str]] = {"money": amount, "semester": semester}


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of a register."""

    name: str
    title: str
    kind: str
    key: bool
    required: bool
    choices: tuple[tuple[str, str], ...]
    """Code and word, where only these may stand."""


def columns(table: str, lang: str) -> list[ShownColumn]:
    """The columns of a register in the order of its form."""
    keys = STORED[table].key
    found = []
    for column in form_of(table).columns:
        words: dict[str, str] = {}
        for written, code in column.values.items():
            words.setdefault(code, written)
        single = column.kind != "codes"
        choices = tuple(words.items()) if single else ()
        found.append(
            ShownColumn(
                column.name, column.heading[lang], column.kind, stored_name(column) in keys,
                column.required, choices,
            )
        )  # fmt: skip
    return found


def key_of(table: str, row: Mapping[str, Any]) -> str:
    """What names a row of the register."""
    return "\t".join(str(row[name]) for name in STORED[table].key)


def shown(table: str, row: Mapping[str, Any], lang: str) -> dict[str, str]:
    """A record's values as a person reads and types them."""
    texts = texts_of(form_of(table), row)
    for column in form_of(table).columns:
        value = row.get(stored_name(column))
        if isinstance(value, date):
            texts[column.name] = day(value, lang)
        # in English as the tables have them: a cell must read what it shows
        elif value is not None and lang == "lv" and column.kind in _LATVIAN:
            texts[column.name] = _LATVIAN[column.kind](value, lang)
    return texts


def standing(database: Database, table: str) -> dict[str, dict[str, Any]]:
    """Every standing record with its version, by what names it."""
    rows = registers.rows(database, table).iter_rows(named=True)
    return {key_of(table, row): dict(row) for row in rows}


def known(table: str, among: Inputs, lang: str) -> dict[str, dict[str, str]]:
    """What may stand in a column that names records of other registers: codes and names."""
    found: dict[str, dict[str, str]] = {}
    for name, columns, target in REFERRING:
        key = STORED[target].key
        if name == table and len(columns) == len(key) == 1:
            rows = among.frames[target].iter_rows(named=True)
            named = {str(row[key[0]]): _name(target, row, lang) for row in rows}
            found.setdefault(columns[0], {}).update(named)
    return found


def _name(table: str, row: Mapping[str, Any], lang: str) -> str:
    if table == "semesters":
        return semester(row["semester"], lang)
    return str(row["partner"] if table == "agreements" else row["name"])


def others(database: Database) -> Inputs:
    """The registers that a record has to agree with, each read when it is asked for."""
    return registers.inputs(database, records.entry_at(database, None))
