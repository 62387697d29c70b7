"""The worked cases of the contract, computed by the toolkit and by the reference."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.programmes import as_json
from tests.reference import reference
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law

CONTRACT = Path(__file__).parents[1] / "contract"
CASES = sorted(CONTRACT.glob("*/expected-*.json"))


def asked(case: Path) -> tuple[str, int | None]:
    """Semester and envelope in cents, as the file's name tells them."""
    first, second, half, *envelope = case.stem.removeprefix("expected-").split("-")
    return f"{first}/{second}-{half}", int(Decimal(envelope[1]) * 100) if envelope else None


def name(case: Path) -> str:
    return f"{case.parent.name}, {case.stem.removeprefix('expected-')}"


def worked(case: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(case.read_text("utf-8"))
    return found


def test_all_worked_cases_are_here() -> None:
    assert len(CASES) == 5


@pytest.mark.parametrize("case", CASES, ids=name)
def test_toolkit_gives_the_worked_case(case: Path) -> None:
    semester, envelope = asked(case)
    inputs, law = read_inputs(case.parent), load_law(folder=case.parent)

    result = allocate(inputs, law, Semester.parse(semester), envelope)

    assert as_json(result) == worked(case)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_reference_gives_the_worked_case(case: Path) -> None:
    semester, envelope = asked(case)

    result = reference(case.parent, semester, envelope)

    assert result == worked(case)
