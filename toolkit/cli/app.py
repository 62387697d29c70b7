"""The subcommands and their options."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit import __version__
from toolkit.cli import agreements, notes, people, semester, store
from toolkit.cli.law import law
from toolkit.cli.options import (
    format_option,
    helped,
    lang_option,
    law_option,
    programme_option,
    shape,
    spoken,
)
from toolkit.cli.serve import serve
from toolkit.cli.successions import successions

FOLDER = click.Path(path_type=Path)


@click.group(help=helped("grants"))
@click.version_option(__version__, message="%(version)s", help=helped("version"))
def grants() -> None:
    """Shared options; the help comes from the catalogue."""


for _command in (
    law, store.init, store.import_, store.backup, store.restore, store.verify, people.people,
    store.journal, semester.semester, semester.approve, semester.release, semester.seal,
    notes.note, agreements.agreements, agreements.due, successions,
    serve,
):  # fmt: skip
    grants.add_command(_command)


@grants.command(help=helped("allocate"))
@click.argument("semester")
@click.option("--input", "source", type=FOLDER, help=helped("input"))
@law_option
@programme_option
@click.option("--envelope", help=helped("envelope"))
@click.option("--method", default="per_plan", show_default=True, help=helped("method"))
@format_option
@click.option("--out", type=FOLDER, help=helped("out"))
@click.option("--as-of", default="", help=helped("as_of"))
@lang_option
def allocate(
    semester: str, source: Path | None, law: Path | None, programme: str, envelope: str | None,
    method: str, format_: str, out: Path | None, as_of: str, lang: str | None,
) -> int:  # fmt: skip
    """Compute and show the maximum of a semester; 1 when rows were refused."""
    language, wanted = spoken(lang), shape(format_)
    from toolkit.cli.allocate import run

    return run(semester, source, law, programme, envelope, method, wanted, out, as_of, language)


@grants.command(help=helped("check"))
@click.argument("source", type=FOLDER)
@lang_option
def check(source: Path, lang: str | None) -> int:
    """Read a folder or workbook and list its findings."""
    language = spoken(lang)
    from toolkit.cli.allocate import check_input

    return check_input(source, language)


@grants.command(help=helped("simulate"))
@click.argument("folder", type=FOLDER)
@click.option("--plans", default=93_497, show_default=True, help=helped("simulate_plans"))
@click.option(
    "--institutions", default=665, show_default=True, help=helped("simulate_institutions")
)
@click.option(
    "--municipalities", default=43, show_default=True, help=helped("simulate_municipalities")
)
@click.option("--schools", default=31, show_default=True, help=helped("simulate_schools"))
@click.option("--semesters", default=12, show_default=True, help=helped("simulate_semesters"))
@click.option("--seed", default=2022, show_default=True, help=helped("simulate_seed"))
@lang_option
def simulate(
    folder: Path, plans: int, institutions: int, municipalities: int, schools: int,
    semesters: int, seed: int, lang: str | None,
) -> int:  # fmt: skip
    """Make an invented national programme."""
    language = spoken(lang)
    from toolkit.cli.simulate import run
    from toolkit.services.simulate import Size

    size = Size(plans, municipalities, schools, institutions, semesters)
    return run(folder, size, seed, language)


@grants.command(help=helped("difference"))
@click.argument("semester")
@click.option("--before", required=True, type=FOLDER, help=helped("difference_before"))
@click.option("--after", required=True, type=FOLDER, help=helped("difference_after"))
@click.option("--law-before", type=FOLDER, help=helped("difference_law"))
@click.option("--law-after", type=FOLDER, help=helped("difference_law"))
@programme_option
@click.option("--envelope", help=helped("envelope"))
@format_option
@click.option("--out", type=FOLDER, help=helped("out"))
@lang_option
def difference(
    semester: str, before: Path, after: Path, law_before: Path | None, law_after: Path | None,
    programme: str, envelope: str | None, format_: str, out: Path | None, lang: str | None,
) -> int:  # fmt: skip
    """Explain what changes between two versions of the data; 1 when rows are refused now."""
    language, wanted = spoken(lang), shape(format_)
    from toolkit.cli.difference import Side, run

    sides = Side(before, law_before), Side(after, law_after)
    return run(semester, *sides, programme, envelope, wanted, out, language)
