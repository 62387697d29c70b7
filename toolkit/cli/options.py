"""Options that several commands share, and how their text is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

import click

from toolkit import config
from toolkit.cli.say import language_or_default
from toolkit.errors import UsageError
from toolkit.texts import LANGUAGES, text

if TYPE_CHECKING:
    from toolkit.services.inputs import Inputs

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


source_option = click.option(
    "--input", "source", type=click.Path(path_type=Path), help=helped("input")
)
as_of_option = click.option("--as-of", default="", help=helped("as_of"))


def inputs_of(source: Path | None, as_of: str) -> Inputs:
    """The tables of a folder or workbook, else those of the store, now or at a moment."""
    if source is not None:
        from toolkit.services.inputs import read_inputs

        if as_of:
            raise UsageError("error.as_of_files")
        return read_inputs(source)
    from toolkit.services import stored

    return stored.stored_inputs(stored.store(), stored.moment(as_of) if as_of else None)


def day_or_today(written: str) -> date:
    """The day written, else the day it is in Latvia."""
    if written:
        return day(written)
    from toolkit.services import stored

    return stored.today()


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
