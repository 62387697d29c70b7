"""Options that several commands share, and how their text is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

import click

from toolkit import config
from toolkit.cli.say import language_or_default
from toolkit.errors import UsageError
from toolkit.texts import LANGUAGES, text

Format = Literal["table", "json", "csv"]


def helped(key: str) -> str:
    """The help of a command or option in the person's language."""
    return text(f"help.{key}", language_or_default())


lang_option = click.option("--lang", help=helped("lang"))
format_option = click.option(
    "--format", "format_", default="table", show_default=True, help=helped("format")
)
law_option = click.option("--law", type=click.Path(path_type=Path), help=helped("law_file"))
programme_option = click.option("--programme", default="", help=helped("programme"))


def spoken(lang: str | None) -> str:
    """The language asked for, else the person's."""
    if lang is None:
        return config.language()
    if lang not in LANGUAGES:
        raise UsageError("error.language", lang=lang, known=", ".join(LANGUAGES))
    return lang


def shape(written: str) -> Format:
    """The output format asked for."""
    if written not in get_args(Format):
        raise UsageError("error.format", text=written)
    return cast(Format, written)


def day(written: str) -> date:
    """A day such as 2022-09-01."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise UsageError("error.day", text=written) from error
