"""Small random programmes: registers, counts, law and envelope, written as a folder of files."""

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.reference import reference
from toolkit.frames.allocation import Allocation
from toolkit.money import euros
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import load_law

Row = dict[str, str]
Draw = Callable[[st.SearchStrategy[Any]], Any]
T = TypeVar("T")

COLUMNS = {
    "semesters": "semester first_day last_day",
    "partners": "partner name kind registration_number valid_from valid_to",
    "institutions": "institution name kind valid_from valid_to",
    "memberships": "institution partner valid_from valid_to",
    "successions": "kind predecessor successor effective_on document",
    "agreements": "agreement partner signed_on valid_from valid_to",
    "amendments": "agreement amendment signed_on effective_on kind value note",
    "coverage": "agreement institution from_semester to_semester grades",
    "counts": "semester institution programme grade plan_kind plans",
    "unspent": "partner semester unspent",
    "quotas": "partner call projects",
}
SEMESTERS = {
    "2019/2020-2": ("2020-01-06", "2020-05-29"),
    "2020/2021-1": ("2020-09-01", "2020-12-18"),
    "2020/2021-2": ("2021-01-04", "2021-05-31"),
    "2021/2022-1": ("2021-09-01", "2021-12-22"),
}
UNITS = {"rate": "EUR/plan", "cap": "EUR/partner", "target": "grades", "share": "share"}
PARTNERS = ("ALFA", "BETA", "alfa", "ĀDAŽI", "OGRE-2", "10")
INSTITUTIONS = ("S-1", "S-10", "S-2", "s-1", "Ķ-1", "9", "ŽAGARE", "T")
SUCCESSIONS = ("merge", "split", "rename", "takeover")
AMENDMENTS = ("term", "termination", "institutions", "measures", "money", "party")
RATES = ("250.00", "199.99", "33.33", "0.01", "306.76", "120", "0.00", "1.5")
SHARES = ("0.85", "0.8333", "1", "0", "1.0", "0.5", "0.333333")
PLANS_GOOD = ("0", "1", "2", "7", "007", "13", "250", "1000000")
PLANS_BAD = ("", "-1", "2.5", "٣", " 5", "5 ", "+5", "x", "1e3", "1000001", "9" * 30, "½", "5,0")
GRADES_BAD = ("", "0", "13", "x", "٣", " 5", "-1", "5.0", "99999999999999")


@dataclass(frozen=True)
class Value:
    """One dated value of a parameter as TOML writes it; None is an explicit end."""

    since: str
    value: str | None
    known_since: str = ""


@dataclass(frozen=True)
class Programme:
    """The files of a programme, the semester asked for and the envelope given by hand."""

    semester: str
    tables: Mapping[str, Sequence[Row]]
    law: Mapping[str, Sequence[Value]]
    envelope_cents: int | None = None

    def write(self, folder: Path) -> Path:
        for table, columns in COLUMNS.items():
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(columns.split())
                writer.writerows(row.values() for row in self.tables.get(table, ()))
        law = "\n".join([HEAD, *(toml(name, values) for name, values in self.law.items())])
        (folder / "law.toml").write_text(law, "utf-8")
        return folder

    def with_rows(self, **tables: Sequence[Row]) -> "Programme":
        return replace(self, tables={**self.tables, **tables})

    def with_law(self, name: str, *values: Value) -> "Programme":
        """Another law; a parameter without values is left out of it."""
        law = {**self.law, name: values}
        return replace(self, law={name: values for name, values in law.items() if values})

    def with_envelope(self, cents: int | None) -> "Programme":
        return replace(self, envelope_cents=cents)

    def unlimited(self) -> "Programme":
        law = {n: v for n, v in self.law.items() if n != "envelope" and not n.startswith("cap.")}
        return replace(self, law=law, envelope_cents=None)


HEAD = '[programme]\nid = "1"\nfund = "ESF"\ntitle = { lv = "Programma", en = "Programme" }\n'


def toml(name: str, values: Sequence[Value]) -> str:
    rows = [
        f"  {{ since = {value.since}, "
        + ("ended = true" if value.value is None else f"value = {value.value}")
        + (f", known_since = {value.known_since}" if value.known_since else "")
        + ', status = "assumed", source = { act = "test" } },'
        for value in values
    ]
    unit = UNITS.get(name.split(".", maxsplit=1)[0], "EUR/semester")
    head = f'[parameter."{name}"]\ntitle = {{ lv = "{name}", en = "{name}" }}\nunit = "{unit}"'
    return "\n".join([head, "values = [", *rows, "]\n"])


