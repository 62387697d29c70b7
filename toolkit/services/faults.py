"""Faults of ours: the full account goes to a log, the person gets its number."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from toolkit import config
from toolkit.personal import masked


def log() -> Path:
    """The log of faults, in the home folder."""
    return config.home() / "errors.log"


def record(error: BaseException, where: str = "") -> str:
    """Write a fault down, personal codes masked; the number under which it is found."""
    number = token_hex(4)
    _append(f"{number} {where}\n" + "".join(traceback.format_exception(error)))
    return number


def note(sentence: str) -> None:
    """Write down, in one line, that something was refused."""
    _append(" ".join(sentence.split()))


def _append(account: str) -> None:
    path = log()
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"{datetime.now(UTC).isoformat()} {masked(account)}\n"
    # one write to a file opened for appending: two processes do not mix their lines
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line.encode())
    finally:
        os.close(file)
