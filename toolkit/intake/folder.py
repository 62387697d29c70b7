"""A folder of tables, or one workbook with a sheet for each: found, read, held to its form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import Finding
from toolkit.intake.delimited import read_csv
from toolkit.intake.forms import Form, folded
from toolkit.intake.reading import empty_table, read_table
from toolkit.intake.sheets import RawSheet, refused, shown
from toolkit.intake.table import Table

DELIMITED = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
"""The last three only to say that they are not read."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Every form's table; those that were not there are empty."""

    tables: Mapping[str, Table]
    findings: tuple[Finding, ...]

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]


@dataclass(frozen=True, slots=True)
class _Named:
    """A sheet and the name, folded, by which it is a form's."""

    name: str
    raw: RawSheet


def read_folder(source: Path, forms: Mapping[str, Form], *, whole: bool = True) -> Tables:
    """The tables of a folder or workbook.

    A table that is needed and absent is a finding, unless the source need not be `whole`;
    then it is one when there is no table of ours at all, or a file that cannot be read.
    """
    known = {name for form in forms.values() for name in form.names()}
    sheets = [sheet for path in _files(source) for sheet in _named(path, known)]
    found: dict[str, Table] = {}
    findings: list[Finding] = []
    absent: list[Finding] = []
    for form in forms.values():
        matching = [sheet.raw for sheet in sheets if sheet.name in form.names()]
        if not matching:
            found[form.table] = empty_table(form)
            absent += [_absent(form, source, sheets)] if form.needed and whole else []
            continue
        table = found[form.table] = read_table(form, matching[0])
        first = _place(matching[0])
        findings += [*table.findings, *(_double(form, raw, first) for raw in matching[1:])]
    if not whole and not any(table.file for table in found.values()):
        absent = [_nothing(source, sheets)]
    if absent or not whole:
        # a file that cannot be read at all may be the one that lacks, whatever its name
        unread = [f for s in sheets if s.name not in known for f in s.raw.blocked]
        all_unread = not source.is_dir() and all(sheet.raw.blocked for sheet in sheets)
        findings += [*unread, *([] if all_unread else absent)]
    return Tables(found, tuple(findings))


def read_single(path: Path, form: Form) -> Table:
    """One file as one form, whatever its name; of a workbook the form's sheet, else the first."""
    sheets = _named(path, form.names())
    own = [sheet for sheet in sheets if sheet.name in form.names()]
    return read_table(form, (own or sheets)[0].raw)


def raw_sheets(path: Path) -> list[RawSheet]:
    """Every sheet of a file as it stands, whatever is in it."""
    return [sheet.raw for sheet in _named(path, ())]


def _files(source: Path) -> list[Path]:
    """The file, or those of a folder that are not hidden and not the mark of an open program."""
    if not source.is_dir():
        return [source]
    return sorted(
        path
        for path in source.iterdir()
        if path.suffix.lower() in (*DELIMITED, *WORKBOOKS)
        and not path.name.startswith((".", "~$"))
        and path.is_file()
    )


def _named(path: Path, known: Collection[str]) -> list[_Named]:
    """The sheets of a file; a CSV, or a workbook with no sheet of a known name, by the file's."""
    stem = folded(path.stem)
    try:
        if path.suffix.lower() not in WORKBOOKS:
            return [_Named(stem, read_csv(path))]
        from toolkit.intake.workbook import read_workbook  # zip and XML, for workbooks alone

        sheets = read_workbook(path)
    except OSError:
        return [_Named(stem, refused(path.name, "file.unreadable"))]
    filled = [raw for raw in sheets if raw.rows or raw.findings] or [
        refused(path.name, "file.empty")
    ]
    if any(folded(raw.sheet) in known for raw in sheets):
        return [_Named(folded(raw.sheet), raw) for raw in sheets]
    return [_Named(stem, filled[0]), *(_Named(folded(raw.sheet), raw) for raw in filled[1:])]


def _absent(form: Form, source: Path, sheets: list[_Named]) -> Finding:
    found = [_place(sheet.raw) for sheet in sheets]
    return Finding(
        "input.missing_table", form.table, source.resolve().name or str(source),
        facts={
            "title": form.title["lv"], "title_en": form.title["en"], "table_name": form.table,
            "found": shown(", ".join(found)) or "—",
        },
    )  # fmt: skip


def _nothing(source: Path, sheets: list[_Named]) -> Finding:
    found = shown(", ".join(_place(sheet.raw) for sheet in sheets)) or "—"
    return Finding("input.no_table", file=source.resolve().name, facts={"found": found})


def _double(form: Form, raw: RawSheet, first: str) -> Finding:
    return Finding(
        "input.table_twice", form.table, raw.file, raw.sheet,
        facts={
            "title": form.title["lv"], "title_en": form.title["en"], "table_name": form.table,
            "first": first,
        },
    )  # fmt: skip


def _place(raw: RawSheet) -> str:
    """A sheet as findings name it."""
    return Finding("", file=raw.file, sheet=raw.sheet).place()