def row(table: str, *cells: str) -> Row:
    return dict(zip(COLUMNS[table].split(), cells, strict=True))


def allocated(programme: Programme) -> Allocation:
    """What the toolkit makes of the programme."""
    with tempfile.TemporaryDirectory() as name:
        folder = programme.write(Path(name))
        inputs, law = read_inputs(folder), load_law(folder=folder)
    return allocate(inputs, law, Semester.parse(programme.semester), programme.envelope_cents)


def expected(programme: Programme) -> dict[str, Any]:
    """What the reference makes of the programme."""
    with tempfile.TemporaryDirectory() as name:
        folder = programme.write(Path(name))
        return reference(folder, programme.semester, programme.envelope_cents)


def as_json(allocation: Allocation) -> dict[str, Any]:
    """The toolkit's result in the form of the worked cases."""
    partners = allocation.partners.select(
        "partner", "plans", "maximum_cents", "esf_cents", "state_cents", "binding"
    )
    lines = allocation.lines.select(
        "partner", "institution", "programme", "grade", "plan_kind", "plans",
        "rate_cents", "earned_cents", "maximum_cents",
    )  # fmt: skip
    refused = allocation.refused.select("row", "rule")
    return {
        "semester": allocation.calendar.semester.code,
        "complete": allocation.complete,
        "total": euros(allocation.total_cents),
        "esf": euros(allocation.esf_cents),
        "state": euros(allocation.state_cents),
        "partners": [_in_euros(figures) for figures in partners.iter_rows(named=True)],
        "lines": [_in_euros(figures) for figures in lines.iter_rows(named=True)],
        "refused": [{"table": "counts", **figures} for figures in refused.iter_rows(named=True)],
    }


def _in_euros(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removesuffix("_cents"): euros(figure) if name.endswith("_cents") else figure
        for name, figure in figures.items()
    }


def mostly(usual: T, *rare: T) -> st.SearchStrategy[T]:
    """The usual value in most examples, now and then a rare one."""
    return st.sampled_from([usual] * (4 * len(rare)) + list(rare))


def days_near(semester: str) -> list[str]:
    """Days far from the semester, and on both sides of its first and last day."""
    first, last = (date.fromisoformat(day) for day in SEMESTERS[semester])
    near = [day + timedelta(shift) for day in (first, last) for shift in (-1, 0, 1)]
    return ["2018-02-28", *(day.isoformat() for day in near), "2023-12-31"]


def _some(draw: Draw, codes: Sequence[str]) -> list[str]:
    return list(draw(st.permutations(codes)))[: draw(st.integers(1, len(codes)))]


@st.composite
def programmes(draw: Draw, *, bad_rows: bool = True) -> Programme:
    """A random programme with 1–6 partners and 1–8 institutions."""
    semester = draw(st.sampled_from(sorted(SEMESTERS)[1:]))
    partners = _some(draw, PARTNERS)
    institutions = _some(draw, INSTITUTIONS)
    agreements = _agreements(draw, semester, partners)
    memberships = _memberships(draw, semester, partners, institutions)
    successions = _successions(draw, semester, partners)
    tables = {
        "semesters": [row("semesters", code, *days) for code, days in SEMESTERS.items()],
        "partners": [
            row("partners", code, code, "municipality", "", "2009-07-01", "") for code in partners
        ],
        "institutions": [
            row("institutions", code, code, "general", "2009-07-01", "") for code in institutions
        ],
        "memberships": in_step(memberships, successions),
        "successions": successions,
        "agreements": agreements,
        "amendments": _amendments(draw, semester, agreements, partners),
        "coverage": _coverage(draw, semester, agreements, institutions),
        "counts": _counts(draw, semester, institutions, bad_rows=bad_rows),
    }
    return Programme(semester, tables, _law(draw, semester, bad_rows=bad_rows), draw(envelopes()))


