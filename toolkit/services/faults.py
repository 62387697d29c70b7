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
    account = masked("".join(traceback.format_exception(error)))
    number = token_hex(4)
    path = log()
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"{datetime.now(UTC).isoformat()} {number} {where}\n{account}\n"
    # one write to a file opened for appending: two processes do not mix their lines
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line.encode())
    finally:
        os.close(file)
    return number
