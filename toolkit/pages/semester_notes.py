"""Difference notes of a released semester, as its page shows and settles them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import RefusedError, ToolkitError, UsageError
from toolkit.frames.difference import CAUSES, permitted
from toolkit.pages.page import Desk
from toolkit.pages.semester_upload import Cause, causes
from toolkit.semester import Semester
from toolkit.services import notes, semester_shown, stored
from toolkit.services.people import Person


@dataclass(frozen=True, slots=True)
class ShownNote:
    """One note, its lines and, of several, their sums."""

    note: notes.Note
    lines: list[dict[str, Any]]

    @property
    def total(self) -> dict[str, int]:
        """The sums by column; none of a single line."""
        return semester_shown.note_total(self.lines) if len(self.lines) > 1 else {}

    def refused(self, lang: str) -> list[Cause]:
        """Why rows earned nothing when the note was drafted; none of a complete one."""
        found = () if self.note.complete else semester_shown.note_findings(self.note)
        return list(causes(found, lang))


class Notes:
    """The notes of the semester that is shown."""

    causes = CAUSES

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.shown: list[ShownNote] = []
        self.possible = False

    def load(self, by: Person, semester: Semester, *, released: bool) -> None:
        """Read the notes of a semester, as far as the person may; none before its release."""
        self.possible = released
        found = (
            semester_shown.note_lines(self._desk.database, by, semester, stored.today())
            if released
            else ()
        )
        self.shown = [ShownNote(note, lines) for note, lines in found]

    def draft(self, by: Person, semester: str, reason: str) -> None:
        """Recompute and draft what has changed."""
        code = Semester.parse(semester)
        notes.draft_note(self._desk.database, by, code, self._desk.clock(), reason)
        self.load(by, code, released=True)

    def propose(
        self, by: Person, semester: str, values: Mapping[str, Any], names: Mapping[str, str]
    ) -> int:
        """The option chosen for each partner; the note's number. Partners have `names`."""
        mark = "option "
        chosen = {name.removeprefix(mark): value for name, value in values.items()
                  if name.startswith(mark)}  # fmt: skip
        code, reason = Semester.parse(semester), values.get("reason", "")
        try:
            made = notes.propose(self._desk.database, by, code, chosen, self._desk.clock(), reason)
        except RefusedError as refused:
            raise RefusedError([_placed(one, names) for one in refused.reasons]) from refused
        self.load(by, code, released=True)
        return made.note

    def confirm(self, by: Person, semester: str, reason: str) -> int:
        """Confirm what somebody else proposed; the note's number."""
        code = Semester.parse(semester)
        made = notes.confirm(self._desk.database, by, code, self._desk.clock(), reason)
        self.load(by, code, released=True)
        return made.note

    @property
    def noted_cents(self) -> int:
        """What the confirmed notes add to the release or take from it."""
        return sum(
            line["difference_cents"]
            for shown in self.shown
            if shown.note.state == "confirmed"
            for line in shown.lines
        )

    def options(self, line: Mapping[str, Any]) -> tuple[str, ...]:
        """What may be done about a line's difference."""
        return tuple(permitted(line["difference_cents"]))


def _placed(reason: ToolkitError, names: Mapping[str, str]) -> ToolkitError:
    """A reason that is about a partner's option, beside the field it is chosen in."""
    if reason.key not in ("error.note.option", "error.note.no_option"):
        return reason
    partner = str(reason.facts["partner"])
    error = UsageError("semester.note.choose_for", partner=names.get(partner, partner))
    return error.placed(f"option {partner}")
