"""A school that files, memberships and agreements still name by an old code.

S became U, in some cases V after it. A was split on 01.07.2020 between B and C and left 90
euros of 2019/2020-2 and a quota of 3 projects; in that semester S had 1 plan, T had 2.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.invented_plans import code
from tests.programmes import Programme, Row, allocated, row
from tests.rules.test_conservation import (
    EVE,
    ON,
    SCHOOLS,
    SPLIT,
    counted,
    member,
    partner,
    read,
    schools,
    succession,
)
from tests.rules.test_thresholds import small
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.laws import load_law
from toolkit.services.succession import effect

SPRING = "2019/2020-2"
DIVIDED = {("unspent", "B", 3000), ("unspent", "C", 6000), ("quotas", "B", 1), ("quotas", "C", 2)}
T_TO_C = [member("T", "A", "2009-07-01", EVE), member("T", "C")]


def renamed(on: str, before: str = "S", after: str = "U") -> Row:
    return succession("rename", before, after, on)


def split(memberships: list[Row], *steps: Row, merger: list[Row] = SPLIT) -> Programme:
    """A's schools with B and C from 01.07.2020."""
    return small().with_rows(
        institutions=SCHOOLS,
        partners=[partner("A", EVE), partner("B"), partner("C")],
        memberships=[*memberships, *T_TO_C],
        successions=[*merger, *steps],
        coverage=[row("coverage", "L", school, "2017/2018-1", "", "") for school in "ST"],
        counts=[counted("S", 3), counted("T", 5), counted("S", 1, SPRING), counted("T", 2, SPRING)],
        unspent=[row("unspent", "A", SPRING, "90,00")],
        quotas=[row("quotas", "A", "2020", "3")],
    )


OLD_CODE = [member("S", "A", "2009-07-01", EVE), member("S", "B")]
BOTH_CODES = [
    member("S", "A", "2009-07-01", "2019-07-31"), member("U", "A", "2019-08-01", EVE),
    member("U", "B"),
]  # fmt: skip


def money(inputs: Inputs) -> set[tuple[str, str, int]]:
    found = effect(inputs, date.fromisoformat(ON))
    assert found.lost.is_empty()
    moves = found.moves.filter(pl.col("thing").is_in(["unspent", "quotas"]))
    return set(moves.select("thing", "heir", "amount").iter_rows())


@pytest.mark.parametrize(
    "programme",
    [
        pytest.param(split(OLD_CODE), id="never renamed"),
        pytest.param(split(BOTH_CODES, renamed("2019-08-01")), id="counted by the old code"),
        pytest.param(split(OLD_CODE, renamed("2019-08-01")), id="member by the old code"),
        pytest.param(split(OLD_CODE, renamed(ON)), id="renamed on the day of the split"),
        pytest.param(
            split(OLD_CODE, renamed("2018-08-01"), renamed("2019-08-01", "U", "V")),
            id="renamed twice",
        ),
    ],
)
def test_a_split_divides_by_the_plans_of_a_school_whatever_its_code(programme: Programme) -> None:
    assert money(read(programme)) == DIVIDED


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([], id="never renamed"),
        pytest.param([renamed("2018-08-01")], id="renamed before"),
        pytest.param([renamed(ON)], id="renamed on the day"),
        pytest.param([renamed("2020-08-01")], id="renamed after"),
    ],
)
def test_a_split_takes_a_school_where_its_old_code_is_a_member(steps: list[Row]) -> None:
    programme = split(OLD_CODE, *steps)

    assert set(allocated(programme).partners.select("partner", "plans").iter_rows()) == {
        ("B", 3), ("C", 5),
    }  # fmt: skip


def test_a_merger_of_schools_after_the_split_leaves_its_shares_as_they_were() -> None:
    merged = [succession("merge", old, "U", "2020-07-15") for old in "ST"]
    programme = split([*OLD_CODE, member("U", "C", "2020-07-15")], *merged,
                      succession("merge", "B", "D", "2020-08-01"))  # fmt: skip
    registers = programme.with_rows(partners=[*programme.tables["partners"], partner("D")])

    moves = effect(read(registers), date(2020, 8, 1)).moves.filter(thing="unspent")

    assert moves.select("partner", "heir", "amount").rows() == [("B", "D", 3000)]


