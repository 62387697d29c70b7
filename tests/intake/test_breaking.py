"""Whatever file there is: findings, in time and in bounds, and never a traceback."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.errors.built import COMPOUND_FILE
from tests.errors.gallery import HERE as GALLERY
from tests.intake.tables import (
    COUNTS,
    FORMS,
    GOOD,
    SKAITS,
    by_hand,
    delimited,
    read,
    rules,
    values,
    write_csv,
    write_xlsx,
)
from toolkit.intake import archive, grid
from toolkit.intake.folder import read_folder
from toolkit.intake.table import MOST_FINDINGS

Answer = subprocess.CompletedProcess[str]

GOOD_CSV = delimited([COUNTS, GOOD])
MIB = 2**20


def good_xlsx(folder: Path) -> bytes:
    return write_xlsx(folder / "good.xlsx", [SKAITS, GOOD]).read_bytes()


FILES: dict[str, tuple[str, bytes, list[str]]] = {
    "an empty CSV": ("a.csv", b"", ["file.empty"]),
    "a CSV of spaces and line ends": ("a.csv", b" \r\n\t\n ", ["file.empty"]),
    "a CSV of separators": ("a.csv", b",,,\n,,,\n", ["file.empty"]),
    "one byte": ("a.csv", b"a", ["table.no_headings"]),
    "one byte that is no letter": ("a.csv", b"\x81", ["file.not_text"]),
    "one NUL": ("a.csv", b"\0", ["file.not_text"]),
    "only the mark of UTF-8": ("a.csv", b"\xef\xbb\xbf", ["file.empty"]),
    "only the mark of UTF-16": ("a.csv", b"\xff\xfe", ["file.empty"]),
    "half a letter of UTF-16": ("a.csv", b"\xff\xfea", ["file.not_text"]),
    "UTF-32": ("a.csv", GOOD_CSV.encode("utf-32"), ["file.not_text"]),
    "only headings": ("a.csv", GOOD_CSV.split("\n")[0].encode(), ["table.no_rows"]),
    "a PDF named .csv": ("a.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x81\x00", ["file.not_text"]),
    "NUL in the middle": ("a.csv", GOOD_CSV.replace("MEZ", "M\0Z").encode(), ["file.not_text"]),
    "NUL far behind": ("a.csv", (GOOD_CSV * 500 + "\0").encode(), ["file.not_text"]),
    "a password": ("a.xlsx", COMPOUND_FILE + bytes(5000), ["file.broken_workbook"]),
    "a CSV named .xlsx": ("a.xlsx", GOOD_CSV.encode(), ["file.broken_workbook"]),
    "an empty workbook file": ("a.xlsx", b"", ["file.empty"]),
    "one byte named .xlsx": ("a.xlsx", b"P", ["file.broken_workbook"]),
    "an old workbook": ("a.xls", COMPOUND_FILE + bytes(5000), ["file.broken_workbook"]),
    "an OpenDocument sheet": ("a.ods", b"PK\x03\x04", ["file.broken_workbook"]),
    "a web page named .xlsx": ("a.xlsx", b"<html><table><tr><td>1", ["file.broken_workbook"]),
    "a quotation mark never closed": ("a.csv", b'semester,plans\n1,"2\n3,4\n', ["file.broken_csv"]),
    "a quotation mark inside a cell": ("a.csv", b'semester,plans\n1,"2"3\n', ["file.broken_csv"]),
}


@pytest.mark.parametrize(("name", "content", "found"), FILES.values(), ids=FILES)
def test_file_that_is_no_table(name: str, content: bytes, found: list[str], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert rules(read(path).findings) == found


def test_workbook_named_csv_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(good_xlsx(tmp_path))

    assert rules(read(path).findings) == ["file.not_text"]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_workbook_cut_off_is_broken(kept: float, tmp_path: Path) -> None:
    whole = good_xlsx(tmp_path)
    path = tmp_path / "a.xlsx"
    path.write_bytes(whole[: int(len(whole) * kept)])

    assert rules(read(path).findings) == ["file.broken_workbook"]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<",
        b"<a/>",
        b"<a><b></a>",
        b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>',
        b"\xff\xfe<",
        b'<worksheet><sheetData><row r="0"/></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="x"/></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1048577"/></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c r="A2"/></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c r="XFE1"/></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c r="1"/></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c t="s"><v>99</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c t="s"><v>-1</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData/><mergeCells><mergeCell ref="A1:"/></mergeCells></worksheet>',
        b'<worksheet><cols><col min="1" max="99999999" hidden="1"/></cols></worksheet>',
    ],
)
def test_workbook_whose_part_is_nonsense_is_refused(
    part: str, content: bytes, tmp_path: Path
) -> None:
    good = zipfile.ZipFile(BytesIO(good_xlsx(tmp_path)))
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as spoiled:
        for name in good.namelist():
            spoiled.writestr(name, content if name == part else good.read(name))

    found = set(rules(read(path).findings))

    assert found <= {"file.broken_workbook", "file.empty", "sheet.empty"}
    assert found


def test_workbook_spoiled_at_random_is_read_or_refused(tmp_path: Path) -> None:
    whole, chance = good_xlsx(tmp_path), random.Random(2022)
    path = tmp_path / "a.xlsx"
    for _ in range(150):
        spoiled = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            spoiled[chance.randrange(len(whole))] = chance.randrange(256)
        path.write_bytes(spoiled)

        table = read(path)

        assert table.blocked or values(table, "plans") == [{"plans": 3}]


def test_workbook_whose_xml_is_spoiled_at_random_is_read_or_refused(tmp_path: Path) -> None:
    good, chance = zipfile.ZipFile(BytesIO(good_xlsx(tmp_path))), random.Random(2022)
    parts = {name: good.read(name) for name in good.namelist()}
    path = tmp_path / "a.xlsx"
    for _ in range(150):
        spoilt = chance.choice([name for name in parts if name.startswith("xl/")])
        content = bytearray(parts[spoilt])
        start = chance.randrange(len(content))
        piece = chance.choice([b"", b"9", b"<c>", b'"', b"-"])
        content[start : start + chance.randint(0, 9)] = piece
        with zipfile.ZipFile(path, "w") as archive_:
            for name, part in parts.items():
                archive_.writestr(name, bytes(content) if name == spoilt else part)

        table = read(path)

        assert table.blocked or table.frame.height <= 1


def bomb(path: Path, size: int, declared: int | None = None) -> Path:
    """A workbook whose sheet unpacks to `size` spaces; its directory may declare fewer."""
    sheet = b"<worksheet><sheetData><row><c><v>5</v></c></row></sheetData>"
    by_hand(path, "", sheet=sheet + b" " * size + b"</worksheet>")
    if declared is not None:
        packed = bytearray(path.read_bytes())
        true = (size + len(sheet) + len("</worksheet>")).to_bytes(4, "little")
        while (place := packed.find(true)) >= 0:
            packed[place : place + 4] = declared.to_bytes(4, "little")
        path.write_bytes(packed)
    return path


def test_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 20 * MIB)
    began = time.process_time()

    found = rules(read(path).findings)

    assert found == ["file.too_large"]
    assert time.process_time() - began < 1


@pytest.mark.parametrize("declared", [0, 1, 60, 1000, 10 * MIB])
def test_bomb_that_declares_too_little_is_read_no_further(declared: int, tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 20 * MIB, declared)
    began = time.process_time()

    found = rules(read(path).findings)

    assert found == ["file.broken_workbook"]
    assert time.process_time() - began < 1


def test_workbook_that_shrinks_well_but_is_small_is_read(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", archive._FREE // 2)

    assert rules(read(path).findings) == ["table.no_headings"]


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {letter} "{f"&{before};" * 10}">'
        for before, letter in zip("abcdefghi", "bcdefghij", strict=True)
    )
    sheet = f"<!DOCTYPE worksheet [{laughs}]><worksheet><t>&j;</t></worksheet>"

    assert rules(read(by_hand(tmp_path / "a.xlsx", "", sheet=sheet)).findings) == [
        "file.broken_workbook"
    ]


def test_stray_cell_in_the_last_corner_costs_nothing(tmp_path: Path) -> None:
    headings = "".join(f'<c t="str"><v>{heading}</v></c>' for heading in SKAITS)
    row = "".join(f'<c t="str"><v>{cell}</v></c>' for cell in GOOD)
    data = (
        f'<row r="1">{headings}</row><row r="2">{row}</row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )

    table = read(by_hand(tmp_path / "a.xlsx", data))

    assert table.findings == ()
    assert values(table, "plans") == [{"plans": 3}]


def test_more_cells_than_fit_are_refused_before_memory_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MOST_CELLS", 100_000)
    far = "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, 9))

    assert rules(read(by_hand(tmp_path / "a.xlsx", far)).findings) == ["file.too_large"]


def test_count_of_texts_that_is_a_lie_asks_for_no_memory(tmp_path: Path) -> None:
    texts = '<sst count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>'
    data = '<row><c t="s"><v>0</v></c></row>'

    assert rules(read(by_hand(tmp_path / "a.xlsx", data, texts=texts)).findings) == [
        "table.no_headings"
    ]


def test_row_where_the_quotation_mark_opened_is_named(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(GOOD_CSV + '2020/2021-1,"MEZ,general,8,economic,2\n' + GOOD_CSV * 3, "utf-8")

    assert [finding.place() for finding in read(path).findings] == ["counts.csv!3"]


def test_line_of_ten_megabytes_in_one_cell_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [COUNTS, ["x" * 10 * MIB, *GOOD[1:]]])

    assert [(f.rule, f.row) for f in read(path).findings] == [("file.broken_csv", 2)]


def test_line_of_ten_megabytes_in_many_cells_is_told_shortly(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [["x"] * (5 * MIB), COUNTS, GOOD])
    began = time.process_time()

    table = read(path)

    assert values(table, "row", "plans") == [{"row": 3, "plans": 3}]
    assert time.process_time() - began < 5


def test_sixteen_thousand_columns_are_read_past(tmp_path: Path) -> None:
    wide = [f"kolonna {number}" for number in range(16_384 - len(COUNTS))]

    table = read(write_csv(tmp_path / "a.csv", [[*wide, *COUNTS], ["1"] * len(wide) + GOOD]))

    assert table.findings == ()
    assert table.letters["plans"] == "XFD"


def test_cell_with_a_line_break_stays_one_row(tmp_path: Path) -> None:
    path = tmp_path / "institutions.csv"
    path.write_text(
        'institution,name,kind,valid_from,valid_to\n"A","Viens\nun ""divi""",general,2009-07-01,\n'
        "B,Trīs,general,kad,\n",
        "utf-8",
    )

    table = read(path, "institutions")

    assert table.frame["name"].to_list() == ['Viens\nun "divi"', "Trīs"]
    assert [finding.cell for finding in table.findings] == ["D3"]


