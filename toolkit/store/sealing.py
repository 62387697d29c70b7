"""Hashes over rows and entries: one way to write a row as bytes, the same on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import polars as pl

from toolkit.store.tables import VERSIONED, Stored

FEW_ROWS = 200
"""An entry of so few rows has a hash for each, so that a changed one is named."""
BLOCK_ROWS = 500


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one table that one entry wrote, and their hash."""

    table: str
    first_key: str
    last_key: str
    rows: int
    sha256: str

    @property
    def line(self) -> str:
        """The part as a line of the payload."""
        return _json([self.table, self.first_key, self.last_key, self.rows, self.sha256])


def parts_of(stored: Stored, rows: pl.DataFrame) -> Iterator[Part]:
    """The parts of the rows that one entry wrote into a table, sorted by key."""
    ordered = rows.select(*stored.key, *VERSIONED, *_rest(stored)).sort(stored.key)
    out = BytesIO()
    ordered.write_ndjson(out)
    lines, ends = out.getbuffer(), ordered.select(stored.key)
    size = 1 if ordered.height <= FEW_ROWS else BLOCK_ROWS
    blocks = re.finditer(rb"(?:[^\n]*\n){1,%d}" % size, lines)
    for start, block in zip(range(0, ordered.height, size), blocks, strict=True):
        height = min(size, ordered.height - start)
        yield Part(
            stored.name,
            _key(ends.row(start)),
            _key(ends.row(start + height - 1)),
            height,
            # without the line break after the last row
            sha256(lines[block.start() : block.end() - 1]).hexdigest(),
        )


def payload_hash(parts: Sequence[Part]) -> str:
    """The hash of everything an entry wrote."""
    return digest(*(part.line for part in parts))


def entry_hash(entry: Mapping[str, object]) -> str:
    """The hash of a journal entry over all its columns, the hash before it among them."""
    return digest(_json([entry[name] for name in CHAINED]))


CHAINED = (
    "entry", "recorded_at", "person", "action", "subject", "reason", "payload", "previous",
)  # fmt: skip


def digest(*texts: str) -> str:
    """SHA-256 of lines of text, as hexadecimal digits."""
    return sha256("\n".join(texts).encode()).hexdigest()


def _rest(stored: Stored) -> list[str]:
    return [name for name in stored.columns if name not in stored.key]


def _key(values: tuple[object, ...]) -> str:
    return " · ".join(map(str, values))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
