"""The subcommands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toolkit import __version__
from toolkit.cli.law import law_app
from toolkit.cli.options import shape, spoken
from toolkit.cli.say import language_or_default
from toolkit.texts import text


def _help(key: str) -> str:
    return text(f"help.{key}", language_or_default())


app = typer.Typer(
    name="grants", help=_help("grants"), no_args_is_help=True, add_completion=False,
    rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip
app.add_typer(law_app, name="law", help=_help("law"))

Lang = Annotated[str | None, typer.Option("--lang", help=_help("lang"))]
Shape = Annotated[str, typer.Option("--format", help=_help("format"))]


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def grants(
    version: Annotated[
        bool, typer.Option("--version", help=_help("version"), callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Shared options; the help comes from the catalogue."""


@app.command(help=_help("allocate"))
def allocate(
    semester: Annotated[str, typer.Argument(help=_help("semester"))],
    source: Annotated[Path | None, typer.Option("--input", help=_help("input"))] = None,
    law: Annotated[Path | None, typer.Option("--law", help=_help("law_file"))] = None,
    programme: Annotated[str, typer.Option("--programme", help=_help("programme"))] = "",
    envelope: Annotated[str | None, typer.Option("--envelope", help=_help("envelope"))] = None,
    form: Shape = "table",
    out: Annotated[Path | None, typer.Option("--out", help=_help("out"))] = None,
    lang: Lang = None,
) -> None:
    """Compute and show the maximum of a semester."""
    from toolkit.cli.allocate import run

    language, format_ = spoken(lang), shape(form)
    raise typer.Exit(run(semester, source, law, programme, envelope, format_, out, language))


@app.command(help=_help("check"))
def check(
    source: Annotated[Path, typer.Argument(help=_help("input"))],
    lang: Lang = None,
) -> None:
    """Read a folder or workbook and list its findings."""
    from toolkit.cli.allocate import check_input

    raise typer.Exit(check_input(source, spoken(lang)))


@app.command(help=_help("simulate"))
def simulate(
    folder: Annotated[Path, typer.Argument(help=_help("simulate_folder"))],
    plans: Annotated[int, typer.Option("--plans", help=_help("simulate_plans"))] = 93_497,
    institutions: Annotated[
        int, typer.Option("--institutions", help=_help("simulate_institutions"))
    ] = 665,
    municipalities: Annotated[
        int, typer.Option("--municipalities", help=_help("simulate_municipalities"))
    ] = 43,
    schools: Annotated[int, typer.Option("--schools", help=_help("simulate_schools"))] = 31,
    semesters: Annotated[int, typer.Option("--semesters", help=_help("simulate_semesters"))] = 12,
    seed: Annotated[int, typer.Option("--seed", help=_help("simulate_seed"))] = 2022,
    lang: Lang = None,
) -> None:
    """Make an invented national programme."""
    from toolkit.cli.simulate import run
    from toolkit.services.simulate import Size

    size = Size(plans, municipalities, schools, institutions, semesters)
    raise typer.Exit(run(folder, size, seed, spoken(lang)))
