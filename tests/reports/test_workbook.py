"""The workbook: live formulas that LibreOffice recomputes to the same cents, and links."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.material import LIMITS, PUBLISHED, allocated, copied
from tests.reports.recalculation import differences, recalculated
from toolkit.errors import UsageError
from toolkit.frames.allocation import Allocation
from toolkit.reports import workbook
from toolkit.reports.allocation import allocation_report
from toolkit.reports.report import FIRST_ROW
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law

CUT_BY_ALL = (LIMITS, "2020/2021-1", 300_000)
"""A case where the ceilings of institution and partner and the envelope all lower something."""


def written(allocation: Allocation, path: Path, lang: str = "lv") -> Path:
    workbook.write(allocation_report(allocation, lang), path)
    return path


def column(sheet: Worksheet, heading: str) -> list[object]:
    """The cells below a heading, totals included."""
    headings = {cell.value: cell.column for cell in sheet[FIRST_ROW - 1]}
    cells = sheet.iter_rows(min_row=FIRST_ROW, min_col=headings[heading], max_col=headings[heading])
    return [cell.value for (cell,) in cells if cell.value is not None]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "semester", "envelope"),
    [
        pytest.param(*CUT_BY_ALL, id="all three limits bind"),
        pytest.param(LIMITS, "2020/2021-1", None, id="the ceilings bind"),
        pytest.param(LIMITS, "2020/2021-1", 10**9, id="an envelope that does not bind"),
        pytest.param(LIMITS, "2020/2021-1", 1, id="one cent for everybody"),
        pytest.param(LIMITS, "2020/2021-1", 0, id="nothing at all"),
        pytest.param(PUBLISHED, "2022/2023-1", None, id="no limit, remainders in ESF"),
    ],
)
def test_libreoffice_recomputes_the_same_cents(
    folder: Path, semester: str, envelope: int | None, tmp_path: Path
):
    path = written(allocated(folder, semester, envelope), tmp_path / "maximum.xlsx")

    found = differences(path, recalculated(path, tmp_path))

    assert found == []


@pytest.mark.slow
def test_a_planted_wrong_formula_is_caught(tmp_path: Path):
    report = allocation_report(allocated(*CUT_BY_ALL), "lv")
    rows = report.sheets[2]
    place = next(i for i, c in enumerate(rows.columns) if c.heading == "Maksimums, €")
    honest = rows.columns[place]
    assert honest.formulas is not None
    planted = dataclasses.replace(
        honest, formulas=[honest.formulas[0] + "+0.01", *honest.formulas[1:]]
    )
    columns = [*rows.columns[:place], planted, *rows.columns[place + 1 :]]
    sheets = list(report.sheets)
    sheets[2] = dataclasses.replace(rows, columns=columns)
    path = tmp_path / "planted.xlsx"
    workbook.write(dataclasses.replace(report, sheets=tuple(sheets)), path)

    found = differences(path, recalculated(path, tmp_path))

    assert any(line.startswith(f"Rindas!J{FIRST_ROW}:") for line in found)
    assert any("NESAKRĪT" in line for line in found), "the live check must say so too"


@pytest.mark.slow
def test_a_changed_count_flows_through_to_the_total(tmp_path: Path):
    path = written(allocated(PUBLISHED, "2020/2021-2"), tmp_path / "maximum.xlsx")
    book = openpyxl.load_workbook(path)
    book["Rindas"][f"G{FIRST_ROW}"] = 11  # 10 plans before; a rate of 250.00
    changed = tmp_path / "changed.xlsx"
    book.save(changed)

    again = openpyxl.load_workbook(recalculated(changed, tmp_path), data_only=True)

    total = column(again["Kopsavilkums"], "Maksimums, €")[-1]
    assert total == pytest.approx(6250.00)


def test_cached_values_are_those_of_the_engine(tmp_path: Path):
    allocation = allocated(*CUT_BY_ALL)

    book = openpyxl.load_workbook(written(allocation, tmp_path / "maximum.xlsx"), data_only=True)

    cents = [*allocation.partners["maximum_cents"], allocation.total_cents]
    assert column(book["Kopsavilkums"], "Maksimums, €") == [value / 100 for value in cents]
    esf = [*allocation.partners["esf_cents"], allocation.esf_cents]
    assert column(book["Kopsavilkums"], "ESF, €") == [value / 100 for value in esf]
    lines = [*allocation.lines["maximum_cents"], allocation.total_cents]
    assert column(book["Rindas"], "Maksimums, €") == [value / 100 for value in lines]


def test_every_figure_links_to_its_own_trace_row(tmp_path: Path):
    path = written(allocated(*CUT_BY_ALL), tmp_path / "maximum.xlsx")
    values = openpyxl.load_workbook(path, data_only=True)
    trace = values["Izsekojamība"]
    formulas = openpyxl.load_workbook(path)["Izsekojamība"]

    linked = 0
    for name in ("Kopsavilkums", "Iestādes", "Rindas"):
        for cell in (c for row in values[name].iter_rows(min_row=FIRST_ROW) for c in row):
            if cell.hyperlink is None:
                continue
            linked += 1
            row = int(cell.hyperlink.location.rsplit("!A", 1)[1])
            assert trace[f"B{row}"].value == pytest.approx(cell.value)
            back = formulas[f"B{row}"].value.replace("'", "")
            assert back == f"={name}!{cell.coordinate}"
    figures = 3 * 4 + 6 + 7  # partners and total three each, institutions, rows
    assert linked == figures


def test_the_trace_names_file_row_parameter_act_words_and_limit(tmp_path: Path):
    path = written(allocated(*CUT_BY_ALL), tmp_path / "maximum.xlsx")

    trace = openpyxl.load_workbook(path, data_only=True)["Izsekojamība"]

    rows = [[cell.value for cell in row] for row in trace.iter_rows(min_row=FIRST_ROW)]
    (line,) = [row for row in rows if str(row[0]).startswith("RUGAJI · RUG-VSK · 8")]
    assert line[1:] == [
        811.6,
        "counts.csv, rinda 2",
        "Maksimālais finansējums par konsultatīvu IAP = 199,99\u00a0€ (pieņemts)",
        "example",
        "7 × 199,99 = 1399,93; iestādes maksimuma daļa 811,60",
        "finansējuma apjoms",
    ]


@pytest.mark.parametrize("lang", ["lv", "en"])
def test_every_sheet_names_the_assumed_values(lang: str, tmp_path: Path):
    path = written(allocated(*CUT_BY_ALL), tmp_path / "maximum.xlsx", lang)

    book = openpyxl.load_workbook(path, data_only=True)

    for sheet in book.worksheets:
        assert sheet["A3"].value.startswith(("Pieņemtas vērtības", "Assumed values"))
        assert "199" in sheet["A3"].value
        assert "33" in sheet["A3"].value


def test_the_sheet_of_the_law_speaks_the_persons_language_alone(tmp_path: Path):
    allocation = allocate(read_inputs(PUBLISHED), load_law(), Semester.parse("2022/2023-1"))
    words = {
        "lv": ("Tiesību akti", ["Mērvienība", "Tiesību akts", "Piezīme"]),
        "en": ("Law", ["Unit", "Legal act", "Note"]),
    }
    seen = {}
    for lang, (name, headings) in words.items():
        book = openpyxl.load_workbook(written(allocation, tmp_path / f"{lang}.xlsx", lang))
        seen[lang] = [value for heading in headings for value in column(book[name], heading)]

    assert "€ par plānu" in seen["lv"]
    assert "MK 12.07.2016. noteikumi Nr. 460" in seen["lv"]
    assert "33 840 519 no 39 812 376 €" in seen["lv"]
    assert "€ per plan" in seen["en"]
    assert "Cabinet Regulation No. 460 of 12.07.2016" in seen["en"]
    assert [cell for cell in seen["lv"] if re.search(r"\b(of|the|No\.|EUR)\b", str(cell))] == []
    assert [cell for cell in seen["en"] if re.search("[āčēģīķļņšūž]", str(cell))] == []


def test_text_of_people_never_becomes_a_formula_or_link(tmp_path: Path):
    evil = "partner,name,kind,registration_number,valid_from,valid_to\n" + "\n".join(
        f'{code},"{name}",municipality,,2009-07-01,'
        for code, name in [
            ("RUGAJI", "=1+1"),
            ("KARSAVA", '=HYPERLINK(""http://x"",""y"")'),
            ("OGRE-TEHN", "+cmd|' /C calc'!A0"),
            ("LUDZA", "@SUM(A1)"),
            *((code, code) for code in ("BALVI", "LUBANA", "MADONA")),
        ]
    )
    institutions = (LIMITS / "institutions.csv").read_text(encoding="utf-8")
    folder = copied(
        LIMITS, tmp_path, partners=evil,
        institutions=institutions.replace("Mežvidu pamatskola", "{=1+1}").replace(
            "Mērdzenes pamatskola", "http://example.org"
        ).replace("Ogres tehnikums", "<r>&</r>"),
    )  # fmt: skip
    path = written(allocated(folder, "2020/2021-1"), tmp_path / "maximum.xlsx")

    book = openpyxl.load_workbook(path)

    names = {
        cell.value: cell
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=FIRST_ROW)
        for cell in row
        if isinstance(cell.value, str)
    }
    for text in ("=1+1", "+cmd|' /C calc'!A0", "{=1+1}", "http://example.org", "<r>&</r> "):
        assert names[text].data_type == "s"
        assert names[text].hyperlink is None


def test_two_runs_give_identical_bytes(tmp_path: Path):
    first = written(allocated(*CUT_BY_ALL), tmp_path / "first.xlsx")
    second = written(allocated(*CUT_BY_ALL), tmp_path / "second.xlsx")

    assert first.read_bytes() == second.read_bytes()


def test_formulas_stay_within_what_old_spreadsheets_know(tmp_path: Path):
    path = written(allocated(*CUT_BY_ALL), tmp_path / "maximum.xlsx")

    book = openpyxl.load_workbook(path)

    formulas = [
        cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert all(isinstance(formula, str) for formula in formulas), "no array formulas"
    used = set(re.findall(r"([A-Z]+)\(", " ".join(formulas)))
    known = {"SUM", "ROUND", "MIN", "IF", "INT", "AND", "SUMPRODUCT", "ROW", "ROWS"}
    assert used <= known


def test_products_past_53_bits_stand_as_values_beside_a_live_check(tmp_path: Path):
    # 1 000 000 plans a row at 250.00: 25 000 000 000 cents times as many again is past 2**53
    counts = (PUBLISHED / "counts.csv").read_text(encoding="utf-8")
    large = re.sub(r"(2020/2021-1,\S+,)\d+", r"\g<1>999983", counts)
    allocation = allocated(copied(PUBLISHED, tmp_path, counts=large), "2020/2021-1")
    path = written(allocation, tmp_path / "maximum.xlsx")

    book = openpyxl.load_workbook(path)

    summary = book["Kopsavilkums"]
    heading = {cell.value: cell.column_letter for cell in summary[FIRST_ROW - 1]}
    parts = [summary[f"{heading['ESF, veseli centi']}{FIRST_ROW + i}"] for i in range(2)]
    assert [cell.data_type for cell in parts] == ["n", "n"]
    assert summary["A4"].data_type == "f"
    assert summary["D4"].data_type == "f"


@pytest.mark.slow
def test_the_check_of_large_amounts_holds_when_recomputed(tmp_path: Path):
    counts = (PUBLISHED / "counts.csv").read_text(encoding="utf-8")
    large = re.sub(r"(2020/2021-1,\S+,)\d+", r"\g<1>999983", counts)
    allocation = allocated(copied(PUBLISHED, tmp_path, counts=large), "2020/2021-1")
    path = written(allocation, tmp_path / "maximum.xlsx")

    again = recalculated(path, tmp_path)

    assert differences(path, again) == []
    assert "sakrīt" in openpyxl.load_workbook(again, data_only=True)["Kopsavilkums"]["D4"].value


def test_a_semester_without_rows_still_gives_a_workbook(tmp_path: Path):
    path = written(allocated(PUBLISHED, "2021/2022-1"), tmp_path / "maximum.xlsx")

    book = openpyxl.load_workbook(path, data_only=True)

    assert column(book["Kopsavilkums"], "Maksimums, €") == [0]


def test_the_summary_has_a_native_chart(tmp_path: Path):
    path = written(allocated(*CUT_BY_ALL), tmp_path / "maximum.xlsx")

    book = openpyxl.load_workbook(path)

    assert len(book["Kopsavilkums"]._charts) == 1


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path):
    with pytest.raises(UsageError) as refused:
        written(allocated(*CUT_BY_ALL), tmp_path / "nowhere" / "maximum.xlsx")

    assert "nevar saglabāt" in refused.value.sentence("lv")


def test_a_failed_write_leaves_the_old_workbook_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = written(allocated(*CUT_BY_ALL), tmp_path / "maximum.xlsx")
    before = path.read_bytes()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))

    with pytest.raises(UsageError):
        written(allocated(LIMITS, "2020/2021-1"), path)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
