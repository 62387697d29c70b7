"""The register of agreements: versions, and how each stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toolkit.errors import UsageError
from toolkit.intake.cells import read_cents, read_day
from toolkit.rules import succession
from toolkit.rules.amendments import (
    AgreementVersion,
    Amendment,
    Covered,
    Status,
    status_on,
    version_on,
    versions,
)
from toolkit.semester import Calendar, Semester
from toolkit.services.inputs import Inputs


@dataclass(frozen=True, slots=True)
class AgreementOn:
    """An agreement as it stands on a day."""

    known: tuple[AgreementVersion, ...]
    version: AgreementVersion
    status: Status
    partner: str
    """The party followed through successions; after a split several, `?` where it is open."""
    institutions: int
    """Covered in the semester of the day, or the last that has begun."""


def agreement_versions(inputs: Inputs) -> dict[str, tuple[AgreementVersion, ...]]:
    """Every version of every agreement, by number."""
    frames = inputs.frames
    coverage: dict[tuple[str, str], list[Covered]] = {}
    for row in frames["coverage"].iter_rows(named=True):
        place = row["agreement"], row["amendment"]
        coverage.setdefault(place, []).append(_covered(row))
    amendments: dict[str, list[Amendment]] = {}
    for row in frames["amendments"].iter_rows(named=True):
        rows = coverage.get((row["agreement"], row["amendment"]), [])
        amendments.setdefault(row["agreement"], []).append(_amendment(row, rows))
    return {
        row["agreement"]: versions(
            _signed(row, coverage.get((row["agreement"], ""), [])),
            amendments.get(row["agreement"], ()),
        )
        for row in frames["agreements"].sort("agreement").iter_rows(named=True)
    }


def agreements_on(inputs: Inputs, day: date, partner: str = "") -> list[AgreementOn]:
    """Every agreement as it stands on a day, of one partner or of all."""
    heirs = succession.Heirs(
        (
            succession.Succession(*row)
            for row in inputs.frames["successions"]
            .select("kind", "predecessor", "successor", "effective_on")
            .iter_rows()
        ),
        day,
    )
    semester = semester_of(inputs, day)
    members = inputs.members(day)
    found = [
        _on(known, day, heirs, members, semester) for known in agreement_versions(inputs).values()
    ]
    return [
        a for a in found if not partner or partner in (*a.partner.split(", "), a.version.partner)
    ]


def one_agreement(inputs: Inputs, number: str, day: date) -> AgreementOn:
    """One agreement as it stands on a day. Raises UsageError when there is none."""
    for found in agreements_on(inputs, day):
        if found.version.agreement == number:
            return found
    raise UsageError("error.agreement.none", agreement=number)


def strategic_partners(inputs: Inputs, number: str) -> pl.DataFrame:
    """Whom the partner brings along under an agreement."""
    frame = inputs.frames["strategic_partners"].filter(pl.col("agreement") == number)
    return frame.select("name", "kind", "valid_from", "valid_to").sort("name", "valid_from")


def _on(
    known: tuple[AgreementVersion, ...],
    day: date,
    heirs: succession.Heirs,
    members: Mapping[str, frozenset[str]],
    semester: str,
) -> AgreementOn:
    version = version_on(known, day)
    covered = {c.institution for c in version.coverage if c.covers(semester)}
    asked = [members.get(c.institution, frozenset()) for c in version.coverage] or [frozenset()]
    found = {heirs.heir(version.partner, own) for own in asked}
    partner = ", ".join(sorted(heir or "?" for heir in found))
    return AgreementOn(known, version, status_on(known, day), partner, len(covered))


def semester_of(inputs: Inputs, day: date) -> str:
    """The semester of the day, or the last that has begun; "" before the first."""
    begun = inputs.frames["semesters"].filter(pl.col("first_day") <= day)["semester"]
    return str(max(begun, default=""))


def _signed(row: Mapping[str, Any], coverage: list[Covered]) -> AgreementVersion:
    return AgreementVersion(
        row["agreement"], 0, row["partner"], row["signed_on"], row["valid_from"], row["valid_to"],
        codes(row["measures"]), row["amount_cents"], tuple(sorted(coverage, key=_place)),
    )  # fmt: skip


def _place(covered: Covered) -> tuple[str, str]:
    return covered.institution, covered.from_semester


def _covered(row: Mapping[str, Any]) -> Covered:
    grades = tuple(row["grades"] or ())
    return Covered(
        row["institution"], row["from_semester"], row["to_semester"], grades, row["starts_on"]
    )


def _amendment(row: Mapping[str, Any], coverage: list[Covered]) -> Amendment:
    return Amendment(
        row["amendment"], row["kind"], row["signed_on"], row["effective_on"],
        amendment_value(row["kind"], row["value"]), tuple(sorted(coverage, key=_place)),
        row["note"],
    )  # fmt: skip


def amendment_value(kind: str, written: str) -> Any:
    """An amendment's value as its kind reads it; None where it says nothing."""
    if not written.strip():
        return None
    if kind in ("term", "termination"):
        return read_day(written)
    if kind == "money":
        return read_cents(written)
    return codes(written) if kind == "measures" else written.strip()


def codes(written: str) -> tuple[str, ...]:
    """Codes joined by commas, sorted."""
    return tuple(sorted(part.strip() for part in written.split(",") if part.strip()))


def calendars(inputs: Inputs) -> list[Calendar]:
    """The days of every semester known."""
    return [inputs.calendar(Semester.parse(code)) for code in inputs.known_semesters]
