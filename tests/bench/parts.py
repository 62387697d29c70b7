"""The parts of the benchmark: what is measured, beside what, and the target."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench.measure import Row, Run, interleaved, job, run, same_answers

ROUNDS, ROUNDS_LONG = 5, 3
GIB = 1024
PANDAS_MOST_GIB = 16
"""More for one job leaves no room for anybody else on the machine: then it is left out."""
SEMESTER = "2022/2023-1"


def national() -> list[Row]:
    """One semester of the whole country, in process, the reading left out."""
    folder = _made("national")
    runs = interleaved({name: job("national", name, folder) for name in ("ours", "polars")}, ROUNDS)
    _must_run(runs)
    same_answers(runs, "totals")
    what = "allocate a semester of 15 960 rows, beside bare polars totals per partner"
    return [Row(what, runs["ours"].seconds * 1000, runs["polars"].seconds * 1000, "ms")]


def plans_10m() -> list[Row]:
    """Ten million plans to the maximum of every semester."""
    runs = _plans(10_000_000, ROUNDS, pandas_gib=None)
    seconds = _seconds("10 M plans to maxima", runs)
    return [
        seconds("bare polars", "polars", most=1.5),
        seconds("DuckDB", "duckdb"),
        seconds("pandas (pyarrow types)", "pandas-arrow", least=10),
        seconds("pandas (default types)", "pandas-default", least=10),
        _memory("10 M plans, peak memory beside bare polars", runs, "polars"),
    ]


def plans_100m() -> list[Row]:
    """A hundred million plans, in bounded memory."""
    runs = _plans(100_000_000, ROUNDS_LONG, pandas_gib=PANDAS_MOST_GIB)
    seconds = _seconds("100 M plans to maxima", runs)
    return [
        seconds("bare polars", "polars"),
        seconds("DuckDB", "duckdb"),
        seconds("pandas (pyarrow types)", "pandas-arrow"),
        _memory("100 M plans, peak memory beside 1 GiB", runs, None, most=1),
        _memory("100 M plans, peak memory beside bare polars", runs, "polars"),
        _memory("100 M plans, peak memory beside DuckDB", runs, "duckdb"),
    ]


def commands() -> list[Row]:
    """Whole processes, from the shell and back, beside the import of polars alone."""
    grants = Path(sys.executable).with_name("grants")
    whats = {"help": "`grants --help`", "allocate": "`grants allocate` of the national semester"}
    if not grants.is_file() or run([str(grants), "--help"], answers=False).failed:
        return [
            Row(what, None, None, note="the command does not run yet") for what in whats.values()
        ]
    asked = ["allocate", SEMESTER, "--input", _made("national")]
    runs = interleaved(
        {
            "import": [sys.executable, "-c", "import polars"],
            "help": [str(grants), "--help"],
            "allocate": [str(grants), *asked],
        },
        ROUNDS, answers=False,
    )  # fmt: skip
    most = {"help": 0.5, "allocate": 2.0}
    return [
        Row(f"{what}, beside `import polars`", None, None, note=runs[name].failed)
        if runs[name].failed
        else Row(
            f"{what}, beside `import polars`",
            runs[name].seconds, runs["import"].seconds, most=most[name],
        )
        for name, what in whats.items()
    ]  # fmt: skip


def workbook() -> list[Row]:
    """The workbook of the national semester beside as many cells of bare xlsxwriter."""
    what = "workbook of the national semester, beside bare xlsxwriter"
    folder = _made("national")
    with tempfile.TemporaryDirectory() as out:
        ours = job("workbook", "ours", folder, Path(out) / "ours.xlsx")
        first = run(ours)
        if first.failed:
            return [Row(what, None, None, note=first.failed)]
        cells = first.answer["cells"]
        bare = job("workbook", "bare", cells, Path(out) / "bare.xlsx")
        runs = interleaved({"ours": ours, "bare": bare}, ROUNDS)
    _must_run(runs)
    seconds = runs["ours"].seconds, runs["bare"].seconds
    return [Row(what, *seconds, most=1.5, note=f"{cells} cells")]


def stores() -> list[Row]:
    """The store on both databases, beside raw ADBC."""
    from tests.bench import store

    with tempfile.TemporaryDirectory() as folder:
        return store.rows(Path(folder))


def pages() -> list[Row]:
    """Pages beside an empty notebook, in a browser."""
    from tests.bench import pages as pages_

    with tempfile.TemporaryDirectory() as folder:
        return pages_.rows(Path(folder))


PARTS: dict[str, Callable[[], list[Row]]] = {
    "national": national,
    "plans-10m": plans_10m,
    "plans-100m": plans_100m,
    "commands": commands,
    "workbook": workbook,
    "store": stores,
    "pages": pages,
}


def _plans(count: int, rounds: int, pandas_gib: int | None) -> dict[str, Run]:
    """The engines on so many plans; pandas under a limit of memory when one is given."""
    folder = _made("plans", count)
    jobs = {name: job("plans", name, folder) for name in ("ours", "polars", "duckdb")}
    if pandas_gib is None:
        jobs |= {name: job("plans", name, folder) for name in ("pandas-arrow", "pandas-default")}
    else:
        jobs["pandas-arrow"] = job("limited", pandas_gib * GIB, "plans", "pandas-arrow", folder)
    runs = interleaved(jobs, rounds)
    _must_run({name: run for name, run in runs.items() if not name.startswith("pandas")})
    same_answers(runs, "totals")
    return runs


def _seconds(what: str, runs: Mapping[str, Run]) -> Callable[..., Row]:
    def row(beside: str, name: str, most: float | None = None, least: float | None = None) -> Row:
        failed = runs[name].failed
        note = f"left out: it needs more than {PANDAS_MOST_GIB} GiB" if failed else ""
        other = None if failed else runs[name].seconds
        ours = runs["ours"].seconds
        return Row(f"{what}, beside {beside}", ours, other, most=most, least=least, note=note)

    return row


def _memory(what: str, runs: Mapping[str, Run], name: str | None, most: float | None = None) -> Row:
    other = GIB if name is None else runs[name].peak_mib
    return Row(what, runs["ours"].peak_mib, other, "MiB", most=most)


def _made(*what: object) -> str:
    made = run(job("make", *what))
    if made.failed:
        raise SystemExit(f"the material {what} could not be made: {made.failed}")
    return str(made.answer["folder"])


def _must_run(runs: Mapping[str, Run]) -> None:
    failed = {name: run.failed for name, run in runs.items() if run.failed}
    if failed:
        raise SystemExit(f"jobs failed: {failed}")
