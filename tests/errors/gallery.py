"""The gallery of errors: for each rule a small bad input, and the finding as a person reads it.

A case is a folder named after its rule; its files replace those of `base`. What cannot lie in
a folder as plain text is made by a function of `built`. `python -m tests.errors.keep_expected`
writes what the toolkit says now; what it writes has to be read before it is kept.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.errors import built
from toolkit.errors import Finding, InputError
from toolkit.semester import Semester
from toolkit.services import demo, stored
from toolkit.services.allocation import allocate
from toolkit.services.importing import prepare
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law
from toolkit.texts.formats import word

HERE = Path(__file__).parent
MANY = 10
SEMESTER = Semester.parse("2020/2021-1")


def cases() -> list[str]:
    return sorted(
        folder.name for folder in HERE.iterdir() if "." in folder.name and folder.is_dir()
    )


def laid_out(rule: str, folder: Path) -> Path:
    """The input of a case below `folder`."""
    source = folder / "ievade"
    shutil.copytree(HERE / "base", source)
    for file in (HERE / rule).iterdir():
        if not file.name.startswith("expected."):
            shutil.copy(file, source / file.name)
    if rule in built.CASES:
        built.CASES[rule](source)
    return source


IMPORTED = (
    "input.no_table", "reference.unknown", "agreements.unusual_number",
    "amendments.not_allowed", "amendments.changes_nothing", "amendments.after_end",
    "amendments.before_signed", "agreements.negative", "coverage.backwards", "unspent.negative",
)  # fmt: skip
"""Rules that hold for what goes into the store."""


def findings(source: Path, rule: str = "") -> tuple[Finding, ...]:
    """All findings of an input, those of its rows too when it can be read."""
    if rule in IMPORTED:
        return import_findings(source)
    try:
        return allocate(read_inputs(source), load_law(folder=source), SEMESTER).findings
    except InputError as error:
        return error.findings


def import_findings(source: Path) -> tuple[Finding, ...]:
    """All findings of an import into a new store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANTS_HOME", str(source.parent / "home"))
        patch.delenv("GRANTS_DATABASE", raising=False)
        database = stored.init(demo.PEOPLE, stored.now())
        try:
            return prepare(database, source).findings
        except InputError as error:
            return error.findings


def as_read(found: tuple[Finding, ...], lang: str) -> str:
    """The findings as a person reads them; of very many the first and the last."""
    read = [
        f"{finding.place()} [{word('severity', finding.severity, lang)}] {finding.problem(lang)}\n"
        f"    {finding.expected(lang)}\n"
        f"    {finding.remedy(lang)}\n"
        for finding in found
    ]
    return "\n".join(read if len(read) <= MANY else [read[0], "…\n", read[-1]])


def expected(rule: str, lang: str) -> Path:
    return HERE / rule / f"expected.{lang}.txt"