def test_findings_of_one_kind_end_with_how_many_more_there_are(tmp_path: Path) -> None:
    rows = [["A", "B", f"{number}.13.2020", ""] for number in range(300)]
    headings = ["institution", "partner", "valid_from", "valid_to"]

    found = read(write_csv(tmp_path / "a.csv", [headings, *rows]), "memberships").findings

    assert rules(found) == ["value.not_day"] * MOST_FINDINGS + ["table.more_of_kind"]
    assert found[-1].facts == {"count": "100", "shown": "200", "of": "value.not_day"}
    assert found[-1].severity == "blocks"


def test_exactly_as_many_findings_as_are_shown_have_no_more(tmp_path: Path) -> None:
    rows = [["A", "B", f"{number}.13.2020", ""] for number in range(MOST_FINDINGS)]
    headings = ["institution", "partner", "valid_from", "valid_to"]

    found = read(write_csv(tmp_path / "a.csv", [headings, *rows]), "memberships").findings

    assert rules(found) == ["value.not_day"] * MOST_FINDINGS


@pytest.mark.parametrize(
    ("headings", "cell"),
    [
        pytest.param([*SKAITS, "Plāni"], "G1", id="the same heading again"),
        pytest.param([*SKAITS, "IAP skaits"], "G1", id="another word for the same"),
        pytest.param(["plans", *SKAITS], "G1", id="in two languages"),
    ],
)
def test_two_columns_that_mean_the_same_are_refused(
    headings: list[str], cell: str, tmp_path: Path
) -> None:
    table = read(write_csv(tmp_path / "a.csv", [headings, [*GOOD, "4"]]))

    assert [(f.rule, f.cell) for f in table.findings] == [("table.column_twice", cell)]


