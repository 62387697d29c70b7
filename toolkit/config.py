"""The only reader of the environment: home folder, database, person, language; where files lie."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.texts import LANGUAGES

_KEY_BYTES = 32
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


def visit_folder() -> Path | None:
    """`GRANTS_VISIT`: where the launcher tells this kernel who opened its page."""
    folder = os.environ.get("GRANTS_VISIT", "")
    return Path(folder) if folder else None


def pseudonym_key() -> bytes:
    """The key of the pseudonyms: the file `GRANTS_KEY_FILE`, else `key` in the home folder.

    It is made on the first need, for its owner alone to read. It lies outside the
    database and its backups: without it no pseudonym leads back to a person.
    """
    path = Path(os.environ.get("GRANTS_KEY_FILE") or home() / "key")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_key(path)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise UsageError("error.key", path=path) from error
    if len(key) < _KEY_BYTES:
        raise UsageError("error.key", path=path)
    return key


def _make_key(path: Path) -> None:
    """A new key, there whole or not at all: of two who make it at once, one is late."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(_KEY_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def language() -> str:
    """`GRANTS_LANG`, else Latvian. Raises UsageError for a language we do not have."""
    lang = os.environ.get("GRANTS_LANG", "lv").lower()[:2]
    if lang not in LANGUAGES:
        raise UsageError("error.language", lang=lang, known=", ".join(LANGUAGES))
    return lang
