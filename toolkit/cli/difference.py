"""`grants difference`: what a later version of the data makes of a semester's maximum."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

from toolkit import money
from toolkit.cli.options import Format
from toolkit.cli.say import csv_safe, show_findings, table
from toolkit.errors import UsageError
from toolkit.frames.difference import AMOUNTS, DifferenceNote, direction
from toolkit.reports.difference_words import sentences
from toolkit.semester import Semester
from toolkit.services.difference import Situation, explain
from toolkit.services.difference_reporting import as_json, write_workbook
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import DEFAULT_PROGRAMME, load_law
from toolkit.texts import text
from toolkit.texts.formats import amount, word

REFUSED = 1
_SHOWN = ("old", "new", "difference")


@dataclass(frozen=True, slots=True)
class Side:
    """The tables and the law of one side, as they were named."""

    source: Path
    law: Path | None

    def situation(self, semester: Semester, programme: str, envelope: str | None) -> Situation:
        """The side, read."""
        folder = self.source if self.source.is_dir() else self.source.parent
        inputs = read_inputs(self.source)
        law = load_law(self.law, folder, programme or DEFAULT_PROGRAMME)
        return Situation(
            inputs, law, semester, None if envelope is None else money.read_euros(envelope)
        )


def run(
    code: str, before: Side, after: Side, programme: str, envelope: str | None, format_: Format,
    out: Path | None, lang: str,
) -> int:  # fmt: skip
    """Explain, write the workbook when asked, print; 1 when rows are refused now."""
    if out is not None and out.suffix.lower() != ".xlsx":
        raise UsageError("error.out_suffix", path=out)
    wanted = Semester.parse(code)
    sides = [side.situation(wanted, programme, envelope) for side in (before, after)]
    note = explain(sides[0], sides[1])
    if out is not None:
        write_workbook(note, out, lang)
    if format_ == "json":
        print(as_json(note))
    elif format_ == "csv":
        _print_csv(note)
    else:
        _print_table(note, out, lang)
    show_findings(note.after.findings, lang)
    return 0 if note.complete else REFUSED


def _print_csv(note: DifferenceNote) -> None:
    """A row a partner; whether it is complete and what is assumed stands in each row."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    assumed = " ".join(used.name for used in note.after.assumed)
    writer.writerow(["semester", "partner", "name", *AMOUNTS, "refused", "complete", "assumed"])
    for row in note.partners.iter_rows(named=True):
        writer.writerow(
            [
                note.after.calendar.semester.code,
                csv_safe(row["partner"]),
                csv_safe(note.names.get(row["partner"], "")),
                *(money.euros(row[f"{key}_cents"]) for key in AMOUNTS),
                row["refused"],
                str(note.complete).lower(),
                assumed,
            ]
        )


def _print_table(note: DifferenceNote, out: Path | None, lang: str) -> None:
    def heading(key: str) -> str:
        return text(f"report.{key}", lang)

    def cells(cents: dict[str, int]) -> list[str]:
        way = word("direction", direction(cents["difference"]), lang)
        return [*(amount(abs(cents[key]), lang) for key in _SHOWN), way]

    rows = [
        [row["partner"], note.names.get(row["partner"], ""),
         *cells({key: row[f"{key}_cents"] for key in _SHOWN})]
        for row in note.partners.iter_rows(named=True)
    ]  # fmt: skip
    total = [heading("total"), "", *cells({key: note.total(key) for key in _SHOWN})]
    headings = [heading("partner"), heading("partner_name")]
    headings += [heading(f"difference.{key}") for key in (*_SHOWN, "direction")]
    print(table(headings, [*rows, total], right=(2, 3, 4)) + "\n")
    if note.empty:
        print(text("cli.difference.empty", lang))
    for row, sentence in zip(
        note.partners.iter_rows(named=True), sentences(note, lang), strict=True
    ):
        if row["difference_cents"] or row["esf_difference_cents"]:
            print(sentence)
    for used in note.after.assumed:
        facts = {"title": used.title[lang], "name": used.name, "value": used.shown(lang)}
        print(text("cli.allocate.assumed", lang, source=used.source(lang), **facts))
    if not note.complete:
        print("\n" + text("cli.allocate.incomplete", lang, count=note.after.refused.height))
    if out is not None:
        print("\n" + text("cli.allocate.written", lang, path=out))
