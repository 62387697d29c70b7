"""A workbook's cells stand where the person sees them, and its traps are told."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.intake.tables import (
    COUNTS,
    FORMS,
    GOOD,
    SKAITS,
    by_hand,
    cells,
    read,
    rules,
    values,
    write_xlsx,
)
from toolkit import config
from toolkit.intake.folder import read_folder
from toolkit.intake.workbook import read_workbook

Page = xlsxwriter.worksheet.Worksheet
ROW = ["2020/2021-1", "MEZ", "vispārējā", 7, "konsultatīvs", 3]
BAD = [*ROW[:5], "2,5"]
NOON = datetime(2021, 7, 1, 12, 0, 15)  # noqa: DTZ001 - a workbook knows no zones


def changed(path: Path, change: Callable[[Page, xlsxwriter.Workbook], None]) -> Path:
    """An empty sheet `Skaits`, filled by the test."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        change(book.add_worksheet("Skaits"), book)
    return path


def plans_at(path: Path) -> dict[int, int | None]:
    """Row of the file and number of plans; and each row's cell is in the plans' column."""
    table = read(path)
    return dict(table.frame.select("row", "plans").iter_rows())


def test_title_rows_empty_rows_and_empty_columns_keep_every_address(tmp_path: Path) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.write(1, 3, "Ludzas novads, rudens")
        page.write_row(4, 2, SKAITS)
        page.write_row(5, 2, ROW)
        page.write_row(9, 2, [*ROW[:3], 8, *ROW[4:]])

    path = changed(tmp_path / "a.xlsx", change)

    assert plans_at(path) == {6: 3, 10: 3}
    assert read(path).letters == dict(zip(COUNTS, "CDEFGH", strict=True))


STYLED = [
    pytest.param("A1", id="in the first column and row"),
    pytest.param("B6", id="left of the table"),
    pytest.param("Z4", id="right of the table"),
    pytest.param("D900", id="far below the table"),
]


@pytest.mark.parametrize("address", STYLED)
def test_cells_with_only_a_style_move_nothing(address: str, tmp_path: Path) -> None:
    def change(page: Page, book: xlsxwriter.Workbook) -> None:
        page.write_blank(address, None, book.add_format({"bold": True}))
        page.write_row(3, 2, SKAITS)
        page.write_row(5, 2, ROW)

    assert plans_at(changed(tmp_path / "a.xlsx", change)) == {6: 3}


LEFT_OF_THE_TABLE = {
    "a formula never computed": '<c r="A{row}"><f>1+1</f><v></v></c>',
    "a formula with an empty text": '<c r="A{row}" t="str"><f>""</f><v></v></c>',
    "a formula without any value": '<c r="A{row}"><f>1+1</f></c>',
    "an empty text": '<c r="A{row}" t="inlineStr"><is><t/></is></c>',
    "an error": '<c r="A{row}" t="e"><v>#N/A</v></c>',
    "a space": '<c r="A{row}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>',
    "a style": '<c r="A{row}" s="0"/>',
    "a style in two tags": '<c r="A{row}" s="0"></c>',
    "nothing": "",
}


@pytest.mark.parametrize("left", LEFT_OF_THE_TABLE.values(), ids=LEFT_OF_THE_TABLE)
def test_whatever_stands_left_of_the_table_moves_nothing(left: str, tmp_path: Path) -> None:
    def row(number: int, line: list[str]) -> str:
        written = "".join(
            f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for letter, cell in zip("BCDEFG", line, strict=True)
        )
        return f'<row r="{number}">{left.format(row=number)}{written}</row>'

    table = read(by_hand(tmp_path / "a.xlsx", row(2, SKAITS) + row(3, GOOD) + row(5, GOOD)))

    assert table.findings == ()
    assert table.letters["semester"] == "B"
    assert values(table, "row", "plans") == [{"row": 3, "plans": 3}, {"row": 5, "plans": 3}]


