"""CSV as offices write it: UTF-8, UTF-16 or Windows-1257; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from toolkit.errors import Finding
from toolkit.intake.columns import framed
from toolkit.intake.sheets import RawSheet, Row, many_rows, refused
from toolkit.personal import masked

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LARGEST_BYTES = 500 * 2**20
LARGEST_CELL = 100_000
_HEAD_BYTES = 2**16
_HEAD_LINES = 30
_BLOCK = 2**20
_SAMPLE = 4096
_MANY_BYTES = 2**19
_WORTH_SHARING = 32 * 2**20
_LATVIAN_UTF8 = re.compile(rb"[\xc4\xc5][\x80-\xbf]")
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=([,;\t])"?\r?\n', re.IGNORECASE)


def read_csv(path: Path) -> RawSheet:
    """The rows of a CSV file; findings instead of rows when it is no table."""
    name = masked(path.name)
    if path.stat().st_size > LARGEST_BYTES:
        return refused(name, "file.too_large")
    content = path.read_bytes()
    if not content or content.isspace():
        return refused(name, "file.empty")
    encoding = _encoding(content)
    if encoding is None:
        return refused(name, "file.not_text")
    rows: Sequence[Row] | None = (
        framed(*_plain(content, encoding), LARGEST_CELL) if len(content) >= _MANY_BYTES else None
    )
    if rows is None:
        read: list[list[str]] = []
        try:
            _read_rows(content, encoding, read)
        except csv.Error:
            return refused(name, "file.broken_csv", len(read) + 1)
        rows = read
    if not any(cell and not cell.isspace() for row in rows for cell in row):
        return refused(name, "file.empty")
    notes = (
        [] if encoding != "cp1257" else [Finding("file.read_as_1257", file=name, severity="note")]
    )
    return RawSheet(name, "", rows, notes)


def _read_rows(content: bytes, encoding: str, rows: list[list[str]]) -> None:
    """Fill `rows`; what was read before an error tells in which row the error is."""
    delimiter, marked = _parted_by(content, encoding)
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    if marked:
        # for the program that opens the file: it shows no such row, and counts none
        lines.readline()
    csv.field_size_limit(LARGEST_CELL)
    read = csv.reader(lines, delimiter=delimiter, strict=True)
    with many_rows():
        if len(content) < _WORTH_SHARING:
            rows.extend(read)
        else:
            # one string for all equal cells: a tenth of the memory of a large file
            once: dict[str, str] = {}
            rows.extend([once.setdefault(cell, cell) for cell in row] for row in read)


def _plain(content: bytes, encoding: str) -> tuple[bytes, str]:
    """The text as UTF-8 without marks and lines for programs, and what parts its cells."""
    delimiter, marked = _parted_by(content, encoding)
    same = content.removeprefix(codecs.BOM_UTF8) if encoding.startswith("utf-8") else None
    plain = content.decode(encoding).encode() if same is None else same
    return plain[plain.index(b"\n") + 1 :] if marked else plain, delimiter


def _parted_by(content: bytes, encoding: str) -> tuple[str, bool]:
    """What parts the cells, and whether a first line says so."""
    head = content[:_HEAD_BYTES].decode(encoding, errors="replace")
    marked = _SEPARATOR_LINE.match(head)
    return (marked[1], True) if marked else (_delimiter(head), False)


def _encoding(content: bytes) -> str | None:
    """The first encoding that all the bytes are text in; None when there is none."""
    encodings = [encoding for bom, encoding in _BOMS if content.startswith(bom)]
    if not encodings and b"\0" in content[:_SAMPLE]:
        # UTF-16 without a mark: every other byte of plain letters is zero.
        even, odd = content[:_SAMPLE:2].count(0), content[1:_SAMPLE:2].count(0)
        if max(even, odd) * 4 < len(content[:_SAMPLE]):
            return None
        encodings = ["utf-16-be" if even > odd else "utf-16-le"]
    for encoding in encodings or ["utf-8", "cp1257"]:
        if _is_text(content, encoding):
            return encoding
        if _LATVIAN_UTF8.search(content):
            # cut off or broken in one place: Windows-1257 would make other letters of all
            return None
    return None


def _is_text(content: bytes, encoding: str) -> bool:
    """Whether the bytes decode, and hold no NUL: a block at a time, the text is not kept."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _BLOCK):
            if "\0" in decoder.decode(content[start : start + _BLOCK]):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(head: str) -> str:
    """The one of comma, semicolon and tab that most cells of the first lines agree on.

    A title above the table may hold marks too, but not in the same number line after line.
    """
    lines = ["".join(line.split('"')[::2]) for line in head.splitlines()[:_HEAD_LINES]]

    def agreed(mark: str) -> int:
        counts = Counter(line.count(mark) for line in lines)
        return max((marks * agreeing for marks, agreeing in counts.items()), default=0)

    return max(",;\t", key=agreed)
