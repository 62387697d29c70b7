"""Plans: one per learner and semester, counted apart from learners, priced by their measures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.errors.gallery import HERE as GALLERY
from tests.invented_plans import code
from toolkit.errors import InputError, UsageError
from toolkit.law.load import read_law
from toolkit.rules import funding
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.laws import law_file
from toolkit.services.plans import learners_and_plans

AUTUMN, SPRING = Semester.parse("2020/2021-1"), Semester.parse("2020/2021-2")
HEAD = "plan,semester,institution,programme,grade,plan_kind,learner,risks,starts_on,ends_on"
RATE_CENTS = 25_000


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path / "home"))


def plan(
    name: str, learner: int, semester: str = AUTUMN.code, risks: str = "", grade: int = 7,
    days: str = "2020-09-01,2020-12-31",
) -> str:  # fmt: skip
    return f"{name},{semester},MEZ,general,{grade},consultative,{code(learner)},{risks},{days}"


def inputs(
    folder: Path, plans: list[str], measures: tuple[str, ...] = (), counts: tuple[str, ...] = ()
) -> Inputs:
    """The good tables of the gallery, with these plans and measures."""
    for name in ("agreements", "coverage", "institutions"):
        content = (GALLERY / "base" / f"{name}.csv").read_text("utf-8")
        (folder / f"{name}.csv").write_text(content, "utf-8")
    if counts:
        lines = ["semester,institution,programme,grade,plan_kind,plans", *counts]
        (folder / "counts.csv").write_text("\n".join(lines), "utf-8")
    (folder / "plans.csv").write_text("\n".join([HEAD, *plans]), "utf-8")
    if measures:
        lines = ["plan,measure,quantity,price", *measures]
        (folder / "measures.csv").write_text("\n".join(lines), "utf-8")
    return read_inputs(folder)


def rules(error: InputError) -> set[str]:
    return {finding.rule for finding in error.findings if finding.severity == "blocks"}


def test_counts_are_those_of_the_plans_when_there_are_no_others(tmp_path: Path):
    read = inputs(tmp_path, [plan("A", 1), plan("B", 2), plan("C", 3, grade=8)])

    found = allocate(read, read_law(law_file()), AUTUMN)

    assert found.lines.select("grade", "plans").rows() == [(7, 2), (8, 1)]
    assert found.total_cents == 3 * RATE_CENTS


def test_counts_that_differ_from_the_plans_are_named_with_both_figures(tmp_path: Path):
    read = inputs(
        tmp_path, [plan("A", 1), plan("B", 2)],
        counts=("2020/2021-1,MEZ,general,7,consultative,3",),
    )  # fmt: skip

    (finding,) = [f for f in read.findings if f.rule == "counts.differ_from_plans"]

    assert (finding.value, finding.facts["counted"], finding.severity) == ("3", "2", "explain")


def test_learners_and_plans_are_counted_apart(tmp_path: Path):
    """Madona: 286 plans of one school year were 181 learners, 105 of them in both semesters."""
    autumn = [plan(f"A{n}", n) for n in range(145)]
    both = [plan(f"S{n}", n, SPRING.code, days="2021-01-11,2021-05-31") for n in range(105)]
    later = [plan(f"S{n}", n, SPRING.code, days="2021-01-11,2021-05-31") for n in range(200, 236)]
    read = inputs(tmp_path, [*autumn, *both, *later])

    by_institution, plans, learners = learners_and_plans(read.frames)

    assert (plans, learners) == (286, 181)
    assert by_institution["plans"].to_list() == by_institution["learners"].to_list() == [145, 141]


def test_no_frame_holds_a_code_and_a_plan_may_outlive_its_semester(tmp_path: Path):
    read = inputs(tmp_path, [plan("A", 1, days="2020-09-01,2020-12-31")])

    row = read.frames["plans"].row(0, named=True)

    assert len(row["learner"]) == 32
    assert code(1).replace("-", "") not in str(read.frames["plans"].to_dicts())
    assert row["ends_on"] > read.calendar(AUTUMN).last_day
    assert not read.findings


@pytest.mark.parametrize(
    ("plans", "measures", "rule"),
    [
        pytest.param(
            [plan("A", 1), plan("B", 1)], (), "plans.learner_twice", id="two plans in a semester"
        ),
        pytest.param([plan("A", 1, risks="sports")], (), "value.not_codes", id="an unknown risk"),
        pytest.param(
            [plan("A", 1, days="2020-12-31,2020-09-01")], (), "row.days_backwards",
            id="it ends before it begins",
        ),
        pytest.param(
            [plan("A", 1).replace(code(1), "161375-19997")], (), "person.wrong_date",
            id="a code with an impossible day",
        ),
        pytest.param(
            [plan("A", 1).replace(code(1), "Anna Bērziņa")], (), "person.not_code", id="a name"
        ),
        pytest.param(
            [plan("A", 1)], ("X,consultation,1,2.00",), "measures.unknown_plan",
            id="a measure of no plan",
        ),
        pytest.param(
            [plan("A", 1)], ("A,skiing,1,2.00",), "measures.unknown", id="no such measure"
        ),
        pytest.param(
            [plan("A", 1)], ("A,consultation,0,2.00",), "measures.nothing", id="a quantity of 0"
        ),
        pytest.param(
            [plan("A", 1)], ("A,consultation,1.5,2.00",), "value.not_whole", id="half a measure"
        ),
        pytest.param(
            [plan("A", 1)], ("A,consultation,1,divi",), "value.not_money", id="a price in words"
        ),
        pytest.param(
            [plan("A", 1)], ("A,consultation,1,-2.00",), "measures.negative", id="a negative price"
        ),
        pytest.param(
            [plan(code(5), 1)], (), "value.personal_code", id="a code where none belongs"
        ),
    ],
)  # fmt: skip
def test_what_blocks(tmp_path: Path, plans: list[str], measures: tuple[str, ...], rule: str):
    with pytest.raises(InputError) as error:
        inputs(tmp_path, plans, measures)

    assert rules(error.value) == {rule}


@pytest.mark.parametrize(
    ("starts_on", "outside"),
    [("2020-08-31", 1), ("2020-09-01", 0), ("2020-12-18", 0), ("2020-12-19", 1)],
    ids=["day before the semester", "its first day", "its last day", "day after it"],
)
def test_a_plan_starts_within_its_semester(tmp_path: Path, starts_on: str, outside: int):
    read = inputs(tmp_path, [plan("A", 1, days=f"{starts_on},2020-12-31")])

    found = [f.rule for f in read.findings if f.severity == "explain"]

    assert found == ["plans.starts_outside_semester"] * outside


def test_no_finding_of_a_hostile_file_shows_a_code(tmp_path: Path):
    codes = [code(n) for n in range(8)]
    rows = [
        f"{codes[0]},{codes[1]},{codes[2]},{codes[3]},{codes[4]},x,161375-19997,{codes[5]},y,z",
        f"A,,,,,,{codes[6]},,,,,{codes[7]}",
        plan("B", 1), plan("B", 1),
    ]  # fmt: skip

    with pytest.raises(InputError) as error:
        inputs(tmp_path, rows)

    told = "\n".join(
        str([f, f.problem("lv"), f.problem("en"), f.expected("lv"), f.remedy("lv"), f.place()])
        for f in error.value.findings
    )
    assert len(error.value.findings) > 10
    for hidden in (*codes, "161375-19997", code(1)):
        assert hidden not in told
        assert hidden.replace("-", "") not in told


MEASURES = ("A,consultation,10,12.50", "A,catering,3,2.15", "B,consultation,40,12.50")


@pytest.mark.parametrize(
    ("method", "cents", "bases"),
    [
        ("per_plan", {7: 2 * RATE_CENTS, 8: RATE_CENTS}, {"per_plan"}),
        ("priced_measures", {7: 12_500 + 645 + 50_000, 8: 0}, {"priced_measures"}),
        ("lesser_of", {7: 2 * RATE_CENTS, 8: 0}, {"per_plan", "priced_measures"}),
    ],
)
def test_methods(tmp_path: Path, method: str, cents: dict[int, int], bases: set[str]):
    read = inputs(tmp_path, [plan("A", 1), plan("B", 2), plan("C", 3, grade=8)], MEASURES)

    found = allocate(read, read_law(law_file()), AUTUMN, method=method)

    assert dict(found.lines.select("grade", "earned_cents").iter_rows()) == cents
    assert set(found.lines["basis"]) == bases
    assert found.method == method


@pytest.mark.parametrize(
    ("method", "told"), [("per_plan", 0), ("priced_measures", 1), ("lesser_of", 1)]
)
def test_counts_without_plans_earn_nothing_by_measures_and_that_is_told(
    tmp_path: Path, method: str, told: int
):
    read = inputs(tmp_path, [plan("A", 1)], MEASURES[:2], counts=(
        "2020/2021-1,MEZ,general,7,consultative,1", "2020/2021-1,MEZ,general,8,consultative,3",
    ))  # fmt: skip

    for known in (read, replace(read, findings=())):  # from files, and as from the store
        found = allocate(known, read_law(law_file()), AUTUMN, method=method)

        rules = [finding.rule for finding in found.findings if finding.severity == "explain"]
        assert rules.count("counts.differ_from_plans") == max(told, len(known.findings))


def test_measures_without_any_plan_and_unknown_methods_are_sentences(tmp_path: Path):
    read = inputs(tmp_path, [], counts=("2020/2021-1,MEZ,general,7,consultative,3",))

    for method in ("priced_measures", "lesser_of", "guess"):
        with pytest.raises(UsageError):
            allocate(read, read_law(law_file()), AUTUMN, method=method)


LINES = st.lists(
    st.tuples(
        st.integers(0, 1_000), st.integers(0, 50_000), st.one_of(st.none(), st.integers(0, 10**9))
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@given(LINES)
def test_lesser_of_is_the_lesser_of_both(
    rows: list[tuple[int, int, int | None]],
):
    accepted = pl.LazyFrame(
        [("M", "general", n, "k", plans, rate) for n, (plans, rate, _) in enumerate(rows)],
        schema=["institution", "programme", "grade", "plan_kind", "plans", "rate_cents"],
        orient="row",
    )
    planned = pl.LazyFrame(
        [("M", "general", n, "k", c) for n, (_, _, c) in enumerate(rows) if c is not None],
        schema={
            "institution": pl.String, "programme": pl.String, "grade": pl.Int64,
            "plan_kind": pl.String, "measures_cents": pl.Int64,
        },
        orient="row",
    )  # fmt: skip
    by_plan, by_price, lesser = (
        frame.collect().sort("grade")["earned_cents"].to_list()
        for frame in (
            funding.per_plan(accepted),
            funding.priced_measures(accepted, planned),
            funding.lesser_of(accepted, planned),
        )
    )

    assert lesser == [min(pair) for pair in zip(by_plan, by_price, strict=True)]
    assert sum(by_price) == sum(cents or 0 for _, _, cents in rows)
