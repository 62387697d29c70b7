"""XLSX into rows of text, cells where the person sees them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from toolkit.errors import Finding
from toolkit.intake.sheets import RawSheet, column_index

if TYPE_CHECKING:
    import fastexcel

LARGEST_BYTES = 200 * 2**20
LARGEST_UNPACKED = 2**30
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HIDDEN_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"')
_CELL = re.compile(rb'<c r="([A-Z]+)\d+"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<(?:v|is)>')
_FORMULA_ONLY = re.compile(
    rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


@dataclass(frozen=True, slots=True)
class _Markup:
    """What the reader of values does not tell: where cells begin and what is hidden."""

    first_column: int
    hidden_rows: int
    merged: bool
    formulas_without_value: frozenset[str]


def read_workbook(path: Path) -> list[RawSheet]:
    """Every sheet that has cells; one sheet with a finding when the file is no workbook."""
    name = path.name
    if path.stat().st_size > LARGEST_BYTES:
        return [_refused(name, "file.too_large")]
    if path.stat().st_size == 0:
        return [_refused(name, "file.empty")]
    import fastexcel

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                return [_refused(name, "file.too_large")]
            parts = _sheet_parts(archive)
            reader = fastexcel.read_excel(path)
            return [
                _sheet(reader, sheet, name, archive.read(part)) for sheet, part in parts.items()
            ]
    except (
        zipfile.BadZipFile, fastexcel.FastExcelError, ElementTree.ParseError, KeyError,
        EOFError, NotImplementedError, RuntimeError,
    ):  # fmt: skip
        return [_refused(name, "file.broken_workbook")]


def _refused(name: str, rule: str) -> RawSheet:
    return RawSheet(name, "", [], [Finding(rule, file=name)])


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each worksheet and the part of the archive that holds it."""
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat of this Python refuses entity bombs; size is bounded above
    }
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - as above
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets[sheet.get(_RELATION)]
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in part:
            found[sheet.get("name", "")] = part
    return found


def _sheet(reader: fastexcel.ExcelReader, sheet: str, file: str, xml: bytes) -> RawSheet:
    # skip_rows=0 keeps empty rows at the top, so that row numbers stay those of the file
    cells = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    if not cells.height:
        return RawSheet(file, sheet, [])
    markup = _markup(xml)
    margin = [""] * markup.first_column
    rows = [
        [*margin, *("" if cell is None else cell for cell in row)]
        for row in cells.to_polars().iter_rows()
    ]
    notes = []
    if markup.hidden_rows:
        notes.append(
            Finding(
                "sheet.hidden_rows", file=file, sheet=sheet, severity="note",
                facts={"count": str(markup.hidden_rows)},
            )
        )  # fmt: skip
    if markup.merged:
        notes.append(Finding("sheet.merged_cells", file=file, sheet=sheet, severity="explain"))
    return RawSheet(file, sheet, rows, notes, markup.formulas_without_value)


def _markup(xml: bytes) -> _Markup:
    columns = {column_index(letters.decode()) for letters in set(_CELL.findall(xml))}
    return _Markup(
        first_column=min(columns, default=0),
        hidden_rows=len(_HIDDEN_ROW.findall(xml)),
        merged=b"<mergeCell " in xml,
        formulas_without_value=frozenset(a.decode() for a in _FORMULA_ONLY.findall(xml)),
    )
