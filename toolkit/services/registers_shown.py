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
from toolkit.texts.formats import amount, day, record, semester

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
        choices = tuple(column.words(lang).items()) if column.kind != "codes" else ()
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
            partners = _partners(among) if target == "agreements" else {}
            named = {str(row[key[0]]): _name(target, row, partners, lang) for row in rows}
            found.setdefault(columns[0], {}).update(named)
    return found


def title(
    table: str, row: Mapping[str, Any], among: Mapping[str, Mapping[str, str]], lang: str
) -> str:
    """A record by name: its key, with the names of what the key names, and its own."""
    told = []
    for name in STORED[table].key:
        code = str(row[name])
        of = among.get(name, {}).get(code, "") if name != "semester" else ""
        told.append(f"{code} ({of})" if of else record(code, lang))
    own = str(row.get("name", "")) if "name" not in STORED[table].key else ""
    return " · ".join([*told, own] if own else told)


def _partners(among: Inputs) -> dict[str, str]:
    return dict(among.frames["partners"].select("partner", "name").iter_rows())


def _name(table: str, row: Mapping[str, Any], partners: Mapping[str, str], lang: str) -> str:
    if table == "semesters":
        return semester(row["semester"], lang)
    if table == "agreements":
        return partners.get(row["partner"], str(row["partner"]))
    return str(row["name"])


def others(database: Database) -> Inputs:
    """The registers that a record has to agree with, each read when it is asked for."""
    return registers.inputs(database, records.entry_at(database, None))
