"""The invented programme: same bytes for the same seed, counts of its plans, no row refused."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from toolkit.errors import UsageError
from toolkit.frames.plans import COUNT_KEY, SIMULATED
from toolkit.rules.counts import count_plans
from toolkit.semester import Semester
from toolkit.services import simulate_plans
from toolkit.services.allocation import allocate
from toolkit.services.inputs import Inputs, read_inputs
from toolkit.services.laws import load_law
from toolkit.services.simulate import Size, simulate
from toolkit.services.simulate_draws import drawn, draws

TABLES = {
    "agreements.csv", "amendments.csv", "counts.csv", "coverage.csv", "institutions.csv",
    "memberships.csv", "partners.csv", "plans.parquet", "successions.csv",
}  # fmt: skip
SMALL = Size(plans=5_000, municipalities=5, schools=3, institutions=20, semesters=6)


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("default"))


@pytest.fixture(scope="module")
def inputs(default: Path) -> Inputs:
    return read_inputs(default)


def plans_of(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "plans.parquet")


def bytes_of(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / f"{name}.csv", infer_schema=False)


def test_the_defaults_are_the_size_of_the_real_programme(default: Path) -> None:
    plans = plans_of(default)

    assert {path.name for path in default.iterdir()} == TABLES
    assert plans.height == 93_497
    assert table(default, "partners").height == 74
    assert table(default, "institutions").height == 665
    assert table(default, "successions").height == 0
    assert plans["institution"].n_unique() == 665, "no institution stands without a plan"
    assert plans["semester"].cast(pl.String).unique().sort().to_list() == [
        f"{year}/{year + 1}-{half}" for year in range(2017, 2023) for half in (1, 2)
    ]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = bytes_of(simulate(tmp_path / "first", SMALL, seed=7))

    assert bytes_of(simulate(tmp_path / "second", SMALL, seed=7)) == first
    assert set(first) == TABLES, "no file is left under another name"


def test_the_draws_are_those_of_every_other_machine(tmp_path: Path) -> None:
    """Days come from the calendar and may be mended; the rest may not change unnoticed."""
    plans = plans_of(simulate(tmp_path, SMALL, seed=7)).drop("starts_on", "ends_on")

    assert sha256(plans.write_csv().encode()).hexdigest()[:16] == "e522c3166fad3d5d"
    assert bytes_of(tmp_path)["counts.csv"][:16] == "c191763ad677d683"


def test_another_seed_gives_another_programme(tmp_path: Path) -> None:
    first = bytes_of(simulate(tmp_path / "first", SMALL, seed=7))
    other = bytes_of(simulate(tmp_path / "other", SMALL, seed=8))

    assert other["plans.parquet"] != first["plans.parquet"]
    assert other["counts.csv"] != first["counts.csv"]


def test_the_plans_do_not_depend_on_the_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = plans_of(simulate(tmp_path / "whole", SMALL))
    monkeypatch.setattr(simulate_plans, "CHUNK", 1_000)

    assert plans_of(simulate(tmp_path / "parts", SMALL)).equals(whole)


def test_python_and_polars_draw_the_same() -> None:
    numbers = [0, 1, 2, 10**6, 2**63, 2**64 - 2]

    frame = pl.DataFrame({"n": numbers}, schema={"n": pl.UInt64})

    column = frame.select(draws(2022, "plan", pl.col("n"))).to_series()
    assert column.to_list() == [drawn(2022, "plan", number) for number in numbers]
    assert drawn(2022, "plan", 1) != drawn(2022, "learner", 1) != drawn(2023, "learner", 1)


def test_counts_are_the_plans(default: Path) -> None:
    counts = table(default, "counts").with_columns(pl.col("grade", "plans").cast(pl.Int64))
    texts = pl.col("semester", "institution", "programme", "plan_kind").cast(pl.String)

    counted = count_plans(plans_of(default).lazy().with_columns(texts)).sort(*COUNT_KEY).collect()

    assert counts.equals(counted)
    assert counts["plans"].sum() == 93_497


def test_a_learner_has_at_most_one_plan_a_semester(default: Path) -> None:
    plans = plans_of(default)

    assert not plans.select("learner", "semester").is_duplicated().any()
    assert 1.75 < plans.height / plans["learner"].n_unique() < 1.85
    assert plans["plan"].to_list() == list(range(1, plans.height + 1))


def test_a_learner_stays_and_rises_with_the_school_year(default: Path) -> None:
    plans = plans_of(default).with_columns(
        entered=pl.col("semester").cast(pl.String).str.head(4).cast(pl.Int64) - pl.col("grade")
    )

    learners = plans.group_by("learner").agg(
        pl.col("institution", "programme", "entered").n_unique()
    )

    assert learners.select(pl.col("institution", "programme", "entered").max()).row(0) == (1, 1, 1)


def test_grades_are_those_the_programme_serves(default: Path) -> None:
    general = (pl.col("programme") == "general") & (pl.col("semester").cast(pl.String) < "2021")
    grades = (
        plans_of(default)
        .group_by("programme", early=general)
        .agg(low=pl.col("grade").min(), high=pl.col("grade").max())
        .sort("programme", "early")
    )

    assert grades.select("early", "low", "high").rows() == [
        (False, 1, 12), (True, 5, 12), (False, 1, 4),
    ]  # fmt: skip


def test_plans_begin_early_and_some_outlive_the_semester(default: Path, inputs: Inputs) -> None:
    calendar = inputs.frames["semesters"].select("semester", "first_day", "last_day")
    dated = plans_of(default).with_columns(pl.col("semester").cast(pl.String))
    dated = dated.join(calendar, on="semester", validate="m:1")

    after = (dated["starts_on"] - dated["first_day"]).dt.total_days()

    assert (after.min(), after.max()) == (0, 27)
    assert (dated["ends_on"] > dated["starts_on"]).all()
    assert 0.15 < (dated["ends_on"] > dated["last_day"]).mean() < 0.25  # type: ignore[operator]
    assert 0.13 < (dated["plan_kind"] == "economic").mean() < 0.17  # type: ignore[operator]


def test_the_file_keeps_the_promise_of_plans(default: Path) -> None:
    texts = pl.col("semester", "institution", "programme", "plan_kind").cast(pl.String)

    plans = plans_of(default).with_columns(texts)

    assert plans.columns == list(SIMULATED.columns)
    SIMULATED.held(plans)


def test_sizes_of_institutions_are_uneven(default: Path) -> None:
    sizes = plans_of(default)["institution"].value_counts()["count"].sort()

    assert sizes[-66:].sum() > 5 * sizes[:66].sum()


@pytest.mark.parametrize("semester", ["2017/2018-1", "2020/2021-2", "2021/2022-1", "2022/2023-2"])
def test_no_row_of_the_default_programme_is_refused(inputs: Inputs, semester: str) -> None:
    counts = inputs.frames["counts"].filter(pl.col("semester") == semester)

    result = allocate(inputs, load_law(), Semester.parse(semester))

    assert result.complete
    assert result.lines["plans"].sum() == counts["plans"].sum() > 0
    assert result.total_cents > 0


TINY = {
    "no plan": Size(plans=0),
    "one plan": Size(plans=1),
    "fifty plans": Size(plans=50),
    "one school": Size(plans=50, municipalities=1, schools=0, institutions=1),
    "one vocational school": Size(plans=50, municipalities=0, schools=1, institutions=1),
    "one semester": Size(plans=50, municipalities=2, schools=1, institutions=4, semesters=1),
    "two semesters": Size(plans=50, municipalities=2, schools=1, institutions=4, semesters=2),
    "three semesters": Size(plans=50, municipalities=2, schools=1, institutions=4, semesters=3),
    "every semester known": Size(
        plans=500, municipalities=2, schools=1, institutions=4, semesters=24
    ),
    "as many as one row can hold": Size(100_000, 0, 1, 1, 1),
}


@pytest.mark.parametrize("size", TINY.values(), ids=TINY.keys())
def test_small_programmes_are_whole(tmp_path: Path, size: Size) -> None:
    inputs = read_inputs(simulate(tmp_path, size))
    plans = plans_of(tmp_path)
    begun = inputs.known_semesters.index("2017/2018-1")
    semesters = inputs.known_semesters[begun : begun + size.semesters]

    results = [allocate(inputs, load_law(), Semester.parse(code)) for code in semesters]

    assert all(result.complete for result in results)
    assert sum(result.lines["plans"].sum() for result in results) == size.plans == plans.height
    assert not plans.select("learner", "semester").is_duplicated().any()


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (Size(plans=-1), "plans"),
        (Size(plans=100_001, municipalities=1, schools=0, institutions=1, semesters=1), "plans"),
        (Size(semesters=0), "semesters"),
        (Size(semesters=99), "semesters"),
        (Size(municipalities=44), "municipalities"),
        (Size(institutions=0), "institutions"),
        (Size(institutions=30), "schools"),
        (Size(municipalities=0), "schools"),
        (Size(schools=-1), "schools"),
    ],
)
def test_sizes_that_cannot_stand_together_are_refused(
    tmp_path: Path, size: Size, name: str
) -> None:
    with pytest.raises(UsageError) as caught:
        simulate(tmp_path / "new", size)

    assert caught.value.key == "error.simulate.size"
    assert caught.value.facts["name"] == name
    assert not (tmp_path / "new").exists()


def test_progress_is_told_and_may_stop_the_work(tmp_path: Path) -> None:
    told: list[int] = []
    simulate(tmp_path, Size(plans=300_000), progress=told.append)
    before = bytes_of(tmp_path)

    class StoppedError(Exception):
        pass

    def stop(_: int) -> None:
        raise StoppedError

    with pytest.raises((StoppedError, pl.exceptions.ComputeError)):
        simulate(tmp_path, Size(plans=300_000), seed=1, progress=stop)

    assert told == [simulate_plans.CHUNK, 300_000]
    assert bytes_of(tmp_path)["plans.parquet"] == before["plans.parquet"], "the old file stands"
    assert not list(tmp_path.glob(".*"))
