"""The semester maximum once more, from the contract text alone: nothing here comes from toolkit."""

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

Row = dict[str, str]
Json = dict[str, Any]
Weights = dict[Any, int]

KEYS = ("semester", "institution", "programme", "grade", "plan_kind")
WHOLE = re.compile(r"[0-9]+")
MOST_PLANS = 1_000_000
FOREVER = date.max


class RefusedError(Exception):
    """A counts row broke a rule; the message is the rule."""


def reference(folder: Path, semester: str, envelope_cents: int | None = None) -> Json:
    """Give the JSON of the worked cases for one semester of one folder."""
    programme = Programme(folder, semester)
    lines, refused = programme.judge()
    envelope = programme.cents("envelope") if envelope_cents is None else envelope_cents
    partners = limit(lines, programme.cents("cap.institution"), programme.cents("cap.partner"))
    apply_envelope(partners, envelope)
    hand_down(partners, lines)
    return as_json(semester, partners, lines, refused, programme.share)


@dataclass(frozen=True)
class Stand:
    """A partner as it stands after a succession; `left` are those it took over from that day."""

    partner: str
    since: date = date.min
    left: frozenset[str] = frozenset()

    def after(self, step: Row) -> "Stand":
        on = day(step["effective_on"], FOREVER)
        left = self.left if on == self.since else frozenset()
        return Stand(step["successor"], on, left | {self.partner})


