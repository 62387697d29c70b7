"""Write each case's findings as the toolkit says them now: `python -m tests.errors.keep_expected`.

Read the difference as an officer would before it is kept.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.errors.gallery import as_read, cases, expected, findings, laid_out
from toolkit.texts import LANGUAGES

if __name__ == "__main__":
    for rule in cases():
        with TemporaryDirectory() as folder:
            found = findings(laid_out(rule, Path(folder)), rule)
        for lang in LANGUAGES:
            expected(rule, lang).write_text(as_read(found, lang), encoding="utf-8")
