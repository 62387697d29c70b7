"""The programme at a glance: what a first page says; partners' maxima over several semesters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from toolkit.errors import ConservationError, Finding, LawError, MoneyError
from toolkit.frames.allocation import PARTNER_MAXIMA
from toolkit.law import Law
from toolkit.rules import funding
from toolkit.semester import Semester
from toolkit.services import closures, conserving, figures, journal, obligations
from toolkit.services.allocation import ENGINE, allocate, checked_counts
from toolkit.services.figures import SemesterFigures
from toolkit.services.inputs import Inputs
from toolkit.services.laws import load_law
from toolkit.services.obligations import Due
from toolkit.services.people import Person
from toolkit.services.stored import inputs_at
from toolkit.services.visible import Visible
from toolkit.store import records
from toolkit.store.connect import Database

WITHIN = 30
"""The days ahead that the due list looks."""
LATEST = 10
FIRST = 5
"""So many obligations are named; the due list has them all."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page says to a person on a day; of a partner's person all is their own."""

    semesters: tuple[SemesterFigures, ...]
    """Those that have begun, or that anything is known of."""
    entries: tuple[journal.Entry, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """What waits for somebody; of a partner's person all is their own."""

    due: int | None
    """What is due soon; None when the law has no deadlines."""
    overdue: int | None
    first: tuple[Due, ...]
    """The next that are due; after them, as far as there is room, what is overdue since lately."""
    partners: Mapping[str, str]
    """Names of the partners of these."""
    not_conserved: tuple[Finding, ...]
    """What successions would lose or count twice on the way to a semester."""


def programme(database: Database, by: Person, day: date, law: Law | None = None) -> Overview:
    """The programme as the store knows it, under the law in force here unless another is given."""
    entry = records.entry_at(database, None)
    inputs = inputs_at(database, entry)
    visible = Visible(by, inputs, day)
    return Overview(
        figures.semesters(database, visible, inputs, law or load_law(), day, entry),
        journal.latest(database, visible, LATEST),
    )


def watched(
    database: Database, by: Person, day: date, semesters: Iterable[str], law: Law | None = None,
    within: int = WITHIN,
) -> Watched:  # fmt: skip
    """What is due and overdue on a day, and what successions would lose on the way to semesters."""
    law = law or load_law()
    inputs = inputs_at(database, records.entry_at(database, None))
    visible = Visible(by, inputs, day)
    found = _due(database, visible, inputs, law, day, within)
    states = [state for _, state in found or ()]
    first, names = tuple(_first(found or [])), inputs.frames["partners"].select("partner", "name")
    return Watched(
        None if found is None else states.count("due"),
        None if found is None else states.count("overdue"),
        first,
        dict(names.filter(pl.col("partner").is_in([own.partner for own, _ in first])).iter_rows()),
        tuple(_not_conserved(visible, inputs, law, semesters)),
    )


def _due(
    database: Database, visible: Visible, inputs: Inputs, law: Law, day: date, within: int
) -> list[Due] | None:
    try:
        closed = closures.closures(database)
        found = obligations.due_list(inputs, law, day, within, closed)
    except LawError:
        return None
    return visible.due(found)


def _first(found: list[Due]) -> list[Due]:
    soon = sorted((one for one in found if one[1] == "due"), key=lambda one: one[0].due_on)
    late = sorted((one for one in found if one[1] == "overdue"), key=lambda one: one[0].due_on)
    return [*soon, *reversed(late)][:FIRST]


def _not_conserved(
    visible: Visible, inputs: Inputs, law: Law, semesters: Iterable[str]
) -> Iterator[Finding]:
    for code in semesters:
        semester = Semester.parse(code)
        if not conserving.moved_by(inputs, inputs.calendar(semester).first_day):
            continue
        try:
            allocate(inputs, law, semester)
        except ConservationError as error:
            yield from (found for found in error.findings if visible.owns(found.value))
        except (LawError, MoneyError):
            continue  # nothing is earned, and so nothing lost; a computation says why


def overview(inputs: Inputs, law: Law, semesters: Iterable[Semester]) -> pl.DataFrame:
    """Each partner's maximum in each of the semesters, in cents, each under its own law.

    `refused` is the number of counts rows of the semester that no money is computed
    for; where it is not 0 the maxima are incomplete, and `allocate` says why. Raises
    ConservationError when a succession would lose something on the way to one of them.
    """
    columns = {"semester": pl.String, **PARTNER_MAXIMA.columns, "refused": pl.Int64}
    queries = [
        _maxima(inputs, law, semester).with_columns(semester=pl.lit(semester.code)).select(*columns)
        for semester in semesters
    ]
    frames = pl.collect_all(queries, engine=ENGINE)
    return pl.concat([pl.DataFrame(schema=columns), *frames]).sort("semester", "partner")


def _maxima(inputs: Inputs, law: Law, semester: Semester) -> pl.LazyFrame:
    if conserving.moved_by(inputs, inputs.calendar(semester).first_day):
        whole = allocate(inputs, law, semester)
        refused = pl.lit(whole.refused.height, pl.Int64)
        return whole.partners.lazy().with_columns(refused=refused)
    _, found, rows = checked_counts(inputs, law, semester)
    earned = funding.per_plan(rows.filter(pl.col("rule").is_null()))
    number = rows.select(refused=pl.col("rule").is_not_null().sum().cast(pl.Int64))
    return funding.partner_maxima(earned, found.terms).join(number, how="cross")
