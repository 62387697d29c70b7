"""Two tables as the pages have them: one to read, one to write in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from toolkit.pages.grid import Grid, GridCell, GridColumn, GridRow

READ = [
    GridColumn("name", "Partneris", opens=True),
    GridColumn("plans", "Plāni", "whole"),
    GridColumn("maximum", "Maksimums", "money", opens=True),
    GridColumn("part", "Daļa", "part"),
    GridColumn("esf", "ESF", "money"),
    GridColumn("state", "Valsts", "money"),
    GridColumn("change", "Pret iepriekšējo", "money"),
    GridColumn("limit", "Ierobežojums", "tag"),
]
WRITE = [
    GridColumn("name", "Iestāde"),
    GridColumn("place", "Vieta", editable=True),
    GridColumn("plans", "Plāni", "whole", editable=True),
    GridColumn(
        "kind", "Plāna veids", "choice", editable=True,
        choices=(("consultative", "konsultatīvs"), ("economic", "ekonomisks")),
    ),
    GridColumn("rate", "Likme", "money", editable=True),
    GridColumn("day", "Spēkā no", "day"),
]  # fmt: skip
SCHOOLS = [
    ("Balvu Valsts ģimnāzija", "Balvi"), ("Kārsavas vidusskola", "Kārsava"),
    ("Ludzas pilsētas vidusskola", "Ludza"), ("Šķaunes pamatskola", "Šķaune"),
    ("Žīguru pamatskola", "Žīguri"),
]  # fmt: skip


def reading(on_open: Callable[[str, str], object] | None = None) -> Grid:
    """Partners, two of their schools, the total."""
    grid = Grid("Partneri", READ, lang="lv", on_open=on_open, read_only=True)
    ludza = GridRow("ludza", {
        "name": GridCell("Ludzas novada pašvaldība"), "plans": GridCell("75", value=75),
        "maximum": GridCell("19\u00a0986,50", value=1998650), "part": GridCell("94 %", 94, part=94),
        "esf": GridCell("16\u00a0988,53"), "state": GridCell("2997,97"),
        "change": GridCell("+19\u00a0986,50", tone="up"), "limit": GridCell("nav"),
    }, tone="open", opens=True)  # fmt: skip
    schools = [
        GridRow(name, {
            "name": GridCell(name), "plans": GridCell(plans), "maximum": GridCell(money),
            "part": GridCell(f"{part} %", part, part=part),
        }, tone="sub", opens=True)
        for name, plans, money, part in (
            ("Ludzas pilsētas vidusskola", "22", "5951,00", 28),
            ("Kārsavas vidusskola", "12", "3246,00", 15),
        )
    ]  # fmt: skip
    balvi = GridRow("balvi", {
        "name": GridCell("Balvu novada pašvaldība", small="pārņemts no Rugāju novada 01.07.2021."),
        "plans": GridCell("5", value=5), "maximum": GridCell("1352,50", value=135250),
        "part": GridCell("6 %", 6, part=6), "esf": GridCell("1149,62"),
        "state": GridCell("202,88"), "change": GridCell("−1137,50", tone="down"),
        "limit": GridCell("iestādes griesti", tone="hit"),
    }, opens=True)  # fmt: skip
    total = GridRow("total", {
        "name": GridCell("Kopā"), "plans": GridCell("80"), "maximum": GridCell("21\u00a0339,00"),
        "esf": GridCell("18\u00a0138,15"), "state": GridCell("3200,85"),
        "change": GridCell("+18\u00a0849,00"),
    })  # fmt: skip
    grid.show([ludza, *schools, balvi], total)
    return grid


def judge(key: str, name: str, typed: str) -> GridCell:
    """Whole plans, any place, a rate with its cents."""
    if name == "kind":
        return GridCell(dict(WRITE[3].choices)[typed], value=typed)
    if name == "plans" and not typed.strip().isdecimal():
        return GridCell(
            "",
            error=f"“{typed}” nav vesels skaitlis. Ierakstiet skaitu bez komata, piemēram, 2 vai 3.",  # noqa: E501
        )
    if name == "rate" and "," not in typed:
        return GridCell(f"{typed},00")
    return GridCell(typed.strip(), value=int(typed) if name == "plans" else None)


def writing(count: int = 5, **options: Any) -> Grid:
    """Schools with plans; as many as asked."""
    grid = Grid("Skaits", WRITE, lang="lv", **{"on_edit": judge, **options})
    grid.show(
        GridRow(str(n), {
            "name": GridCell(SCHOOLS[n % 5][0] + (f" {n // 5 + 1}" if n > 4 else "")),
            "place": GridCell(SCHOOLS[n % 5][1]), "plans": GridCell(str(n + 1), value=n + 1),
            "kind": GridCell("konsultatīvs", value="consultative"), "rate": GridCell("270,50"),
            "day": GridCell("01.09.2021."),
        })
        for n in range(count)
    )  # fmt: skip
    return grid
