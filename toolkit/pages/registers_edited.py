"""A row of a register with what was typed into it, and what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.services.registers_shown import ShownColumn

VERSION = "version"


@dataclass(slots=True)
class Edited:
    """A row with what was typed into it, on the version that was seen then."""

    seen: dict[str, Any]
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    other: dict[str, str] | None = None
    """What somebody else has written meanwhile; None while nobody has, empty when they withdrew."""
    before: dict[str, str] = field(default_factory=dict)
    """What stood there when it was seen, as far as that is still known."""

    def meet(
        self, now: Mapping[str, Any] | None, shown: Callable[[Mapping[str, Any]], dict[str, str]]
    ) -> None:
        """Look at the row as it stands now; None when it was withdrawn."""
        if now is None:
            self.other = {}
        elif now[VERSION] != self.seen[VERSION]:
            self.other = shown(now)
            self.before = shown(self.seen)

    @property
    def settled(self) -> bool:
        """Whether the other person wrote the same."""
        other = self.other or {}
        return bool(other) and all(other.get(name) == text for name, text in self.typed.items())

    def beside(self, columns: Sequence[ShownColumn]) -> list[tuple[str, str, str | None]]:
        """Column, what the other person wrote, what was typed (None: nothing).

        Only what differs, and what the other changed; of a withdrawn row all that was typed.
        """
        other = self.other or {}
        return [
            (column.title, self._told(column, other), self._mine(column))
            for column in columns
            if self.typed.get(column.name, self.before.get(column.name, other.get(column.name)))
            != other.get(column.name)
        ]

    def _mine(self, column: ShownColumn) -> str | None:
        return self._told(column, self.typed) if column.name in self.typed else None

    @staticmethod
    def _told(column: ShownColumn, other: Mapping[str, str]) -> str:
        text = other.get(column.name, "–")
        return dict(column.choices).get(text, text)


def not_listed(columns: Iterable[ShownColumn], typed: Mapping[str, str]) -> list[str]:
    """The columns with a list into which something else was typed: a table offers the list."""
    return [
        column.name
        for column in columns
        if column.choices
        and (told := typed.get(column.name, "").strip().casefold())
        and not any(told in (code.casefold(), shown.casefold()) for code, shown in column.choices)
    ]
