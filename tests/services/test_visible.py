"""A partner reads its own rows and nobody else's, of every table and every result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.services.two_partners import TABLES, written
from toolkit.frames.ledger import PEOPLE, STEPS
from toolkit.semester import Semester
from toolkit.services import visible_results
from toolkit.services.agreements import agreements_on
from toolkit.services.allocation import allocate
from toolkit.services.difference import Situation, explain
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.laws import load_law
from toolkit.services.notes import Note
from toolkit.services.obligations import due_list
from toolkit.services.people import Person
from toolkit.services.reporting import as_json
from toolkit.services.visible import OPEN, Visible
from toolkit.store.tables import STORED

DAY = date(2022, 1, 15)
EVE = date(2021, 6, 30)
BEFORE, AFTER = Semester.parse("2020/2021-2"), Semester.parse("2021/2022-1")
ALFA = Person("alfa", "Alfas Pārstāve", frozenset({"partner"}), "ALFA")
BETA = Person("beta", "BETA Pārstāvis", frozenset({"partner"}), "BETA")
OLD = Person("old", "Vecā Pārstāve", frozenset({"partner"}), "OLD")
AUDITOR = Person("aud", "Revidente", frozenset({"auditor"}))
BOTH = Person("both", "Abi", frozenset({"partner", "officer"}), "ALFA")
NOBODY = Person("none", "Bez Lomas", frozenset(), "ALFA")
LOST = Person("lost", "Bez Partnera", frozenset({"partner"}))


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return read_inputs(written(tmp_path_factory.mktemp("partners") / "in"))


CASES: tuple[tuple[str, str, str, list[str]], ...] = (
    ("itself and whom it took over whole", "partners", "partner", ["ALFA", "OLD"]),
    ("its own, taken over, and its part of a split", "institutions", "institution",
     ["A1", "M1", "O1", "S1"]),
    ("of a school that moved only the rows from then on", "memberships", "institution",
     ["A1", "M1", "O1", "O1", "S1", "S1"]),
    ("what came to it, not what went to the other", "successions", "predecessor",
     ["OLD", "SPL"]),
    ("its own, taken over, shared with an heir of the split", "agreements", "agreement",
     ["L-A", "L-O", "L-S"]),
    ("those of its agreements", "amendments", "agreement", ["L-A", "L-S"]),
    ("of a shared agreement its own school", "coverage", "institution",
     ["A1", "M1", "O1", "S1"]),
    ("those of its agreements", "strategic_partners", "agreement", ["L-A"]),
    ("of the moved school only the semester since", "counts", "plans",
     ["10", "11", "12", "20", "21", "22", "23", "None"]),
    ("its learners' alone", "plans", "plan", ["P1", "P2"]),
    ("of its plans", "measures", "plan", ["P1"]),
    ("without a share of a divided sum", "unspent", "partner", ["ALFA", "OLD"]),
    ("its own", "quotas", "partner", ["ALFA"]),
)  # fmt: skip


@pytest.mark.parametrize(("case", "table", "column", "expected"), CASES, ids=[c[1] for c in CASES])
def test_a_partner_reads_of_a_register(
    inputs: Inputs, case: str, table: str, column: str, expected: list[str]
):
    seen = Visible(ALFA, inputs, DAY).register(table, inputs.frames[table])

    assert sorted(map(str, seen[column])) == sorted(expected), case


def test_every_table_of_the_store_is_open_to_all_or_narrowed():
    assert {c[1] for c in CASES} == set(TABLES)
    narrowed = {c[1] for c in CASES} | {"people", "passwords", "runs", "notes", "note_lines"}
    assert narrowed | set(OPEN) == set(STORED)
    assert narrowed & set(OPEN) == set()


@pytest.mark.parametrize("table", sorted(STORED))
def test_who_has_no_partner_or_no_role_reads_nothing(inputs: Inputs, table: str):
    frame = inputs.frames[table] if table in inputs.frames else some(table)
    for person in (NOBODY, LOST):
        seen = Visible(person, inputs, DAY).register(table, frame)
        assert seen.is_empty() or (table in OPEN and person is LOST), person


@pytest.mark.parametrize("table", sorted(STORED))
def test_another_role_reads_all_and_nobody_reads_passwords(inputs: Inputs, table: str):
    frame = inputs.frames[table] if table in inputs.frames else some(table)
    for person in (AUDITOR, BOTH):
        seen = Visible(person, inputs, DAY).register(table, frame)
        assert seen.height == (0 if table == "passwords" else frame.height)


def some(table: str) -> pl.DataFrame:
    """A row of what the agency itself keeps."""
    columns = STORED[table].columns
    values = {name: [1 if kind == pl.Int64 else None] for name, kind in columns.items()}
    return pl.DataFrame(values, schema=columns)


def test_of_people_a_partner_reads_themself_and_of_notes_their_line(inputs: Inputs):
    seen = Visible(ALFA, inputs, DAY)
    people = pl.DataFrame(
        [("alfa", "", "", ""), ("beta", "", "", "")], schema=dict(PEOPLE.columns), orient="row"
    )
    lines = pl.DataFrame({"partner": ["ALFA", "OLD", "SPL", "BETA"]})

    assert seen.register("people", people)["person"].to_list() == ["alfa"]
    assert seen.register("note_lines", lines)["partner"].to_list() == ["ALFA", "OLD"]
    assert seen.register("steps", pl.DataFrame(schema=dict(STEPS.columns))).is_empty()


DAYS: tuple[tuple[str, Person, date, str, list[str]], ...] = (
    ("before the merger the old partner is not the new one's", ALFA, EVE, "partners", ["ALFA"]),
    ("the old partner's own person still reads its own", OLD, DAY, "partners", ["OLD"]),
    ("and before", OLD, EVE, "partners", ["OLD"]),
    ("the other heir reads no more than its part", BETA, DAY, "partners", ["BETA"]),
    ("an agreement not yet taken over", ALFA, EVE, "agreements", ["L-A"]),
    ("the shared agreement is the other heir's too", BETA, DAY, "agreements", ["L-BETA", "L-S"]),
)


@pytest.mark.parametrize(
    ("case", "person", "day", "table", "expected"), DAYS, ids=[d[0] for d in DAYS]
)
def test_the_day_decides_what_was_taken_over(
    inputs: Inputs, case: str, person: Person, day: date, table: str, expected: list[str]
):
    seen = Visible(person, inputs, day).register(table, inputs.frames[table])

    assert sorted(seen[table.removesuffix("s")]) == expected


def test_results_are_those_of_the_partner_and_its_predecessors(inputs: Inputs):
    seen = Visible(ALFA, inputs, DAY)
    now = visible_results.allocation(seen, allocate(inputs, load_law(), AFTER))
    then = visible_results.allocation(seen, allocate(inputs, load_law(), BEFORE))

    assert now.partners["partner"].to_list() == ["ALFA"]
    assert now.partners["plans"].to_list() == [86]
    assert sorted(now.institutions["institution"]) == ["A1", "M1", "O1", "S1"]
    assert sorted(now.lines["plans"]) == [20, 21, 22, 23]
    assert now.total_cents == now.partners["maximum_cents"].sum()
    assert now.names["partner"] == {"ALFA": "Alfas novads", "OLD": "Vecais novads"}
    assert now.refused["institution"].to_list() == ["A1"]
    assert [(found.rule, found.row) for found in now.findings] == [("counts.plans_not_whole", 14)]
    assert sorted(then.partners["partner"]) == ["ALFA", "OLD"]
    # of the divided partner the school that came, and no sum that was shared
    assert sorted(then.institutions["institution"]) == ["A1", "O1", "S1"]


@pytest.fixture(scope="module")
def moved(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Situation:
    """The semester as it was when the moved school was still counted for the other."""
    rows = TABLES["coverage"].replace(
        "L-A,M1,2021/2022-1,,,\n", ""
    ).replace("2018/2019-2,2020/2021-2", "2018/2019-2,")  # fmt: skip
    folder = written(tmp_path_factory.mktemp("moved") / "in", coverage=rows)
    return Situation(read_inputs(folder), load_law(), AFTER, None)


def test_of_a_row_that_went_over_each_reads_its_own_side(inputs: Inputs, moved: Situation):
    whole = explain(moved, Situation(inputs, load_law(), AFTER, None))
    assert whole.rows.select("institution", "partner_before", "partner_after").rows() == [
        ("M1", "BETA", "ALFA")
    ]

    alfa, beta = (
        visible_results.difference(Visible(person, inputs, DAY), whole) for person in (ALFA, BETA)
    )

    sides = ("partner_before", "plans_before", "partner_after", "plans_after")
    assert alfa.rows.select(sides).rows() == [(None, None, "ALFA", 23)]
    assert beta.rows.select(sides).rows() == [("BETA", 23, None, None)]
    assert (alfa.partners["partner"].to_list(), beta.partners["partner"].to_list()) == (
        ["ALFA"], ["BETA"],
    )  # fmt: skip
    everything = visible_results.difference(Visible(AUDITOR, inputs, DAY), whole)
    assert everything is whole


def test_a_notes_document_is_for_those_who_read_all(inputs: Inputs):
    note = Note(
        "2021/2022-1",
        1,
        "drafted",
        1,
        1,
        1,
        complete=True,
        document_sha256="x",
        document="{BETA}",
        drafted_by="a",
        proposed_by="",
        confirmed_by="",
        version=1,
    )

    assert visible_results.note(Visible(ALFA, inputs, DAY), note).document == ""
    assert visible_results.note(Visible(AUDITOR, inputs, DAY), note) is note


def test_a_shared_agreement_shows_each_heir_its_own_schools(inputs: Inputs):
    found = agreements_on(inputs, DAY)
    for person, school in ((ALFA, "S1"), (BETA, "SBETA")):
        seen = {
            own.version.agreement: own for own in Visible(person, inputs, DAY).agreements(found)
        }
        shared = seen["L-S"]
        assert [c.institution for c in shared.version.coverage] == [school]
        assert shared.institutions == 1
        assert all(c.institution == school for v in shared.known for c in v.coverage)


def test_the_due_list_and_the_journals_subjects(inputs: Inputs):
    seen = Visible(ALFA, inputs, DAY)
    found = due_list(inputs, load_law(), DAY, 800)

    assert {o.agreement for o, _ in found} == {"L-A", "L-O", "L-S", "L-BETA"}
    assert {o.agreement for o, _ in seen.due(found)} == {"L-A", "L-O", "L-S"}
    shared = [{one.institution for one in o.institutions} for o, _ in seen.due(found)
              if (o.agreement, o.kind) == ("L-S", "counts")]  # fmt: skip
    assert shared
    assert all(schools == {"S1"} for schools in shared), "its co-heir's schools are not its own"
    assert seen.subjects is not None
    assert seen.subjects >= {
        "alfa", "partners: OLD", "coverage: L-S · S1 · 2018/2019-2 · ", "L-A · 1",
        "counts: 2021/2022-1 · M1 · general · 7 · consultative",
    }  # fmt: skip
    assert Visible(AUDITOR, inputs, DAY).subjects is None
    assert Visible(NOBODY, inputs, DAY).subjects == frozenset()
    assert Visible(LOST, inputs, DAY).subjects == {"lost"}


READ: dict[str, Callable[[Visible, Inputs, Situation], object]] = {
    "registers": lambda seen, inputs, _: [
        seen.register(table, inputs.frames[table]).rows() for table in TABLES
    ],
    "results": lambda seen, inputs, _: [
        as_json(visible_results.allocation(seen, allocate(inputs, load_law(), semester)))
        for semester in (BEFORE, AFTER)
    ],
    "names": lambda seen, inputs, _: (
        visible_results.allocation(seen, allocate(inputs, load_law(), AFTER)).names
    ),
    "difference": lambda seen, inputs, moved: [
        frame.rows()
        for note in [explain(moved, Situation(inputs, load_law(), AFTER, None))]
        for own in [visible_results.difference(seen, note)]
        for frame in (own.rows, own.partners, own.before.lines, own.after.lines)
    ],
    "due": lambda seen, inputs, _: [
        (o.agreement, o.subject) for o, _ in seen.due(due_list(inputs, load_law(), DAY, 800))
    ],
    "subjects": lambda seen, *_: seen.subjects,
}


@pytest.mark.parametrize("what", READ)
def test_nothing_that_bears_the_others_name_is_ever_read(
    inputs: Inputs, moved: Situation, what: str
):
    for day in (EVE, DAY):
        assert "BETA" not in str(READ[what](Visible(ALFA, inputs, day), inputs, moved)), day
    assert "BETA" in str(READ[what](Visible(BETA, inputs, DAY), inputs, moved))


def test_the_published_partner_reads_what_it_took_over(tmp_path: Path):
    from toolkit import config

    inputs = read_inputs(config.shipped("data/sample/published"))
    ludza = Visible(Person("ludza", "", frozenset({"partner"}), "LUDZA"), inputs, DAY)
    frames = {table: ludza.register(table, frame) for table, frame in inputs.frames.items()}

    assert sorted(frames["partners"]["partner"]) == ["KARSAVA", "LUDZA"]
    assert sorted(frames["agreements"]["agreement"]) == ["EX-LUDZA", "P6-12/133-2019"]
    assert frames["counts"].filter(pl.col("semester") == "2022/2023-1")["plans"].sum() == 75
    assert {code[:4] for code in frames["institutions"]["institution"]} == {"LUD-"}
