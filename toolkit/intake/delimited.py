"""CSV as offices write it: UTF-8, UTF-16 or Windows-1257; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
from pathlib import Path

from toolkit.errors import Finding
from toolkit.intake.sheets import RawSheet

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LARGEST_BYTES = 500 * 2**20
LARGEST_CELL = 100_000


def read_csv(path: Path) -> RawSheet:
    """The rows of a CSV file; findings instead of rows when it is no table."""
    name = path.name
    if path.stat().st_size > LARGEST_BYTES:
        return _refused(name, "file.too_large")
    content = path.read_bytes()
    if not content.strip():
        return _refused(name, "file.empty")
    decoded = _decoded(content)
    if decoded is None:
        return _refused(name, "file.not_text")
    text, encoding = decoded
    delimiter = _delimiter(text)
    csv.field_size_limit(LARGEST_CELL)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error:
        return _refused(name, "file.broken_csv")
    notes = (
        [] if encoding != "cp1257" else [Finding("file.read_as_1257", file=name, severity="note")]
    )
    return RawSheet(name, "", rows, notes)


def _refused(name: str, rule: str) -> RawSheet:
    return RawSheet(name, "", [], [Finding(rule, file=name)])


def _decoded(content: bytes) -> tuple[str, str] | None:
    """Text and encoding; None when the bytes are no text in any of them."""
    encodings = [encoding for bom, encoding in _BOMS if content.startswith(bom)]
    if not encodings and b"\0" in content[:4096]:
        # UTF-16 without a mark: every other byte of plain letters is zero.
        even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
        encodings = ["utf-16-be" if even > odd else "utf-16-le"]
    for encoding in encodings or ["utf-8", "cp1257"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    return None


def _delimiter(text: str) -> str:
    """The one of comma, semicolon and tab that the first line with any of them has most of."""
    for line in text.splitlines():
        unquoted = "".join(line.split('"')[::2])
        counts = {mark: unquoted.count(mark) for mark in ",;\t"}
        if any(counts.values()):
            return max(counts, key=lambda mark: counts[mark])
    return ","
