"""What is written on the page of agreements: a new one, an amendment, what is taken back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from toolkit.errors import RefusedError, UsageError
from toolkit.pages import agreements_forms as forms
from toolkit.pages.agreements_one import One
from toolkit.pages.page import Desk, Page, event
from toolkit.pages.semester_upload import Cause, causes
from toolkit.services import (
    agreements_entering,
    agreements_withdrawing,
    amending,
    amending_typed,
    drafts,
)
from toolkit.services.agreements_doubts import questions
from toolkit.services.inputs import Inputs
from toolkit.services.unpaid import Unpaid, newly_unpaid

NEW = "new"
"""The form of a new agreement."""
SURE = "sure"


class Writing(Page, ABC):
    """The events that write; which agreement is open, the page itself says."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.inputs: Inputs | None = None
        self.one: One | None = None
        self.findings: list[Cause] = []
        self.unpaid: tuple[Unpaid, ...] = ()
        """Counts that the last change leaves, or would leave, without money."""
        self.asking: dict[str, str] = {}
        """What is asked, by form, as a hash: a tick answers that and nothing else."""
        self._typed: Mapping[str, Any] = {}

    @event
    def amending(self, values: Mapping[str, Any]) -> None:
        """Open the form of an amendment, or close it; what was typed stays."""
        one = self._one()
        one.amending, one.withdrawing = values.get("wanted") == "yes", None

    @event
    def retyped(self, values: Mapping[str, Any]) -> None:
        """Another kind of amendment: the form shows the fields that it may change."""
        self.keep_draft(self._one().form, values)

    @event
    def add_row(self, values: Mapping[str, Any]) -> None:
        """One more institution in a form."""
        form = values.get("of", "")
        if form in (NEW, self.one.form if self.one else NEW):
            self.keep_draft(form, forms.with_row(values, {}))

    @event
    def change_row(self, values: Mapping[str, Any]) -> None:
        """A row of the coverage into the form, to be changed by an amendment of institutions."""
        one = self._one()
        place = values.get("institution"), values.get("semester")
        for covered in one.last.coverage:
            if (covered.institution, covered.from_semester) == place:
                row = amending_typed.written(covered, self.lang)
                draft = {**self._draft(one.form), "kind": "institutions"}
                self.keep_draft(one.form, forms.with_row(draft, row))
                one.amending, one.withdrawing = True, None

    @event
    def amend(self, values: Mapping[str, Any]) -> None:
        """Write the amendment."""
        one, by = self._one(), self.person
        self.keep_draft(one.form, values)
        entered = amending_typed.entered(forms.amendment(one.number, values))
        found = amending.foreseen(self.desk.database, by, entered)
        self._ask(one.form, one.number, found, values)
        changes = amending.amend(
            self.desk.database, by, entered, self.desk.clock(), values.get("reason", "")
        )
        self._written(one.form, one.number)
        self.say("agreements.amended_now", number=entered.number, count=len(changes))

    @event
    def enter(self, values: Mapping[str, Any]) -> None:
        """Write the new agreement."""
        by = self.person
        self.keep_draft(NEW, values)
        new = forms.new_agreement(values)
        number = new.agreement["agreement"]
        found = agreements_entering.foreseen(self.desk.database, by, new)
        self._ask(NEW, number, found, values)
        noted = agreements_entering.enter(
            self.desk.database, by, new, self.desk.clock(), values.get("reason", "")
        )
        self.findings = list(causes(noted, self.lang))
        self._show_register()
        self._written(NEW, number)
        self._open_one(number)
        self.say("agreements.entered", agreement=number)

    @event
    def withdrawing(self, values: Mapping[str, Any]) -> None:
        """Open the form that takes back the agreement or an amendment of it, or close it."""
        one, wanted = self._one(), values.get("wanted") == "yes"
        one.withdrawing = one.taken(values.get("amendment", "")) if wanted else None
        one.amending = False

    @event
    def withdraw(self, values: Mapping[str, Any]) -> None:
        """Take back what is chosen."""
        one, by = self._one(), self.person
        form, taken = one.withdrawal, one.withdrawing
        if taken is None:
            raise UsageError("agreements.none_open")
        self.keep_draft(form, values)
        with self.anew(self._load):
            found = agreements_withdrawing.foreseen(self.desk.database, by, taken)
        self._ask(form, one.number, found, values, sure="agreements.sure.withdraw")
        agreements_withdrawing.withdraw(
            self.desk.database, by, taken, self.desk.clock(), values.get("reason", "")
        )
        if not taken.amendment:
            self.one = None
        self._written(form, one.number)
        kind = "amendment" if taken.amendment else "agreement"
        self.say(f"agreements.withdrawn.{kind}", agreement=one.number, number=taken.amendment)

    def field(self, at: str) -> str:
        return forms.field(self._typed, at)

    def _ask(
        self, form: str, number: str, found: tuple[Inputs, Inputs], values: Mapping[str, Any],
        sure: str = "agreements.sure",
    ) -> None:  # fmt: skip
        """What is strange, or takes money from counts, the person says to be meant."""
        asked = questions(*found, number)
        mark = self.asking[form] = asked.mark(self.lang)
        if mark and values.get(SURE, "") != mark:
            self.unpaid = asked.unpaid
            raise RefusedError([*asked.asked, UsageError(sure).placed(SURE)])

    def _written(self, form: str, number: str) -> None:
        """The form is done with; the counts that earn nothing any more are named."""
        self.drop_draft(form)
        self.asking.pop(form, None)
        before = self.inputs
        self._load()
        if before is not None and self.inputs is not None:
            self.unpaid = newly_unpaid(before, self.inputs, number)

    def _one(self) -> One:
        if self.one is None:
            raise UsageError("agreements.none_open")
        return self.one

    def _draft(self, form: str) -> dict[str, str]:
        return drafts.kept(self.desk.visit.person, self._form(form))

    @abstractmethod
    def _load(self) -> None:
        """Read the registers anew."""

    @abstractmethod
    def _open_one(self, number: str) -> None:
        """Open an agreement."""

    @abstractmethod
    def _show_register(self) -> None:
        """All of the register, with nothing looked for."""
