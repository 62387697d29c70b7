"""The folder of a launcher: what it hands out and takes in, for as long as it runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "grants-"
_PROCESS = "process"


def fresh() -> Path:
    """A new folder of this process, nobody else's to read.

    Folders of launchers that were killed go first: files as people uploaded them may lie
    there, and nobody comes back for them.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _left(folder):
            shutil.rmtree(folder, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=_PREFIX))
    (made / _PROCESS).write_text(str(os.getpid()), encoding="ascii")
    return made


def _left(folder: Path) -> bool:
    """Whether the process whose folder it is runs no more; no folder of another sort is ours."""
    with suppress(OSError, ValueError):
        process = (folder / _PROCESS).read_text(encoding="ascii")
        if not process.isdecimal():
            return False
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
    return False
