"""`grants people`: who is known to the store, with which roles; passwords."""

from __future__ import annotations

import sys
from getpass import getpass

import click

from toolkit import config
from toolkit.cli.options import Format, as_of_option, format_option, helped, shape
from toolkit.cli.say import language_or_default, print_rows
from toolkit.cli.store import person_option, reason_option, say
from toolkit.errors import UsageError
from toolkit.texts.formats import word


@click.group(help=helped("people"))
def people() -> None:
    """Who is known to the store."""


@people.command("list", help=helped("people_list"))
@as_of_option
@format_option
def list_(as_of: str, format_: str) -> None:
    """Everybody, with roles."""
    from toolkit.services import people as people_
    from toolkit.services import stored

    wanted: Format = shape(format_)
    lang = language_or_default()
    database = stored.store()
    rows = [
        [p.code, p.name, ", ".join(word("role", role, lang) for role in sorted(p.roles)), p.partner]
        for p in people_.people(database, stored.entry_of(database, as_of)).values()
    ]
    print_rows("cli.people", ["person", "name", "roles", "partner"], rows, wanted)


@people.command("set", help=helped("people_set"))
@click.argument("code", metavar="PERSON")
@click.option("--name", required=True, help=helped("people_name"))
@click.option("--roles", required=True, help=helped("people_roles"))
@click.option("--partner", default="", help=helped("people_partner"))
@reason_option
@person_option
def set_(code: str, name: str, roles: str, partner: str, reason: str, person: str) -> None:
    """Make a person known, or change them."""
    from toolkit.services import people as people_
    from toolkit.services import stored

    database = stored.store()
    by = people_.acting(database, person or config.person())
    codes = frozenset(role.strip() for role in roles.split(",") if role.strip())
    who = people_.Person(code, name, codes, partner)
    people_.add_person(database, by, who, stored.now(), reason)
    print(say("person_set", person=code))


@people.command(help=helped("people_password"))
@click.argument("code", metavar="PERSON")
@click.option("--stdin", is_flag=True, help=helped("people_stdin"))
@person_option
def password(code: str, stdin: bool, person: str) -> None:
    """Give a person a password."""
    from toolkit.services import passwords, stored
    from toolkit.services import people as people_

    database = stored.store()
    by = people_.acting(database, person or config.person())
    passwords.set_password(database, by, code, _typed(stdin=stdin), stored.now())
    print(say("password_set", person=code))


def _typed(*, stdin: bool) -> str:
    """The password from the first line of the input, or typed twice where nobody sees it."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("error.password.terminal")
    typed = getpass(say("password_ask"))
    if getpass(say("password_again")) != typed:
        raise UsageError("error.password.differ")
    return typed
