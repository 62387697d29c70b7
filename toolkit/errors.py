"""What can go wrong: exceptions for code, law and usage; findings for what a person must mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from toolkit.texts import has, text
from toolkit.texts.facts import sentence_of

Severity = Literal["blocks", "explain", "note"]


class ToolkitError(Exception):
    """A sentence for a person: a key of the catalogue and the facts that fill it.

    `exit_code` is what the command line answers with (design §10).
    """

    exit_code = 2
    at = ""
    """The field of a form that is at fault, where it is one."""

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = {name: str(fact) for name, fact in facts.items()}

    def placed(self, at: str) -> Self:
        """The error with the field that is at fault, where no other is named yet."""
        self.at = self.at or at
        return self

    def sentence(self, lang: str) -> str:
        """The error in the person's language."""
        return sentence_of(self.key, lang, self.facts)

    def __str__(self) -> str:
        return self.sentence("lv")


class UsageError(ToolkitError):
    """The command or call was put wrongly."""


class LawError(ToolkitError):
    """A law file cannot be trusted, or has no value for the day asked."""


class MoneyError(ToolkitError):
    """An amount cannot be held exactly."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person must mend (blocks), explain or may note.

    `row` is the row of the file as a spreadsheet numbers it (headings are row 1);
    `cell` is the address as a spreadsheet shows it. The sentences are made from
    `rule` and `facts` by the catalogue, in both languages.
    """

    rule: str
    table: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    cell: str = ""
    value: str = ""
    severity: Severity = "blocks"
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def title(self, lang: str) -> str:
        """What is wrong in a few words, of whichever value."""
        return text(f"finding.{self.rule}.title", lang)

    def problem(self, lang: str) -> str:
        """What is wrong, with the value found; of an empty cell, that nothing stands there."""
        empty = not self.value and has(f"finding.{self.rule}.empty", lang)
        return self._say("empty" if empty else "problem", lang)

    def expected(self, lang: str) -> str:
        """What should have stood there."""
        return self._say("expected", lang)

    def remedy(self, lang: str) -> str:
        """What to do about it."""
        return self._say("remedy", lang)

    def typed(self, lang: str) -> str:
        """What is wrong with a text typed into a form, which has fields where a file has cells."""
        key = f"typed.{self.rule}"
        if has(key, lang):
            return sentence_of(key, lang, self._facts, value=self.value)
        return f"{self.problem(lang)} {self.expected(lang)}"

    def place(self) -> str:
        """File, sheet and cell, as far as they are known."""
        sheet = f"[{self.sheet}]" if self.sheet else ""
        cell = self.cell or (str(self.row) if self.row is not None else "")
        return "!".join(part for part in (f"{self.file}{sheet}", cell) if part)

    def spot(self, lang: str) -> str:
        """Where in its file it is, as people write it: `Skaits!D14`, `12. rinda`."""
        if self.cell:
            return f"{self.sheet}!{self.cell}" if self.sheet else self.cell
        row = text("place.row", lang, row=self.row) if self.row is not None else ""
        return ", ".join(part for part in (self.sheet, row) if part)

    @property
    def _facts(self) -> dict[str, str]:
        return {"record": self.value, "told": self.value, **self.facts}

    def _say(self, part: str, lang: str) -> str:
        return sentence_of(f"finding.{self.rule}.{part}", lang, self._facts, value=self.value)


class InputError(ToolkitError):
    """Files cannot be used as they are; the findings say all of what must be mended."""

    exit_code = 1
    said = "error.input"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(self.said, count=len(findings))
        self.findings = tuple(findings)


class ConservationError(InputError):
    """A succession would lose plans, agreements, money or quotas, or count them twice."""

    said = "error.conservation"


class TypedError(InputError):
    """What was typed into a form cannot stand as it is; each finding has its field."""

    def __init__(self, fields: Sequence[tuple[str, Finding]]) -> None:
        super().__init__([finding for _, finding in fields])
        self.fields = tuple(fields)

    def sentence(self, lang: str) -> str:
        """What is wrong in each field, and what should stand there."""
        return " ".join(finding.typed(lang) for finding in self.findings)


class RecordError(TypedError):
    """A record typed by hand cannot stand as it is; `cells` are its columns at fault."""

    def __init__(self, cells: Mapping[str, Finding]) -> None:
        super().__init__(list(cells.items()))
        self.cells = dict(cells)


class StoreError(ToolkitError):
    """The database cannot be used: absent, of another version, busy, damaged."""


class ConflictError(ToolkitError):
    """Somebody else has changed the record meanwhile; nothing was written."""

    exit_code = 3
    now: Mapping[str, object] | None = None
    """The one record as it stands now, to be shown beside what was typed; None when withdrawn."""


class RefusedError(ToolkitError):
    """The person may not do this, or not now; every reason is named at once."""

    exit_code = 3

    def __init__(self, reasons: Sequence[ToolkitError]) -> None:
        super().__init__("error.refused")
        self.reasons = tuple(reasons)

    def sentence(self, lang: str) -> str:
        """All reasons, one after the other."""
        return " ".join(reason.sentence(lang) for reason in self.reasons)


class DamageError(ToolkitError):
    """What was kept is not what was written."""

    exit_code = 1
