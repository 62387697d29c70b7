"""The store made, opened and read: what commands and pages stand on when no folder is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import polars as pl

from toolkit import config
from toolkit.errors import StoreError, UsageError
from toolkit.frames.registers import REGISTERS
from toolkit.intake.cells import read_day
from toolkit.intake.folder import read_single
from toolkit.intake.reading import empty_table
from toolkit.intake.registers import completed
from toolkit.services.inputs import Inputs, known_forms
from toolkit.services.kept_laws import law_change
from toolkit.services.laws import DEFAULT_PROGRAMME
from toolkit.services.people import Person, person_row
from toolkit.store import records
from toolkit.store.bulk import Snapshot, snapshot
from toolkit.store.connect import Database, opened, place
from toolkit.store.journal import Act, writing
from toolkit.store.tables import STORED
from toolkit.texts.formats import HERE

Store = Database
"""The store as pages hold it: to hand on, not to look into."""


def now() -> datetime:
    """This moment (UTC): the one clock; everything below takes the moment as an argument."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is in Latvia."""
    return now().astimezone(HERE).date()


def moment(written: str) -> datetime:
    """A day or moment in Latvia's time, such as `15.03.2022.` or `2022-03-15T12:00`, as UTC.

    A day alone means its end: all that was recorded on it. Raises UsageError for another text.
    """
    day = read_day(written)
    try:
        found = datetime.combine(day, time.max) if day else datetime.fromisoformat(written)
    except ValueError as error:
        raise UsageError("error.moment", text=written) from error
    return (found if found.tzinfo else found.replace(tzinfo=HERE)).astimezone(UTC)


def entry_of(database: Database, as_of: str) -> int | None:
    """The journal entry that a list is to be seen at; None for now."""
    return records.entry_at(database, moment(as_of)) if as_of else None


def store() -> Database:
    """The database of `GRANTS_DATABASE`. Raises StoreError when it cannot be used."""
    return opened(config.database_url())


def init(people: list[Person], at: datetime) -> Database:
    """A new database with its people and the programme's calendar; or an old one brought up.

    Raises StoreError when it is there already and needs nothing.
    """
    url = config.database_url()
    # Alembic is loaded by whoever makes a store, not by every command
    from toolkit.store.migrate import migrated

    database = migrated(url)
    if records.entry_at(database, None):
        return database
    first = people[0].code
    rows = pl.concat([person_row(person) for person in people])
    form = known_forms()["semesters"]
    calendar = read_single(config.shipped("data/reference") / "semesters.csv", form).frame
    stored = STORED["semesters"]
    _, law = law_change(database, DEFAULT_PROGRAMME)
    with writing(database, Act(first, "init", place(url).rsplit("/", 1)[-1], at)) as w:
        w.put("laws", law)
        w.put("people", rows.with_columns(version=pl.lit(1, pl.Int64)))
        kept = records.kept(calendar, stored)
        w.put("semesters", kept.with_columns(version=pl.lit(1, pl.Int64)))
    return database


def is_made(url: str) -> bool:
    """Whether a database of ours stands at the URL, be it one to be brought up."""
    try:
        opened(url)
    except StoreError as error:
        return error.key == "error.store.older"
    return True


def stored_inputs(database: Database, as_of: datetime | None = None) -> Inputs:
    """Everything an allocation needs as the store knows it, now or as known at a moment.

    Raises StoreError when nothing was recorded by then.
    """
    return inputs_at(database, basis_at(database, as_of))


def basis_at(database: Database, as_of: datetime | None) -> int:
    """The last journal entry, of all or by a moment. Raises StoreError when there is none then."""
    basis = records.entry_at(database, as_of)
    if as_of is not None and not basis:
        raise StoreError("error.store.nothing_then", moment=as_of.astimezone(UTC).isoformat())
    return basis


def inputs_at(database: Database, entry: int) -> Inputs:
    """Everything an allocation needs as it was when a journal entry had been written."""
    frames = registers(database, entry)
    form = known_forms()["counts"]
    table = replace(empty_table(form), file=place(database.url).rsplit("/", 1)[-1])
    return Inputs(frames, table, ())


def register(database: Database, table: str, entry: int) -> pl.DataFrame:
    """One register as the promised frame, as it was at a journal entry."""
    with snapshot(database) as state:
        return register_in(state, table, entry)


def register_in(state: Snapshot, table: str, entry: int | None = None) -> pl.DataFrame:
    """The same in one state of the database."""
    stored = STORED[table]
    rows = records.given_back(records.standing_in(state, table, entry), stored)
    return stored.promise.held(completed(table, rows))


def registers(database: Database, entry: int) -> dict[str, pl.DataFrame]:
    """All registers as they were at a journal entry."""
    with snapshot(database) as state:
        return {name: register_in(state, name, entry) for name in REGISTERS}