@st.composite
def without_successions(draw: Draw) -> Programme:
    """A programme whose partners all stay, with open agreements and every institution covered."""
    programme: Programme = draw(programmes(bad_rows=False))
    tables = programme.tables
    agreements = [{**agreement, "valid_to": ""} for agreement in tables["agreements"]]
    names = st.sampled_from([agreement["agreement"] for agreement in agreements])
    covered = [
        row("coverage", draw(names), place["institution"], "2017/2018-1", "", grades)
        for place in tables["institutions"]
        for grades in draw(mostly(("",), ("1-6", "7-12")))
    ]
    return programme.with_rows(
        agreements=agreements, coverage=covered, successions=[], amendments=[]
    )


def envelopes() -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.none(), st.just(0), st.integers(0, 500_000))


def _memberships(
    draw: Draw, semester: str, partners: list[str], institutions: list[str]
) -> list[Row]:
    """One partner, none, two at once, or two in turn with the change near the semester."""
    found: list[Row] = []
    for institution in institutions:
        one, other = draw(st.sampled_from(partners)), draw(st.sampled_from(partners))
        change = draw(st.sampled_from(days_near(semester)))
        before = (date.fromisoformat(change) - timedelta(1)).isoformat()
        shape = draw(mostly("one", "none", "both", "in turn"))
        if shape in ("one", "both"):
            found.append(row("memberships", institution, one, "2009-07-01", ""))
        if shape == "both" and other != one:
            found.append(row("memberships", institution, other, "2009-07-01", ""))
        if shape == "in turn":
            found.append(row("memberships", institution, one, "2009-07-01", before))
            found.append(row("memberships", institution, other, change, ""))
    return found


def in_step(memberships: list[Row], successions: list[Row]) -> list[Row]:
    """A school that leaves a partner on the day of its merger goes where the partner goes.

    Elsewhere it would be lost on the way, and the allocation stopped: a test of its own.
    """
    heirs: dict[str, list[Row]] = {}
    for step in successions:
        heirs.setdefault(step["predecessor"], []).append(step)
    whole = {
        (step["predecessor"], step["effective_on"]): step["successor"]
        for (step,) in (steps for steps in heirs.values() if len(steps) == 1)
        if step["kind"] != "split"
    }
    left = {own["institution"]: own["partner"] for own in memberships if own["valid_to"]}
    return [
        {
            **own,
            "partner": whole.get(
                (left.get(own["institution"], ""), own["valid_from"]), own["partner"]
            ),
        }
        for own in memberships
    ]


def _successions(draw: Draw, semester: str, partners: list[str]) -> list[Row]:
    """Chains and splits towards later partners of the list; their days never run backwards.

    A partner may be among its own heirs: then only a part of it left.
    """
    found: list[Row] = []
    arrived = dict.fromkeys(partners, "")
    for place, predecessor in enumerate(partners[:-1]):
        heirs = draw(st.lists(st.sampled_from(partners[place:]), max_size=2, unique=True))
        for heir in heirs:
            drawn = draw(st.sampled_from(days_near(semester)))
            day = max(drawn, arrived[predecessor])
            arrived[heir] = max(day, arrived[heir])
            kind = "split" if heir == predecessor else draw(st.sampled_from(SUCCESSIONS))
            found.append(row("successions", kind, predecessor, heir, day, ""))
    return found


def _agreements(draw: Draw, semester: str, partners: list[str]) -> list[Row]:
    found: list[Row] = []
    parties = [*partners, *draw(st.lists(st.sampled_from(partners), max_size=2))]
    days = days_near(semester)
    for number, party in enumerate(parties, 1):
        begins = draw(mostly(days[0], *days[1:-1]))
        ends = draw(mostly("", *(day for day in days if day >= begins)))
        found.append(row("agreements", f"L-{number}", party, begins, begins, ends))
    return found


def _amendments(draw: Draw, semester: str, agreements: list[Row], partners: list[str]) -> list[Row]:
    """Of every kind; a new party is one of the partners, or nobody."""
    found: list[Row] = []
    days = st.sampled_from(days_near(semester))
    numbers = st.lists(st.sampled_from(["1", "2", "10"]), max_size=3, unique=True)
    for agreement in agreements:
        for number in draw(numbers) if draw(mostly("as signed", "amended")) == "amended" else []:
            kind = draw(st.sampled_from(AMENDMENTS))
            values = {"term": days, "termination": days, "party": st.sampled_from([*partners, "5"])}
            value = draw(values.get(kind, st.just("5")))
            cells = (agreement["agreement"], number, "2018-01-01", draw(days), kind, value, "")
            found.append(row("amendments", *cells))
    return found


