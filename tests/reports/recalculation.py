"""LibreOffice as the second opinion: it recomputes every formula, whatever the file has cached."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl

# Without this setting LibreOffice shows the cached values and no wrong formula is ever seen.
_RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def recalculated(workbook: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it after recomputing all of it."""
    profile = folder / "profile"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_RECALCULATE_ALWAYS, encoding="utf-8")
    out = folder / "out"
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: run `make test`, which installs it"
    subprocess.run(
        [office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(workbook)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return out / workbook.name


def differences(workbook: Path, again: Path) -> list[str]:
    """Cells whose cached and recomputed values differ by half a cent or more, or in text."""
    before = openpyxl.load_workbook(workbook, data_only=True)
    after = openpyxl.load_workbook(again, data_only=True)
    found = []
    for sheet in before.worksheets:
        other = after[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                old, new = cell.value, other[cell.coordinate].value
                if not _same(old, new):
                    found.append(f"{sheet.title}!{cell.coordinate}: {old!r} -> {new!r}")
    return found


def _same(old: object, new: object) -> bool:
    if isinstance(old, (int, float)) and isinstance(new, (int, float)):
        return abs(old - new) < 0.005
    return (old or "") == (new or "")
