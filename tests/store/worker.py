"""A person's morning, to be killed in: `python -m tests.store.worker URL FILE FOLDER`.

Prints a mark as each phase begins: `import`, `steps`, `backup`, `done`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.store.material import anna, at, juris
from toolkit.semester import Semester
from toolkit.services import importing, keeping, workflow
from toolkit.services.runs import Asked
from toolkit.store.connect import opened

SEMESTER = Semester.parse("2020/2021-1")
PHASES = ("import", "steps", "backup")
BACKUPS = 3


def main(url: str, file: Path, folder: Path) -> None:
    database = opened(url)
    officer, approver = anna(database), juris(database)
    prepared = importing.prepare(database, file, "institutions", keep=True)
    mark("import")
    importing.store_import(database, officer, prepared, at(10))
    mark("steps")
    workflow.draft(database, officer, Asked(SEMESTER), at(11))
    workflow.take(database, officer, SEMESTER, "check", at(12))
    workflow.take(database, approver, SEMESTER, "approve", at(13))
    mark("backup")
    for number in range(BACKUPS):
        keeping.back_up(database, folder / f"{number}.backup")
    mark("done")


def mark(phase: str) -> None:
    print(phase, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
