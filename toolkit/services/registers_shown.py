"""Registers as a person edits them: columns with their headings, values as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from toolkit.services import registers
from toolkit.services.inputs import Inputs
from toolkit.services.records_checked import form_of, stored_name, texts_of
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.tables import STORED
from toolkit.texts.formats import day


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
        choices = tuple((code, word) for code, word in words.items()) if column.closed else ()
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
    return texts


def standing(database: Database, table: str) -> dict[str, dict[str, Any]]:
    """Every standing record with its version, by what names it."""
    rows = registers.rows(database, table).iter_rows(named=True)
    return {key_of(table, row): dict(row) for row in rows}


def others(database: Database) -> Inputs:
    """The registers that a record has to agree with, each read when it is asked for."""
    return registers.inputs(database, records.entry_at(database, None))
