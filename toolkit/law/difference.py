"""What differs between two days of a law, or between two laws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from toolkit.law.model import Dated, Law, LawOn
from toolkit.law.units import written


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter that is not the same on both sides; None where a side has no value."""

    name: str
    before: Dated | None
    after: Dated | None


def between_days(law: Law, first: date, second: date) -> list[Change]:
    """The parameters whose value, end or beginning differs between two days."""
    return list(_changes(_in_force(law.on(first)), _in_force(law.on(second))))


def between_laws(first: Law, second: Law, day: date) -> list[Change]:
    """The parameters that differ between two laws on one day."""
    return list(_changes(_in_force(first.on(day)), _in_force(second.on(day))))


def _in_force(law: LawOn) -> dict[str, Dated]:
    return {found.name: found.dated for found in law.all()}


def _changes(before: dict[str, Dated], after: dict[str, Dated]) -> Iterator[Change]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if _shown(old) != _shown(new):
            yield Change(name, old, new)


def _shown(dated: Dated | None) -> tuple[str, str] | None:
    return None if dated is None else (written(dated.value), dated.status)
