"""How one figure came about: plans, rate with its act, limits, agreement, place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.frames.allocation import Allocation, LawUsed
from toolkit.pages.semester_rows import SEPARATOR, line_key, line_name
from toolkit.texts import text
from toolkit.texts.formats import day, money, word


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the way to a figure."""

    what: str
    words: str = ""
    small: str = ""
    url: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure and its steps."""

    figure: str
    of: str
    steps: tuple[TraceStep, ...]


def trace(allocation: Allocation, key: str, lang: str) -> Trace | None:
    """The way to the maximum of a partner, a school or one of its rows; None when gone."""
    parts = key.split(SEPARATOR)
    names = ("partner", "institution", "programme", "grade", "plan_kind")
    lines = [
        row
        for row in allocation.lines.iter_rows(named=True)
        if list(line_key(row)[: len(parts)]) == parts
    ]
    if not lines:
        return None
    frame = (allocation.partners, allocation.institutions, allocation.lines)[min(len(parts), 3) - 1]
    own = next(
        row
        for row in frame.iter_rows(named=True)
        if all(str(row[name]) == part for name, part in zip(names, parts, strict=False))
    )
    table = "partner" if len(parts) == 1 else "institution"
    of = allocation.names[table].get(own[table], own[table])
    if len(parts) == len(names):
        of = f"{of}: {line_name(own, lang)}"
    steps = (*_earned(allocation, lines, lang), *_limits(allocation, own, parts, lang))
    return Trace(money(own["maximum_cents"], lang), of, (*steps, *_agreements(lines, lang)))


def _earned(allocation: Allocation, lines: list[dict[str, Any]], lang: str) -> Iterator[TraceStep]:
    """Per kind of plan: how many, where they stand in the files, the rate, and their product."""
    for kind in sorted({row["plan_kind"] for row in lines}):
        own = [row for row in lines if row["plan_kind"] == kind]
        plans = sum(row["plans"] for row in own)
        places = _places(own, lang)
        of_kind = text("trace.kind", lang, kind=word("plan_kind", kind, lang))
        yield TraceStep(text("trace.plans", lang, plans=plans), of_kind, places)
        rate = _used(allocation, f"rate.{kind}")
        if rate is not None and all(row["basis"] == "per_plan" for row in own):
            yield _parameter("×", rate, lang)
        earned = sum(row["earned_cents"] for row in own)
        yield TraceStep(f"= {money(earned, lang)}", text("trace.earned", lang))


def _limits(
    allocation: Allocation, own: Mapping[str, Any], parts: list[str], lang: str
) -> Iterator[TraceStep]:
    """The limits a figure passed, and which one decided."""
    limit = own.get("binding", own.get("limit", "none"))
    for name in ("cap.institution", "cap.partner", "envelope"):
        used = _used(allocation, name)
        if used is not None:
            yield _parameter("≤", used, lang)
    key = "trace.limit" if limit != "none" else "trace.no_limit"
    yield TraceStep(
        f"= {money(own['maximum_cents'], lang)}",
        text(key, lang, limit=word("limit", limit, lang)),
        text("trace.apportioned", lang) if limit != "none" and len(parts) > 1 else "",
    )


def _agreements(lines: list[dict[str, Any]], lang: str) -> Iterator[TraceStep]:
    for agreement in sorted({row["agreement"] for row in lines}):
        yield TraceStep(text("trace.agreement", lang, agreement=agreement))


def _parameter(sign: str, used: LawUsed, lang: str) -> TraceStep:
    point = f", {used.point}" if used.point else ""
    return TraceStep(
        f"{sign} {used.shown(lang)}",
        text("trace.since", lang, title=used.title[lang], day=day(used.since, lang)),
        f"{used.source(lang)}{point}",
        used.url if used.url.startswith("https://") else "",
        used.assumed,
    )


def _used(allocation: Allocation, name: str) -> LawUsed | None:
    return next((used for used in allocation.law_used if used.name == name), None)


def _places(lines: list[dict[str, Any]], lang: str) -> str:
    """Files and rows, the first few of them."""
    most = 8
    by_file: dict[str, list[int]] = {}
    for row in lines:
        by_file.setdefault(row["file"], []).append(row["row"])
    told = []
    for file, numbers in by_file.items():
        first = [text("trace.row", lang, row=number) for number in sorted(numbers)[:most]]
        more = len(numbers) - most
        key = "more" if more > 0 else "several" if len(numbers) > 1 else "one"
        told.append(
            text(f"trace.place.{key}", lang, file=file, rows=", ".join(first), more=max(more, 0))
        )
    return "; ".join(told)
