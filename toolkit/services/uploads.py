"""A chosen file that is not yet stored: kept for its person, so that a new tab finds it again.

It lies where the launcher keeps what it hands out, and not with the drafts: a file as it
came may hold what the store never does, so it goes with the launcher, and after a day's work.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FOLDER = "uploads"
LIFETIME_SECONDS = 12 * 60 * 60
"""As long as a session lasts at most."""
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it was chosen."""

    path: Path
    table: str
    """What it holds; "" for a workbook with a sheet for each table."""
    keep: bool = False
    """Whether what it lacks stays in the store, as the person has said."""


def keep(spool: Path, person: str, file: Path, name: str, table: str) -> Kept:
    """Take a file in, under a name that is safe; the one the person had chosen before goes."""
    before = list(_folders(spool, person))
    folder = _place(spool, person) / secrets.token_hex(8)
    folder.mkdir(mode=0o700, parents=True)
    (folder / "file").mkdir(mode=0o700)
    taken = Kept(Path(shutil.move(file, folder / "file" / name)), table)
    remember(taken)
    for old in before:
        shutil.rmtree(old, ignore_errors=True)
    return taken


def remember(kept: Kept) -> None:
    """Write down how a file is meant; nothing when it is not there any more."""
    about = json.dumps({"table": kept.table, "keep": kept.keep})
    with suppress(FileNotFoundError):
        (kept.path.parent.parent / _ABOUT).write_text(about, encoding="utf-8")


def kept(spool: Path, person: str) -> Kept | None:
    """The file that the person has chosen and neither stored nor thrown away; None for none."""
    for folder in _folders(spool, person):
        with suppress(OSError, ValueError):
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            (path,) = (folder / "file").iterdir()
            if not _over(folder):
                return Kept(path, str(about["table"]), bool(about["keep"]))
    return None


def drop(kept: Kept) -> None:
    """Forget a file: it was stored, or thrown away. Another one of the person's stays."""
    shutil.rmtree(kept.path.parent.parent, ignore_errors=True)


def sweep(spool: Path) -> int:
    """Remove the files that nobody came back for; their number."""
    over = [folder for folder in (spool / FOLDER).glob("*/*") if _over(folder)]
    for folder in over:
        shutil.rmtree(folder, ignore_errors=True)
    return len(over)


def _folders(spool: Path, person: str) -> Iterator[Path]:
    """The person's, the newest first: of two tabs the last has chosen."""
    found = []
    for folder in _place(spool, person).glob("*"):
        with suppress(FileNotFoundError):
            found.append((folder.stat().st_mtime_ns, folder))
    return (folder for _, folder in sorted(found, reverse=True))


def _over(folder: Path) -> bool:
    with suppress(FileNotFoundError):
        return folder.stat().st_mtime < time.time() - LIFETIME_SECONDS
    return True


def _place(spool: Path, person: str) -> Path:
    # a person's code becomes no part of a path
    return spool / FOLDER / sha256(person.encode()).hexdigest()[:32]
