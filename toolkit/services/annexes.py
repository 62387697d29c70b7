"""What an amendment changes, as its annex prints it: in words, for commands and pages alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from toolkit.rules.amendments import Amendment, Change, Covered, difference
from toolkit.services.agreements import AgreementOn
from toolkit.services.plans import measure_names
from toolkit.texts import text
from toolkit.texts.formats import SEMESTER, day, money, semester

Names = Mapping[str, str]
NO_NAMES: Names = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Annex:
    """An amendment and what it changed in the version before it."""

    amendment: Amendment
    changes: tuple[Change, ...]


def annexes(found: AgreementOn) -> Iterator[Annex]:
    """Every amendment of an agreement in its order."""
    for before, after in pairwise(found.known):
        assert after.amendment is not None
        yield Annex(after.amendment, tuple(difference(before, after)))


def field(change: Change, lang: str) -> str:
    """What has changed."""
    return text(f"cli.agreements.field.{change.field}", lang)


def value(name: str, found: Any, lang: str, names: Names = NO_NAMES) -> str:
    """A term of an agreement as a person reads it; codes by their names where they are given."""
    if found is None:
        return "—"
    if name == "coverage":
        return covered(found, lang, names)
    if name == "amount_cents":
        return money(found, lang)
    if isinstance(found, date):
        return day(found, lang)
    if isinstance(found, tuple):
        return ", ".join(names.get(code, code) for code in found) or text(
            "cli.agreements.all", lang
        )
    return _code(str(found), lang, names)


def _code(found: str, lang: str, names: Names) -> str:
    return semester(found, lang) if SEMESTER.fullmatch(found) else names.get(found, found)


def line(change: Change, lang: str) -> str:
    """A line of the annex: what, before, after."""
    names = measure_names(lang)
    before, after = (value(change.field, one, lang, names) for one in (change.before, change.after))
    return f"{field(change, lang)}: {before} → {after}"


def covered(one: Covered, lang: str, names: Names = NO_NAMES) -> str:
    """An institution with its semesters, grades and first day."""
    last = semester(one.to_semester, lang) if one.to_semester else "…"
    span = f"{semester(one.from_semester, lang)} – {last}"
    starts = day(one.starts_on, lang) if one.starts_on else ""
    terms = "; ".join(filter(None, (span, grades(one.grades, lang), starts)))
    return f"{names.get(one.institution, one.institution)} ({terms})"


def grades(known: tuple[int, ...], lang: str) -> str:
    """Grades as ranges: `5–9, 12`."""
    if not known:
        return text("cli.agreements.all_grades", lang)
    parts: list[list[int]] = []
    for grade in known:
        if parts and parts[-1][-1] == grade - 1:
            parts[-1].append(grade)
        else:
            parts.append([grade])
    return ", ".join(f"{p[0]}–{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)
