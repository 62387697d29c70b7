"""Everything that is wrong in a file is told at once, whatever stage of the reading finds it."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from toolkit.errors import InputError, ToolkitError
from toolkit.services import importing
from toolkit.store.connect import Database

COUNTS = "semester,institution,programme,grade,plan_kind,plans"
PLANS = "plan,semester,learner,institution,programme,grade,plan_kind,starts_on,ends_on,risks"
MEMBERSHIPS = "institution,partner,valid_from,valid_to"
GOOD = "2020/2021-1,LUB-VSK,general,7,consultative,8"
AT_ONCE = (
    ("a doubled row does not hide the unknown school below it",
     "counts", COUNTS, [GOOD, GOOD, "2020/2021-1,NAV,general,7,consultative,8"],
     {"row.duplicate_key": [2, 3], "counts.unknown_institution": [4]}),
    ("nor a number of plans that is none",
     "counts", COUNTS, [GOOD, GOOD, "2020/2021-1,LUB-VSK,general,8,consultative,daudz"],
     {"row.duplicate_key": [2, 3], "counts.plans_not_whole": [4]}),
    ("a row with both faults is told of for the one that was found first",
     "memberships", MEMBERSHIPS, ["LUB-VSK,NAV,vakar,", "LUB-VSK,NAV,2009-07-01,"],
     {"value.not_day": [2], "reference.unknown": [3]}),
    ("a table without its headings says nothing of its rows",
     "counts", "semester,institution,programme", ["2020/2021-1,NAV,general"],
     {"table.missing_column": [1] * 3}),
)  # fmt: skip


def found(database: Database, file: Path, table: str = "") -> dict[str, list[int | None]]:
    """The rows of what blocks, by rule."""
    with pytest.raises(InputError) as error:
        importing.prepare(database, file, table)
    told: dict[str, list[int | None]] = {}
    for finding in error.value.findings:
        if finding.severity == "blocks":
            told.setdefault(finding.rule, []).append(finding.row)
    return told


def written(folder: Path, table: str, head: str, rows: list[str]) -> Path:
    file = folder / f"{table}.csv"
    file.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("table", "head", "rows", "expected"), [case[1:] for case in AT_ONCE],
    ids=[case[0] for case in AT_ONCE],
)  # fmt: skip
def test_what_is_wrong_is_told_at_once(
    table: str, head: str, rows: list[str], expected: dict[str, list[int | None]],
    database: Database, tmp_path: Path,
):  # fmt: skip
    assert found(database, written(tmp_path, table, head, rows), table) == expected


def test_records_of_a_table_with_faults_are_not_called_unknown(database: Database, tmp_path: Path):
    institutions = ["X1,Viena,general,vakar,", "X2,Divas,general,2009-07-01,"]
    written(tmp_path, "institutions", "institution,name,kind,valid_from,valid_to", institutions)
    written(tmp_path, "memberships", MEMBERSHIPS, ["X1,LUBANA,2009-07-01,"])
    written(tmp_path, "quotas", "call,partner,projects", ["1,NAV,2"])

    assert found(database, tmp_path) == {"value.not_day": [2], "reference.unknown": [2]}


CELLS = {
    "semester": ("2020/2021-1", "2020/2021-1", "2099/2100-1", "rudens", ""),
    "institution": ("LUB-VSK", "LUB-VSK", "NAV", "", "010101-12345"),
    "programme": ("general", "general", "cita", ""),
    "grade": ("7", "8", "9", "septītā", "", "99"),
    "plan_kind": ("consultative", "consultative", "cits", ""),
    "plans": ("8", "0", "-1", "daudz", "1e9", ""),
}  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.tuples(*(st.sampled_from(known) for known in CELLS.values())), max_size=6))
def test_whatever_stands_in_the_cells_is_told_in_sentences(
    rows: list[tuple[str, ...]], database: Database, tmp_path: Path
):
    file = written(tmp_path, "counts", COUNTS, [",".join(row) for row in rows])
    said: list[str] = []
    try:
        importing.prepare(database, file, "counts")
    except InputError as error:
        said = [f"{finding.problem('lv')} {finding.remedy('en')}" for finding in error.findings]
    except ToolkitError as error:
        said = [error.sentence("lv")]
    assert all(said)
