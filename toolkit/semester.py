"""A school semester: its code, its order, its days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from toolkit.errors import UsageError

# The code, and the ways people write the name: "2022./2023. m.g. 1. semestris", "2022/2023 II".
_WRITTEN = re.compile(
    r"(?P<first>\d{4})\.?\s*/\s*(?P<second>\d{4})\.?"
    r"(?:\s*-\s*|\s+(?:m\.?\s*g\.?|mācību\s+gad[as]+),?\s*|\s+)"
    r"(?P<half>[12]|I{1,2})\.?(?:\s*sem(?:\.|estris|ester)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Semester:
    """One half of a school year; ordered by time."""

    first_year: int
    half: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """The semester a person wrote, as a code or as its Latvian name.

        Raises UsageError when it is no semester, or the years do not follow each other.
        """
        match = _WRITTEN.fullmatch(written.strip())
        if not match or int(match["second"]) != int(match["first"]) + 1:
            raise UsageError("error.semester", text=written)
        half = {"1": 1, "I": 1, "2": 2, "II": 2}[match["half"].upper()]
        return cls(int(match["first"]), half)

    @property
    def code(self) -> str:
        """`2022/2023-1`, the form of tables and commands; sorts by time as text."""
        return f"{self.first_year}/{self.first_year + 1}-{self.half}"

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Calendar:
    """The first and last day of one semester, and how sure they are."""

    semester: Semester
    first_day: date
    last_day: date
    status: str = ""
    source: str = ""
