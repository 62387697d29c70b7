"""`grants serve`: the pages in a browser."""

from __future__ import annotations

import click

from toolkit.cli.options import helped
from toolkit.cli.say import language_or_default
from toolkit.texts import text


@click.command(help=helped("serve"))
@click.option("--port", default=8866, show_default=True, help=helped("serve_port"))
@click.option("--address", default="127.0.0.1", show_default=True, help=helped("serve_address"))
@click.option("--host", "hosts", multiple=True, help=helped("serve_host"))
@click.option("--pool", default=1, show_default=True, help=helped("serve_pool"))
@click.option("--pages-each", "each", default=24, show_default=True, help=helped("serve_each"))
def serve(port: int, address: str, hosts: tuple[str, ...], pool: int, each: int) -> None:
    """Serve until SIGTERM or Ctrl+C."""
    from toolkit.server.launcher import Options
    from toolkit.server.launcher import serve as serve_
    from toolkit.services import demo, people, stored

    lang = language_or_default()
    database = stored.store()
    print(text("cli.serve.at", lang, address=address, port=port), flush=True)
    for person in people.people(database).values():
        if password := demo.password_of(database, person.code):
            print(
                text("cli.serve.demo", lang, code=person.code, name=person.name, password=password),
                flush=True,
            )
    serve_(Options(address, port, hosts, pool, each))
