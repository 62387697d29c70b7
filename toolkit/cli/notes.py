"""`grants note`: what a late change makes of a released semester, settled by two people."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit import config
from toolkit.cli.options import as_of_option, format_option, helped, shape
from toolkit.cli.say import language_or_default, print_rows
from toolkit.cli.store import FOLDER, person_option, reason_option
from toolkit.errors import UsageError
from toolkit.texts import text
from toolkit.texts.formats import word


@click.group(help=helped("note"))
def note() -> None:
    """Difference notes."""


@note.command(help=helped("note_draft"))
@click.argument("code", metavar="SEMESTER")
@click.option("--out", type=FOLDER, help=helped("out"))
@reason_option
@person_option
def draft(code: str, out: Path | None, reason: str, person: str) -> int:
    """Recompute a released semester and draft the difference."""
    from toolkit.reports.difference_words import sentences
    from toolkit.semester import Semester
    from toolkit.services import difference_reporting, notes, people, stored

    wanted, lang = Semester.parse(code), language_or_default()
    database = stored.store()
    by = people.acting(database, person or config.person())
    made, found = notes.draft_note(database, by, wanted, stored.now(), reason)
    print(_say("drafted", note=made.note, semester=code))
    for sentence in sentences(found, lang):
        print(f"  {sentence}")
    if out is not None:
        difference_reporting.write_workbook(found, out, lang)
        print(text("cli.allocate.written", lang, path=out))
    return 0 if made.complete else 1


@note.command(help=helped("note_propose"))
@click.argument("code", metavar="SEMESTER")
@click.argument("options", nargs=-1, required=True, metavar="OPTION|PARTNER=OPTION…")
@reason_option
@person_option
def propose(code: str, options: tuple[str, ...], reason: str, person: str) -> None:
    """Say what is to be done about each difference."""
    from toolkit.semester import Semester
    from toolkit.services import notes, people, stored

    chosen = {}
    for option in options:
        partner, mark, named = option.rpartition("=")
        if mark and not partner:
            raise UsageError("error.note.no_line", partner=option)
        chosen[partner] = named
    database = stored.store()
    by = people.acting(database, person or config.person())
    made = notes.propose(database, by, Semester.parse(code), chosen, stored.now(), reason)
    print(_say("proposed", note=made.note, semester=code))


@note.command(help=helped("note_confirm"))
@click.argument("code", metavar="SEMESTER")
@reason_option
@person_option
def confirm(code: str, reason: str, person: str) -> None:
    """Confirm what somebody else proposed."""
    from toolkit.semester import Semester
    from toolkit.services import notes, people, stored

    database = stored.store()
    by = people.acting(database, person or config.person())
    made = notes.confirm(database, by, Semester.parse(code), stored.now(), reason)
    print(_say("confirmed", note=made.note, semester=code))


@note.command(help=helped("note_show"))
@click.argument("code", metavar="[SEMESTER]", default="")
@as_of_option
@format_option
def show(code: str, as_of: str, format_: str) -> None:
    """The notes, one line a partner."""
    from toolkit import money
    from toolkit.semester import Semester
    from toolkit.services import notes, stored
    from toolkit.texts.formats import amount

    wanted, lang, database = shape(format_), language_or_default(), stored.store()
    exact = wanted != "table"
    rows = []
    until = stored.entry_of(database, as_of)
    for made in notes.notes(database, Semester.parse(code) if code else None, until):
        own = notes.lines(database, Semester.parse(made.semester), made.note, until)
        for line in own.iter_rows(named=True):
            cents = [line[f"{name}_cents"] for name in _AMOUNTS]
            rows.append(
                [
                    made.semester, str(made.note), word("state", made.state, lang),
                    line["partner"],
                    *(money.euros(value) if exact else amount(value, lang) for value in cents),
                    word("option", line["option"], lang) if line["option"] else "",
                ]
            )  # fmt: skip
    columns = ["semester", "note", "state", "partner", *_AMOUNTS, "option"]
    print_rows("cli.note", columns, rows, wanted)


_AMOUNTS = (
    "old", "noted", "new", "difference", "count", "rate", "coverage", "succession", "rounding",
)  # fmt: skip


def _say(key: str, **facts: object) -> str:
    return text(f"cli.note.{key}", language_or_default(), **facts)