XML_AS_OTHERS_WRITE_IT = {
    "with a prefix": lambda xml: (
        xml.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    ),
    "without addresses": lambda xml: xml.replace(' r="A1"', "").replace(' r="B1"', ""),
    "with its attributes in another order": lambda xml: xml.replace(
        '<c r="B1" t="str">', '<c t="str" r="B1">'
    ),
    "with single quotes": lambda xml: xml.replace('"', "'"),
    "on many lines": lambda xml: xml.replace("><", ">\n  <"),
    "with comments": lambda xml: xml.replace("<row", '<!-- <c r="A9"><v>9</v></c> --><row'),
    "with its texts set apart": lambda xml: xml.replace(">abc<", "><![CDATA[abc]]><"),
    "in UTF-16": lambda xml: xml,
    "in the strict form": lambda xml: xml.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
}


@pytest.mark.parametrize("form", XML_AS_OTHERS_WRITE_IT)
def test_xml_as_other_programs_write_it_reads_the_same(form: str, tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = (
        f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>5</v></c>'
        '<c r="B1" t="str"><v>abc</v></c></row></sheetData></worksheet>'
    )
    written = XML_AS_OTHERS_WRITE_IT[form](xml)
    if form == "in UTF-16":
        written = f'<?xml version="1.0" encoding="UTF-16"?>{written}'.encode("utf-16")

    [sheet] = read_workbook(by_hand(tmp_path / "a.xlsx", "", sheet=written))

    assert sheet.rows == [["5", "abc"]]
    assert sheet.findings == []


def test_texts_in_several_fonts_are_joined_and_reading_aids_left_out(tmp_path: Path) -> None:
    texts = (
        "<sst><si><t>Mež</t></si><si><r><t>Šķū</t></r><r><rPr/><t>ņu</t></r></si>"
        '<si><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></si><si><t>a_x000A_b_x00e4_</t></si>'
        "<si/></sst>"
    )
    data = '<row r="1">' + "".join(f'<c t="s"><v>{n}</v></c>' for n in range(5)) + "</row>"

    [sheet] = read_workbook(by_hand(tmp_path / "a.xlsx", data, texts=texts))

    assert sheet.rows == [["Mež", "Šķūņu", "a", "a\nbä"]]


STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{}"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="4"/></cellXfs>'
    '<cellStyles/><dxfs><dxf><numFmt numFmtId="164" formatCode="dd"/></dxf></dxfs></styleSheet>'
)
DAY_FORMATS = ["dd.mm.yyyy", "[$-426]dd\\.\\ mmmm;@", "yyyy&quot;. gada&quot; d", "D.M.YY", "m/d"]
OTHER_FORMATS = [
    "General", "0", "#,##0.00", "0.00E+00", "&quot;diena &quot;0", "[Red]0", "[$EUR] #,##0", "@",
    "0\\d", "_d0", "* 0", "[$-426]0",
]  # fmt: skip


@pytest.mark.parametrize("code", DAY_FORMATS)
def test_cells_shown_as_days_are_days(code: str, tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", '<row><c s="1"><v>44378</v></c></row>',
                   styles=STYLES.format(code))  # fmt: skip

    assert read_workbook(path)[0].rows == [["2021-07-01"]]


@pytest.mark.parametrize("code", OTHER_FORMATS)
def test_cells_shown_as_numbers_are_numbers(code: str, tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", '<row><c s="1"><v>44378</v></c></row>',
                   styles=STYLES.format(code))  # fmt: skip

    assert read_workbook(path)[0].rows == [["44378"]]


COUNTS_OF_DAYS = {
    "a day": ("44378", "2021-07-01"),
    "midday": ("44378.5", "2021-07-01 12:00:00"),
    "midnight with the noise of binary fractions": ("44377.9999999999", "2021-07-01"),
    "the last day there is": ("2958465", "9999-12-31"),
    "the first of March 1900": ("61", "1900-03-01"),
    "the last of February 1900": ("59", "1900-02-28"),
    "the first day there is": ("1", "1900-01-01"),
    "an hour": ("0.25", "06:00:00"),
}


@pytest.mark.parametrize(("stored", "shown"), COUNTS_OF_DAYS.values(), ids=COUNTS_OF_DAYS)
def test_count_of_days_is_the_day_the_person_sees(stored: str, shown: str, tmp_path: Path) -> None:
    data = f'<row><c s="2"><v>{stored}</v></c></row>'

    [sheet] = read_workbook(by_hand(tmp_path / "a.xlsx", data, styles=STYLES.format("0")))

    assert sheet.rows == [[shown]]


