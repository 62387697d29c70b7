"""What the text of one cell stands for, and why it may not stand there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.services.two_partners import written
from toolkit.errors import RecordError, ToolkitError, UsageError
from toolkit.services import registers
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.records_checked import REFERRING
from toolkit.store import records
from toolkit.store.tables import STORED


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return read_inputs(written(tmp_path_factory.mktemp("partners") / "in"))


def row(inputs: Inputs, table: str, **key: object) -> dict[str, Any]:
    """A record of the files, as the store would hand it out."""
    kept = records.kept(inputs.frames[table], STORED[table])
    found = kept.filter(*(pl.col(name) == value for name, value in key.items()))
    return {**found.row(0, named=True), "version": 1}


A = {"partner": "ALFA"}
L = {"agreement": "L-A"}
M = {"institution": "A1", "partner": "ALFA"}
COVERED = {"agreement": "L-A", "institution": "A1"}
COUNTED = {"semester": "2021/2022-1", "institution": "A1", "grade": 7}
READ: tuple[tuple[str, str, dict[str, object], str, str, object], ...] = (
    ("a day as Latvians write it", "partners", A, "valid_to", "07.12.2022.", date(2022, 12, 7)),
    ("a day as ISO writes it", "partners", A, "valid_to", " 2022-12-07 ", date(2022, 12, 7)),
    ("an end taken away", "partners", A, "valid_to", "", None),
    ("a word for a code", "partners", A, "kind", "Pašvaldība", "municipality"),
    ("a text with spaces around", "partners", A, "name", "  Alfas novads ", "Alfas novads"),
    ("a text that may be empty", "partners", A, "registration_number", "", ""),
    ("an amount with a comma", "agreements", L, "amount_cents", "21\u00a0473,15", 2_147_315),
    ("an amount by the form's name of it", "agreements", L, "amount", "4600.00", 460_000),
    ("no amount", "agreements", L, "amount_cents", "", None),
    ("another partner", "agreements", L, "partner", "BETA", "BETA"),
    ("grades as a range", "coverage", COVERED, "grades", "5-7, 9", "5,6,7,9"),
    ("all grades", "coverage", COVERED, "grades", "", None),
    ("a last semester", "coverage", COVERED, "to_semester", "2022/2023-1", "2022/2023-1"),
    ("a number of plans", "counts", COUNTED, "plans", "12", 12),
    ("counts before any agreement are told, not refused", "counts",
     {"institution": "M1", "semester": "2021/2022-1"}, "plans", "7", 7),
    ("a new end of an agreement", "amendments", L, "value", "31.12.2023.", "31.12.2023."),
    ("its own key again", "partners", A, "partner", "ALFA", None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "table", "key", "name", "text", "value"), READ, ids=[case[0] for case in READ]
)
def test_a_cell_is_read_as_its_form_reads_it(
    inputs: Inputs, case: str, table: str, key: dict[str, object], name: str, text: str,
    value: object,
):  # fmt: skip
    found = registers.judge(table, name, text, row(inputs, table, **key), inputs)

    assert not isinstance(found, ToolkitError), found.sentence("en")
    assert found == value


WRONG: tuple[tuple[str, str, dict[str, object], str, str, str], ...] = (
    ("no day", "partners", A, "valid_to", "31.02.2022.", "value.not_day"),
    ("a name taken away", "partners", A, "name", "", "value.missing"),
    ("a start taken away", "partners", A, "valid_from", " ", "value.missing"),
    ("an end before the start", "partners", A, "valid_to", "2001-01-01", "row.days_backwards"),
    ("a start after the end", "partners", {"partner": "OLD"}, "valid_from", "2022-01-01",
     "row.days_backwards"),
    ("no amount", "agreements", L, "amount_cents", "daudz", "value.not_money"),
    ("a partner nobody knows", "agreements", L, "partner", "GAMMA", "reference.unknown"),
    ("an institution nobody knows", "memberships", M, "institution", "X9", "reference.unknown"),
    ("a measure that is none", "agreements", L, "measures", "dancing", "measures.unknown"),
    ("no grades", "coverage", COVERED, "grades", "5-99", "value.not_grades"),
    ("no semester", "coverage", COVERED, "to_semester", "2022/2024-1", "value.not_semester"),
    ("a personal code where none belongs", "partners", A, "name", "010190-11111",
     "value.personal_code"),
    ("half a plan", "counts", COUNTED, "plans", "2,5", "counts.plans_not_whole"),
    ("no plans at all", "counts", COUNTED, "plans", "", "counts.plans_not_whole"),
    ("a kind of succession that is none", "successions", {"predecessor": "OLD"}, "kind", "tā",
     "value.not_listed"),
    ("a new end that is no day", "amendments", L, "value", "rīt", "amendments.value_not_day"),
    ("a price below zero", "measures", {"plan": "P1"}, "price_cents", "-1,00",
     "measures.negative"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "table", "key", "name", "text", "rule"), WRONG, ids=[case[0] for case in WRONG]
)
def test_a_cell_that_cannot_stand_says_why(
    inputs: Inputs, case: str, table: str, key: dict[str, object], name: str, text: str, rule: str
):
    found = registers.judge(table, name, text, row(inputs, table, **key), inputs)

    assert isinstance(found, RecordError), found
    assert [finding.rule for finding in found.cells.values()] == [rule]
    assert all(found.sentence(lang).endswith(".") for lang in ("lv", "en"))
    assert "11111" not in found.sentence("lv")


def test_a_fault_of_another_cell_is_not_this_ones(inputs: Inputs):
    seen = {**row(inputs, "memberships", **M), "partner": "GAMMA"}

    assert registers.judge("memberships", "valid_to", "2022-01-01", seen, inputs) == date(
        2022, 1, 1
    )


def test_a_row_being_filled_in_is_judged_cell_by_cell(inputs: Inputs):
    new: dict[str, Any] = {}
    assert registers.judge("memberships", "institution", "A1", new, inputs) == "A1"
    wrong = registers.judge("memberships", "partner", "GAMMA", {"institution": "A1"}, inputs)
    assert isinstance(wrong, RecordError)
    empty = registers.judge("memberships", "partner", "", new, inputs)
    assert isinstance(empty, RecordError)

    known = {"institution": "A1", "partner": "ALFA"}
    again = registers.judge("memberships", "valid_from", "01.07.2009.", known, inputs)
    assert isinstance(again, RecordError)
    assert again.cells["valid_from"].rule == "row.duplicate_key"
    assert registers.judge("memberships", "valid_from", "02.07.2009.", known, inputs) == date(
        2009, 7, 2
    )


def test_the_key_of_a_stored_record_stays(inputs: Inputs):
    seen = row(inputs, "partners", **A)

    assert isinstance(registers.judge("partners", "partner", "GAMMA", seen, inputs), UsageError)


@pytest.mark.parametrize("text", ["a\0b", "\udce4", "x" * 100_000, "=1+1", "<script>"])
def test_whatever_is_typed_is_read_or_refused(inputs: Inputs, text: str):
    for table in ("partners", "coverage", "counts"):
        seen = row(inputs, table)
        for name in STORED[table].columns:
            if name not in ("file", "row"):
                found = registers.judge(table, name, text, seen, inputs)
                assert isinstance(found, ToolkitError | str | None)
                assert isinstance(found, ToolkitError) or "\0" not in str(found)


def test_a_table_or_column_that_is_none_is_said(inputs: Inputs):
    for table, name in (("passwords", "hash"), ("steps", "state"), ("partners", "colour")):
        with pytest.raises(UsageError):
            registers.judge(table, name, "x", {}, inputs)


def test_what_holds_a_record_in_its_place_are_columns_of_the_store():
    for table, columns, target in REFERRING:
        assert set(columns) <= set(STORED[table].columns), table
        assert len(columns) == len(STORED[target].key), target


def test_the_sample_itself_is_judged_right(tmp_path: Path):
    """Every cell of the published tables, read anew, is what it was."""
    from toolkit import config

    inputs = read_inputs(config.shipped("data/sample/published"))
    for table in ("partners", "memberships", "agreements", "amendments", "coverage"):
        first = records.kept(inputs.frames[table], STORED[table]).row(0, named=True)
        for name, value in first.items():
            if name not in (*STORED[table].key, "file", "row"):
                text = "" if value is None else str(value)
                if name.endswith("_cents") and text:
                    continue
                seen = {**first, "version": 1}
                assert registers.judge(table, name, text, seen, inputs) == value, (table, name)
