"""The journal read and searched, and the store's chain of proof walked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from toolkit.errors import UsageError
from toolkit.services import keeping, registers
from toolkit.services.people import Person
from toolkit.services.visible import Visible
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.verify import Verified
from toolkit.texts.formats import HERE

PAGE = 50
"""The entries of a page."""
_WRITTEN = "%Y-%m-%dT%H:%M:%S%.fZ"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    number: int
    at: datetime
    person: str
    action: str
    subject: str
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty is not asked."""

    person: str = ""
    action: str = ""
    subject: str = ""
    """A part of it, in whatever case."""
    first: date | None = None
    last: date | None = None
    """Days as they are in Latvia, both included."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the entries found, the newest first."""

    entries: tuple[Entry, ...]
    found: int
    page: int
    pages: int
    people: tuple[str, ...]
    """Who stands in the entries that the person may read at all."""
    actions: tuple[str, ...]


def search(
    database: Database, visible: Visible, wanted: Wanted, page: int = 1, size: int = PAGE
) -> Page:
    """A page of the entries looked for; one beyond the last is the last.

    A partner's person finds what is about their partner's rows; all others need the right
    to read the journal, or RefusedError is raised.
    """
    if visible.subjects is None:
        visible.person.must("journal")
    seen = _seen(database, visible)
    found = seen.filter(_asked(wanted)).reverse()
    pages = max(1, -(-found.height // size))
    page = min(max(page, 1), pages)
    people, actions = (tuple(seen[name].unique().sort().to_list()) for name in ("person", "action"))
    rows = tuple(_entries(found.slice((page - 1) * size, size)))
    return Page(rows, found.height, page, pages, people, actions)


def newest(database: Database, by: Person, day: date, count: int) -> tuple[Entry, ...]:
    """The newest entries that a person finds on a day, the newest first.

    Raises RefusedError when they may read none: nobody without the right or a partner.
    """
    entry = records.entry_at(database, None)
    # of the registers no more is read than it takes to know what is the person's
    visible = Visible(by, registers.inputs(database, entry), day)
    return search(database, visible, Wanted(), size=max(count, 1)).entries[: max(count, 0)]


def latest(database: Database, visible: Visible, count: int) -> tuple[Entry, ...]:
    """The newest entries that the person may read, the newest first."""
    return tuple(_entries(_seen(database, visible).reverse().head(count)))


def entry(database: Database, visible: Visible, number: int) -> Entry:
    """One entry. Raises RefusedError as `search` does, UsageError when the person finds none.

    Whether there is none or it is not theirs to read, they are told the same.
    """
    if visible.subjects is None:
        visible.person.must("journal")
    found = records.journal_entry(database, number)
    if found is None or not (visible.subjects is None or found.subject in visible.subjects):
        raise UsageError("error.journal.none", text=number)
    at = datetime.fromisoformat(found.recorded_at)
    return Entry(number, at, found.person, found.action, found.subject, found.reason, found.hash)


def verified(
    database: Database, by: Person, progress: Callable[[int, int], None] | None = None
) -> Verified:
    """The whole chain walked; `progress` hears of tables done and of all there are.

    Raises RefusedError when the person may not, StoreError when the database is busy.
    """
    by.must("verify")
    return keeping.verified(database, progress)


def _seen(database: Database, visible: Visible) -> pl.DataFrame:
    whole = records.entries(database)
    subjects = visible.subjects
    return whole if subjects is None else whole.filter(pl.col("subject").is_in(list(subjects)))


def _asked(wanted: Wanted) -> pl.Expr:
    asked = [
        pl.col(name) == value
        for name, value in (("person", wanted.person), ("action", wanted.action))
        if value
    ]
    if text := wanted.subject.strip().lower():
        asked.append(pl.col("subject").str.to_lowercase().str.contains(text, literal=True))
    day = pl.col("recorded_at").str.to_datetime(_WRITTEN, time_zone="UTC", strict=False)
    day = day.dt.convert_time_zone(HERE.key).dt.date()
    if wanted.first is not None:
        asked.append(day >= wanted.first)
    if wanted.last is not None:
        asked.append(day <= wanted.last)
    return pl.all_horizontal(pl.lit(value=True), *asked)


def _entries(rows: pl.DataFrame) -> Iterator[Entry]:
    columns = ("entry", "recorded_at", "person", "action", "subject", "reason", "hash")
    for number, at, *rest in rows.select(columns).iter_rows():
        yield Entry(number, datetime.fromisoformat(at), *rest)