@pytest.mark.parametrize("stored", ["-1", "2958466", "1e9", "NaN", "1E+400", "x"])
def test_count_of_days_that_is_no_day_is_told_and_never_empty(stored: str, tmp_path: Path) -> None:
    data = f'<row><c s="2"><v>{stored}</v></c></row>'

    [sheet] = read_workbook(by_hand(tmp_path / "a.xlsx", data, styles=STYLES.format("0")))

    assert sheet.unreadable == {"A1": stored}


def test_calendar_that_begins_in_1904_gives_the_same_days(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        shown = book.add_format({"num_format": "dd.mm.yyyy"})
        book.add_worksheet().write_datetime(0, 0, datetime(2021, 7, 1), shown)  # noqa: DTZ001

    assert read_workbook(path)[0].rows == [["2021-07-01"]]


def test_day_cells_and_text_days_read_alike(tmp_path: Path) -> None:
    rows = [
        ["agreement", "partner", "signed_on", "valid_from", "valid_to"],
        ["L-1", "A", date(2019, 12, 3), "01.01.2020.", datetime(2022, 12, 31)],  # noqa: DTZ001
    ]

    table = read(write_xlsx(tmp_path / "a.xlsx", rows, "Līgumi"), "agreements")

    assert table.findings == ()
    assert values(table, "signed_on", "valid_from", "valid_to") == [
        {
            "signed_on": date(2019, 12, 3),
            "valid_from": date(2020, 1, 1),
            "valid_to": date(2022, 12, 31),
        }
    ]


TRAPS: dict[str, tuple[Callable[[Page], object], list[tuple[str, str]]]] = {
    "an error": (
        lambda page: page.write_formula("F2", "=1/0", None, "#DIV/0!"),
        [("value.error_cell", "F2")],
    ),
    "an error in a column nobody reads": (
        lambda page: page.write_formula("H2", "=1/0", None, "#DIV/0!"),
        [],
    ),
    "an error above the headings' rows": (
        lambda page: page.write_formula("H1", "=NA()", None, "#N/A"),
        [],
    ),
    "a formula with its result": (lambda page: page.write_formula("F2", "=1+2", None, 3), []),
    "a formula with a text for a result": (
        lambda page: page.write_formula("F2", '="3"', None, "3"),
        [],
    ),
    "a formula whose zero is no result, as the file asks to compute it": (
        lambda page: page.write_formula("F2", "=1+2"),
        [("value.formula_without_result", "F2")],
    ),
    "a formula without result in a column nobody reads": (
        lambda page: page.write_formula("H2", "=1+2"),
        [],
    ),
    "a hidden row": (
        lambda page: page.set_row(1, None, None, {"hidden": True}),
        [("sheet.hidden_rows", "")],
    ),
    "a hidden row that is empty": (
        lambda page: page.set_row(5, None, None, {"hidden": True}),
        [],
    ),
    "a hidden column": (
        lambda page: page.set_column("B:B", None, None, {"hidden": True}),
        [("sheet.hidden_columns", "")],
    ),
    "a hidden column nobody reads": (
        lambda page: page.set_column("H:XFD", None, None, {"hidden": True}),
        [],
    ),
    "merged cells": (
        lambda page: page.merge_range("A2:A3", ROW[0]),
        [("sheet.merged_cells", "A2")],
    ),
    "merged cells beside the table": (lambda page: page.merge_range("H2:I5", "piezīme"), []),
    "a filter": (lambda page: page.autofilter("A1:F2"), []),
    "a note": (lambda page: page.write_comment("F2", "pārbaudīts"), []),
    "a link": (lambda page: page.write_url("H2", "https://www.ikvd.gov.lv"), []),
}  # fmt: skip


@pytest.mark.parametrize(("trap", "found"), TRAPS.values(), ids=TRAPS)
def test_trap_is_told_at_its_place(
    trap: Callable[[Page], object], found: list[tuple[str, str]], tmp_path: Path
) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, SKAITS)
        page.write_row(1, 0, ROW)
        trap(page)

    table = read(changed(tmp_path / "a.xlsx", change))

    assert cells(table.findings) == found
    assert values(table, "plans")[0]["plans"] != 0