def test_a_merged_partner_keeps_a_school_renamed_the_same_day() -> None:
    merger = [succession("merge", "A", "B")]
    programme = split(OLD_CODE, renamed(ON), merger=merger).with_rows(
        memberships=[*OLD_CODE, member("T", "A", "2009-07-01", EVE), member("T", "B")]
    )

    assert effect(read(programme), date.fromisoformat(ON)).lost.is_empty()
    assert allocated(programme).partners["plans"].to_list() == [8]


def plans_of(school: str, number: int, semester: str, inputs: Inputs) -> pl.DataFrame:
    schema = inputs.frames["plans"].schema
    texts = {name: "" for name, kind in schema.items() if kind == pl.String}
    names = [f"{school}{n}" for n in range(number)]
    own = {
        "semester": semester, "institution": school, "programme": "general", "grade": 7,
        "plan_kind": "consultative", "starts_on": date(2020, 2, 1), "ends_on": date(2020, 5, 1),
    }  # fmt: skip
    rows = [{**texts, **own, "plan": n, "learner": n, "row": 2} for n in names]
    return pl.DataFrame(rows, schema=schema)


def test_a_semester_known_by_its_plans_alone_divides_as_its_counts_would() -> None:
    by_counts = read(split(OLD_CODE))
    counts = by_counts.frames["counts"].filter(pl.col("semester") != SPRING)
    plans = [plans_of(school, n, SPRING, by_counts) for school, n in (("S", 1), ("T", 2))]
    frames = {**by_counts.frames, "counts": counts, "plans": pl.concat(plans)}

    by_plans = replace(by_counts, frames=frames)

    assert money(by_plans) == DIVIDED
    assert effect(by_plans, date.fromisoformat(ON)).balance.equals(
        effect(by_counts, date.fromisoformat(ON)).balance
    )


@pytest.mark.parametrize(
    ("agreements", "coverage", "line"),
    [
        pytest.param("LM", {"L": "S", "M": "U"}, ("B", "M"), id="the nearest before it decides"),
        pytest.param("LM", {"L": "S"}, ("A", "L"), id="of the first, when the second has none"),
        pytest.param("LM", {"L": "S", "M": "V"}, ("B", "M"), id="its own goes before all"),
    ],
)
def test_coverage_is_inherited_from_the_nearest_predecessor(
    agreements: str, coverage: dict[str, str], line: tuple[str, str]
) -> None:
    chain = [renamed("2018-08-01"), renamed("2019-08-01", "U", "V")]
    programme = schools(chain, counts=[counted("V", 3)]).with_rows(
        partners=[partner("A"), partner("B")],
        agreements=[
            row("agreements", name, party, "2018-01-01", "2018-01-01", "")
            for name, party in zip(agreements, "AB", strict=True)
        ],
        coverage=[row("coverage", a, s, "2017/2018-1", "", "") for a, s in coverage.items()],
    )

    found = allocated(programme)

    assert found.complete
    assert found.lines.select("partner", "agreement").rows() == [line]


PLANS = "plan,semester,institution,programme,grade,plan_kind,learner,risks,starts_on,ends_on"


@pytest.mark.parametrize("method", ["priced_measures", "lesser_of"])
def test_measures_planned_under_an_old_code_are_the_heirs(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRANTS_HOME", str(tmp_path / "home"))
    merged = [succession("merge", old, "U") for old in "ST"]
    folder = tmp_path / "tables"
    folder.mkdir()
    schools(merged, counts=[]).write(folder)
    (folder / "counts.csv").unlink()
    rows = [
        f"P{n},2020/2021-1,{school},general,7,consultative,{code(n)},,2020-09-01,2020-12-18"
        for n, school in enumerate("STU", 1)
    ]
    (folder / "plans.csv").write_text("\n".join([PLANS, *rows]), "utf-8")
    measures = [f"P{n},catering,{n},10.00" for n in (1, 2, 3)]
    (folder / "measures.csv").write_text("\n".join(["plan,measure,quantity,price", *measures]))

    found = allocate(
        read_inputs(folder), load_law(folder=folder), Semester.parse("2020/2021-1"), method=method
    )

    assert found.lines.select("institution", "plans", "maximum_cents").rows() == [("U", 3, 6000)]