class Programme:
    """The tables of a folder and the law, seen on the first day of one semester."""

    def __init__(self, folder: Path, semester: str) -> None:
        self.semester = semester
        self.tables = {path.stem: list(read(path)) for path in folder.glob("*.csv")}
        self.semesters = {row["semester"]: row for row in self.tables["semesters"]}
        self.first = day(self.semesters[semester]["first_day"], FOREVER)
        self.last = day(self.semesters[semester]["last_day"], FOREVER)
        self.institutions = {row["institution"] for row in self.tables["institutions"]}
        self.law = tomllib.loads((folder / "law.toml").read_text("utf-8"), parse_float=Decimal)
        self.ends = {row["agreement"]: self.end(row) for row in self.tables["agreements"]}
        self.share = Fraction(self.value("share.esf"))

    def value(self, name: str) -> Any:
        """The parameter on the semester's first day; None when absent or ended."""
        if name not in self.law["parameter"]:
            return None
        values = self.law["parameter"][name]["values"]
        begun = [v for v in values if v["since"] <= self.first]
        latest = max(begun, key=lambda v: (v["since"], v.get("known_since", date.min)))
        return None if latest.get("ended") else latest["value"]

    def cents(self, name: str) -> int | None:
        value = self.value(name)
        return None if value is None else int(Decimal(value) * 100)

    def end(self, agreement: Row) -> date:
        """The agreement's last day after all its amendments."""
        end = day(agreement["valid_to"], FOREVER)
        own = [a for a in self.tables["amendments"] if a["agreement"] == agreement["agreement"]]
        for amendment in sorted(own, key=lambda a: (a["effective_on"], int(a["amendment"]))):
            if amendment["kind"] == "term":
                end = day(amendment["value"], FOREVER)
            elif amendment["kind"] == "termination":
                end = min(end, day(amendment["value"], FOREVER))
        return end

    def judge(self) -> tuple[list[Json], list[Json]]:
        """The accepted lines with what they earned, and the refused rows with their first rule."""
        same = Counter(keys(row) for row in self.tables["counts"])
        lines, refused = [], []
        for row in self.tables["counts"]:
            if row["semester"] in self.semesters and row["semester"] != self.semester:
                continue
            try:
                lines.append(self.line(row, same[keys(row)]))
            except RefusedError as broken:
                finding = {"table": "counts", "row": int(row["#"]), "rule": f"counts.{broken}"}
                refused.append(finding)
        lines.sort(key=lambda line: tuple(line[k] for k in ("partner", *KEYS[1:])))
        return lines, refused

    def line(self, row: Row, same: int) -> Json:
        refuse("unknown_semester", when=row["semester"] not in self.semesters)
        refuse("plans_not_whole", when=not WHOLE.fullmatch(row["plans"]))
        refuse("too_many_plans", when=int(row["plans"]) > MOST_PLANS)
        refuse("duplicate", when=same > 1)
        refuse("unknown_institution", when=row["institution"] not in self.institutions)
        refuse("outside_target_group", when=not self.in_target_group(row))
        rate, plans = self.cents(f"rate.{row['plan_kind']}"), int(row["plans"])
        if rate is None:
            raise RefusedError("unknown_plan_kind")
        parties = self.parties(row)
        refuse("not_covered", when=not parties)
        refuse("ambiguous_coverage", when=len(parties) > 1)
        partner = self.heir(Stand(parties.pop()[1]), self.members(row["institution"]))
        refuse("ambiguous_partner", when=partner is None)
        return {
            "partner": partner,
            **{name: row[name] for name in ("institution", "programme", "plan_kind")},
            "grade": int(row["grade"]),
            "plans": plans,
            "rate": rate,
            "earned": plans * rate,
        }

    def in_target_group(self, row: Row) -> bool:
        target = self.value(f"target.{row['programme']}")
        return target is not None and within(row["grade"], target)

    def parties(self, row: Row) -> set[tuple[str, str]]:
        """The agreements that cover the row and are valid in the semester, with their party."""
        covering = {
            cover["agreement"]
            for cover in self.tables["coverage"]
            if cover["institution"] == row["institution"]
            and cover["from_semester"] <= self.semester <= (cover["to_semester"] or "9")
            and (not cover["grades"] or within(row["grade"], cover["grades"]))
        }
        return {
            (agreement["agreement"], self.party(agreement))
            for agreement in self.tables["agreements"]
            if agreement["agreement"] in covering
            and day(agreement["valid_from"], date.min) <= self.last
            and self.ends[agreement["agreement"]] >= self.first
        }

    def party(self, agreement: Row) -> str:
        """The agreement's party on the first day: a new one that is no partner is none."""
        partners = {row["partner"] for row in self.tables["partners"]}
        passed = [
            (amendment["effective_on"], int(amendment["amendment"]), amendment["value"])
            for amendment in self.tables["amendments"]
            if amendment["agreement"] == agreement["agreement"]
            and amendment["kind"] == "party"
            and amendment["value"] in partners
            and day(amendment["effective_on"], FOREVER) <= self.first
        ]
        return max(passed)[2] if passed else agreement["partner"]

    def heir(self, stand: Stand, members: set[str]) -> str | None:
        """Who stands in the partner's place on the first day; None when a split is undecided."""
        steps = self.steps(stand)
        first = [step for step in steps if step["effective_on"] == steps[0]["effective_on"]]
        if any(stand.partner in self.reach(stand.after(step)) for step in first):
            steps = first  # it comes back, and what happened later happened to it again
        heirs = {step["successor"]: stand.after(step) for step in reversed(steps)}
        if not heirs:
            return stand.partner
        if len(heirs) > 1 or any(step["kind"] == "split" for step in steps):
            heirs = {name: heir for name, heir in heirs.items() if self.reach(heir) & members}
        if len(heirs) != 1:
            return None
        return self.heir(next(iter(heirs.values())), members)

    def steps(self, stand: Stand) -> list[Row]:
        """The partner's successions up to the first day, none before it became what it is."""
        own = [row for row in self.tables["successions"] if row["predecessor"] == stand.partner]
        return [
            step
            for step in sorted(own, key=lambda step: step["effective_on"])
            if stand.since <= (on := day(step["effective_on"], FOREVER)) <= self.first
            and (on > stand.since or stand.partner not in stand.left)
        ]

    def reach(self, stand: Stand) -> set[str]:
        """The partner and everyone its later successions lead to."""
        onward = (self.reach(stand.after(step)) for step in self.steps(stand))
        return {stand.partner}.union(*onward)

    def members(self, institution: str) -> set[str]:
        return {
            row["partner"]
            for row in self.tables["memberships"]
            if row["institution"] == institution
            and day(row["valid_from"], date.min) <= self.first <= day(row["valid_to"], FOREVER)
        }


