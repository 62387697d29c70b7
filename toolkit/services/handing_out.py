"""Files a page hands out: made in a folder that is gone before they are fetched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from toolkit.frames.allocation import Allocation
from toolkit.semester import Semester
from toolkit.services import difference_reporting, notes, packs, reporting
from toolkit.store.connect import Database


def maximum(allocation: Allocation, lang: str) -> bytes:
    """The workbook of a semester's maximum."""
    return _made("made.xlsx", lambda path: reporting.write_workbook(allocation, path, lang))


def pack(database: Database, semester: Semester) -> bytes:
    """The pack of a semester. Raises UsageError when nothing was drafted."""
    return _made("made.zip", lambda path: packs.export(database, semester, path))


def difference(database: Database, semester: Semester, lang: str) -> bytes:
    """The workbook of what lies between a released semester and now."""
    found = notes.present(database, semester)
    return _made("made.xlsx", lambda path: difference_reporting.write_workbook(found, path, lang))


def _made(name: str, write: Callable[[Path], object]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
