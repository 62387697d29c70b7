"""A semester from upload to release, on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit import money
from toolkit.errors import InputError, ToolkitError, UsageError
from toolkit.pages import semester_rows
from toolkit.pages.grid import Grid
from toolkit.pages.page import Desk, Page, event
from toolkit.pages.semester_notes import Notes
from toolkit.pages.semester_trace import Trace, trace
from toolkit.pages.semester_upload import Cause, Upload, causes
from toolkit.semester import Semester as Code
from toolkit.services import handing_out, people, runs, semester_shown, stored, workflow
from toolkit.services.semester_shown import Shown
from toolkit.services.workflow import FROM, Action
from toolkit.texts import text
from toolkit.texts.formats import moment, semester

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTIONS: tuple[Action, ...] = ("check", "approve", "release", "return")


class Semester(Page):
    """Counts come in, the maximum goes out, two people in between."""

    name = "semester"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.codes: list[str] = []
        self.people: Mapping[str, str] = {}
        self.semester = ""
        self.found: Shown | None = None
        self.opened: set[str] = set()
        self.waiting = ""
        self.nothing = False
        """Whether an envelope of nothing has been typed, and is to be confirmed."""
        self.trace: Trace | None = None
        self.upload = Upload(desk, self.lang)
        self.notes = Notes(desk)
        self.grid = Grid(
            text("semester.partners", self.lang), semester_rows.columns(self.lang),
            lang=self.lang, on_open=self._opened, read_only=True,
        )  # fmt: skip
        desk.grids["partners"] = self.grid

    def open(self) -> None:
        known = people.people(self.desk.database)
        self.people = defaultdict(str, {code: person.name for code, person in known.items()})
        by = known.get(self.desk.visit.person)
        self.codes = semester_shown.semesters(self.desk.database)
        asked = self.desk.visit.query.get("semester", "")
        if asked in self.codes:
            self.semester = asked
        else:
            self.semester = semester_shown.usual(self.desk.database, by, stored.today()).code
        if asked not in ("", self.semester):
            shown = semester(self.semester, self.lang)
            self.say("semester.unknown", tone="warn", asked=asked, shown=shown)
        self._load()

    def settle(self) -> bool:
        resumed = self.person.refusal("import") is None and self.upload.resume()
        if resumed:
            self.say("semester.upload.resumed", tone="warn", file=self.upload.file)
        if self.found is None:
            return resumed
        code = Code.parse(self.semester)
        self.waiting = semester_shown.waiting(
            self.desk.database, self.person, code, self.found.step
        )
        return resumed or bool(self.waiting)

    @event
    def choose(self, values: Mapping[str, Any]) -> None:
        """Another semester."""
        if values.get("semester") in self.codes:
            self.semester, self.opened, self.trace = values["semester"], set(), None
            self._load()

    @event
    def uploaded(self, values: Mapping[str, Any]) -> None:
        """A file has come: compare it with the store and show what it would change."""
        self.person.must("import")
        path = values.get("path")
        if not isinstance(path, Path):  # a browser names fields, never a place on the disk
            raise UsageError("semester.upload.nothing")
        self.upload.read(path, str(values.get("file", "")), values.get("table", ""))

    @event
    def store(self, values: Mapping[str, Any]) -> None:
        """Write what the file changes."""
        prepared = self.upload.prepared
        entry = self.upload.store(
            self.person, values.get("reason", ""), withdrawing=values.get("gone") == "yes"
        )
        self.drop_draft("store")
        self._load()
        self.say("semester.stored", entry=entry)
        touched = semester_shown.touched(self.desk.database, prepared) if prepared else {}
        for state, codes in touched.items():
            named = "; ".join(semester(code, self.lang) for code in codes)
            self.say(f"semester.touched.{state}", tone="warn", semesters=named)

    @event
    def keep_rest(self, _: Mapping[str, Any]) -> None:
        """Compare anew: what the file does not have stays in the store."""
        self.person.must("import")
        self.upload.keep_rest()

    @event
    def discard(self, _: Mapping[str, Any]) -> None:
        """Forget the file."""
        self.upload.drop()

    @event
    def marked(self, _: Mapping[str, Any]) -> None:
        """The uploaded table with its findings marked."""
        name, content = self.upload.marked()
        self.hand_out(name, XLSX, content)

    @event
    def draft_run(self, values: Mapping[str, Any]) -> None:
        """Compute and keep the sealed result, for somebody to check."""
        self.nothing = False
        envelope_cents = _envelope(values.get("envelope", "").strip())
        self.nothing = envelope_cents == 0
        if self.nothing and not values.get("nothing"):
            raise UsageError("semester.envelope.nothing").placed("nothing")
        asked = runs.Asked(Code.parse(self.semester), envelope_cents)
        with self.anew(self._load):
            workflow.draft(
                self.desk.database, self.person, asked, self.desk.clock(),
                values.get("reason", ""), seen=self.found.step.seal if self.found else "",
            )  # fmt: skip
        self.drop_draft(f"draft {self.semester}")
        self._load()
        self.say("semester.drafted")

    @event
    def take(self, values: Mapping[str, Any]) -> None:
        """The next step, on the figures the person has seen."""
        action = values.get("action")
        if action not in ACTIONS or self.found is None:
            raise UsageError("semester.no_step")
        with self.anew(self._load):
            workflow.take(
                self.desk.database, self.person, Code.parse(self.semester), action,
                self.desk.clock(), seal=self.found.step.seal, reason=values.get("reason", ""),
            )  # fmt: skip
        self.drop_draft(f"take {self.semester}")
        self._load()
        self.say(f"semester.took.{action}")

    @event
    def workbook(self, _: Mapping[str, Any]) -> None:
        """The maximum as a workbook with live formulas."""
        self.person.must("workbook")
        if self.found is not None:
            content = handing_out.maximum(self.found.allocation, self.lang)
            self.hand_out(self._file("semester.file.maximum"), XLSX, content)

    @event
    def pack(self, _: Mapping[str, Any]) -> None:
        """The evidence that `grants verify` checks without the store."""
        self.person.must("workbook")
        content = handing_out.pack(self.desk.database, Code.parse(self.semester))
        self.hand_out(self._file("semester.file.pack"), "application/zip", content)

    @event
    def note_draft(self, values: Mapping[str, Any]) -> None:
        """Recompute a released semester and draft the difference."""
        with self.anew(self._load):
            self.notes.draft(self.person, self.semester, values.get("reason", ""))
        self.drop_draft(f"note {self.semester}")
        self.waiting = ""
        self.say("semester.note.drafted")

    @event
    def note_propose(self, values: Mapping[str, Any]) -> None:
        """Say for each partner what is to be done."""
        names = self.found.allocation.names["partner"] if self.found else {}
        self._drop_note_drafts(self.notes.propose(self.person, self.semester, values, names))
        self.say("semester.note.proposed")

    @event
    def note_confirm(self, values: Mapping[str, Any]) -> None:
        """Confirm what somebody else proposed."""
        with self.anew(self._load):
            made = self.notes.confirm(self.person, self.semester, values.get("reason", ""))
        self._drop_note_drafts(made)
        self.say("semester.note.confirmed")

    @event
    def note_workbook(self, _: Mapping[str, Any]) -> None:
        """What lies between the release and now, as a workbook."""
        self.person.must("workbook")
        content = handing_out.difference(self.desk.database, Code.parse(self.semester), self.lang)
        self.hand_out(self._file("semester.file.note"), XLSX, content)

    @event
    def untrace(self, _: Mapping[str, Any]) -> None:
        """Close the explanation of a figure."""
        self.trace = None

    def address(self) -> Mapping[str, str]:
        return {"semester": self.semester} if self.semester else {}

    def facts(self) -> Mapping[str, Any]:
        step = self.found.step if self.found else None
        steps = [action for action in ACTIONS if step and step.state in FROM[action]]
        mine = [action for action in steps if self.person.refusal(action) is None]
        others = {action: sorted(people.MAY[action]) for action in steps if action not in mine}
        return {
            "taken": self.found.taken if self.found else {},
            "moment": lambda at: moment(at, self.lang),
            "waiting": self.waiting, "nothing": self.nothing,
            "codes": self.codes, "semester": self.semester, "found": self.found,
            "step": step, "actions": mine, "by_others": others, "person": self.person,
            "upload": self.upload,
            "trace": self.trace, "notes": self.notes, "people": self.people, "may": self._may(),
            "names": self.found.allocation.names["partner"] if self.found else {},
            "refused": self._refused(),
            "totals": self._totals(),
        }  # fmt: skip

    def _refused(self) -> list[Cause]:
        return list(causes(self.found.allocation.findings, self.lang)) if self.found else []

    def _drop_note_drafts(self, note: int) -> None:
        self.drop_draft(f"note {self.semester} {note}")

    def _may(self) -> dict[str, bool]:
        """What to offer; the services decide again."""
        actions = {"upload": "import", "draft": "draft", "note": "note", "confirm": "confirm",
                   "workbook": "workbook"}  # fmt: skip
        person = self.person
        return {name: person.refusal(action) is None for name, action in actions.items()}

    def _totals(self) -> dict[str, Any]:
        if self.found is None:
            return {}
        plans, before = int(self.found.allocation.partners["plans"].sum()), self.found.plans_before
        sentence = (
            text("semester.plans.first", self.lang)
            if before is None
            else text("semester.plans.change", self.lang, change=f"{plans - before:+d}")
        )
        return {"plans": plans, "plans_change": sentence.replace("-", "−")}

    def _load(self) -> None:
        self.found = self.trace = None
        self.waiting, self.nothing = "", False
        code = Code.parse(self.semester)
        try:
            self.found = semester_shown.shown(self.desk.database, self.person, code, stored.today())
        except InputError as error:
            if self.person.refusal("workbook") is None:
                self.upload.findings = error.findings
            raise
        self.notes.load(self.person, code, released=self.found.step.state == "released")
        self._show_rows()

    def _show_rows(self) -> None:
        if self.found is None:
            return
        allocation, before = self.found.allocation, self.found.before
        rows = semester_rows.rows(allocation, before, self.opened, self.lang)
        self.grid.show(list(rows), semester_rows.total_row(allocation, before, self.lang))

    def _opened(self, key: str, column: str) -> None:
        """A name opens what lies below it, a maximum tells how it came about."""
        if column == "maximum" and self.found is not None:
            self.trace = trace(self.found.allocation, key, self.lang)
            self.refresh()
        else:
            self.opened ^= {key}
            self._show_rows()

    def _file(self, key: str) -> str:
        return text(key, self.lang, semester=self.semester.replace("/", "-"))


def _envelope(written: str) -> int | None:
    """The money there is, in cents; None when no limit was typed."""
    try:
        cents = money.read_euros(written) if written else None
    except ToolkitError as error:
        raise error.placed("envelope") from error
    if cents is not None and cents < 0:
        raise UsageError("semester.envelope.negative", text=written).placed("envelope")
    return cents
