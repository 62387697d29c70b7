"""The same table in every dress an office gives it reads as the same frame."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from tests.intake.tables import (
    FORMS,
    GOOD,
    SKAITS,
    delimited,
    from_rows,
    read,
    rules,
    values,
    write_csv,
    write_xlsx,
)
from toolkit.intake.table import Table

INSTITUTIONS = [
    ["Iestāde", "Nosaukums", "Veids", "Spēkā no", "Spēkā līdz"],
    ["MEZ", "Mežvidu pamatskola", "vispārējā", "2009-07-01", ""],
    ["KEG", "Ķeguma “Zīļuks”", "vispārējā", "01.07.2009.", "31.08.2021."],
    ["SKU", "Šķūņu tehnikums ĀČĒĢĪĶĻŅŠŪŽ", "profesionālā", "2009-07-01", ""],
]
ENCODINGS = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with its mark": ("utf-8", codecs.BOM_UTF8),
    "UTF-16 LE with its mark": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16 BE with its mark": ("utf-16-be", codecs.BOM_UTF16_BE),
    "UTF-16 LE without a mark": ("utf-16-le", b""),
    "UTF-16 BE without a mark": ("utf-16-be", b""),
    "Windows-1257": ("cp1257", b""),
}
MARKS = {"comma": ",", "semicolon": ";", "tab": "\t"}
BREAKS = {"Windows": "\r\n", "Linux": "\n", "old Mac": "\r"}


def reference() -> Table:
    return from_rows(INSTITUTIONS, "institutions")


def assert_same(table: Table) -> None:
    assert_frame_equal(table.frame.drop("file"), reference().frame.drop("file"))


@pytest.mark.parametrize("ends", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize(("encoding", "bom"), ENCODINGS.values(), ids=ENCODINGS)
def test_every_encoding_and_separator_reads_the_same(
    encoding: str, bom: bytes, mark: str, ends: str, tmp_path: Path
) -> None:
    text = delimited(INSTITUTIONS, mark).replace("\r\n", ends)
    path = tmp_path / "institutions.csv"
    path.write_bytes(bom + text.encode(encoding))

    table = read(path, "institutions")

    assert_same(table)
    assert rules(table.findings) == (["file.read_as_1257"] if encoding == "cp1257" else [])


def test_workbook_reads_the_same(tmp_path: Path) -> None:
    table = read(write_xlsx(tmp_path / "Iestādes.xlsx", INSTITUTIONS, "Iestādes"), "institutions")

    assert_same(table)
    assert table.findings == ()


def test_letters_in_two_pieces_read_as_one(tmp_path: Path) -> None:
    apart = [[unicodedata.normalize("NFD", cell) for cell in row] for row in INSTITUTIONS]

    assert_same(read(write_csv(tmp_path / "a.csv", apart), "institutions"))


def test_codes_with_invisible_letters_and_hard_spaces_read_as_what_is_seen(tmp_path: Path) -> None:
    unseen = [
        INSTITUTIONS[0],
        *(["\ufeff" + row[0] + "\u200b\u00a0", *row[1:]] for row in INSTITUTIONS[1:]),
    ]

    assert_same(read(write_csv(tmp_path / "a.csv", unseen), "institutions"))


def test_text_cut_in_the_middle_of_a_letter_is_not_taken_for_windows_1257(tmp_path: Path) -> None:
    path = tmp_path / "institutions.csv"
    path.write_bytes("institution,name\nMEZ,Mežvidū\nKEG,Rīgā".encode()[:-1])

    assert rules(read(path, "institutions").findings) == ["file.not_text"]


@pytest.mark.parametrize("letter", ["\u0085", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_only_line_ends_end_a_row(letter: str, tmp_path: Path) -> None:
    rows = [["institution", "name", "kind", "valid_from", "valid_to"]]
    rows += [["A", f"viens{letter}divi", "general", "2009-07-01", ""]]
    rows += [["B", "trīs", "general", "2009-07-01", ""]]

    table = read(write_csv(tmp_path / "a.csv", rows), "institutions")

    assert values(table, "institution", "row") == [
        {"institution": "A", "row": 2},
        {"institution": "B", "row": 3},
    ]


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
@pytest.mark.parametrize(
    "title",
    [
        "Skaits, 1. semestris, Rēzekne, 2020",
        "Pašvaldība; Ludza",
        '"Pārskats; par ""rudeni"", otrais"',
        "a\tb",
    ],
)
def test_marks_in_a_title_do_not_part_the_table(mark: str, title: str, tmp_path: Path) -> None:
    path = tmp_path / "Skaits.csv"
    path.write_text(f"{title}\n\n{delimited([SKAITS, GOOD], mark)}", "utf-8")

    table = read(path)

    assert table.findings == ()
    assert values(table, "row", "institution", "plans") == [
        {"row": 4, "institution": "MEZ", "plans": 3}
    ]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_tells_excel_the_separator_is_no_row(line: str, tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(f"{line}\r\n{delimited([SKAITS, GOOD], ';')}", "utf-8-sig")

    assert values(read(path), "row", "plans") == [{"row": 2, "plans": 3}]


HEADINGS = {
    "the codes of the design": [column.name for column in FORMS["counts"].columns],
    "Latvian": [column.heading["lv"] for column in FORMS["counts"].columns],
    "English": [column.heading["en"] for column in FORMS["counts"].columns],
    "lower case": [column.heading["lv"].lower() for column in FORMS["counts"].columns],
    "upper case": [column.heading["lv"].upper() for column in FORMS["counts"].columns],
    "without diacritics": [
        "semestris", "iestade", "programma", "klase", "plana veids", "plani",
    ],
    "other words people use": [
        "Semestris", "Iestādes kods", "Izglītības programma", "Klase vai kurss", "IAP veids",
        "Plānu skaits",
    ],
    "broken over two lines and with dots": [
        "Semestris:", "Iestādes\nkods", "Programma ", " Klase", "Plāna_veids", "IAP skaits.",
    ],
}  # fmt: skip


@pytest.mark.parametrize("headings", HEADINGS.values(), ids=HEADINGS)
def test_headings_in_every_form_mean_the_column(headings: list[str]) -> None:
    table = from_rows([headings, GOOD])

    assert table.findings == ()
    assert values(table)[0] | {"grade": "7", "plans": "3"} == dict(
        zip([column.name for column in FORMS["counts"].columns], GOOD, strict=True)
    )


@pytest.mark.parametrize("table", FORMS)
@pytest.mark.parametrize("lang", ["lv", "en"])
def test_each_form_is_found_by_its_own_headings(table: str, lang: str) -> None:
    headings = [column.heading[lang] for column in FORMS[table].columns]

    found = from_rows([headings, ["1"] * len(headings)], table)

    assert list(found.letters) == [column.name for column in FORMS[table].columns]


@pytest.mark.parametrize("table", FORMS)
def test_no_two_columns_of_a_form_share_a_heading(table: str) -> None:
    headings = [heading for column in FORMS[table].columns for heading in column.headings()]

    assert len(headings) == len(set(headings))


def test_no_two_forms_share_a_name() -> None:
    names = [name for form in FORMS.values() for name in form.names()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("written", "programme"),
    [
        ("vispārējā", "general"),
        ("VISPĀRĒJĀ IZGLĪTĪBA", "general"),
        ("visparejā", "general"),
        ("profesionālā", "vocational"),
        ("general", "general"),
        ("sporta", "sporta"),
    ],
)
def test_programmes_in_words_are_read_as_codes(written: str, programme: str) -> None:
    table = from_rows([SKAITS, [*GOOD[:2], written, *GOOD[3:]]])

    assert values(table, "programme") == [{"programme": programme}]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("konsultatīvs", "consultative"),
        ("Konsultatīvais", "consultative"),
        ("ekonomisks", "economic"),
        ("EKONOMISKAIS ", "economic"),
        ("economic", "economic"),
        ("sociāls", "sociāls"),
    ],
)
def test_plan_kinds_in_words_are_read_as_codes(written: str, kind: str) -> None:
    table = from_rows([SKAITS, [*GOOD[:4], written, GOOD[5]]])

    assert values(table, "plan_kind") == [{"plan_kind": kind}]


@pytest.mark.parametrize("table", ["amendments", "successions"])
def test_kinds_that_decide_are_read_in_any_case_or_refused(table: str) -> None:
    form = FORMS[table]
    kind = next(column for column in form.columns if column.name == "kind")
    written = [*kind.values, *(code.upper() for code in kind.values.values()), "cits"]
    filled = [
        [word if c.name == "kind" else f"{number}.10.2020" for c in form.columns]
        for number, word in enumerate(written, 1)
    ]

    found = from_rows([[c.name for c in form.columns], *filled], table)

    codes = [*kind.values.values(), *kind.values.values(), "cits"]
    assert found.frame["kind"].to_list() == codes
    assert [(f.value, f.row) for f in found.findings if f.rule == "value.not_listed"] == [
        ("cits", len(codes) + 1)
    ]


def test_columns_in_any_order_and_among_others_read_the_same(tmp_path: Path) -> None:
    order = [3, 0, 4, 2, 1]
    mixed = [
        ["Piezīme", *(row[place] for place in order), "Kontakti"]
        if number == 0
        else [f"p{number}", *(row[place] for place in order), "x@y.lv"]
        for number, row in enumerate(INSTITUTIONS)
    ]

    assert_same(read(write_csv(tmp_path / "a.csv", mixed, ";"), "institutions"))
