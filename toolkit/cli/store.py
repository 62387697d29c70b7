"""`grants init, import, backup, restore, verify, journal`: the store and its keeping."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit import config
from toolkit.cli.options import Format, format_option, helped, shape
from toolkit.cli.say import complain, language_or_default, print_rows, show_findings
from toolkit.errors import DamageError, UsageError
from toolkit.texts import text
from toolkit.texts.formats import day, journal_subject, moment, money, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from toolkit.services.importing import Import

FOLDER = click.Path(path_type=Path)
SHOWN_ROWS = 20
person_option = click.option("--person", default="", help=helped("person"))
reason_option = click.option("--reason", default="", help=helped("reason"))


def say(key: str, **facts: object) -> str:
    """A sentence of the store's commands."""
    return text(f"cli.store.{key}", language_or_default(), **facts)


@click.command(help=helped("init"))
@click.option("--demo", is_flag=True, help=helped("init_demo"))
@click.option("--manager", default="", help=helped("init_manager"))
@click.option("--name", default="", help=helped("init_name"))
def init(demo: bool, manager: str, name: str) -> int:
    """Make the store, empty or with the demo."""
    from toolkit.services import demo as demo_
    from toolkit.services import stored
    from toolkit.services.keeping import where
    from toolkit.services.people import Person

    url = config.database_url()
    made = stored.is_made(url)
    code = manager or config.person()
    if demo:
        people = demo_.PEOPLE
    elif made or code:
        people = [Person(code, name or code, frozenset({"manager"}))]
    else:
        raise UsageError("error.init.manager")
    database = stored.init(people, stored.now())
    if demo and not made:
        demo_.fill(database, stored.now())
        demo_.let_in(database, stored.now())
    print(say("there" if made else "made", place=where(url)))
    if demo:
        for who in demo_.PEOPLE:
            roles = ", ".join(
                word("role", role, language_or_default()) for role in sorted(who.roles)
            )
            password = demo_.password_of(database, who.code)
            print(f"  {who.code}  {who.name} ({roles})  {password}".rstrip())
    return 0


@click.command("import", help=helped("import"))
@click.argument("source", metavar="FILE", type=FOLDER)
@click.option("--table", "table_", default="", help=helped("import_table"))
@click.option("--keep", is_flag=True, help=helped("import_keep"))
@click.option("--yes", is_flag=True, help=helped("import_yes"))
@reason_option
@person_option
def import_(source: Path, table_: str, keep: bool, yes: bool, reason: str, person: str) -> int:
    """Show what a file would change, and write it when the person says so."""
    from toolkit.services import importing, stored
    from toolkit.services.people import acting

    database = stored.store()
    by = acting(database, person or config.person())
    by.must("import")
    prepared = importing.prepare(database, source, table_, keep=keep)
    show_findings(prepared.findings, language_or_default())
    _show_import(prepared)
    asked = sys.stdin.isatty() and not yes
    if asked:
        yes = click.confirm(say("import_ask"), default=False)
    if not yes:
        print(say("import_not_written" if asked else "import_how"))
        return 1
    entry = importing.store_import(database, by, prepared, stored.now(), reason)
    print(say("import_done", entry=entry))
    return 0


def _show_import(prepared: Import) -> None:
    for change in prepared.tables:
        print(
            say(
                "import_table", title=word("table", change.table, language_or_default()),
                added=change.added.height, changed=change.changed.height,
                withdrawn=change.withdrawn.height, unchanged=change.unchanged,
            )
        )  # fmt: skip
        for mark, rows in (("+", change.added), ("−", change.withdrawn)):
            _show_rows(mark, rows)
        for before, after in zip(
            change.before.head(SHOWN_ROWS).iter_rows(named=True),
            change.changed.sort(change.key).head(SHOWN_ROWS).iter_rows(named=True),
            strict=True,
        ):
            parts = [
                f"{name.removesuffix('_cents')}: {_cell(name, before[name])}"
                f" → {_cell(name, after[name])}"
                for name in after
                if name not in ("version", "file", "row") and before[name] != after[name]
            ]
            key = " · ".join(str(after[name]) for name in change.key)
            print(f"  ~ {key}: {'; '.join(parts)}")
        if change.changed.height > SHOWN_ROWS:
            print(f"  ~ {say('import_more', count=change.changed.height - SHOWN_ROWS)}")


