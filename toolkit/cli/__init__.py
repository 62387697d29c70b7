"""The `grants` command: one subcommand per service; nothing heavy is imported before its time."""

from __future__ import annotations

import sys

from toolkit.errors import InputError, ToolkitError


def main() -> None:
    """Run the command; every refusal is a sentence and an exit code, never a traceback."""
    from toolkit.cli.app import app
    from toolkit.cli.say import complain, language_or_default, record_unexpected, show_findings

    _speak_utf8()
    try:
        app()
    except InputError as error:
        lang = language_or_default()
        show_findings(error.findings, lang)
        complain(error.sentence(lang))
        sys.exit(error.exit_code)
    except ToolkitError as error:
        complain(error.sentence(language_or_default()))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
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
