"""Plans and measures of invented learners, as files with personal codes in them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from toolkit.services.simulate import PLANS_FILE, Size, simulate

WEIGHTS = (10, 5, 8, 4, 2, 1, 6, 3, 7, 9)
FIRST_BIRTH = date(2001, 1, 1)
PRICES = ("12,50", "3,10", "7,00", "120,00", "45,99")
MEASURES = ("consultation", "catering", "public_transport", "lodging", "learning_materials")


def code(number: int) -> str:
    """An invented personal code of the old kind, with a true check digit."""
    born = FIRST_BIRTH + timedelta(days=number % 5_000)
    head = f"{born:%d%m%y}2{number // 5_000:03}"
    total = 1 + sum(weight * int(digit) for weight, digit in zip(WEIGHTS, head, strict=True))
    return f"{head[:6]}-{head[6:]}{total % 11 % 10}"


def written(folder: Path, plans: int = 93_497, measures: int = 213_000) -> Path:
    """A programme in a folder: registers, plans with codes, measures; no counts."""
    folder.mkdir(parents=True, exist_ok=True)
    simulate(folder, Size(plans=plans), 2022)
    (folder / "counts.csv").unlink()
    frame = pl.read_parquet(folder / PLANS_FILE)
    # a learner of the simulation may have two plans in a semester: the second goes to another
    again = pl.int_range(pl.len()).over("semester", "learner")
    learner = pl.col("learner") + again * (frame["learner"].max() + 1)
    codes = frame.select(learner=learner)["learner"]
    known = {number: code(number) for number in codes.unique()}
    risks = pl.Series([("mācību", "ekonomiskais, ģimenes", "")[n % 3] for n in range(frame.height)])
    frame.select(
        plan=pl.format("IAP-{}", pl.col("plan")),
        semester="semester", institution="institution", programme="programme", grade="grade",
        plan_kind="plan_kind", learner=pl.Series([known[n] for n in codes]), risks=risks,
        starts_on="starts_on", ends_on="ends_on",
    ).write_csv(folder / "plans.csv")  # fmt: skip
    (folder / PLANS_FILE).unlink()
    rows = [
        (f"IAP-{plan}", MEASURES[turn], 1 + n % 30, PRICES[n % len(PRICES)])
        for n, (plan, turn) in enumerate(_spread(frame["plan"].to_list(), measures))
    ]
    pl.DataFrame(rows, schema=["plan", "measure", "quantity", "price"], orient="row").write_csv(
        folder / "measures.csv"
    )
    return folder


def _spread(plans: list[int], measures: int) -> list[tuple[int, int]]:
    return [(plans[n % len(plans)], n // len(plans)) for n in range(measures)]
