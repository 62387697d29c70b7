"""An amendment as it was typed into a form, read: everything unreadable is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from toolkit import money
from toolkit.errors import ToolkitError, UsageError
from toolkit.grades import grades
from toolkit.intake.cells import read_cents, read_day
from toolkit.rules.amendments import Covered
from toolkit.semester import Semester
from toolkit.services.amending import Entered, negative
from toolkit.services.annexes import grades as grades_written
from toolkit.services.workflow import refuse
from toolkit.texts.formats import day

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Typed:
    """Texts, as a person wrote them; `value` is a day, an amount, a partner or codes by kind."""

    agreement: str
    number: str
    kind: str
    signed_on: str
    effective_on: str
    value: str = ""
    note: str = ""
    coverage: Sequence[Mapping[str, str]] = ()


def entered(typed: Typed) -> Entered:
    """The amendment. Raises RefusedError with every field that is empty or cannot be read."""
    faults: list[ToolkitError] = []
    number = _read(faults, "number", typed.number, str)
    signed = _read(faults, "signed_on", typed.signed_on, read_day)
    effective = _read(faults, "effective_on", typed.effective_on, read_day)
    value = _value(faults, typed)
    coverage = [_covered(faults, at, row) for at, row in enumerate(typed.coverage)]
    if typed.kind == "institutions" and not coverage:
        missing = ToolkitError("error.refused.amendment.missing", field="coverage")
        faults.append(missing.placed(row_field(0, "institution")))
    refuse([fault.placed(fault.facts["field"]) for fault in faults])
    assert number is not None
    assert signed is not None
    assert effective is not None
    known = tuple(covered for covered in coverage if covered is not None)
    return Entered(
        typed.agreement, number, typed.kind, signed, effective, value, typed.note.strip(), known
    )


def row_field(at: int, column: str) -> str:
    """What a column of a row of coverage is called in an error; the first row is 0."""
    return f"coverage {at} {column}"


def written(covered: Covered, lang: str) -> dict[str, str]:
    """A row of the coverage as a form has it, to be read again."""
    return {
        "institution": covered.institution,
        "from_semester": covered.from_semester,
        "to_semester": covered.to_semester,
        "grades": grades_written(covered.grades, lang) if covered.grades else "",
        "starts_on": day(covered.starts_on, lang) if covered.starts_on else "",
    }


def _value(faults: list[ToolkitError], typed: Typed) -> str:
    """The value as the register keeps it: a day as ISO, an amount as `1234.50`."""
    if typed.kind in ("term", "termination"):
        end = _read(faults, "ends_on", typed.value, read_day)
        return end.isoformat() if end else ""
    if typed.kind == "money":
        cents = _read(faults, "amount_cents", typed.value, read_cents)
        if cents is not None and cents < 0:
            faults.append(negative("amount_cents", typed.value))
        return "" if cents is None else money.euros(cents)
    if typed.kind in ("party", "measures"):
        field = "partner" if typed.kind == "party" else "measures"
        return _read(faults, field, typed.value, str) or ""
    return ""


def _covered(faults: list[ToolkitError], at: int, row: Mapping[str, str]) -> Covered | None:
    own: list[ToolkitError] = []
    covered = _covered_row(own, row)
    faults += [fault.placed(row_field(at, fault.facts["field"])) for fault in own]
    return covered


def _covered_row(faults: list[ToolkitError], row: Mapping[str, str]) -> Covered | None:
    institution = _read(faults, "institution", row.get("institution", ""), str)
    first = _read(faults, "from_semester", row.get("from_semester", ""), _semester)
    last, starts = row.get("to_semester", ""), row.get("starts_on", "")
    until = _read(faults, "to_semester", last, _semester) if last.strip() else ""
    starts_on = _read(faults, "starts_on", starts, read_day) if starts.strip() else None
    names = row.get("grades", "")
    known = _read(faults, "grades", names, _grades) if names.strip() else ()
    if first and until and until < first:
        faults.append(
            ToolkitError("error.refused.amendment.unread", field="to_semester", text=last)
        )
    if institution is None or first is None or known is None:
        return None
    return Covered(institution, first, until or "", known, starts_on)


def _read(
    faults: list[ToolkitError], field: str, written: str, read: Callable[[str], Read | None]
) -> Read | None:
    if not written.strip():
        faults.append(ToolkitError("error.refused.amendment.missing", field=field))
        return None
    found = read(written.strip())
    if found is None:
        # of a day it is said how one is written, as in every other form
        key = "error.day" if read is read_day else "error.refused.amendment.unread"
        faults.append(ToolkitError(key, field=field, text=written))
    return found


def _semester(written: str) -> str | None:
    try:
        return Semester.parse(written).code
    except UsageError:
        return None


def _grades(written: str) -> tuple[int, ...] | None:
    try:
        return tuple(sorted(grades(written)))
    except UsageError:
        return None
