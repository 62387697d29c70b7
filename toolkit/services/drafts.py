"""What a person has typed and not yet handed in: kept on disk, for themselves alone.

Drafts are no decisions, so they are not in the ledger: they change with every letter
and are gone when they are handed in.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from toolkit import config

MOST_BYTES = 1_000_000


def keep(person: str, form: str, values: Mapping[str, str]) -> None:
    """Keep what stands in a form; nothing typed means no draft."""
    if not any(values.values()):
        drop(person, form)
        return
    content = json.dumps(dict(values), ensure_ascii=False).encode()
    if len(content) > MOST_BYTES:
        return
    path = _path(person, form)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def kept(person: str, form: str) -> dict[str, str]:
    """What the person had typed into a form; empty when there is nothing, or it is damaged."""
    try:
        found = json.loads(_path(person, form).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()}


def drop(person: str, form: str) -> None:
    """Forget a draft: it was handed in, or the person threw it away."""
    _path(person, form).unlink(missing_ok=True)


def _path(person: str, form: str) -> Path:
    # names of people and forms become no part of a path
    def name(text: str) -> str:
        return sha256(text.encode()).hexdigest()[:32]

    return config.home() / "drafts" / name(person) / f"{name(form)}.json"
