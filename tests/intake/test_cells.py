"""Each kind of cell: what is read, and what is refused because a guess could be wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake.tables import (
    COUNTS,
    GOOD,
    by_hand,
    cells,
    from_rows,
    read,
    rules,
    values,
    write_xlsx,
)

COVERAGE = ["agreement", "institution", "from_semester", "to_semester", "grades"]
AGREEMENTS = ["agreement", "partner", "signed_on", "valid_from", "valid_to"]


def day(written: str) -> date | None:
    """The end of an agreement: a day that may be missing."""
    row = ["L-1", "A", "2000-01-01", "2000-01-01", written]
    found: date | None = from_rows([AGREEMENTS, row], "agreements").frame["valid_to"].item()
    return found


DAYS = {
    "as ISO has it": "2021-07-01",
    "as Latvians write it": "01.07.2021.",
    "without the last dot": "01.07.2021",
    "without leading zeros": "1.7.2021.",
    "with spaces between": "1. 7. 2021.",
    "with spaces around": " 2021-07-01 ",
    "with a hard space around": "\u00a001.07.2021.",
    "with invisible letters around": "\ufeff01.07.2021.\u200b",
    "at midnight, as a workbook's cell gives it": "2021-07-01 00:00:00",
    "at midnight, to the minute": "01.07.2021 0:00",
    "at midnight, as programs write it": "2021-07-01T00:00:00",
}


@pytest.mark.parametrize("written", DAYS.values(), ids=DAYS)
def test_day_is_read(written: str) -> None:
    assert day(written) == date(2021, 7, 1)


NO_DAYS = {
    "no such day": "31.06.2021.",
    "no leap year": "29.02.2021.",
    "no such month": "2021-13-01",
    "a year of two digits": "01.07.21",
    "a year of five digits": "2021-07-011",
    "a year with a sign": "+2021-07-01",
    "slashes, which some read month first": "01/07/2021",
    "dots, year first": "2021.07.01",
    "in words": "2021. gada 1. jūlijs",
    "a workbook's count of days": "44378",
    "an hour of the day": "2021-07-01 12:30:00",
    "something behind it": "2021-07-01 (plānots)",
    "two days": "01.07.2021.-31.12.2021.",
    "digits of another script": "٢٠٢١-٠٧-٠١",
    "nothing": "",
    "spaces": "   ",
    "a question mark": "?",
}


@pytest.mark.parametrize("written", NO_DAYS.values(), ids=NO_DAYS)
def test_what_is_no_day_stays_unread(written: str) -> None:
    assert day(written) is None


def test_unread_day_is_a_finding_at_its_cell_with_the_text_found() -> None:
    table = from_rows([AGREEMENTS, ["L-1", "A", "2020-01-01", "01/02/2020", ""]], "agreements")

    assert cells(table.findings) == [("value.not_day", "D2")]
    assert table.findings[0].value == "01/02/2020"
    assert table.blocked


def test_open_end_may_be_empty_and_a_beginning_may_not() -> None:
    table = from_rows([AGREEMENTS, ["L-1", "A", "2020-01-01", "", ""]], "agreements")

    assert cells(table.findings) == [("value.missing", "D2")]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("5", 5),
        ("021", 21),
        ("000", 0),
        ("1000000", 1_000_000),
        ("999999999999", 999_999_999_999),
        ("00000000000000000000000005", 5),
    ],
)
def test_whole_number_is_read(written: str, number: int) -> None:
    assert values(from_rows([COUNTS, [*GOOD[:5], written]]), "plans") == [{"plans": number}]


NOT_WHOLE = {
    "nothing": "",
    "a space before": " 5",
    "a space behind": "5 ",
    "a hard space behind": "5\u00a0",
    "a line break behind": "5\n",
    "spaces between thousands": "1 000",
    "hard spaces between thousands": "1\u00a0000",
    "a decimal comma": "2,5",
    "a decimal point": "2.5",
    "a decimal point and nothing else": "5.0",
    "a minus": "-1",
    "a plus": "+5",
    "an exponent": "1e3",
    "a currency": "EUR5",
    "Arabic digits": "٣",
    "a superscript": "5²",
    "a half": "½",
    "Roman": "IV",
    "in words": "pieci",
    "an underscore": "1_000",
    "hexadecimal": "0x5",
    "an invisible letter": "5\u200b",
    "not a number": "NaN",
    "a dash for none": "–",
}


@pytest.mark.parametrize("written", NOT_WHOLE.values(), ids=NOT_WHOLE)
def test_what_is_no_whole_number_is_null_and_never_zero(written: str) -> None:
    table = from_rows([COUNTS, [*GOOD[:5], written]])

    assert values(table, "plans", "plans_text") == [{"plans": None, "plans_text": written}]


@pytest.mark.parametrize("digits", [13, 20, 400])
def test_more_digits_than_fit_are_kept_too_large_and_never_wrap(digits: int) -> None:
    table = from_rows([COUNTS, [*GOOD[:5], "9" * digits]])

    assert values(table, "plans") == [{"plans": 10**12}]


NUMBERS_OF_A_WORKBOOK = {
    "a whole number": ("5", 5),
    "a whole number stored with its point": ("5.0", 5),
    "a whole number stored with an exponent": ("5E0", 5),
    "a sum with the noise of binary fractions": ("3.0000000000000004", 3),
    "a number with a fraction": ("2.5", None),
    "a negative number": ("-1", None),
    "a number beyond all digits": ("1E+20", 10**12),
    "a number beyond all numbers": ("1E+999", None),
    "not a number": ("NaN", None),
    "what is no number at all": ("trīs", None),
}


@pytest.mark.parametrize(
    ("stored", "number"), NUMBERS_OF_A_WORKBOOK.values(), ids=NUMBERS_OF_A_WORKBOOK
)
def test_number_cell_of_a_workbook(stored: str, number: int | None, tmp_path: Path) -> None:
    texts = [COUNTS, GOOD[:5]]
    rows = [
        "".join(
            f'<c r="{letter}{row}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for letter, cell in zip("ABCDEF", line, strict=False)
        )
        for row, line in enumerate(texts, 1)
    ]
    data = f'<row r="1">{rows[0]}</row><row r="2">{rows[1]}<c r="F2"><v>{stored}</v></c></row>'

    table = read(by_hand(tmp_path / "a.xlsx", data))

    assert values(table, "plans") == [{"plans": number}]


@pytest.mark.parametrize(
    ("cell", "number"),
    [(5, 5), (5.0, 5), ("5", 5), ("05", 5), (0, 0), (2.5, None), (" 5", None), (True, None)],
)
def test_cell_of_a_workbook_reads_as_the_person_sees_it(
    cell: object, number: int | None, tmp_path: Path
) -> None:
    table = read(write_xlsx(tmp_path / "a.xlsx", [COUNTS, [*GOOD[:5], cell]]))

    assert values(table, "plans") == [{"plans": number}]


SEMESTERS = {
    "its code": "2022/2023-1",
    "its code with spaces": "2022/2023 - 1",
    "its Latvian name": "2022./2023. m.g. 1. semestris",
    "its name in full": "2022./2023. mācību gada 1. semestris",
    "with a Roman half": "2022/2023 I",
    "its English name": "2022/2023 1 semester",
    "with spaces around": "  2022/2023-1 ",
    "with hard spaces": "2022./2023.\u00a0m.\u00a0g. 1.\u00a0sem.",
}


@pytest.mark.parametrize("written", SEMESTERS.values(), ids=SEMESTERS)
def test_semester_is_read(written: str) -> None:
    table = from_rows([COVERAGE, ["L-1", "MEZ", written, "", ""]], "coverage")

    assert table.findings == ()
    assert values(table, "from_semester") == [{"from_semester": "2022/2023-1"}]


NO_SEMESTERS = {
    "no half": "2022/2023",
    "a third half": "2022/2023-3",
    "years that do not follow each other": "2022/2024-1",
    "years that run backwards": "2023/2022-1",
    "a short second year": "2022/23-1",
    "a year alone": "2022",
    "words": "rudens",
}


@pytest.mark.parametrize("written", NO_SEMESTERS.values(), ids=NO_SEMESTERS)
def test_what_is_no_semester_is_a_finding_in_a_register(written: str) -> None:
    table = from_rows([COVERAGE, ["L-1", "MEZ", "2019/2020-1", written, ""]], "coverage")

    assert cells(table.findings) == [("value.not_semester", "D2")]


@pytest.mark.parametrize("written", NO_SEMESTERS.values(), ids=NO_SEMESTERS)
def test_what_is_no_semester_stays_as_written_in_counts(written: str) -> None:
    table = from_rows([COUNTS, [written, *GOOD[1:]]])

    assert table.findings == ()
    assert values(table, "semester") == [{"semester": written}]


@pytest.mark.parametrize(
    ("written", "grades"),
    [
        ("5-9", [5, 6, 7, 8, 9]),
        ("1-4,7", [1, 2, 3, 4, 7]),
        ("7", [7]),
        ("10 – 12", [10, 11, 12]),
        (" 1, 2 ", [1, 2]),
        ("12", [12]),
        ("7,7", [7]),
    ],
)
def test_grades_are_read(written: str, grades: list[int]) -> None:
    table = from_rows([COVERAGE, ["L-1", "MEZ", "2019/2020-1", "", written]], "coverage")

    assert values(table, "grades") == [{"grades": grades}]


def test_no_grades_mean_all_of_the_target_group() -> None:
    table = from_rows([COVERAGE, ["L-1", "MEZ", "2019/2020-1", "", ""]], "coverage")

    assert table.findings == ()
    assert values(table, "grades") == [{"grades": None}]


NO_GRADES = {
    "beyond the last": "1-13",
    "before the first": "0-4",
    "backwards": "9-5",
    "open": "5-",
    "a day, as Excel makes of it": "05.sept",
    "a day cell of a workbook": "2024-09-05",
    "a semicolon": "1;2",
    "words": "visas",
    "a word behind": "5-9 klase",
}


@pytest.mark.parametrize("written", NO_GRADES.values(), ids=NO_GRADES)
def test_what_are_no_grades_is_a_finding_and_never_all_grades(written: str) -> None:
    table = from_rows([COVERAGE, ["L-1", "MEZ", "2019/2020-1", "", written]], "coverage")

    assert cells(table.findings) == [("value.not_grades", "E2")]


def test_long_and_invisible_text_is_shown_so_that_a_person_can_read_it() -> None:
    rows = [
        ["L-1", "A", "2020-01-01", "x" * 500, ""],
        ["L-2", "A", "2020-01-01", "a\nb\x1b[31m\u200b\u202ec", ""],
    ]

    table = from_rows([AGREEMENTS, *rows], "agreements")

    assert [f.value for f in table.findings] == ["x" * 79 + "…", "a␊b␛[31m<U+200B><U+202E>c"]


KEYS = {
    "twice the same": (["A", "A"], ["A2", "A3"]),
    "the same but for spaces": (["A", " A "], ["A2", "A3"]),
    "three times": (["A", "B", "A", "A"], ["A2", "A4", "A5"]),
    "in another case": (["A", "a"], []),
}


@pytest.mark.parametrize(("codes", "found"), KEYS.values(), ids=KEYS)
def test_rows_of_one_key_are_all_named(codes: list[str], found: list[str]) -> None:
    rows = [[code, "Vārds", "general", "2009-07-01", ""] for code in codes]
    headings = ["institution", "name", "kind", "valid_from", "valid_to"]

    table = from_rows([headings, *rows], "institutions")

    assert cells(table.findings) == [("row.duplicate_key", cell) for cell in found]


def test_rows_without_a_key_lack_it_and_are_no_duplicates() -> None:
    headings = ["institution", "partner", "valid_from", "valid_to"]
    rows = [["", "A", "2020-01-01", ""], ["", "A", "2020-01-01", ""]]
    rows += [["M", "A", "kaut kad", ""], ["M", "A", "pēc tam", ""]]

    table = from_rows([headings, *rows], "memberships")

    assert cells(table.findings) == [
        ("value.missing", "A2"),
        ("value.missing", "A3"),
        ("value.not_day", "C4"),
        ("value.not_day", "C5"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2020-01-01", "2019-12-31", ["row.days_backwards"]),
        ("2020-01-01", "2020-01-01", []),
        ("2020-01-01", "", []),
        ("2020-01-01", "beigās", ["value.not_day"]),
    ],
)
def test_days_that_run_backwards(first: str, last: str, found: list[str]) -> None:
    table = from_rows([AGREEMENTS, ["L-1", "A", "2020-01-01", first, last]], "agreements")

    assert rules(table.findings) == found


UNSPENT = ["partner", "semester", "unspent"]


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("21473,15", 2_147_315),
        ("21 473,15", 2_147_315),
        ("21\u00a0473,15 €", 2_147_315),
        ("4600.00", 460_000),
        ("EUR 0,05", 5),
        ("0", 0),
        ("-12,50", -1250),
    ],
)
def test_money_is_read_as_cents(written: str, cents: int):
    table = from_rows([UNSPENT, ["A", "2020/2021-1", written]], "unspent")

    assert table.findings == ()
    assert table.frame["unspent_cents"].to_list() == [cents]


@pytest.mark.parametrize("written", ["12,345", "1.234,50", "nav", "12,5 USD", "1e3", "9" * 30])
def test_what_is_no_amount_is_a_finding_and_never_nothing(written: str):
    table = from_rows([UNSPENT, ["A", "2020/2021-1", written]], "unspent")

    assert cells(table.findings) == [("value.not_money", "C2")]
    assert table.frame["unspent_cents"].to_list() == [None]


def test_an_empty_amount_is_missing():
    table = from_rows([UNSPENT, ["A", "2020/2021-1", ""]], "unspent")

    assert rules(table.findings) == ["value.missing"]