def read(path: Path) -> Iterator[Row]:
    """The data rows with their number as in the file, under the key "#"."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *body = csv.reader(file)
    for number, cells in enumerate(body, start=2):
        if any(cells):
            yield {**dict(zip(head, cells, strict=True)), "#": str(number)}


def day(text: str, empty: date) -> date:
    return date.fromisoformat(text) if text else empty


def keys(row: Row) -> tuple[str, ...]:
    """The five keys; grade 07 is grade 7."""
    grade = str(int(row["grade"])) if WHOLE.fullmatch(row["grade"]) else row["grade"]
    return tuple(grade if key == "grade" else row[key] for key in KEYS)


def within(grade: str, grades: str) -> bool:
    """Whether the grade is in a list such as `5-9` or `5-7,9`."""
    if not WHOLE.fullmatch(grade):
        return False
    spans = (part.split("-") for part in grades.split(","))
    return any(int(span[0]) <= int(grade) <= int(span[-1]) for span in spans)


def refuse(rule: str, *, when: bool) -> None:
    if when:
        raise RefusedError(rule)


def limit(lines: list[Json], institution_cap: int | None, partner_cap: int | None) -> Json:
    """Per partner: plans, the maxima of its institutions, its own maximum, what bound it."""
    earned: Json = defaultdict(lambda: defaultdict(int))
    for line in lines:
        earned[line["partner"]][line["institution"]] += line["earned"]
    partners = {}
    for name in sorted(earned):
        institutions = {key: lesser(cents, institution_cap) for key, cents in earned[name].items()}
        whole = sum(institutions.values())
        binding = "institution" if institutions != earned[name] else "none"
        partners[name] = {
            "plans": sum(line["plans"] for line in lines if line["partner"] == name),
            "institutions": institutions,
            "maximum": lesser(whole, partner_cap),
            "binding": "partner" if lesser(whole, partner_cap) < whole else binding,
        }
    return partners


def apply_envelope(partners: Json, envelope: int | None) -> None:
    maxima = {name: partner["maximum"] for name, partner in partners.items()}
    if envelope is not None and envelope < sum(maxima.values()):
        for name, cents in apportion(envelope, maxima).items():
            partners[name].update(maximum=cents, binding="envelope")


def hand_down(partners: Json, lines: list[Json]) -> None:
    """A partner's maximum over its institutions, an institution's over its lines."""
    for name, partner in partners.items():
        for institution, cents in apportion(partner["maximum"], partner["institutions"]).items():
            own = {
                (line["programme"], line["grade"], line["plan_kind"]): line
                for line in lines
                if (line["partner"], line["institution"]) == (name, institution)
            }
            parts = apportion(cents, {key: line["earned"] for key, line in own.items()})
            for key, part in parts.items():
                own[key]["maximum"] = part


def lesser(cents: int, cap: int | None) -> int:
    return cents if cap is None else min(cents, cap)


def apportion(total: int, weights: Weights) -> Weights:
    """Largest remainder; ties to the larger weight, then the smaller key."""
    whole = sum(weights.values())
    if whole == 0:
        return dict.fromkeys(weights, 0)
    exact = {key: Fraction(total * weight, whole) for key, weight in weights.items()}
    parts = {key: share.numerator // share.denominator for key, share in exact.items()}
    order = sorted(weights, key=lambda key: (parts[key] - exact[key], -weights[key], key))
    for key in order[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def as_json(
    semester: str,
    partners: Json,
    lines: list[Json],
    refused: list[Json],
    share: Fraction,
) -> Json:
    maxima = {name: partner["maximum"] for name, partner in partners.items()}
    total = sum(maxima.values())
    esf = total * share.numerator // share.denominator
    parts = apportion(esf, maxima)
    order = ("partner", "institution", "programme", "grade", "plan_kind", "plans")
    return {
        "semester": semester,
        "complete": not refused,
        "total": euros(total),
        "esf": euros(esf),
        "state": euros(total - esf),
        "partners": [
            {
                "partner": name,
                "plans": partner["plans"],
                "maximum": euros(partner["maximum"]),
                "esf": euros(parts[name]),
                "state": euros(partner["maximum"] - parts[name]),
                "binding": partner["binding"],
            }
            for name, partner in partners.items()
        ],
        "lines": [
            {key: line[key] for key in order}
            | {key: euros(line[key]) for key in ("rate", "earned", "maximum")}
            for line in lines
        ],
        "refused": refused,
    }


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
