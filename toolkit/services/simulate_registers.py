"""The registers of an invented programme: partners, institutions, agreements, coverage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from toolkit import config
from toolkit.intake.folder import read_single
from toolkit.intake.forms import load_forms
from toolkit.semester import Calendar, Semester
from toolkit.services.simulate_draws import drawn

FIRST_SEMESTER = "2017/2018-1"
VALID_FROM = date(2009, 7, 1)
"""The day the municipalities before the present ones began: early enough for every semester."""
INVENTED = "(izdomāta)"
EXTENDED_EVERY = 4
"""One agreement in so many was signed for a shorter time and extended by an amendment."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a programme is; the defaults are those of the real one, 2017 to 2023."""

    plans: int = 93_497
    municipalities: int = 43
    schools: int = 31
    """State vocational schools: each is a partner and an institution."""
    institutions: int = 665
    """With the state vocational schools."""
    semesters: int = 12


@dataclass(frozen=True, slots=True)
class School:
    """An invented institution and the partner it belongs to."""

    code: str
    name: str
    partner: str
    vocational: bool


@dataclass(frozen=True, slots=True)
class Nation:
    """Who takes part, and in which semesters. State vocational schools stand after the others."""

    partners: tuple[Row, ...]
    schools: tuple[School, ...]
    calendars: tuple[Calendar, ...]


def known_calendars() -> tuple[Calendar, ...]:
    """The semesters from the first of the programme on, as far as the calendar reaches."""
    form = load_forms(config.shipped("templates/forms"))["semesters"]
    frame = read_single(config.shipped("data/reference") / "semesters.csv", form).frame
    days = frame.select("semester", "first_day", "last_day").sort("semester")
    return tuple(
        Calendar(Semester.parse(code), first, last)
        for code, first, last in days.iter_rows()
        if code >= FIRST_SEMESTER
    )


def known_municipalities() -> tuple[str, ...]:
    """The names of today's municipalities, state cities first."""
    path = config.shipped("data/reference") / "municipalities.csv"
    return tuple(pl.read_csv(path, columns=["name"], schema_overrides={"name": pl.String})["name"])


def nation(size: Size, seed: int) -> Nation:
    """The partners and institutions of an invented programme; the sizes must fit each other."""
    names = known_municipalities()[: size.municipalities]
    width = max(2, len(str(size.schools)))
    vocational = [
        (f"PV-{number:0{width}}", f"{number}. valsts profesionālā vidusskola {INVENTED}")
        for number in range(1, size.schools + 1)
    ]
    partners = [
        *(_partner(_code(name), f"{_of(name)} pašvaldība", "municipality") for name in names),
        *(_partner(code, name, "state_vocational") for code, name in vocational),
    ]
    schools = [
        *_general_schools(names, size.institutions - size.schools, seed),
        *(School(code, name, code, vocational=True) for code, name in vocational),
    ]
    return Nation(tuple(partners), tuple(schools), known_calendars()[: size.semesters])


def tables(nation: Nation) -> dict[str, pl.DataFrame]:
    """Every input table but the counts, as text and days, ready to be written."""
    first = nation.calendars[0]
    ends_on = date(nation.calendars[-1].last_day.year, 12, 31)
    agreements = [
        _agreement(number, row, first, ends_on) for number, row in enumerate(nation.partners)
    ]
    dated = {"valid_from": VALID_FROM, "valid_to": None}
    institutions: list[Row] = [
        {
            "institution": school.code, "name": school.name,
            "kind": "vocational" if school.vocational else "general", **dated,
        }
        for school in nation.schools
    ]  # fmt: skip
    memberships: list[Row] = [
        {"institution": school.code, "partner": school.partner, **dated}
        for school in nation.schools
    ]
    coverage = _covered(nation, agreements)
    amendments = _extensions(agreements, ends_on)
    return {
        "partners": _frame(
            "partner name kind registration_number", "valid_from valid_to", nation.partners
        ),
        "institutions": _frame("institution name kind", "valid_from valid_to", institutions),
        "memberships": _frame("institution partner", "valid_from valid_to", memberships),
        "successions": _frame("kind predecessor successor effective_on document", "", []),
        "agreements": _frame("agreement partner", "signed_on valid_from valid_to", agreements),
        "amendments": _frame(
            "agreement amendment", "signed_on effective_on", amendments, "kind value note"
        ),
        "coverage": _frame("agreement institution from_semester to_semester grades", "", coverage),
    }


def _covered(nation: Nation, agreements: Sequence[Row]) -> list[Row]:
    """Every school, in its partner's agreement from the first semester on, in all grades."""
    agreement_of = {row["partner"]: row["agreement"] for row in agreements}
    since = nation.calendars[0].semester.code
    return [
        {
            "agreement": agreement_of[school.partner], "institution": school.code,
            "from_semester": since, "to_semester": "", "grades": "",
        }
        for school in nation.schools
    ]  # fmt: skip


def _general_schools(names: Sequence[str], count: int, seed: int) -> Iterator[School]:
    """Each municipality gets one school, the rest fall unevenly, most to the state cities."""
    shares = [3 + drawn(seed, "share", place) % 8 for place in range(len(names))]
    shares = [
        s * 3 if "valstspilsēta" in name else s for s, name in zip(shares, names, strict=True)
    ]
    raffle = [place for place, share in enumerate(shares) for _ in range(share)]
    homes = list(range(min(count, len(names))))
    homes += [raffle[drawn(seed, "home", n) % len(raffle)] for n in range(len(homes), count)]
    width = max(3, len(str(count)))
    before = -1
    number = 0
    for serial, home in enumerate(sorted(homes), 1):
        number = number + 1 if home == before else 1
        before = home
        name = f"{_of(names[home])} {number}. vidusskola {INVENTED}"
        yield School(f"SK-{serial:0{width}}", name, _code(names[home]), vocational=False)


def _partner(code: str, name: str, kind: str) -> Row:
    # no registration number: an invented one might be somebody's
    return {
        "partner": code, "name": name, "kind": kind, "registration_number": "",
        "valid_from": VALID_FROM, "valid_to": None,
    }  # fmt: skip


def _agreement(number: int, partner: Row, first: Calendar, ends_on: date) -> Row:
    extended = number % EXTENDED_EVERY == 0
    return {
        "agreement": f"IZD-{first.first_day.year}/{number + 1:03}", "partner": partner["partner"],
        "signed_on": first.first_day.replace(month=8, day=1 + number % 28),
        "valid_from": first.first_day, "valid_to": first.last_day if extended else ends_on,
    }  # fmt: skip


def _extensions(agreements: Sequence[Row], ends_on: date) -> list[Row]:
    """One amendment of the term for each agreement that ends before the programme."""
    return [
        {
            "agreement": row["agreement"], "amendment": "1", "signed_on": row["valid_to"],
            "effective_on": row["valid_to"], "kind": "term", "value": ends_on.isoformat(),
            "note": "izdomāts pagarinājums",
        }
        for row in agreements
        if row["valid_to"] != ends_on
    ]  # fmt: skip


def _frame(texts: str, days: str, rows: Sequence[Row], more: str = "") -> pl.DataFrame:
    schema = dict.fromkeys(texts.split(), pl.String()) | dict.fromkeys(days.split(), pl.Date())
    return pl.DataFrame(list(rows), schema=schema | dict.fromkeys(more.split(), pl.String()))


def _code(name: str) -> str:
    """`Rēzeknes novads` as `REZEKNES-NOVADS`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")


def _of(name: str) -> str:
    """`Rēzeknes novads` in the genitive."""
    return name.replace("novads", "novada").replace("valstspilsēta", "valstspilsētas")
