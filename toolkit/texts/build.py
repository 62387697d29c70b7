"""Compile the catalogues: `python -m toolkit.texts.build`."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from toolkit.texts import FOLDER, LANGUAGES


def compiled(lang: str) -> bytes:
    """The `.mo` bytes of one language's `.po`."""
    with (FOLDER / f"{lang}.po").open("rb") as source:
        catalogue = read_po(source, locale=lang, abort_invalid=True)
    # Babel would stamp the hour of compiling, and no two runs would be equal
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


if __name__ == "__main__":
    for language in LANGUAGES:
        (FOLDER / f"{language}.mo").write_bytes(compiled(language))
