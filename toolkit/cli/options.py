"""Options that several commands share, and how their text is read."""

from __future__ import annotations

from datetime import date
from typing import Literal

from toolkit import config
from toolkit.errors import UsageError
from toolkit.texts import LANGUAGES

Format = Literal["table", "json", "csv"]


def spoken(lang: str | None) -> str:
    """The language asked for, else the person's."""
    if lang is None:
        return config.language()
    if lang not in LANGUAGES:
        raise UsageError("error.language", lang=lang, known=", ".join(LANGUAGES))
    return lang


def shape(written: str) -> Format:
    """The output format asked for."""
    for known in ("table", "json", "csv"):
        if written == known:
            return known
    raise UsageError("error.format", text=written)


def day(written: str) -> date:
    """A day such as 2022-09-01."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise UsageError("error.day", text=written) from error
