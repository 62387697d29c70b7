"""The figures of each semester beside what the law wants reached by then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from toolkit import money
from toolkit.frames.allocation import LawUsed
from toolkit.law import InForce, Law
from toolkit.rules.succession import Heirs, resolve_parties
from toolkit.semester import Calendar, Semester
from toolkit.services import notes, workflow
from toolkit.services.allocation import law_used
from toolkit.services.inputs import Inputs
from toolkit.services.visible import Visible
from toolkit.services.workflow import Step
from toolkit.store import records
from toolkit.store.connect import Database

DECIDED = ("approved", "released")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted in a semester and since the programme began, and the target of its day."""

    here: int | None
    to_date: int | None
    """None where a part cannot be known: learners of counts without plans."""
    target: LawUsed | None = None
    """With status and source; None where the law has none, and for a partner's person."""
    wanted: Fraction | None = None
    whole: LawUsed | None = None
    """What a share is taken of."""
    share: Fraction | None = None
    """`here` in per cent of the `whole`."""

    @property
    def reached(self) -> bool | None:
        """Whether the target of the day is reached; None without a target."""
        if self.wanted is None:
            return None
        own = self.share if self.whole else self.to_date
        return None if own is None else own >= self.wanted


@dataclass(frozen=True, slots=True)
class SemesterFigures:
    """One semester: its money by how far it has come, and its indicators by name."""

    semester: str
    state: str
    planned_cents: int | None
    """Drafted or checked, not yet decided."""
    allocated_cents: int | None
    """Approved or released."""
    noted_cents: int
    """What confirmed difference notes have since added or taken away."""
    partners: int
    indicators: Mapping[str, Indicator]
    """`plans`, `learners`, `institutions`; for those who read all, `municipalities` too."""
    paid_cents: int | None = None
    accepted_cents: int | None = None


def semesters(
    database: Database, visible: Visible, inputs: Inputs, law: Law, day: date, entry: int
) -> tuple[SemesterFigures, ...]:
    """The semesters that have begun by a day or that anything is known of, in their order."""
    steps = {step.semester: step for step in workflow.steps(database, entry)}
    noted = _noted(database, visible, entry)
    counted = _counted(inputs, visible)
    known = {*counted["semester"], *steps}
    found = []
    for code in inputs.known_semesters:
        calendar = inputs.calendar(Semester.parse(code))
        if calendar.first_day > day and code not in known:
            continue
        step = steps.get(code, Step(code))
        cents = _cents(database, visible, step)
        own = counted.filter(pl.col("semester") == code).select("institution", "grade").unique()
        owners = [visible.owners(code)(*row) for row in own.iter_rows()]
        found.append(
            SemesterFigures(
                code, step.state,
                None if step.state in DECIDED else cents,
                cents if step.state in DECIDED else None,
                noted.get(code, 0),
                len({owner for some in owners for owner in some if owner and len(some) == 1}),
                dict(_indicators(inputs, visible, law, calendar, counted)),
            )
        )  # fmt: skip
    return tuple(found)


def municipalities(inputs: Inputs, calendar: Calendar) -> frozenset[str]:
    """The municipalities that have an agreement in force on some day of the semester."""
    day = calendar.first_day
    valid = inputs.agreements_on(day).filter(
        pl.col("valid_from") <= calendar.last_day,
        pl.col("ends_on").is_null() | (pl.col("ends_on") >= day),
    )
    places = inputs.coverage.select("agreement", "institution")
    pairs = valid.select("agreement", party="partner").join(places, on="agreement", how="left")
    heirs = Heirs(inputs.successions[0], day)
    parties = resolve_parties(
        pairs.with_columns(pl.col("institution").fill_null("")), heirs, inputs.members(day)
    )
    kinds = inputs.frames["partners"].filter(pl.col("kind") == "municipality")
    return frozenset(parties["partner"].drop_nulls()) & frozenset(kinds["partner"])


def _indicators(
    inputs: Inputs, visible: Visible, law: Law, calendar: Calendar, counted: pl.DataFrame
) -> Iterator[tuple[str, Indicator]]:
    code, day = calendar.semester.code, calendar.first_day
    now = {used.name: used for used in law.on(day).all()} if visible.everything else {}
    here = counted.filter(pl.col("semester") == code)
    so_far = counted.filter(pl.col("semester") <= code)

    def aim(name: str) -> tuple[LawUsed | None, Fraction | None]:
        found = now.get(f"indicator.{name}")
        return (law_used(found), _number(found)) if found else (None, None)

    yield "plans", Indicator(int(here["plans"].sum()), int(so_far["plans"].sum()), *aim("plans"))
    plans = visible.register("plans", inputs.frames["plans"])
    learners = (_learners(here, plans), _learners(so_far, plans))
    yield "learners", Indicator(*learners, *aim("learners"))
    schools = Heirs(inputs.successions[1], day)
    institutions = (_institutions(here, schools), _institutions(so_far, schools))
    yield "institutions", Indicator(*institutions, *aim("institutions"))
    if visible.everything:
        number = len(municipalities(inputs, calendar))
        whole = now.get("municipalities.total")
        share = Fraction(number * 100) / _number(whole) if whole else None
        used = law_used(whole) if whole else None
        yield "municipalities", Indicator(number, None, *aim("municipalities"), used, share)


def _number(found: InForce) -> Fraction:
    """A count or a percentage as it is written."""
    return Fraction(str(found.value))


def _institutions(rows: pl.DataFrame, schools: Heirs) -> int:
    """Different institutions; one under its old and its new name is one."""
    return len({schools.heir(code, frozenset({code})) or code for code in rows["institution"]})


def _learners(rows: pl.DataFrame, plans: pl.DataFrame) -> int | None:
    """Different learners of the semesters counted; None when one of them has no plans by name."""
    of_plans = plans.select("semester", "learner")
    if rows.join(of_plans, on="semester", how="anti").height:
        return None
    return of_plans.join(rows, on="semester", how="semi")["learner"].n_unique()


def _counted(inputs: Inputs, visible: Visible) -> pl.DataFrame:
    """Rows of counts that the person may read, and plans where a semester has no counts."""
    columns = ("semester", "institution", "grade", "plans")
    counts = inputs.frames["counts"]
    alone = inputs.frames["plans"].join(counts, on="semester", how="anti")
    plans = alone.with_columns(plans=pl.lit(1, pl.Int64))
    rows = pl.concat([counts.select(columns), plans.select(columns)])
    return visible.register("counts", rows.filter(pl.col("plans") > 0))


def _cents(database: Database, visible: Visible, step: Step) -> int | None:
    """The maximum of the run that a semester stands at, or the person's part of it."""
    if not step.run:
        return None
    run = records.record(database, "runs", {"semester": step.semester, "run": step.run})
    if run is None:
        return None
    if visible.everything:
        return int(run["total_cents"])
    partners = json.loads(run["result"])["partners"]
    own = (row["maximum"] for row in partners if visible.owns(row["partner"]))
    return sum(map(money.read_euros, own))


def _noted(database: Database, visible: Visible, entry: int) -> dict[str, int]:
    """What confirmed notes have changed, by semester."""
    confirmed = pl.DataFrame(
        [
            (note.semester, note.note)
            for note in notes.notes(database, until=entry)
            if note.state == "confirmed"
        ],
        schema={"semester": pl.String, "note": pl.Int64},
        orient="row",
    )
    lines = visible.register("note_lines", records.standing(database, "note_lines", entry))
    sums = lines.join(confirmed, on=["semester", "note"], how="semi")
    return dict(sums.group_by("semester").agg(pl.col("difference_cents").sum()).iter_rows())
