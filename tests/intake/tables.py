"""Small tables for the tests of intake, as CSV and as workbooks, and the parts of one by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from toolkit import config
from toolkit.errors import Finding
from toolkit.intake.folder import read_single
from toolkit.intake.forms import load_forms
from toolkit.intake.reading import read_table
from toolkit.intake.sheets import RawSheet
from toolkit.intake.table import Table

FORMS = load_forms(config.shipped("templates/forms"))
COUNTS = ["semester", "institution", "programme", "grade", "plan_kind", "plans"]
SKAITS = ["Semestris", "Iestāde", "Programma", "Klase", "Plāna veids", "Plāni"]
GOOD = ["2020/2021-1", "MEZ", "general", "7", "consultative", "3"]

Cell = object
Rows = Sequence[Sequence[Cell]]

_NAMESPACES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def delimited(rows: Rows, mark: str = ",") -> str:
    """Rows as a CSV without quoting."""
    return "".join(mark.join(map(str, row)) + "\r\n" for row in rows)


def write_csv(path: Path, rows: Rows, mark: str = ",", encoding: str = "utf-8") -> Path:
    path.write_bytes(delimited(rows, mark).encode(encoding))
    return path


def write_xlsx(path: Path, rows: Rows, sheet: str = "Skaits") -> Path:
    """Rows as a workbook of one sheet; days get a style that shows them as such."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def by_hand(path: Path, data: str, **parts: str | bytes) -> Path:
    """A workbook whose one sheet, `Skaits`, holds this XML; other parts as they are given.

    `head` and `tail` stand before and after the rows, `book` inside the workbook part,
    `styles` and `texts` are whole parts.
    """
    sheet = f"<worksheet {_NAMESPACES}>{parts.get('head', '')}<sheetData>{data}</sheetData>"
    related = {"worksheet": "worksheets/sheet1.xml"}
    related |= {"styles": "styles.xml"} if "styles" in parts else {}
    related |= {"sharedStrings": "sharedStrings.xml"} if "texts" in parts else {}
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related.items(), 1)
    )
    files = {
        "xl/workbook.xml": f"<workbook {_NAMESPACES}>{parts.get('book', '')}"
        '<sheets><sheet name="Skaits" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {_RELATIONS}>{links}</Relationships>",
        "xl/worksheets/sheet1.xml": parts.get("sheet")
        or f"{sheet}{parts.get('tail', '')}</worksheet>",
        "xl/styles.xml": parts.get("styles", ""),
        "xl/sharedStrings.xml": parts.get("texts", ""),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            if text:
                archive.writestr(name, text)
    return path


def read(path: Path, table: str = "counts") -> Table:
    return read_single(path, FORMS[table])


def from_rows(rows: Sequence[Sequence[str]], table: str = "counts") -> Table:
    """The rows of a CSV, as if they had been read already."""
    return read_table(FORMS[table], RawSheet(f"{table}.csv", "", rows))


def rules(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def cells(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Rule and cell of each finding."""
    return [(finding.rule, finding.cell) for finding in findings]


def values(table: Table, *columns: str) -> list[Mapping[str, object]]:
    return table.frame.select(*(columns or COUNTS)).to_dicts()
