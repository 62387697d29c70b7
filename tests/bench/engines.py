"""The same job in bare tools: plans, counted by the five keys, to the maximum of each partner.

Each reads what ours reads and answers rows of semester, partner and cents. Each imports its
engine inside the function, before the clock starts in `jobs`.
"""

from __future__ import annotations

import json
from pathlib import Path

KEY = ["semester", "institution", "programme", "grade", "plan_kind"]
Rows = list[tuple[str, str, int]]


def terms(folder: Path) -> dict[str, int]:
    """Ceilings in cents and the ESF percentage."""
    found: dict[str, int] = json.loads((folder / "terms.json").read_text("utf-8"))
    return found


def by_polars(folder: Path, counts: Path | None = None) -> Rows:
    """Bare polars; from a CSV of counts when one is given, else from the plans."""
    import polars as pl

    caps = terms(folder)
    texts = ["semester", "institution", "programme", "plan_kind"]
    if counts is None:
        plans = pl.scan_parquet(folder / "plans.parquet")
        counted = plans.group_by(KEY).agg(plans=pl.len().cast(pl.Int64))
        counted = counted.with_columns(pl.col(texts).cast(pl.String))
    else:
        counted = pl.scan_csv(counts)
    rates = pl.scan_csv(folder / "rates.csv")
    members = pl.scan_csv(folder / "memberships.csv").select("institution", "partner")
    cents = (pl.col("plans") * pl.col("rate_cents")).sum()
    partners = (
        counted.join(rates, on=["semester", "plan_kind"])
        .join(members, on="institution")
        .group_by("semester", "partner", "institution")
        .agg(cents=cents.clip(upper_bound=caps["institution"]))
        .group_by("semester", "partner")
        .agg(pl.col("cents").sum().clip(upper_bound=caps["partner"]))
        .sort("semester", "partner")
    )
    return partners.collect(engine="streaming").rows()


def by_duckdb(folder: Path) -> Rows:
    """DuckDB 2, one query over the same files."""
    import duckdb

    caps = terms(folder)
    query = f"""
        with counted as (
            select {", ".join(KEY)}, count(*) as plans
            from read_parquet('{folder}/plans.parquet') group by all
        ), institutions as (
            select semester, partner, institution,
                   least(sum(plans * rate_cents), {caps["institution"]}) as cents
            from counted
            join read_csv('{folder}/rates.csv') using (semester, plan_kind)
            join read_csv('{folder}/memberships.csv') using (institution)
            group by all
        )
        select semester, partner, least(sum(cents), {caps["partner"]})::bigint as cents
        from institutions group by all order by all
    """  # noqa: S608  # paths and ceilings of ours
    return duckdb.connect().sql(query).fetchall()


def by_pandas(folder: Path, backend: str) -> Rows:
    """pandas 3: only the columns needed, not sorted; `backend` is `arrow` or `default`."""
    import pandas as pd  # type: ignore[import-untyped]

    caps = terms(folder)
    path = folder / "plans.parquet"
    if backend == "arrow":
        plans = pd.read_parquet(path, columns=KEY, dtype_backend="pyarrow")
    else:
        plans = pd.read_parquet(path, columns=KEY)
    counted = plans.groupby(KEY, observed=True, sort=False).size().reset_index(name="plans")
    counted = counted.astype({name: "str" for name in KEY if name != "grade"})
    rates = pd.read_csv(folder / "rates.csv")
    members = pd.read_csv(folder / "memberships.csv", usecols=["institution", "partner"])
    rows = counted.merge(rates, on=["semester", "plan_kind"], validate="m:1")
    rows = rows.merge(members, on="institution", validate="m:1")
    rows["cents"] = rows["plans"] * rows["rate_cents"]
    schools = rows.groupby(["semester", "partner", "institution"], sort=False)["cents"].sum()
    schools = schools.clip(upper=caps["institution"])
    partners = schools.groupby(["semester", "partner"]).sum().clip(upper=caps["partner"])
    return [(*key, int(cents)) for key, cents in partners.sort_index().items()]