def _show_rows(mark: str, rows: pl.DataFrame) -> None:
    shown = rows.drop("version", "file", "row", strict=False)
    for row in shown.head(SHOWN_ROWS).iter_rows(named=True):
        print(f"  {mark} " + " · ".join(_cell(name, cell) for name, cell in row.items()))
    if rows.height > SHOWN_ROWS:
        print(f"  {mark} {say('import_more', count=rows.height - SHOWN_ROWS)}")


def _cell(name: str, value: object) -> str:
    """A stored value as a person reads it."""
    lang = language_or_default()
    if value is None:
        return "—"
    if isinstance(value, int) and name.endswith("_cents"):
        return money(value, lang)
    return day(value, lang) if isinstance(value, date) else str(value)


@click.command(help=helped("backup"))
@click.argument("target", metavar="FILE", type=FOLDER)
def backup(target: Path) -> int:
    """The whole store as one file."""
    from toolkit.services import stored
    from toolkit.services.keeping import back_up

    entry = back_up(stored.store(), target)
    print(say("backed_up", path=target, entry=entry))
    return 0


@click.command(help=helped("restore"))
@click.argument("source", metavar="FILE", type=FOLDER)
def restore(source: Path) -> int:
    """A new store from a backup."""
    from toolkit.services.keeping import restore as restored
    from toolkit.services.keeping import where

    url = config.database_url()
    found = restored(source, url)
    print(
        say(
            "restored", place=where(url), entries=found.entries, rows=found.rows,
            hash=found.last_hash,
        )
    )  # fmt: skip
    return 0


@click.command(help=helped("verify"))
@click.argument("pack", required=False, type=FOLDER)
def verify(pack: Path | None) -> int:
    """Walk the store's chain, or check a pack."""
    if pack is not None:
        return _verify_pack(pack)
    from toolkit.services import stored
    from toolkit.services.keeping import verified

    with _progress(say("verify_progress")) as progress:
        found = verified(stored.store(), progress)
    for damage in found.damage:
        complain(damage.sentence(language_or_default()))
    if found.damage:
        complain(say("verify_damaged", count=len(found.damage)))
        return DamageError.exit_code
    print(say("verified", entries=found.entries, rows=found.rows, hash=found.last_hash))
    return 0


def _verify_pack(pack: Path) -> int:
    from toolkit.services.packs import check_pack

    found = check_pack(pack)
    seal = found.seal
    print(
        say(
            "pack_verified", semester=seal["semester"], seal=seal["seal"],
            state=word("state", seal["state"], language_or_default()),
        )
    )  # fmt: skip
    if not found.same_code:
        print(say("pack_other_code", code=seal["code_version"]))
    return 0


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(title)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@click.command(help=helped("journal"))
@click.option("--last", default=20, show_default=True, help=helped("journal_last"))
@person_option
@format_option
def journal(last: int, person: str, format_: str) -> None:
    """The newest entries that the person may read."""
    from toolkit.services import stored
    from toolkit.services.journal import newest
    from toolkit.services.people import acting

    wanted: Format = shape(format_)
    database = stored.store()
    by = acting(database, person or config.person())
    lang, words = language_or_default(), wanted == "table"
    rows = [
        [
            str(entry.number),
            moment(entry.at, lang) if words else entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            entry.person, word("action", entry.action, lang) if words else entry.action,
            journal_subject(entry.subject, lang) if words else entry.subject, entry.reason,
            entry.hash,
        ]
        for entry in newest(database, by, stored.today(), last)
    ]  # fmt: skip
    columns = ["entry", "recorded_at", "person", "action", "subject", "reason", "hash"]
    print_rows("cli.journal", columns, rows, wanted)
