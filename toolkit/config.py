"""The only reader of the environment: home folder, database, person, language; where files lie."""

from __future__ import annotations

import os
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.texts import LANGUAGES

_PACKAGE = Path(__file__).parent

PROGRAMMES = ("early_leaving_2016", "school_community_2024")


def shipped(part: str) -> Path:
    """A folder that travels with the toolkit: `data/reference`, `templates/forms`.

    In a wheel it lies inside the package, in a checkout beside it.
    """
    inside = _PACKAGE / "shipped" / part
    return inside if inside.exists() else _PACKAGE.parent / part


def shipped_law(programme: str) -> Path:
    """The law file of a programme as it was shipped."""
    if programme not in PROGRAMMES:
        raise UsageError("error.programme", programme=programme, known=", ".join(PROGRAMMES))
    return _PACKAGE / "law" / f"{programme}.toml"


def home() -> Path:
    """The working folder: `GRANTS_HOME`, else `data/local` below the current folder."""
    return Path(os.environ.get("GRANTS_HOME") or Path("data") / "local")


def database_url() -> str:
    """`GRANTS_DATABASE`, else the SQLite file of the home folder.

    `postgresql://…` means the driver that is installed with us.
    """
    url = os.environ.get("GRANTS_DATABASE", "")
    if not url:
        return f"sqlite:///{(home() / 'grants.db').resolve()}"
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg{mark}{rest}" if scheme in ("postgresql", "postgres") else url


def person() -> str:
    """`GRANTS_PERSON`: the code of the person who acts; empty when nobody is named."""
    return os.environ.get("GRANTS_PERSON", "").strip()


def language() -> str:
    """`GRANTS_LANG`, else Latvian. Raises UsageError for a language we do not have."""
    lang = os.environ.get("GRANTS_LANG", "lv").lower()[:2]
    if lang not in LANGUAGES:
        raise UsageError("error.language", lang=lang, known=", ".join(LANGUAGES))
    return lang
