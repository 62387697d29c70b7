"""Where the programme stands: money by semester, targets, what is due, what was done last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.pages.overview_chart import money_chart
from toolkit.pages.page import Desk, Page
from toolkit.services import overview, people, stored
from toolkit.services.figures import Indicator, SemesterFigures
from toolkit.services.overview import Overview as Found
from toolkit.services.overview import Watched
from toolkit.texts import text
from toolkit.texts.formats import count, due_subject, moment

INDICATORS = ("plans", "learners", "institutions", "municipalities")


class Overview(Page):
    """The first page."""

    name = "overview"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: Found | None = None
        self.watched: Watched | None = None
        self.people: dict[str, str] = {}
        self.settled = False

    def open(self) -> None:
        self.found = overview.programme(self.desk.database, self.person, stored.today())
        known = people.people(self.desk.database).values()
        self.people = {person.code: person.name for person in known}

    def settle(self) -> bool:
        if self.found is None:
            return False
        self.settled = True
        semesters = [own.semester for own in self.found.semesters]
        self.watched = overview.watched(self.desk.database, self.person, stored.today(), semesters)
        return True

    def facts(self) -> Mapping[str, Any]:
        rows = [own for own in self.found.semesters if _known(own)] if self.found else []
        return {
            "found": self.found, "watched": self.watched, "rows": rows,
            "latest": rows[-1] if rows else None,
            "indicators": self._indicators(rows[-1]) if rows else [], "people": self.people,
            "due_subject": lambda own: due_subject(own.kind, own.subject, self.lang),
            "journal": self.found is not None and self.person.refusal("journal") is None,
            "moment": lambda entry: moment(entry.at, self.lang),
            # to draw takes longer than all the rest: the figures are there first
            "chart": money_chart(rows, self.lang) if self.settled else "",
            "drawing": not self.settled and any(own.state for own in rows),
        }  # fmt: skip

    def _indicators(self, own: SemesterFigures) -> list[dict[str, Any]]:
        found = []
        for name in INDICATORS:
            if name in own.indicators:
                indicator = own.indicators[name]
                found.append(
                    {
                        "title": text(f"overview.indicator.{name}", self.lang),
                        "value": self._value(indicator),
                        "target": self._target(indicator),
                        "reached": indicator.reached,
                        "assumed": bool(indicator.target and indicator.target.assumed),
                    }
                )
        return found

    def _value(self, indicator: Indicator) -> str:
        if indicator.here is None:
            return "–"
        if indicator.share is None:
            return count(indicator.here, self.lang)
        return f"{count(indicator.here, self.lang)} ({_percent(indicator, self.lang)} %)"

    def _target(self, indicator: Indicator) -> str:
        if indicator.target is None:
            return text("overview.no_target", self.lang)
        key = "overview.target_share" if indicator.whole else "overview.target"
        to_date = "–" if indicator.to_date is None else count(indicator.to_date, self.lang)
        target = _plain(indicator.target.shown(self.lang), self.lang)
        return text(key, self.lang, target=target, to_date=to_date)


def _plain(written: str, lang: str) -> str:
    """A number of the law, grouped, without noughts that say nothing: `80.00` as `80`."""
    if written.isdecimal():
        return count(int(written), lang)
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.replace(".", ",") if lang == "lv" else written


def _known(own: SemesterFigures) -> bool:
    return bool(own.state or own.partners or own.indicators["plans"].here)


def _percent(indicator: Indicator, lang: str) -> str:
    assert indicator.share is not None
    tenths = round(indicator.share * 10)
    return f"{tenths // 10}{',' if lang == 'lv' else '.'}{tenths % 10}"
