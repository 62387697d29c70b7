"""A file on its way into the store: read, compared, shown, then written or thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath

from toolkit.errors import ConflictError, Finding, InputError, UsageError
from toolkit.pages.page import Desk
from toolkit.services import faults, import_preview, importing, marking, uploads
from toolkit.services.import_preview import Lines
from toolkit.services.importing import Import
from toolkit.services.people import Person
from toolkit.services.uploads import Kept
from toolkit.texts import text
from toolkit.texts.formats import word

TABLES = ("counts", "plans", "measures", "")
"""What a file may hold; "" is a workbook with a sheet for each table."""
SHOWN = 6
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings that have one cause: what is wrong, what to do, and where."""

    severity: str
    rule: str
    count: int
    title: str
    expected: str
    remedy: str
    first: tuple[tuple[str, str], ...]
    """Place and problem of the first few."""


class Upload:
    """What has been uploaded and not yet written."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self._desk, self._lang = desk, lang
        self._kept: Kept | None = None
        self.file = ""
        self.prepared: Import | None = None
        self.findings: Sequence[Finding] = ()

    def read(self, path: Path, name: str, table: str) -> None:
        """Read a file and compare it with the store.

        What must be mended in it is kept as findings; raises UsageError when it would
        change nothing.
        """
        self.drop()
        if table not in TABLES:
            raise UsageError("error.import.table", table=table, known=", ".join(TABLES))
        spool, who = self._desk.spool, self._desk.visit.person
        try:
            self._take(uploads.keep(spool, who, path, _file_name(name), table))
        except UsageError:
            # what would change nothing is not offered again
            self.drop()
            raise
        if self.prepared is None:
            rules = sorted({finding.rule for finding in self.findings})
            faults.note(f"upload of {who} refused: {self.file}: {', '.join(rules)}")

    def resume(self) -> bool:
        """The file that was chosen in another tab, or before a reload; whether there is one."""
        found = uploads.kept(self._desk.spool, self._desk.visit.person)
        if found is not None:
            try:
                self._take(found)
            except UsageError:
                # stored meanwhile from where it was chosen: it changes nothing any more
                self.drop()
        return bool(self.file)

    def keep_rest(self) -> None:
        """Compare anew: what the file does not have stays in the store."""
        kept = replace(self._there(), keep=True)
        uploads.remember(kept)
        self._take(kept)

    def _take(self, kept: Kept) -> None:
        self._kept, self.file = kept, kept.path.name
        # what was compared before must not stand beside a refusal of what is compared now
        self.prepared, self.findings = None, ()
        try:
            self.prepared = importing.prepare(
                self._desk.database, kept.path, kept.table, keep=kept.keep
            )
            self.findings = self.prepared.findings
        except InputError as error:
            self.findings = error.findings

    def _again(self) -> None:
        """Compare with what the store has now, and drop a file that would change nothing."""
        try:
            self._take(self._there())
        except UsageError:
            self.drop()

    def _there(self) -> Kept:
        """The file. Raises UsageError when none was chosen, or another tab has done with it."""
        if self._kept is None or not self._kept.path.exists():
            raise UsageError("semester.upload.nothing")
        return self._kept

    def store(self, by: Person, reason: str, *, withdrawing: bool) -> int:
        """Write what was shown; the journal entry's number.

        Raises UsageError when records would go and the person has not said that they may.
        """
        if self.prepared is None:
            raise UsageError("semester.upload.nothing")
        if self.gone and not withdrawing:
            raise UsageError("semester.upload.gone.unsaid").placed("gone")
        try:
            entry = importing.store_import(
                self._desk.database, by, self.prepared, self._desk.clock(), reason
            )
        except ConflictError:
            self._again()
            raise
        self.drop()
        return entry

    def marked(self) -> tuple[str, bytes]:
        """Name and content of the table with its findings marked."""
        path = self._there().path
        name = text("semester.file.marked", self._lang, file=path.stem)
        return name, marking.marked(path, self.findings, self._lang)

    def drop(self) -> None:
        """Forget the file."""
        if self._kept is not None:
            uploads.drop(self._kept)
        self._kept, self.file, self.prepared, self.findings = None, "", None, ()

    @property
    def gone(self) -> int:
        """How many records of the store would go."""
        return import_preview.withdrawn(self.prepared) if self.prepared else 0

    @property
    def semesters(self) -> Mapping[str, str]:
        """The semesters that the file changes."""
        return import_preview.semesters(self.prepared, self._lang) if self.prepared else {}

    @property
    def lines(self) -> list[Lines]:
        """What would change, row by row."""
        return import_preview.preview(self.prepared, self._lang) if self.prepared else []

    @property
    def blocked(self) -> bool:
        """Whether something must be mended first."""
        return any(finding.severity == "blocks" for finding in self.findings)

    @property
    def causes(self) -> list[Cause]:
        """The findings by cause, those that block first."""
        return sorted(
            causes(self.findings, self._lang),
            key=lambda cause: (["blocks", "explain", "note"].index(cause.severity), cause.rule),
        )

    @property
    def changes(self) -> Iterator[tuple[str, int, int, int, int]]:
        """Table by table: added, changed, withdrawn, unchanged."""
        for change in self.prepared.tables if self.prepared else ():
            yield (
                word("table", change.table, self._lang), change.added.height,
                change.changed.height, change.withdrawn.height, change.unchanged,
            )  # fmt: skip


def causes(findings: Sequence[Finding], lang: str) -> Iterator[Cause]:
    """The findings by what causes them."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.severity, finding.rule), []).append(finding)
    one_file = len({finding.file for finding in findings}) == 1
    for (severity, rule), own in by_rule.items():
        first = tuple(
            (_place(finding, lang, one_file=one_file), finding.problem(lang))
            for finding in own[:SHOWN]
        )
        one = own[0]
        yield Cause(
            severity, rule, len(own), one.title(lang), one.expected(lang), one.remedy(lang), first
        )


def _place(finding: Finding, lang: str, *, one_file: bool) -> str:
    """Where a person looks: in the only file there is, or in which of several."""
    spot = finding.spot(lang)
    if one_file:
        return spot or word("table", finding.table, lang)
    return ", ".join(part for part in (finding.file, spot) if part)


def _file_name(name: str) -> str:
    """The name a person's file had, as a name for ours: no folder, nothing invisible."""
    last = PureWindowsPath(name).name
    plain = "".join(letter for letter in last if letter.isprintable() and letter not in '/\\:"<>|')
    stem, suffix = Path(plain).stem.strip(" .") or "datne", Path(plain).suffix
    return f"{stem[:_LONGEST_NAME]}{suffix[:10]}"
