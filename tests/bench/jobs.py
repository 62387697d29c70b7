"""One job in a process of its own: `python -m tests.bench.jobs NAME ARGUMENT…` answers JSON.

The seconds are those of the work; importing the engine is not counted, for nobody
(`commands` measures whole processes).
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path

from tests.bench import engines
from tests.bench.engines import Rows

Answer = Mapping[str, object]


def totals(rows: Rows, folder: Path) -> dict[str, object]:
    """What every engine must answer alike: rows, cents, the ESF part, and a hash of all of it."""
    percent = engines.terms(folder)["esf_percent"]
    by_semester: dict[str, int] = {}
    for semester, _, cents in rows:
        by_semester[semester] = by_semester.get(semester, 0) + int(cents)
    written = "\n".join(f"{semester},{partner},{int(cents)}" for semester, partner, cents in rows)
    return {
        "rows": len(rows),
        "maximum_cents": sum(by_semester.values()),
        "esf_cents": sum(cents * percent // 100 for cents in by_semester.values()),
        "digest": sha256(written.encode()).hexdigest()[:16],
    }


def plans(engine: str, folder: str) -> Answer:
    """Plans to maxima, by one of the engines."""
    path = Path(folder)
    work: dict[str, tuple[str, Callable[[], Rows]]] = {
        "ours": ("tests.bench.ours", lambda: _ours(path)),
        "polars": ("polars", lambda: engines.by_polars(path)),
        "duckdb": ("duckdb", lambda: engines.by_duckdb(path)),
        "pandas-arrow": ("pandas", lambda: engines.by_pandas(path, "arrow")),
        "pandas-default": ("pandas", lambda: engines.by_pandas(path, "default")),
    }
    module, answer = work[engine]
    importlib.import_module(module)
    return _timed(answer, path)


def limited(mib: str, *arguments: str) -> Answer:
    """Another job that fails instead of taking more than so many MiB of memory."""
    size = int(mib) * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    return JOBS[arguments[0]](*arguments[1:])


def national(engine: str, folder: str) -> Answer:
    """One semester of counts to maxima; reading is not counted, the first call warms up."""
    from tests.bench import material, ours

    path = Path(folder)
    if engine == "polars":
        work = partial(engines.by_polars, path, path / "counts.csv")
    else:
        work = partial(ours.allocated, ours.prepared(path), [material.NATIONAL_SEMESTER])
    work()
    return _timed(work, path)


def make(name: str, *arguments: str) -> Answer:
    """Make the material of a part; answers its folder."""
    from tests.bench import material

    start = time.perf_counter()
    folder = material.plans(int(arguments[0])) if name == "plans" else material.national()
    return {"seconds": time.perf_counter() - start, "folder": str(folder)}


def workbook(engine: str, *arguments: str) -> Answer:
    """The workbook of the national semester, or as many cells in bare xlsxwriter."""
    from tests.bench import workbook as books

    if engine == "ours":
        return books.ours(Path(arguments[0]), Path(arguments[1]))
    return books.bare(int(arguments[0]), Path(arguments[1]))


def _ours(folder: Path) -> Rows:
    from tests.bench import ours

    return ours.from_plans(folder)


def _timed(work: Callable[[], Rows], folder: Path) -> Answer:
    start = time.perf_counter()
    rows = work()
    return {"seconds": time.perf_counter() - start, "totals": totals(rows, folder)}


JOBS: dict[str, Callable[..., Answer]] = {
    "plans": plans, "national": national, "make": make, "workbook": workbook, "limited": limited,
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](*sys.argv[2:])))
