"""What is strange about a change of an agreement and yet may be so: asked before it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations, pairwise
from typing import Any

import polars as pl

from toolkit.errors import ToolkitError, UsageError
from toolkit.rules.amendments import Covered, refusals
from toolkit.semester import Semester
from toolkit.services.agreements import agreement_versions
from toolkit.services.amending_typed import row_field
from toolkit.services.inputs import Inputs
from toolkit.services.unpaid import Unpaid, newly_unpaid


@dataclass(frozen=True, slots=True)
class Questions:
    """What is to be asked, and the counts that the change would leave without money."""

    asked: tuple[ToolkitError, ...]
    unpaid: tuple[Unpaid, ...]

    def mark(self, lang: str) -> str:
        """What an answer names, so that it answers these questions and no others; else empty."""
        told = [one.sentence(lang) for one in self.asked]
        told += map(repr, self.unpaid)
        return sha256("\n".join(told).encode()).hexdigest() if told else ""


def questions(before: Inputs, after: Inputs, agreement: str) -> Questions:
    """What is strange about an agreement that is new, and what a change of it leaves unpaid."""
    known, then = (set(inputs.frames["agreements"]["agreement"]) for inputs in (before, after))
    new = agreement in then - known
    strange = doubts(after, agreement) if new else _amendments(before, after, agreement)
    unpaid = newly_unpaid(before, after, agreement)
    asked = [UsageError("agreements.doubt.unpaid")] if unpaid else []
    return Questions((*strange, *asked), unpaid)


def doubts(after: Inputs, agreement: str) -> Iterator[ToolkitError]:
    """Sentences beside the fields they are about; none when nothing is strange.

    `after` holds the agreement with its rows of coverage in the order they were typed.
    """
    head = _rows(after, "agreements", agreement)[0]
    if head["signed_on"] > head["valid_from"]:
        yield _doubt("signed_late", "signed_on", day=head["valid_from"])
    partner = after.frames["partners"].row(
        by_predicate=pl.col("partner") == head["partner"], named=True
    )
    if partner["valid_to"] is not None and partner["valid_to"] < head["valid_from"]:
        yield _doubt("partner_gone", "partner", partner=partner["name"], day=partner["valid_to"])
    for at, row in enumerate(_rows(after, "coverage", agreement)):
        yield from _of_coverage(after, head, row, at)


def _of_coverage(
    after: Inputs, head: dict[str, Any], row: dict[str, Any], at: int
) -> Iterator[ToolkitError]:
    """An institution that comes in only when the agreement is over, or before it holds."""
    last = head["valid_to"]
    first_day = after.calendar(Semester.parse(row["from_semester"])).first_day
    if last is not None and first_day > last:
        yield _doubt("covered_late", row_field(at, "from_semester"), day=last)
    starts = row["starts_on"]
    if starts is not None and (starts < head["valid_from"] or (last is not None and starts > last)):
        yield _doubt("starts_outside", row_field(at, "starts_on"), day=starts)


def _amendments(before: Inputs, after: Inputs, agreement: str) -> Iterator[ToolkitError]:
    """Other amendments that are no longer what they were, once one comes or goes."""
    was, now = (dict(_refused(inputs, agreement)) for inputs in (before, after))
    yield from (error for key, error in now.items() if key not in was)
    covered = set(_overlaps(before, agreement))
    names = dict(after.frames["institutions"].select("institution", "name").iter_rows())
    for code in dict.fromkeys(_overlaps(after, agreement)):
        if code not in covered:
            yield UsageError("agreements.doubt.covered_twice", institution=names.get(code, code))


def _overlaps(inputs: Inputs, agreement: str) -> Iterator[str]:
    """Institutions that one version covers twice in a semester and grade."""
    for version in agreement_versions(inputs).get(agreement, ()):
        for one, other in combinations(version.coverage, 2):
            if one.institution == other.institution and _meet(one, other):
                yield one.institution


def _meet(one: Covered, other: Covered) -> bool:
    first = max(one.from_semester, other.from_semester)
    grades = not one.grades or not other.grades or set(one.grades) & set(other.grades)
    return bool(one.covers(first) and other.covers(first) and grades)


def _refused(inputs: Inputs, agreement: str) -> Iterator[tuple[object, ToolkitError]]:
    for old, new in pairwise(agreement_versions(inputs).get(agreement, ())):
        assert new.amendment is not None
        number, kind = new.amendment.number, new.amendment.kind
        for refusal in refusals(old, new, kind):
            yield (number, refusal), UsageError(
                f"error.refused.amendment.{refusal.rule}", agreement=agreement, amendment=number,
                amendment_kind=kind, field=refusal.about,
            )  # fmt: skip


def _rows(after: Inputs, table: str, agreement: str) -> list[dict[str, Any]]:
    return after.frames[table].filter(pl.col("agreement") == agreement).to_dicts()


def _doubt(kind: str, field: str, **facts: object) -> ToolkitError:
    return UsageError(f"agreements.doubt.{kind}", **facts).placed(field)
