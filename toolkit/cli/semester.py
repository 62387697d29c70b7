"""`grants semester`: from draft to release; `grants seal`: the evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from toolkit import config
from toolkit.cli.options import as_of_option, format_option, helped, shape
from toolkit.cli.say import language_or_default, print_rows
from toolkit.cli.store import FOLDER, person_option, reason_option
from toolkit.texts import text
from toolkit.texts.formats import money, word
from toolkit.texts.formats import semester as semester_name

if TYPE_CHECKING:
    from toolkit.services.workflow import Action, Step


@click.group(help=helped("semester"))
def semester() -> None:
    """From draft to release, by two people."""


@semester.command(help=helped("semester_draft"))
@click.argument("code", metavar="SEMESTER")
@click.option("--envelope", help=helped("envelope"))
@click.option("--method", default="per_plan", show_default=True, help=helped("method"))
@reason_option
@person_option
def draft(code: str, envelope: str | None, method: str, reason: str, person: str) -> int:
    """Compute from the store and keep the sealed result."""
    from toolkit import money as money_
    from toolkit.semester import Semester
    from toolkit.services import people, stored, workflow
    from toolkit.services.runs import Asked

    cents = None if envelope is None else money_.read_euros(envelope)
    asked = Asked(Semester.parse(code), cents, method)
    database = stored.store()
    by = people.acting(database, person or config.person())
    step, made = workflow.draft(database, by, asked, stored.now(), reason)
    _say_step(step)
    lang = language_or_default()
    print(_say("total", total=money(made.allocation.total_cents, lang)))
    if not made.allocation.complete:
        print(_say("incomplete", count=made.allocation.refused.height))
        return 1
    return 0


def _stepping(action: Action) -> click.Command:
    """The command of one step."""

    @click.argument("code", metavar="SEMESTER")
    @click.option("--seal", default="", help=helped("seal_seen"))
    @reason_option
    @person_option
    def step(code: str, seal: str, reason: str, person: str) -> int:
        from toolkit.semester import Semester
        from toolkit.services import people, stored, workflow

        wanted = Semester.parse(code)
        database = stored.store()
        by = people.acting(database, person or config.person())
        _say_step(
            workflow.take(database, by, wanted, action, stored.now(), seal=seal, reason=reason)
        )
        return 0

    return click.command(action, help=helped(f"semester_{action}"))(step)


check, approve, release, return_ = map(
    cast("Callable[[str], click.Command]", _stepping), ("check", "approve", "release", "return")
)
for _command in (check, approve, release, return_):
    semester.add_command(_command)


@semester.command(help=helped("semester_show"))
@as_of_option
@format_option
def show(as_of: str, format_: str) -> None:
    """Where every semester stands."""
    from toolkit.services import stored, workflow

    wanted, lang, database = shape(format_), language_or_default(), stored.store()
    rows = [
        [
            step.semester, word("state", step.state, lang), str(step.run), step.drafted_by,
            step.checked_by, step.approved_by, step.released_by, step.seal,
        ]
        for step in workflow.steps(database, stored.entry_of(database, as_of))
    ]  # fmt: skip
    columns = ["semester", "state", "run", "drafted", "checked", "approved", "released", "seal"]
    print_rows("cli.semester", columns, rows, wanted)


@click.group(help=helped("seal"))
def seal() -> None:
    """Packs that are checked without the store."""


@seal.command(help=helped("seal_export"))
@click.argument("code", metavar="SEMESTER")
@click.argument("target", metavar="FILE", type=FOLDER)
def export(code: str, target: Path) -> int:
    """The pack of a semester."""
    from toolkit.semester import Semester
    from toolkit.services import packs, stored

    found = packs.export(stored.store(), Semester.parse(code), target)
    print(_say("exported", path=target, seal=found))
    return 0


def _say(key: str, **facts: object) -> str:
    return text(f"cli.semester.{key}", language_or_default(), **facts)


def _say_step(step: Step) -> None:
    lang = language_or_default()
    print(
        _say(
            "step", semester=semester_name(step.semester, lang),
            state=word("state", step.state, lang), run=step.run, seal=step.seal,
        )
    )  # fmt: skip
