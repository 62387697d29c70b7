"""`grants successions`: what passes on a day, and whether the sums are kept."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from toolkit.cli.options import Format, format_option, helped, lang_option, shape, spoken
from toolkit.cli.options import day as read_day

_MOVED = ("thing", "semester", "item", "partner", "heir", "amount")
_SUMS = ("thing", "semester", "partner", "heirs", "before", "after", "difference")
_NUMBERS = ("amount", "before", "after", "difference")


@click.command(help=helped("successions"))
@click.option("--on", required=True, help=helped("successions_on"))
@click.option("--input", "source", type=click.Path(path_type=Path), help=helped("input"))
@click.option("--as-of", default="", help=helped("as_of"))
@format_option
@lang_option
def successions(on: str, source: Path | None, as_of: str, format_: str, lang: str | None) -> int:
    """Show the effect of a day's successions; 1 when a sum is not kept."""
    language, wanted, day = spoken(lang), shape(format_), read_day(on)
    return _run(day, source, as_of, wanted, language)


def _run(day: date, source: Path | None, as_of: str, wanted: Format, lang: str) -> int:
    from toolkit.cli.say import show_findings
    from toolkit.errors import UsageError
    from toolkit.services.conserving import findings
    from toolkit.services.succession import effect

    if source is not None and as_of:
        raise UsageError("error.as_of_files")
    inputs = _inputs(source, as_of)
    found = effect(inputs, day)
    moves = list(found.moves.select(_MOVED).iter_rows(named=True))
    sums = list(found.balance.select(_SUMS).iter_rows(named=True))
    conserved = found.lost.is_empty()
    if wanted == "json":
        rows = {"moves": [*map(_plain, moves)], "balance": [*map(_plain, sums)]}
        answer = {"on": day.isoformat(), "conserved": conserved, **rows}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    elif wanted == "csv":
        _print_csv(sums)
    else:
        _print_tables(day, moves, sums, lang, conserved=conserved)
    show_findings(findings(inputs, found.lost), lang)
    return 0 if conserved else 1


def _inputs(source: Path | None, as_of: str) -> Any:
    from toolkit.services import inputs, stored

    if source is not None:
        return inputs.read_inputs(source)
    return stored.stored_inputs(stored.store(), stored.moment(as_of) if as_of else None)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """The row for machines: money as `1234.50`, all else as whole numbers."""
    from toolkit import money

    if row["thing"] != "unspent":
        return row
    return row | {name: money.euros(row[name]) for name in _NUMBERS if name in row}


def _print_csv(sums: Sequence[dict[str, Any]]) -> None:
    from toolkit.cli.say import csv_safe

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_SUMS)
    for row in map(_plain, sums):
        writer.writerow([row[n] if n in _NUMBERS else csv_safe(row[n]) for n in _SUMS])


def _print_tables(
    day: date, moves: Sequence[dict[str, Any]], sums: Sequence[dict[str, Any]], lang: str,
    *, conserved: bool,
) -> None:  # fmt: skip
    from toolkit.texts import text
    from toolkit.texts.formats import day as as_day

    print(text("cli.successions.moves", lang, day=as_day(day, lang)) + "\n")
    print(_table(_MOVED, moves, lang))
    print("\n" + text("cli.successions.balance", lang) + "\n")
    print(_table(_SUMS, sums, lang))
    if conserved:
        print("\n" + text("cli.successions.conserved", lang))


def _table(names: Sequence[str], rows: Sequence[dict[str, Any]], lang: str) -> str:
    from toolkit.cli.say import table
    from toolkit.services.conserving import shown
    from toolkit.texts import text
    from toolkit.texts.formats import word

    def cell(row: dict[str, Any], name: str) -> str:
        if name in _NUMBERS:
            return shown(row["thing"], row[name], lang)
        return word("thing", row[name], lang) if name == "thing" else row[name] or "—"

    headings = [text(f"cli.successions.{name}", lang) for name in names]
    right = [place for place, name in enumerate(names) if name in _NUMBERS]
    return table(headings, [[cell(row, name) for name in names] for row in rows], right)