def test_error_in_an_open_end_is_not_taken_for_empty(tmp_path: Path) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, ["agreement", "partner", "signed_on", "valid_from", "valid_to"])
        page.write_row(1, 0, ["L-1", "A", "2020-01-01", "2020-01-01"])
        page.write_formula("E2", "=VLOOKUP(1,A1:B2,2)", None, "#N/A")

    table = read(changed(tmp_path / "a.xlsx", change), "agreements")

    assert cells(table.findings) == [("value.error_cell", "E2")]
    assert table.blocked


def test_cell_with_an_error_is_named_once_and_not_as_missing_too(tmp_path: Path) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, ["agreement", "partner", "signed_on", "valid_from", "valid_to"])
        page.write_row(1, 0, ["L-1", "A"])
        page.write_formula("C2", "=1/0", None, "#DIV/0!")
        page.write_formula("D2", "=TODAY()")

    table = read(changed(tmp_path / "a.xlsx", change), "agreements")

    assert cells(table.findings) == [
        ("value.formula_without_result", "D2"),
        ("value.error_cell", "C2"),
    ]


def test_findings_come_in_the_order_of_the_rows(tmp_path: Path) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, SKAITS)
        for row in range(1, 12):
            page.write_row(row, 0, ROW[:5])
            page.write_formula(row, 5, "=1+1")

    found = read(changed(tmp_path / "a.xlsx", change)).findings

    assert [finding.cell for finding in found] == [f"F{row}" for row in range(2, 13)]


def test_formula_of_openpyxl_has_no_result(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(SKAITS)
    page.append([*ROW[:5], "=1+2"])
    book.save(tmp_path / "a.xlsx")

    table = read(tmp_path / "a.xlsx")

    assert cells(table.findings) == [("value.formula_without_result", "F2")]
    assert values(table, "plans") == [{"plans": None}]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([form.title["lv"] for form in FORMS.values()], id="Latvian names"),
        pytest.param([form.title["en"] for form in FORMS.values()], id="English names"),
        pytest.param(list(FORMS), id="names of the tables"),
        pytest.param([form.title["lv"].upper() for form in FORMS.values()], id="capitals"),
        pytest.param([f" {name} " for name in FORMS], id="spaces around"),
    ],
)
def test_each_sheet_is_found_by_its_name(names: list[str], tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "dati.xlsx") as book:
        book.add_worksheet("Lasi mani").write(0, 0, "Aizpildiet visas lapas")
        book.add_chartsheet("Diagramma").set_chart(_chart(book))
        for form, name in zip(FORMS.values(), names, strict=True):
            book.add_worksheet(name).write_row(0, 0, [c.heading["lv"] for c in form.columns])

    tables = read_folder(tmp_path / "dati.xlsx", FORMS)

    assert set(rules(tables.findings)) == {"table.no_rows"}
    assert all(table.letters for table in tables.tables.values())


ODD_NAMES = ["Skaits & “Ķ”", "<x>", "it's", 'a "b"', " mala ", "Лист1", "x" * 31, "0", "=1+1", "😀"]


