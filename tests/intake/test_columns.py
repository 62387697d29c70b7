"""Large files are read as frames, small ones as lists: nobody can tell which it was."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.intake.tables import FORMS
from tests.invented_plans import code
from toolkit.intake import delimited
from toolkit.intake.columns import SPACES, Framed, FrameRows, Listed, columns_of, framed
from toolkit.intake.delimited import LARGEST_CELL
from toolkit.intake.persons import faultless
from toolkit.intake.reading import read_table
from toolkit.personal import fault

FITTING = (
    ("plain cells", "a,b\n1,2\n"),
    ("no line break after the last row", "a,b\n1,2"),
    ("the line breaks of Windows", 'a,b\r\n1,"2"\r\n'),
    ("marks within quotes", 'a,b\n"1,50","x, y"\n'),
    ("an empty cell in quotes or without", 'a,b\n"",\n,""\n'),
    ("spaces are kept for later", 'a,b\n" 1 ", 2 \n'),
    ("rows with nothing", "a,b\n\n,\n1,2\n\n"),
    ("a row that is shorter than the first", "a,b\n1\n2,3\n"),
    ("words that elsewhere mean nothing", "a,b\nnull,NA\nNaN,None\n"),
    ("what elsewhere is a comment", "a,b\n#x,//\n"),
    ("Latvian letters", 'vārds,ģimene\nĀ,"Ž, š"\n'),
    ("quotes around every cell", '"a","b"\n"1","2"\n'),
)
OTHER = (
    ("a cell too many", "a,b\n1,2,3\n"),
    ("a quote within a cell", 'a,b\n1"2,3\n'),
    ("a quote that is written twice", 'a,b\n"1 ""x""",2\n'),
    ("a quote that is never closed", 'a,b\n"1,2\n'),
    ("letters behind a quote", 'a,b\n"1"x,2\n'),
    ("letters before a quote", 'a,b\nx"1",2\n'),
    ("a line break within quotes", 'a,b\n"1\n2",3\n'),
    ("the line breaks of old computers", "a,b\r1,2\r"),
    ("a cell of a whole book", f"a,b\n{'x' * (LARGEST_CELL + 1)},2\n"),
    ("more columns than any table has", "," * 300 + "\n1\n"),
    ("nothing", ""),
)
LETTERS = st.text(st.sampled_from('aā1 ,;"\n\r\t\x1c\xa0'), max_size=40)


def carefully(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def padded(rows: list[list[str]], width: int) -> list[list[str]]:
    """All of one width; what stands beyond it must be nothing."""
    assert not any(cell for row in rows for cell in row[width:])
    return [[*row[:width], *([""] * (width - len(row)))] for row in rows]


@pytest.mark.parametrize(("case", "text"), FITTING, ids=[case for case, _ in FITTING])
def test_a_text_that_fits_is_a_frame_of_the_same_cells(case: str, text: str):
    found = framed(text.encode(), ",", LARGEST_CELL)

    assert found is not None
    assert [list(row) for row in found] == padded(carefully(text), found.frame.width)


@pytest.mark.parametrize(("case", "text"), OTHER, ids=[case for case, _ in OTHER])
def test_any_other_text_is_left_to_the_careful_reader(case: str, text: str):
    assert framed(text.encode(), ",", LARGEST_CELL) is None


@given(LETTERS)
@example('a,a\n"a",a')
@example('"a"\n"a"')
def test_whatever_is_written_a_frame_holds_what_the_careful_reader_reads(text: str):
    found = framed(text.encode(), ",", LARGEST_CELL)

    if found is not None:
        assert [list(row) for row in found] == padded(carefully(text), found.frame.width)


NUMBERS = range(10_000, 30_000, 1_111)
CELLS = st.sampled_from(["", " ", "a", " a", "ā\xa0", "\x1c", "x,y", "12,50"])


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1), st.integers(1, 9))
def test_columns_of_a_frame_are_those_of_lists(rows: list[list[str]], first: int):
    text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    found = framed(text.encode(), ",", LARGEST_CELL)
    assert isinstance(found, FrameRows)
    places = {"a": 2, "nowhere": -1, "b": 0}

    numbers, columns = columns_of(found, places, first)
    expected, lists = columns_of(rows, places, first)

    assert list(numbers) == list(expected)
    for name, column in columns.items():
        plain = lists[name]
        assert isinstance(column, Framed)
        assert isinstance(plain, Listed)
        assert column.cells.to_list() == plain
        assert set(column.distinct()) == set(plain.distinct())
        assert column.places({"a", " "}) == plain.places({"a", " "})
        for reading in ({cell: cell for cell in plain}, {cell: len(cell) for cell in plain}):
            kind = column.cells.dtype if reading.get("a") == "a" else None
            one, other = (c.read(reading, kind) for c in (column, plain))  # type: ignore[arg-type]
            assert one.to_list() == other.to_list()


def test_spaces_are_those_of_python():
    assert set(SPACES) == {c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1257"])
@pytest.mark.parametrize("first", ["", "sep=,\r\n"])
@pytest.mark.parametrize("table", ["partners", "institutions", "measures"])
def test_a_table_is_the_same_with_all_its_findings(
    table: str, first: str, encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    form = FORMS[table]
    good = {
        "code": "A-1",
        "text": "Ģertrūde",
        "day": "01.09.2021.",
        "whole": "3",
        "money": '"1,50"',
    }
    headings = ",".join(f'"{column.heading["lv"]}"' for column in form.columns)
    rows = [
        ",".join(good.get(column.kind, "x") for column in form.columns),
        "," * (len(form.columns) - 1),
        ",".join(" 010101-20000 " for _ in form.columns),
        ",".join("ā" for _ in form.columns),
    ]
    path = tmp_path / "tabula.csv"
    path.write_bytes((first + "\r\n".join([headings, *rows]) + "\r\n").encode(encoding))

    small = delimited.read_csv(path)
    monkeypatch.setattr(delimited, "_MANY_BYTES", 0)
    large = delimited.read_csv(path)

    assert isinstance(large.rows, FrameRows)
    assert not isinstance(small.rows, FrameRows)
    one, other = read_table(form, small), read_table(form, large)
    assert one.frame.equals(other.frame)
    assert one.findings == other.findings
    assert one.findings


PERSONS = (
    "161175-19997", "16117519997", "161175-19996", "161375-19997", "290201-20000", "161175-39997",
    "310105-20001", "320000-00000", "39999999999", "401234-56789", "000175-19997", "161175-1999",
    "161175 19997", "Jānis", "", "0f" * 16, " 161175-19997", "290200-20006", "290204-20002",
)  # fmt: skip


@given(st.lists(st.from_regex(r"[0-4][0-9][01][0-9]{3}-?[0-3][0-9]{4}", fullmatch=True)))
@example(
    [f"{day:02}02{year:02}-{n}" for day in (28, 29, 30) for year in (0, 1, 4) for n in NUMBERS]
)
def test_codes_found_without_a_fault_among_many_are_those_found_one_by_one(codes: list[str]):
    texts = [*PERSONS, *codes, *map(code, range(1_000))]

    found = faultless(texts)

    assert set(found) == {text for text in texts if fault(text) == "" and len(text) < 32}


def test_of_few_codes_each_is_looked_at_by_itself():
    assert faultless(PERSONS) == ()
