"""A folder of tables, or one workbook with a sheet for each: found, read, held to its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import Finding
from toolkit.intake.delimited import read_csv
from toolkit.intake.forms import Form, folded
from toolkit.intake.sheets import RawSheet
from toolkit.intake.table import Table, empty_table, read_table
from toolkit.intake.workbook import read_workbook

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Tables:
    """Every form's table; those that were not there are empty."""

    tables: Mapping[str, Table]
    findings: tuple[Finding, ...]

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]


def read_folder(source: Path, forms: Mapping[str, Form]) -> Tables:
    """The tables of a folder or workbook. A table that is needed and absent is a finding."""
    sheets = _sheets(source)
    found: dict[str, Table] = {}
    findings: list[Finding] = []
    for form in forms.values():
        matching = [raw for name, raw in sheets if name in form.names()]
        if not matching:
            found[form.table] = empty_table(form)
            if form.needed:
                findings.append(_absent(form, source))
            continue
        table = read_table(form, matching[0])
        found[form.table] = table
        findings.extend(table.findings)
        findings.extend(_double(form, raw) for raw in matching[1:])
    if source.is_file() and not any(table.letters for table in found.values()):
        findings = [f for _, raw in sheets for f in raw.findings] or findings
    return Tables(found, tuple(findings))


def read_single(path: Path, form: Form) -> Table:
    """One file as one form, whatever its name."""
    sheets = _file(path)
    return read_table(form, sheets[0][1] if sheets else RawSheet(path.name, "", []))


def _sheets(source: Path) -> list[tuple[str, RawSheet]]:
    """Folded table name and rows of every sheet; a CSV is one sheet named like the file."""
    if source.is_file():
        return _file(source)
    files = sorted(p for p in source.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    return [sheet for path in files for sheet in _file(path)]


def _file(path: Path) -> list[tuple[str, RawSheet]]:
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return [(folded(path.stem), read_csv(path))]
    sheets = read_workbook(path)
    if len(sheets) == 1:
        return [(folded(path.stem), sheets[0]), (folded(sheets[0].sheet), sheets[0])]
    return [(folded(raw.sheet), raw) for raw in sheets]


def _absent(form: Form, source: Path) -> Finding:
    return Finding(
        "input.missing_table", form.table, source.name,
        facts={"title": form.title["lv"], "title_en": form.title["en"], "table_name": form.table},
    )  # fmt: skip


def _double(form: Form, raw: RawSheet) -> Finding:
    return Finding(
        "input.table_twice", form.table, raw.file, raw.sheet, facts={"table_name": form.table}
    )
