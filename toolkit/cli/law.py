"""`grants law`: show, at, diff, set, check."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toolkit.cli.options import Format, day, shape
from toolkit.cli.say import complain, csv_safe, language_or_default, table
from toolkit.errors import LawError
from toolkit.texts import has, text

if TYPE_CHECKING:
    from toolkit.law import Dated, Law


def _help(key: str) -> str:
    return text(f"help.{key}", language_or_default())


def _say(key: str, **facts: object) -> str:
    return text(f"cli.law.{key}", language_or_default(), **facts)


law_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

LawFile = Annotated[Path | None, typer.Option("--law", help=_help("law_file"))]
Programme = Annotated[str, typer.Option("--programme", help=_help("programme"))]
Shape = Annotated[str, typer.Option("--format", help=_help("format"))]


@law_app.command(help=_help("law_show"))
def show(
    parameter: Annotated[str, typer.Argument(help=_help("law_parameter"))] = "",
    law: LawFile = None,
    programme: Programme = "",
    form: Shape = "table",
) -> None:
    """Every value of every parameter, or of one."""
    found = _load(law, programme)
    if parameter and parameter not in found.parameters:
        raise LawError("error.law.unknown_parameter", name=parameter, file=found.file)
    names = [parameter] if parameter else sorted(found.parameters)
    lang = language_or_default()
    rows = [
        [name, found.parameters[name].title[lang], *_cells(dated), found.parameters[name].unit]
        for name in names
        for dated in found.parameters[name].values
    ]
    _print(["parameter", "title", *_CELLS, "unit"], rows, shape(form))


@law_app.command(help=_help("law_at"))
def at(
    on: Annotated[str, typer.Argument(help=_help("law_day"))],
    law: LawFile = None,
    programme: Programme = "",
    form: Shape = "table",
) -> None:
    """The values in force on a day."""
    lang = language_or_default()
    rows = [
        [found.name, found.parameter.title[lang], *_cells(found.dated), found.parameter.unit]
        for found in _load(law, programme).on(day(on)).all()
    ]
    _print(["parameter", "title", *_CELLS, "unit"], rows, shape(form))


@law_app.command(help=_help("law_diff"))
def diff(
    first: Annotated[str, typer.Argument(help=_help("law_first"))],
    second: Annotated[str, typer.Argument(help=_help("law_second"))],
    on: Annotated[str | None, typer.Option("--on", help=_help("law_on"))] = None,
    law: LawFile = None,
    programme: Programme = "",
    form: Shape = "table",
) -> None:
    """What differs between two days of one law, or between two laws on a day."""
    from toolkit.law import difference

    if Path(first).suffix == ".toml" or Path(second).suffix == ".toml":
        when = day(on) if on else datetime.now().astimezone().date()
        laws = [_load(Path(name), "") for name in (first, second)]
        changes = difference.between_laws(laws[0], laws[1], when)
    else:
        changes = difference.between_days(_load(law, programme), day(first), day(second))
    rows = [[c.name, *_pair(c.before), *_pair(c.after)] for c in changes]
    _print(["parameter", "before", "status_before", "after", "status_after"], rows, shape(form))


@law_app.command("set", help=_help("law_set"))
def set_(
    parameter: Annotated[str, typer.Argument(help=_help("law_parameter"))],
    value: Annotated[str, typer.Argument(help=_help("law_value"))],
    since: Annotated[str, typer.Option("--since", help=_help("law_since"))],
    act: Annotated[str, typer.Option("--act", help=_help("law_act"))],
    point: Annotated[str, typer.Option("--point", help=_help("law_point"))] = "",
    url: Annotated[str, typer.Option("--url", help=_help("law_url"))] = "",
    note: Annotated[str, typer.Option("--note", help=_help("law_note"))] = "",
    status: Annotated[str, typer.Option("--status", help=_help("law_status"))] = "confirmed",
    known_since: Annotated[
        str | None, typer.Option("--known-since", help=_help("law_known"))
    ] = None,
    law: LawFile = None,
    programme: Programme = "",
) -> None:
    """Append a value; the ones there stay."""
    from toolkit.law import Source
    from toolkit.services.laws import DEFAULT_PROGRAMME, set_value

    known = day(known_since) if known_since else None
    source = Source(act, point, url, note)
    _, path = set_value(
        parameter, value, day(since), status, source, law, programme or DEFAULT_PROGRAMME, known
    )
    print(_say("set", name=parameter, value=value, since=since, path=path))


@law_app.command(help=_help("law_check"))
def check(law: LawFile = None, programme: Programme = "") -> None:
    """Load the law, and see that each semester it is eligible in has every value it needs."""
    from toolkit.services.laws import gaps

    found = _load(law, programme)
    missing = gaps(found)
    for error in missing:
        complain(error.sentence(language_or_default()))
    if missing:
        raise typer.Exit(2)
    assumed = sorted(
        name for name, p in found.parameters.items() if any(v.status == "assumed" for v in p.values)
    )
    print(_say("ok", file=found.file, parameters=len(found.parameters)))
    if assumed:
        print(_say("assumed", names=", ".join(assumed)))


_CELLS = ("value", "since", "status", "act", "point")


def _load(file: Path | None, programme: str) -> Law:
    from toolkit.services.laws import DEFAULT_PROGRAMME, load_law

    return load_law(file, None, programme or DEFAULT_PROGRAMME)


def _cells(dated: Dated) -> list[str]:
    from toolkit.law.units import written

    value = _say("ended") if dated.ended else written(dated.value)
    since = dated.since.isoformat()
    status = text(f"status.{dated.status}", language_or_default())
    return [value, since, status, dated.source.act, dated.source.point]


def _pair(dated: Dated | None) -> list[str]:
    return ["—", ""] if dated is None else [_cells(dated)[0], _cells(dated)[2]]


def _print(keys: list[str], rows: list[list[str]], format_: Format) -> None:
    if format_ == "json":
        print(
            json.dumps(
                [dict(zip(keys, r, strict=True)) for r in rows], ensure_ascii=False, indent=1
            )
        )
    elif format_ == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(keys)
        writer.writerows([csv_safe(cell) for cell in row] for row in rows)
    else:
        lang = language_or_default()
        headings = [
            text(f"report.{k}", lang) if has(f"report.{k}", lang) else _say(k) for k in keys
        ]
        print(table(headings, rows) if rows else _say("nothing"))