@pytest.mark.parametrize("blank", [[""] * 6, ["  ", "\t", "\u00a0", "", "", ""], [""], []])
def test_empty_rows_anywhere_are_passed_over(blank: list[str], tmp_path: Path) -> None:
    rows = [blank, blank, COUNTS, blank, GOOD, blank, blank, GOOD, blank]

    table = read(write_csv(tmp_path / "a.csv", rows))

    assert table.findings == ()
    assert table.frame["row"].to_list() == [5, 8]


def test_rows_filled_only_beside_the_table_are_no_rows_of_it(tmp_path: Path) -> None:
    rows = [[*COUNTS, "Kopā"], [*GOOD, "3"], *[[""] * 6 + ["0"]] * 5]

    assert read(write_csv(tmp_path / "a.csv", rows)).frame.height == 1


def test_headings_below_the_twentieth_row_are_not_looked_for(tmp_path: Path) -> None:
    titles = [[f"rinda {number}"] for number in range(20)]

    assert read(write_csv(tmp_path / "a.csv", [*titles[:19], COUNTS, GOOD])).findings == ()
    found = read(write_csv(tmp_path / "a.csv", [*titles, COUNTS, GOOD])).findings
    assert [(f.rule, f.cell, f.value) for f in found] == [("table.no_headings", "A1", "rinda 0")]


