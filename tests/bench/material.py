"""What the jobs read: made once into `data/local/bench`, made anew when the simulation changes."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl

from tests.bench.measure import ROOT
from toolkit import config
from toolkit.frames.plans import COUNT_KEY
from toolkit.semester import Semester
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law
from toolkit.services.simulate import Size, simulate
from toolkit.services.simulate_draws import draws

HOME = ROOT / "data" / "local" / "bench"
NATIONAL_SEMESTER = "2022/2023-1"
KINDS = ("consultative", "economic")
_CAP = """
[parameter."{name}"]
title  = {{ lv = "Griesti mērījumam", en = "Ceiling for the measurement" }}
unit   = "EUR/semester"
values = [
  {{ since = 2017-09-01, value = {euros}.00, status = "assumed", source = {{ act = "bench" }} }},
]
"""


def plans(count: int) -> Path:
    """A folder with `plans.parquet`, the registers without counts, the law and its terms."""
    folder = HOME / f"plans-{count}"
    if _made(folder):
        return folder
    size = Size(plans=count)
    simulate(folder, size)
    (folder / "counts.csv").write_text(",".join([*COUNT_KEY, "plans"]) + "\n", "utf-8")
    _write_law(folder, size)
    _write_terms(folder)
    return _finished(folder)


def national() -> Path:
    """A semester in which every institution has every grade and both plan kinds: 15 960 rows."""
    folder = HOME / "national"
    if _made(folder):
        return folder
    simulate(folder, Size(plans=0))
    institutions = pl.read_csv(folder / "institutions.csv").select("institution")
    counts = (
        institutions.join(pl.DataFrame({"grade": range(1, 13)}), how="cross")
        .join(pl.DataFrame({"plan_kind": KINDS}), how="cross")
        .select(
            pl.lit(NATIONAL_SEMESTER).alias("semester"), "institution",
            pl.lit("general").alias("programme"), "grade", "plan_kind",
            plans=draws(0, "national", pl.int_range(pl.len(), dtype=pl.UInt64)) % 20,
        )
    )  # fmt: skip
    counts.write_csv(folder / "counts.csv")
    _write_law(folder, Size(plans=int(counts["plans"].sum()), semesters=1))
    _write_terms(folder)
    return _finished(folder)


def _write_law(folder: Path, size: Size) -> None:
    """The programme's law with two ceilings at twice the mean: some bind, most do not."""
    mean = size.plans * 250 // size.semesters
    caps = {
        "cap.institution": mean * 2 // size.institutions,
        "cap.partner": mean * 2 // (size.municipalities + size.schools),
    }
    text = config.shipped_law("early_leaving_2016").read_text("utf-8")
    text += "".join(_CAP.format(name=name, euros=euros) for name, euros in caps.items())
    (folder / "law.toml").write_text(text, "utf-8")


def _write_terms(folder: Path) -> None:
    """What the other engines need of the law: `rates.csv` and `terms.json`, in cents."""
    law, inputs = load_law(folder=folder), read_inputs(folder)
    known = map(Semester.parse, inputs.known_semesters)
    days = {semester.code: inputs.calendar(semester).first_day for semester in known}
    rates = [
        (code, kind, law.on(day).need(f"rate.{kind}").cents)
        for code, day in days.items()
        for kind in KINDS
        if code >= "2017/2018-1"
    ]
    schema = {"semester": pl.String, "plan_kind": pl.String, "rate_cents": pl.Int64}
    pl.DataFrame(rates, schema=schema, orient="row").write_csv(folder / "rates.csv")
    on = law.on(days[NATIONAL_SEMESTER])
    terms = {name: on.need(f"cap.{name}").cents for name in ("institution", "partner")}
    share = Decimal(str(on.need("share.esf").value)) * 100
    (folder / "terms.json").write_text(json.dumps({**terms, "esf_percent": int(share)}), "utf-8")


def _made(folder: Path) -> bool:
    mark = folder / "made.txt"
    if mark.is_file() and mark.read_text("utf-8") == _maker():
        return True
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return False


def _finished(folder: Path) -> Path:
    (folder / "made.txt").write_text(_maker(), "utf-8")
    return folder


def _maker() -> str:
    """A hash of the code that made the folder."""
    sources = [Path(__file__), *sorted((ROOT / "toolkit" / "services").glob("simulate*.py"))]
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
