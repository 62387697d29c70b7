"""Small input folders for tests: one good programme, any table of which a test replaces."""

from __future__ import annotations

import shutil
from pathlib import Path

from toolkit.frames.allocation import Allocation
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law

CONTRACT = Path(__file__).parent / "contract"
LIMITS = CONTRACT / "limits-and-refusals"
PUBLISHED = CONTRACT / "published-partners"


def copied(case: Path, folder: Path, **tables: str) -> Path:
    """A copy of a worked case below `folder`, with the text of the tables given replaced."""
    copy = folder / case.name
    shutil.copytree(case, copy)
    for name, text in tables.items():
        path = copy / ("law.toml" if name == "law" else f"{name}.csv")
        path.write_text(text, encoding="utf-8")
    return copy


def allocated(folder: Path, semester: str, envelope_cents: int | None = None) -> Allocation:
    """The allocation of a folder under its own law."""
    law = load_law(folder=folder)
    return allocate(read_inputs(folder), law, Semester.parse(semester), envelope_cents)