def folder(tmp_path: Path) -> Path:
    """The good tables of the gallery."""
    return Path(shutil.copytree(GALLERY / "base", tmp_path / "Ievade par 1. semestri, Ķegums"))


SAME = {
    "a lock file of Excel": lambda f: (f / "~$counts.xlsx").write_bytes(b"\x05Anna"),
    "a lock file of LibreOffice": lambda f: (f / ".~lock.counts.csv#").write_text("x"),
    "a hidden file": lambda f: (f / ".counts.csv").write_text("x"),
    "a file of a Mac": lambda f: (f / "._counts.csv").write_bytes(b"\0\5\26\7"),
    "a folder named like a table": lambda f: (f / "partners.csv").mkdir(),
    "a picture": lambda f: (f / "counts.png").write_bytes(b"\x89PNG"),
    "a table of another kind": lambda f: (f / "izdevumi.csv").write_bytes(b"\x81\0"),
    "a link that leads nowhere": lambda f: (f / "partners.csv").symlink_to(f / "nav.csv"),
    "Latvian names": lambda f: (f / "coverage.csv").rename(f / "Līgumā iekļautās iestādes.CSV"),
    "names without diacritics": lambda f: (f / "institutions.csv").rename(f / "iestades.txt"),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_folder_reads_the_same_with(change: Callable[[Path], object], tmp_path: Path) -> None:
    source = folder(tmp_path)
    change(source)

    tables = read_folder(source, FORMS)

    assert tables.findings == ()
    assert tables["counts"].frame.height == 1
    assert tables["coverage"].frame.height == 1


def test_folder_without_tables_names_each_that_is_needed(tmp_path: Path) -> None:
    found = read_folder(tmp_path, FORMS).findings

    assert rules(found) == ["input.missing_table"] * 4
    assert {finding.file for finding in found} == {tmp_path.name}


def test_current_folder_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert {finding.file for finding in read_folder(Path(), FORMS).findings} == {tmp_path.name}


def test_unreadable_workbook_of_any_name_is_told_when_a_table_is_missing(tmp_path: Path) -> None:
    source = folder(tmp_path)
    (source / "counts.csv").unlink()
    (source / "dati 2020.xlsx").write_bytes(COMPOUND_FILE + bytes(5000))

    found = read_folder(source, FORMS).findings

    assert [(f.rule, f.file) for f in found] == [
        ("file.broken_workbook", "dati 2020.xlsx"),
        ("input.missing_table", source.name),
    ]
    assert "dati 2020.xlsx" in found[1].facts["found"]


def grants(*arguments: object, home: Path) -> Answer:
    """The command as a process of its own; its output is read as UTF-8."""
    return subprocess.run(
        [sys.executable, "-m", "toolkit", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        env={**os.environ, "GRANTS_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


def spoiled(name: str, content: bytes) -> Callable[[Path], Path]:
    """A good folder with one file more, or another."""

    def make(source: Path) -> Path:
        (source / name).write_bytes(content)
        return source

    return make


INPUTS: dict[str, tuple[Callable[[Path], Path], int]] = {
    "a path that is not there": (lambda source: source / "nav", 2),
    "no tables": (lambda source: Path(shutil.rmtree(source) or source.mkdir() or source), 1),
    "an empty table": (spoiled("counts.csv", b""), 1),
    "a PDF as a table": (spoiled("counts.csv", b"%PDF-1.7 \x00\x81" * 99), 1),
    "NUL in a table": (spoiled("agreements.csv", b"agreement,partner\nA,\0\n"), 1),
    "a password": (spoiled("partners.xlsx", COMPOUND_FILE + bytes(999)), 1),
    "quotation marks never closed": (spoiled("coverage.csv", b'agreement,institution\n"L,M\n'), 1),
    "a cell with escape codes": (
        spoiled("counts.csv", GOOD_CSV.replace("MEZ", "\x1b[2J{value}%s\x07").encode()),
        1,
    ),
    "a cell with braces": (spoiled("counts.csv", GOOD_CSV.replace("MEZ", "{0.x}").encode()), 1),
    "half a letter": (spoiled("institutions.csv", "institution,name\nA,ā".encode()[:-1]), 1),
    "a table twice": (spoiled("Skaits.csv", GOOD_CSV.encode()), 1),
    "one file that is no table": (lambda _: Path(__file__), 1),
    "a device": (lambda _: Path("/dev/null"), 1),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What the command says to each input; the processes run side by side."""

    def asked(name: str) -> Answer:
        place = tmp_path_factory.mktemp("answer")
        source = INPUTS[name][0](folder(place))
        answer = grants("allocate", "2020/2021-1", "--input", source, home=place / "home")
        assert not (place / "home" / "errors.log").exists(), answer.stderr
        return answer

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(INPUTS, pool.map(asked, INPUTS), strict=True))


@pytest.mark.parametrize("name", INPUTS)
def test_command_answers_with_sentences_and_its_exit_code(
    name: str, answers: dict[str, Answer]
) -> None:
    answer = answers[name]

    assert answer.returncode == INPUTS[name][1], answer.stderr
    assert answer.stderr.strip()
    assert "Traceback" not in answer.stderr
    assert "\x1b" not in answer.stderr


MEASURE = """
import re, sys, time
from pathlib import Path
from tests.intake.tables import read
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024
before, began = peak(), time.process_time()
table = read(Path(sys.argv[1]))
rules = ",".join(finding.rule for finding in table.findings) or "-"
print(table.frame.height, time.process_time() - began, peak(), peak() - before, rules)
"""


class Measured(NamedTuple):
    """What reading one file took, in a process of its own."""

    rows: int
    seconds: float
    mebibytes: int
    grown_mebibytes: int
    rules: str


def measured(path: Path) -> Measured:
    """Measured by the process itself, its peak as VmHWM.

    The kernel hands `ru_maxrss` down through fork and exec, so it would tell the peak of pytest.
    """
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True
    )
    rows, seconds, peak, grown, rules = answer.stdout.split()
    return Measured(int(rows), float(seconds), int(peak), int(grown), rules)


@pytest.mark.slow
def test_fifty_megabytes_are_read_in_ten_seconds_and_two_gigabytes(tmp_path: Path) -> None:
    path, rows = tmp_path / "counts.csv", 0
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(COUNTS) + "\n")
        while file.tell() < 50 * MIB:
            file.writelines(
                f"2020/2021-1,ŽAG-{number // 24:06},general,{number % 12 + 1},"
                f"{'economic' if number // 12 % 2 else 'consultative'},{number % 9}\n"
                for number in range(rows, rows + 10_000)
            )
            rows += 10_000

    taken = measured(path)

    assert (taken.rows, taken.rules) == (rows, "-")
    assert taken.seconds < 10
    assert taken.mebibytes < 2048


@pytest.mark.slow
def test_largest_bomb_that_may_be_opened_ends_in_bounds(tmp_path: Path) -> None:
    """More rows than a sheet has, in less than is always allowed unpacked."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(by_hand(path, ""), "r") as good:
        parts = {name: good.read(name) for name in good.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        b"<worksheet><sheetData>" + b"<row/>" * (2 * MIB) + b"</sheetData></worksheet>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)

    taken = measured(path)

    assert taken.rules == "file.broken_workbook"
    assert taken.grown_mebibytes < 512
