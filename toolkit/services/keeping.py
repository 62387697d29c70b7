"""Keeping the store: its proof, its copies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from toolkit.store import backup, verify
from toolkit.store.connect import Database, place
from toolkit.store.verify import Verified

Proof = Verified
"""What a walk along the chain has found."""


def verified(database: Database, progress: Callable[[int, int], None] | None = None) -> Verified:
    """The whole chain walked: every entry, row and guard; `damage` names what differs."""
    return verify.verify(database, progress)


def back_up(database: Database, target: Path) -> int:
    """The store as one file while people work on; the last journal entry in it."""
    return backup.back_up(database, target)


def restore(source: Path, url: str) -> Verified:
    """A new store from a backup, verified."""
    return backup.restore(source, url)


def where(url: str) -> str:
    """A database for a person: its file, or its address without the password."""
    return place(url)