def test_sheets_of_any_name_are_read_in_their_order(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for number, name in enumerate(ODD_NAMES):
            book.add_worksheet(name).write(0, 0, number)

    sheets = read_workbook(tmp_path / "a.xlsx")

    assert [(sheet.sheet, sheet.rows) for sheet in sheets] == [
        (name, [[str(number)]]) for number, name in enumerate(ODD_NAMES)
    ]


def _chart(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Lasi mani'!$A$1:$A$2"})
    return chart


def test_workbook_named_like_its_sheet_is_one_table(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "counts.xlsx", [SKAITS, ROW], "Skaits")

    tables = read_folder(tmp_path, FORMS)

    assert "input.table_twice" not in rules(tables.findings)
    assert tables["counts"].frame.height == 1


def test_workbook_named_like_a_table_may_name_its_sheet_as_it_likes(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "Skaits.xlsx") as book:
        book.add_worksheet("Lapa1")
        page = book.add_worksheet("Lapa2")
        page.write_row(0, 0, SKAITS)
        page.write_row(1, 0, ROW)
        book.add_worksheet("Lapa3")

    assert read_folder(tmp_path, FORMS)["counts"].frame.height == 1


def test_table_in_two_files_is_refused_and_both_are_named(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "counts.xlsx", [SKAITS, ROW], "Skaits")
    (tmp_path / "Skaits.csv").write_text(",".join(COUNTS), "utf-8")

    found = read_folder(tmp_path, FORMS).findings

    [twice] = [finding for finding in found if finding.rule == "input.table_twice"]
    assert {twice.place(), twice.facts["first"]} == {"counts.xlsx[Skaits]", "Skaits.csv"}


def test_notes_of_a_sheet_do_not_hide_that_tables_are_missing(tmp_path: Path) -> None:
    def change(page: Page, _: xlsxwriter.Workbook) -> None:
        page.write_row(0, 0, ["kaut kas", "cits"])
        page.set_row(0, None, None, {"hidden": True})

    path = tmp_path / "dati.xlsx"
    with xlsxwriter.Workbook(path) as book:
        change(book.add_worksheet("Dati"), book)

    assert rules(read_folder(path, FORMS).findings) == ["input.missing_table"] * 4


def test_own_values_agree_with_another_reader(tmp_path: Path) -> None:
    written: list[object] = [
        5, 2.5, 0.1 + 0.2, 1e15, 123456789012, -7, "Ķegums", " a ", "5", True, False,
        date(2021, 7, 1), NOON, 1 / 3, 21473.15, "=2", "'a",
    ]  # fmt: skip
    path = tmp_path / "a.xlsx"
    options = {"default_date_format": "dd.mm.yyyy hh:mm", "strings_to_formulas": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.add_worksheet().write_column(0, 3, written)

    theirs = openpyxl.load_workbook(path, data_only=True).active
    assert theirs is not None

    [ours] = read_workbook(path)

    assert [row[3] for row in ours.rows] == [_text(row[3].value) for row in theirs.iter_rows()]


def _text(value: object) -> str:
    """A value of openpyxl as we show it."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


@pytest.mark.slow
def test_workbook_saved_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    def change(page: Page, book: xlsxwriter.Workbook) -> None:
        shown = book.add_format({"num_format": "dd.mm.yyyy"})
        page.write(0, 1, "Mežvidu pārskats", shown)
        page.write_row(2, 1, [*SKAITS, "Diena"])
        page.write_row(3, 1, [*ROW[:5], None, date(2021, 7, 1)])
        page.write_formula(3, 6, "=1+2", None, 3)
        page.write_row(6, 1, BAD)
        page.write_formula(7, 6, "=1/0", None, "#DIV/0!")
        page.write_row(7, 1, ROW[:5])
        page.write_row(8, 1, [*ROW[:3], 9, *ROW[4:]])
        page.set_row(8, None, None, {"hidden": True})
        page.merge_range("B11:B12", ROW[0])
        page.write_formula(8, 6, '=""', None, "")

    path = changed(tmp_path / "a.xlsx", change)
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    saved = read(tmp_path / "out" / "a.xlsx")

    assert saved.letters == read(path).letters
    assert plans_at(tmp_path / "out" / "a.xlsx") == {4: 3, 7: None, 8: None, 9: None, 11: None}
    assert cells(saved.findings) == [
        ("sheet.hidden_rows", ""),
        ("sheet.merged_cells", "B11"),
        ("value.error_cell", "G8"),
    ]
    assert read_workbook(tmp_path / "out" / "a.xlsx")[0].rows[3][7] == "2021-07-01"


def test_workbook_saved_by_openpyxl_reads_the_same(tmp_path: Path) -> None:
    calendar = read(config.shipped("data/reference") / "semesters.csv", "semesters")
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Semestri"
    page.append(["Semestris", "Pirmā diena", "Pēdējā diena"])
    for code, first, last in calendar.frame.select("semester", "first_day", "last_day").iter_rows():
        page.append([code, first, last])
    page.insert_rows(1, 2)
    page.insert_cols(1)
    book.save(tmp_path / "a.xlsx")

    saved = read(tmp_path / "a.xlsx", "semesters")

    assert saved.findings == ()
    assert saved.frame.drop("file", "row", "status", "source").equals(
        calendar.frame.drop("file", "row", "status", "source")
    )
    assert saved.frame["row"][0] == 4