def _coverage(
    draw: Draw, semester: str, agreements: list[Row], institutions: list[str]
) -> list[Row]:
    """Mostly one open row for each institution; also rows that overlap or miss the semester."""
    found: list[Row] = []
    names = st.sampled_from([agreement["agreement"] for agreement in agreements])
    grades = mostly("", "5-9", "1-4,7", "10-12")
    starts = mostly("2017/2018-1", *SEMESTERS)
    ends = mostly("", *SEMESTERS)
    for institution in institutions:
        for _ in range(draw(mostly(1, 0, 2))):
            cells = (draw(names), institution, draw(starts), draw(ends), draw(grades))
            found.append(row("coverage", *cells))
    return found


def _counts(draw: Draw, semester: str, institutions: list[str], *, bad_rows: bool) -> list[Row]:
    """Rows of the semester: good ones, or with every kind of mistake and empty lines between."""
    found: dict[tuple[str, ...], Row] = {}
    spoiled: list[Row] = []
    for _ in range(draw(mostly(14, *range(13)))):
        programme = draw(mostly("general", "vocational"))
        cells = {
            "semester": semester,
            "institution": draw(st.sampled_from(institutions)),
            "programme": programme,
            "grade": str(draw(st.integers(1, 12 if programme == "general" else 5))),
            "plan_kind": draw(st.sampled_from(["consultative", "economic"])),
            "plans": draw(st.one_of(st.integers(0, 40).map(str), st.sampled_from(PLANS_GOOD))),
        }
        found[tuple(cells.values())[:-1]] = cells
        if bad_rows and draw(mostly(0, 1)):
            spoiled.append(_spoiled(draw, semester, cells))
    rows = [*found.values(), *spoiled]
    return list(draw(st.permutations(rows))) if bad_rows else rows


def _spoiled(draw: Draw, semester: str, cells: Row) -> Row:
    """The row with one cell changed, the same row again, an empty line, or all cells empty."""
    wrong = {
        "semester": ("2019/2020-9", "", *(code for code in SEMESTERS if code != semester)),
        "institution": ("NOWHERE", ""),
        "programme": ("sports", "", "General"),
        "grade": (*GRADES_BAD, f"0{cells['grade']}"),
        "plan_kind": ("social", ""),
        "plans": PLANS_BAD,
    }
    shape = draw(st.sampled_from([*wrong, "plans", "grade", "same", "line", "empty"]))
    if shape == "line":
        return {}
    if shape == "empty":
        return dict.fromkeys(cells, "")
    return cells if shape == "same" else {**cells, shape: draw(st.sampled_from(wrong[shape]))}


def _law(draw: Draw, semester: str, *, bad_rows: bool) -> dict[str, list[Value]]:
    first = date.fromisoformat(SEMESTERS[semester][0])
    amount = st.integers(0, 400_000).map(euros)
    law = {
        "share.esf": _dated(draw, first, st.sampled_from(SHARES)),
        "target.general": _dated(draw, first, mostly('"1-12"', '"5-12"', '"1-3,7-9"')),
        "target.vocational": _dated(draw, first, st.sampled_from(['"1-4"', '"1-12"'])),
        "rate.consultative": _dated(draw, first, st.sampled_from(RATES)),
        "rate.economic": _dated(draw, first, st.one_of(st.sampled_from(RATES), amount)),
    }
    for limit in ("cap.institution", "cap.partner", "envelope"):
        if draw(st.booleans()):
            law[limit] = _dated(draw, first, st.one_of(amount, amount, amount, st.none()))
    if bad_rows and draw(mostly(0, 0, 0, 1)):
        law["rate.economic"] = [*law["rate.economic"][:1], Value(first.isoformat(), None)]
    return law


def _dated(draw: Draw, first: date, values: st.SearchStrategy[str | None]) -> list[Value]:
    """A value from long ago, sometimes another from near the first day, or better known later."""
    found = [Value("2017-03-16", draw(values))]
    shape = draw(mostly("one", "two", "known later"))
    if shape == "two":
        since = first + timedelta(draw(st.sampled_from([-1, 0, 1])))
        found.append(Value(since.isoformat(), draw(values)))
    if shape == "known later":
        found.append(Value("2017-03-16", draw(values), known_since="2020-02-02"))
    return found
