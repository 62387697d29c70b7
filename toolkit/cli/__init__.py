"""The `grants` command: one subcommand per service; nothing heavy is imported before its time."""

from __future__ import annotations

import gc
import os
import sys

from toolkit.errors import InputError, ToolkitError


def main() -> None:
    """Run the command; every refusal is a sentence and an exit code, never a traceback."""
    import click

    from toolkit.cli.app import grants
    from toolkit.cli.say import complain, language_or_default, record_unexpected, show_findings

    # a command lives a second and ends: looking for cycles is a thirtieth of it
    gc.disable()
    _speak_utf8()
    try:
        sys.exit(grants(prog_name="grants", standalone_mode=False) or 0)
    except InputError as error:
        lang = language_or_default()
        show_findings(error.findings, lang)
        complain(error.sentence(lang))
        sys.exit(error.exit_code)
    except ToolkitError as error:
        complain(error.sentence(language_or_default()))
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # whoever read our output has gone: `grants law show | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        from toolkit.texts import text

        complain(text("error.interrupted", language_or_default()))
        sys.exit(130)
    except Exception as error:
        complain(record_unexpected(error, language_or_default()))
        sys.exit(70)


def _speak_utf8() -> None:
    """Latvian letters also where the console's own encoding lacks them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
