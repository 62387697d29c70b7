"""What an entry of the journal has changed, as a person reads it, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.services.journal_changes import (
    KINDS,
    EntryChanges,
    FieldChange,
    Kind,
    RecordChange,
    TableChanges,
)
from toolkit.services.journal_words import NOTHING, Words
from toolkit.store.tables import STORED
from toolkit.texts import text
from toolkit.texts.formats import count, word

NUMBERED = frozenset({"amendment", "call", "run", "note", "grade"})
"""Parts of keys that are numbers, told with the word for what they number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A field with what stood there and what stands there since; no field for a whole record."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ToldRecord:
    """A record by its name, with what has become of it."""

    title: str
    kind: Kind
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ToldTable:
    """A table: how much of it was written, and the first records."""

    name: str
    counts: str
    more: str
    """That these are not all; empty when they are."""
    records: tuple[ToldRecord, ...]


def tables(found: EntryChanges, lang: str) -> Iterator[ToldTable]:
    """The tables that an entry wrote."""
    words = Words(found.names, lang)
    for own in found.tables:
        told = tuple(_record(words, change, lang) for change in own.records)
        yield ToldTable(word("table", own.table, lang), _counts(own, lang), _more(own, lang), told)


def _counts(own: TableChanges, lang: str) -> str:
    return ", ".join(
        text(f"journal.changes.count.{kind}", lang, count=count(own.counts[kind], lang))
        for kind in KINDS
        if own.counts[kind]
    )


def _more(own: TableChanges, lang: str) -> str:
    if len(own.records) == own.height:
        return ""
    shown, whole = (count(number, lang) for number in (len(own.records), own.height))
    return text("journal.changes.more", lang, shown=shown, all=whole)


def _record(words: Words, change: RecordChange, lang: str) -> ToldRecord:
    """A changed record field by field, a new or withdrawn one with its values."""
    told = [_line(words, change, field) for field in change.fields]
    if change.kind == "new":
        told = [Line("", NOTHING, _whole((line.field, line.after) for line in told))]
    elif change.kind == "withdrawn":
        told = [Line("", _whole((line.field, line.before) for line in told), NOTHING)]
    elif not told:
        same = text("journal.changes.same", lang)
        told = [Line("", same, same)]
    parts = (_part(words, change, name, lang) for name in STORED[change.table].key)
    return ToldRecord(" · ".join(filter(None, parts)), change.kind, tuple(told))


def _line(words: Words, change: RecordChange, field: FieldChange) -> Line:
    before, after = (
        words.empty(field.name) if found is None
        else words.value(change.table, field.name, found, change.row)
        for found in (field.before, field.after)
    )  # fmt: skip
    return Line(words.heading(change.table, field.name), before, after)


def _whole(values: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{field}: {value}" for field, value in values) or NOTHING


def _part(words: Words, change: RecordChange, name: str, lang: str) -> str:
    """A part of what names a record."""
    found = change.row[name]
    if found is None or found == "":
        return ""
    if name not in NUMBERED:
        return words.value(change.table, name, found, change.row)
    course = name == "grade" and change.row["programme"] == "vocational"
    return text(f"journal.numbered.{'course' if course else name}", lang, number=found)
