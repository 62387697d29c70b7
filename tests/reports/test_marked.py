"""A table handed back: marks at their cells, no formula, no personal code."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from toolkit.errors import Finding
from toolkit.reports.marked import MarkedSheet, marked_workbook

CODE = "120305-21234"
HEADING = {"heading": "Plāni", "heading_en": "Plans"}


def book(rows: list[list[str]], *findings: Finding, name: str = "Skaits") -> Any:
    content = marked_workbook([MarkedSheet(name, name, rows)], findings, "lv")
    return openpyxl.load_workbook(BytesIO(content))


def fault(cell: str, **facts: Any) -> Finding:
    return Finding(
        "value.not_whole",
        "counts",
        "a.xlsx",
        "Skaits",
        cell=cell,
        value="x",
        facts=HEADING,
        **facts,
    )


def test_a_finding_colours_and_explains_its_cell_and_is_linked_from_the_list() -> None:
    found = book([["a", "b"], ["1", "x"]], fault("B2"))
    listed, sheet = found.worksheets
    assert listed.title == "Labojumi"
    assert listed["A2"].hyperlink.location == "'Skaits'!B2"
    assert sheet["B2"].fill.fgColor.rgb == "FFFBD5D7"
    assert "x" in sheet["B2"].comment.text
    assert sheet["A2"].comment is None


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "=cmd|' /C calc'!A0", "https://evil.example"]
)
def test_no_cell_becomes_a_formula_or_a_link(text: str) -> None:
    sheet = book([["a"], [text], [text]], fault("A3")).worksheets[1]
    for cell in (sheet["A2"], sheet["A3"]):
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("0", 0), ("12.5", 12.5), ("007", "007"), ("12,50", "12,50"), ("1e9", "1e9"),
     ("90000000001", "90000000001"), ("2022/2023-1", "2022/2023-1")],
)  # fmt: skip
def test_numbers_come_back_as_numbers_and_codes_as_they_were(text: str, value: object) -> None:
    listed, sheet = book([["a"], [text], [text]], fault("A3")).worksheets
    assert [sheet["A2"].value, sheet["A3"].value] == [value, value]
    assert "formulas" in listed["A4"].value


def test_personal_codes_are_masked_in_cells_lists_and_comments() -> None:
    content = marked_workbook(
        [MarkedSheet(CODE, "Skaits", [["a"], [CODE], [f"Anna {CODE}"]])],
        [
            Finding(
                "value.not_whole",
                "counts",
                f"{CODE}.xlsx",
                "Skaits",
                cell="A2",
                value=CODE,
                facts=HEADING,
            )
        ],
        "lv",
    )
    found = openpyxl.load_workbook(BytesIO(content))
    everything = [
        *found.sheetnames,
        *(str(cell.value) for sheet in found for row in sheet.iter_rows() for cell in row),
        *(cell.comment.text for sheet in found for row in sheet.iter_rows() for cell in row
          if cell.comment),
    ]  # fmt: skip
    assert not [text for text in everything if CODE in text or CODE.replace("-", "") in text]


@pytest.mark.parametrize(
    "name", ["Labojumi", "a[b]:*?/\\c", "", "'", "š" * 60, "History" * 9, "labojumi"]
)
def test_any_name_of_a_sheet_is_made_one_that_excel_takes(name: str) -> None:
    titles = book([["a"]], name=name).sheetnames
    assert len({title.lower() for title in titles}) == 2
    assert all(0 < len(title) <= 31 for title in titles)


def test_a_finding_outside_the_rows_is_marked_where_it_would_be() -> None:
    sheet = book([["a"]], fault("C9"), fault("ZZZZ9"), fault("")).worksheets[1]
    assert sheet["C9"].comment is not None


def test_a_large_table_comes_back_as_its_beginning_and_the_rows_with_findings() -> None:
    rows = [["a", "b"], *([f"{row}", "x"] for row in range(2, 600_002))]
    found = book(rows, fault("B500000"))
    listed, sheet = found.worksheets
    assert listed["A3"].value.startswith("Tabula ir liela")
    assert [sheet[cell].value for cell in ("A1", "A20", "A21", "A500000", "A500001")] == [
        "a", 20, None, 500_000, None,
    ]  # fmt: skip
    assert sheet["B500000"].comment is not None
