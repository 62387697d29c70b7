"""Which institutions hand in counts under an agreement for a semester, and when they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from toolkit.rules.amendments import AgreementVersion, Covered
from toolkit.rules.schools import bequests
from toolkit.rules.succession import Heirs
from toolkit.semester import Calendar

Counted = Mapping[str, Sequence[tuple[int, date]]]
"""Institution as written: each grade with the day its counts were first known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An institution whose counts a semester waits for; `known_on` when they came in."""

    institution: str
    starts_on: date
    known_on: date | None


def asked(
    agreements: Iterable[AgreementVersion], calendar: Calendar, counted: Counted, heirs: Heirs
) -> dict[str, tuple[Asked, ...]]:
    """Of each agreement valid in a semester, the institutions it covers there.

    One where support starts after the semester's last day hands in nothing yet. `heirs`
    are those of institutions on its first day: an institution that others follow is asked
    no more, and who follows it is asked under the agreement that covers it, its own
    before an inherited one, as money is. Counts count in the grades covered; 0 plans
    are counts too.
    """
    whole = {a.agreement: _covered(a, calendar.semester.code) for a in agreements}
    passing = bequests({code for rows in whole.values() for code in rows}, heirs)
    came = _came(counted, heirs)
    return {
        agreement: tuple(_waited(rows, passing, came, heirs, calendar))
        for agreement, rows in whole.items()
    }


_Came = Mapping[str, Counted]
"""Counts by the institution of the day, then by the name they were written under."""


def _covered(agreement: AgreementVersion, semester: str) -> dict[str, list[Covered]]:
    found: dict[str, list[Covered]] = {}
    for row in agreement.coverage:
        if row.covers(semester):
            found.setdefault(row.institution, []).append(row)
    return found


def _came(counted: Counted, heirs: Heirs) -> _Came:
    found: dict[str, dict[str, Sequence[tuple[int, date]]]] = {}
    for written, rows in counted.items():
        # counts of a school that was split are refused: they must name the part
        heir = heirs.heir(written, frozenset({written}))
        if heir is not None:
            found.setdefault(heir, {})[written] = rows
    return found


def _waited(
    covered: Mapping[str, list[Covered]], passing: Iterable[tuple[str, str]], came: _Came,
    heirs: Heirs, calendar: Calendar,
) -> Iterable[Asked]:  # fmt: skip
    kept = {code: list(rows) for code, rows in covered.items() if code in heirs.ends(code)}
    followed: dict[str, set[str]] = {}
    for old, heir in passing:
        if old in covered:
            followed.setdefault(heir, set()).add(old)
            kept.setdefault(heir, []).extend(covered[old])
    for code, rows in sorted(kept.items()):
        starts_on = min(row.starts_on or calendar.first_day for row in rows)
        if starts_on <= calendar.last_day:
            known_on = _known_on(came.get(code, {}), followed.get(code, set()), _grades(rows))
            yield Asked(code, starts_on, known_on)


def _grades(rows: Iterable[Covered]) -> frozenset[int]:
    """The grades of several rows; empty when one of them covers all."""
    parts = [frozenset(row.grades) for row in rows]
    return frozenset[int]().union(*parts) if all(parts) else frozenset()


def _known_on(came: Counted, followed: set[str], grades: frozenset[int]) -> date | None:
    """The day of the first counts of an institution.

    Where it stands in the place of several covered ones and files still go by their names,
    the day of the last of these: half a merged school is not the whole of it.
    """
    days = {
        written: min(on for grade, on in rows if not grades or grade in grades)
        for written, rows in came.items()
        if any(not grades or grade in grades for grade, _ in rows)
    }
    whole = [on for written, on in days.items() if written not in followed]
    if followed and followed <= days.keys():
        whole.append(max(days[old] for old in followed))
    return min(whole, default=None)
