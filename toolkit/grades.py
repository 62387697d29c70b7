"""Grades of general education and courses of vocational education, as ranges."""

from __future__ import annotations

import re

from toolkit.errors import UsageError

_RANGE = re.compile(r"([0-9]{1,2})(?:\s*[-–]\s*([0-9]{1,2}))?")
HIGHEST = 12


def grades(text: str) -> frozenset[int]:
    """The grades that `5-9` or `1-4,7` names.

    Raises UsageError when a part is no number or range, runs backwards, or
    leaves 1–12.
    """
    found: set[int] = set()
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if not 1 <= first <= last <= HIGHEST:
            raise UsageError("error.grades", text=text)
        found.update(range(first, last + 1))
    return frozenset(found)
