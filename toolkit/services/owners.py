"""Whose counts those of an institution are, in a semester."""

from __future__ import annotations

from collections.abc import Callable, Collection

from toolkit.rules.agreements import covering
from toolkit.rules.schools import inherited
from toolkit.rules.succession import Heirs, resolve_parties
from toolkit.semester import Calendar
from toolkit.services.inputs import Inputs

Owners = Callable[[str, int | None], Collection[str | None]]
"""The partners of an institution and grade; None stands for one that a split leaves open."""
_GRADES = list(range(1, 13))


def owners(inputs: Inputs, calendar: Calendar) -> Owners:
    """Who has the counts of an institution and grade: on the semester's first day.

    The partner whose agreement covers them, as an allocation takes it; else the one whose
    agreement covers the institution at all; else the one it belongs to.
    """
    day = calendar.first_day
    heirs, schools = (Heirs(rows, day) for rows in inputs.successions)
    members = inputs.members(day)
    agreements = inputs.agreements_on(day).lazy()
    pairs = covering(inputs.coverage.lazy(), agreements, calendar, _GRADES).collect()
    resolved = resolve_parties(inherited(pairs, schools), heirs, members)
    covered: dict[tuple[str, int | None], set[str | None]] = {}
    for institution, grade, partner in resolved.select(
        "institution", "grade", "partner"
    ).iter_rows():
        for place in ((institution, grade), (institution, None)):
            covered.setdefault(place, set()).add(partner)

    def of(institution: str, grade: int | None) -> Collection[str | None]:
        heir = schools.heir(institution, frozenset({institution})) or institution
        places = [(code, part) for part in (grade, None) for code in (heir, institution)]
        found = next((covered[place] for place in places if place in covered), None)
        return found or members.get(heir, frozenset())

    return of
