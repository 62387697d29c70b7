"""Who has opened a page, told by the launcher to the kernel; and the files a page hands out.

Each kernel has a folder of its own, whose name only the launcher and the kernel know.
Nothing that a browser says takes part in it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

VISIT = "visit.json"
DOWNLOADS = "downloads"
LIFETIME_SECONDS = 600
"""How long a file waits to be fetched."""
_TOKEN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Visit:
    """One page opened by one person."""

    person: str
    page: str
    lang: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Download:
    """A file made for one person, fetched once."""

    person: str
    name: str
    kind: str
    until: float
    content: bytes = b""


def announce(folder: Path, visit: Visit) -> None:
    """Tell the kernel whose folder this is who has opened its page."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / VISIT, json.dumps(asdict(visit), ensure_ascii=False).encode())


def visit(folder: Path) -> Visit | None:
    """Who has opened the page of this kernel; None while nobody has."""
    try:
        return Visit(**json.loads((folder / VISIT).read_bytes()))
    except FileNotFoundError:
        return None


def hand_out(spool: Path, person: str, name: str, kind: str, content: bytes) -> str:
    """Lay a file out for one person; the token that fetches it once."""
    token = secrets.token_hex(32)
    folder = spool / DOWNLOADS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    head = {"person": person, "name": name, "kind": kind, "until": time.time() + LIFETIME_SECONDS}
    _write(folder / f"{token}.bin", content)
    _write(folder / f"{token}.json", json.dumps(head, ensure_ascii=False).encode())
    return token


def fetch(spool: Path, person: str, token: str) -> Download | None:
    """The file of a token, for the person it was made for and only once; else None.

    Somebody else's try leaves the file where it is, and learns nothing.
    """
    if not _TOKEN.fullmatch(token):
        return None
    head, body = (spool / DOWNLOADS / f"{token}.{end}" for end in ("json", "bin"))
    try:
        told = Download(**json.loads(head.read_bytes()))
        if told.person != person:
            return None
        # whoever removes the head has the file: of two requests at once one is late
        head.unlink()
        content = body.read_bytes()
        body.unlink()
    except FileNotFoundError:
        return None
    if told.until < time.time():
        return None
    return Download(told.person, told.name, told.kind, told.until, content)


def sweep(spool: Path) -> int:
    """Remove the files nobody has fetched in time; their number."""
    removed = 0
    for head in (spool / DOWNLOADS).glob("*.json"):
        if Download(**json.loads(head.read_bytes())).until < time.time():
            head.unlink(missing_ok=True)
            head.with_suffix(".bin").unlink(missing_ok=True)
            removed += 1
    return removed


def _write(path: Path, content: bytes) -> None:
    """There whole or not at all, for its owner alone to read."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
