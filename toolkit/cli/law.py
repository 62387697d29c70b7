"""`grants law`: show, at, diff, set, check."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit import config
from toolkit.cli.options import (
    Format,
    day,
    format_option,
    helped,
    law_option,
    programme_option,
    shape,
)
from toolkit.cli.say import complain, csv_safe, language_or_default, table
from toolkit.errors import LawError
from toolkit.texts import formats, has, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.law import Dated, Law


def _say(key: str, **facts: object) -> str:
    return text(f"cli.law.{key}", language_or_default(), **facts)


@click.group(help=helped("law"))
def law() -> None:
    """Dated parameters with their sources."""


@law.command(help=helped("law_show"))
@click.argument("parameter", default="")
@law_option
@programme_option
@format_option
def show(parameter: str, law: Path | None, programme: str, format_: str) -> None:
    """Every value of every parameter, or of one."""
    wanted, found = shape(format_), _load(law, programme)
    if parameter and parameter not in found.parameters:
        raise LawError("error.law.unknown_parameter", name=parameter, file=found.file)
    names = [parameter] if parameter else sorted(found.parameters)
    lang = language_or_default()
    rows = [
        [name, found.parameters[name].title[lang], *_cells(dated), found.parameters[name].unit]
        for name in names
        for dated in found.parameters[name].values
    ]
    _print(["parameter", "title", *_CELLS, "unit"], rows, wanted)


@law.command(help=helped("law_at"))
@click.argument("on", metavar="DAY")
@law_option
@programme_option
@format_option
def at(on: str, law: Path | None, programme: str, format_: str) -> None:
    """The values in force on a day."""
    lang, wanted = language_or_default(), shape(format_)
    rows = [
        [found.name, found.parameter.title[lang], *_cells(found.dated), found.parameter.unit]
        for found in _load(law, programme).on(day(on)).all()
    ]
    _print(["parameter", "title", *_CELLS, "unit"], rows, wanted)


@law.command(help=helped("law_diff"))
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--on", help=helped("law_on"))
@law_option
@programme_option
@format_option
def diff(
    first: str, second: str, on: str | None, law: Path | None, programme: str, format_: str
) -> None:
    """What differs between two days of one law, or between two laws on a day."""
    from toolkit.law import difference

    wanted = shape(format_)
    if Path(first).suffix == ".toml" or Path(second).suffix == ".toml":
        when = day(on) if on else datetime.now().astimezone().date()
        laws = [_load(Path(name), "") for name in (first, second)]
        changes = difference.between_laws(laws[0], laws[1], when)
    else:
        changes = difference.between_days(_load(law, programme), day(first), day(second))
    rows = [[c.name, *_pair(c.before), *_pair(c.after)] for c in changes]
    _print(["parameter", "before", "status_before", "after", "status_after"], rows, wanted)


@law.command("set", help=helped("law_set"))
@click.argument("parameter")
@click.argument("value")
@click.option("--since", required=True, help=helped("law_since"))
@click.option("--act", required=True, help=helped("law_act"))
@click.option("--point", default="", help=helped("law_point"))
@click.option("--url", default="", help=helped("law_url"))
@click.option("--note", default="", help=helped("law_note"))
@click.option("--status", default="confirmed", show_default=True, help=helped("law_status"))
@click.option("--known-since", help=helped("law_known"))
@click.option("--person", default="", help=helped("person"))
@law_option
@programme_option
def set_(
    parameter: str, value: str, since: str, act: str, point: str, url: str, note: str,
    status: str, known_since: str | None, person: str, law: Path | None, programme: str,
) -> None:  # fmt: skip
    """Append a value; the ones there stay. Where there is a store, it keeps the law's text."""
    from toolkit.law import Source
    from toolkit.services.laws import DEFAULT_PROGRAMME, set_value

    known = day(known_since) if known_since else None
    source = Source(act, point, url, note)
    programme = programme or DEFAULT_PROGRAMME
    keeper = None if law else _keeper(person)
    _, path = set_value(parameter, value, day(since), status, source, law, programme, known)
    if keeper is not None:
        keeper(f"{parameter} = {value} ({since})", act, programme)
    print(_say("set", name=parameter, value=value, since=since, path=path))


def _keeper(person: str) -> Callable[[str, str, str], None] | None:
    """How the store hears of the change, asked before it is made; None where there is no store."""
    from toolkit.services import kept_laws, people, stored

    if not stored.is_made(config.database_url()):
        return None
    database = stored.store()
    by = people.acting(database, person or config.person())
    by.must("law")
    return lambda subject, reason, programme: kept_laws.keep_law(
        database, by, subject, stored.now(), reason, programme
    )


@law.command(help=helped("law_check"))
@law_option
@programme_option
def check(law: Path | None, programme: str) -> int:
    """Load the law, and see that each semester it is eligible in has every value it needs."""
    from toolkit.services.laws import gaps

    found = _load(law, programme)
    missing = gaps(found)
    for error in missing:
        complain(error.sentence(language_or_default()))
    if missing:
        return LawError.exit_code
    assumed = sorted(
        name for name, p in found.parameters.items() if any(v.status == "assumed" for v in p.values)
    )
    print(_say("ok", file=found.file, parameters=len(found.parameters)))
    if assumed:
        print(_say("assumed", names=", ".join(assumed)))
    return 0


_CELLS = ("value", "since", "status", "act", "point")


def _load(file: Path | None, programme: str) -> Law:
    from toolkit.services.laws import DEFAULT_PROGRAMME, load_law

    return load_law(file, None, programme or DEFAULT_PROGRAMME)


def _cells(dated: Dated) -> list[str]:
    from toolkit.law.units import written

    value = _say("ended") if dated.ended else written(dated.value)
    since = dated.since.isoformat()
    status = text(f"status.{dated.status}", language_or_default())
    act = formats.act(dated.source.act, language_or_default())
    return [value, since, status, act, dated.source.point]


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
            _say(k) if has(f"cli.law.{k}", lang) else text(f"report.{k}", lang) for k in keys
        ]
        print(table(headings, rows) if rows else _say("nothing"))
