"""`grants allocate`: the semester maximum as a table, JSON, CSV and workbook."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit import money
from toolkit.cli.options import Format
from toolkit.cli.say import csv_safe, show_findings, table
from toolkit.errors import UsageError
from toolkit.frames.allocation import Allocation
from toolkit.semester import Semester
from toolkit.services.allocation import allocate
from toolkit.services.inputs import read_inputs
from toolkit.services.laws import DEFAULT_PROGRAMME, load_law
from toolkit.services.reporting import as_json, write_workbook
from toolkit.texts import text
from toolkit.texts.formats import amount, day, semester, word

if TYPE_CHECKING:
    from toolkit.services.runs import Asked

REFUSED = 1


def run(
    code: str, source: Path | None, law: Path | None, programme: str, envelope: str | None,
    method: str, format_: Format, out: Path | None, as_of: str, lang: str,
) -> int:  # fmt: skip
    """Compute, write the workbook when asked, print; 1 when rows were refused."""
    if source is not None and as_of:
        raise UsageError("error.as_of_files")
    if out is not None and out.suffix.lower() != ".xlsx":
        raise UsageError("error.out_suffix", path=out)
    wanted = Semester.parse(code)
    envelope_cents = None if envelope is None else money.read_euros(envelope)
    asked_programme = programme or DEFAULT_PROGRAMME
    if source is None:
        from toolkit.services.runs import Asked  # the store's libraries, for the store alone

        asked = Asked(wanted, envelope_cents, method, asked_programme)
        allocation = _stored(asked, law, as_of)
    else:
        folder = source if source.is_dir() else source.parent
        rules = load_law(law, folder, asked_programme)
        allocation = allocate(read_inputs(source), rules, wanted, envelope_cents, method)
    if out is not None:
        write_workbook(allocation, out, lang)
    if format_ == "json":
        print(as_json(allocation))
    elif format_ == "csv":
        _print_csv(allocation)
    else:
        _print_table(allocation, out, lang)
    show_findings(allocation.findings, lang)
    return 0 if allocation.complete else REFUSED


def _stored(asked: Asked, law: Path | None, as_of: str) -> Allocation:
    """The semester from the store, now or as known at a moment; a law file named goes before."""
    from toolkit.services import runs, stored

    when = stored.moment(as_of) if as_of else None
    if law is None:
        return runs.compute(stored.store(), asked, when).allocation
    inputs = stored.stored_inputs(stored.store(), when)
    return allocate(inputs, load_law(law), asked.semester, asked.envelope_cents, asked.method)


def check_input(source: Path, lang: str) -> int:
    """Read all tables; 0 when nothing blocks. Findings that block come as an InputError."""
    inputs = read_inputs(source)
    show_findings(inputs.findings, lang)
    counts = inputs.frames["counts"].height
    if not inputs.frames["plans"].is_empty():
        from toolkit.services.plans import learners_and_plans

        _, plans, learners = learners_and_plans(inputs.frames)
        print(text("cli.check.plans", lang, plans=plans, learners=learners))
    print(text("cli.check.ok", lang, path=source, rows=counts))
    return 0


def _print_csv(allocation: Allocation) -> None:
    """A row a partner; the assumed parameters stand in each row, so that no row passes unmarked."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    assumed = " ".join(used.name for used in allocation.assumed)
    writer.writerow(
        ["semester", "partner", "name", "plans", "maximum", "esf", "state", "binding",
         "complete", "assumed"]
    )  # fmt: skip
    names = allocation.names["partner"]
    for row in allocation.partners.iter_rows(named=True):
        writer.writerow(
            [
                allocation.calendar.semester.code,
                csv_safe(row["partner"]),
                csv_safe(names.get(row["partner"], "")),
                row["plans"],
                *(money.euros(row[f"{key}_cents"]) for key in ("maximum", "esf", "state")),
                row["binding"],
                str(allocation.complete).lower(),
                assumed,
            ]
        )


def _print_table(allocation: Allocation, out: Path | None, lang: str) -> None:
    def say(key: str, **facts: object) -> str:
        return text(f"cli.allocate.{key}", lang, **facts)

    calendar, names = allocation.calendar, allocation.names["partner"]
    days = f"{day(calendar.first_day, lang)}–{day(calendar.last_day, lang)}"
    print(f"{allocation.programme_id} · {semester(calendar.semester.code, lang)} ({days})\n")
    rows = [
        [
            row["partner"],
            names.get(row["partner"], ""),
            str(row["plans"]),
            *(amount(row[f"{key}_cents"], lang) for key in ("maximum", "esf", "state")),
            word("limit", row["binding"], lang),
        ]
        for row in allocation.partners.iter_rows(named=True)
    ]
    cents = (allocation.total_cents, allocation.esf_cents, allocation.state_cents)
    plans = str(allocation.partners["plans"].sum())
    total = [say("total"), "", plans, *(amount(value, lang) for value in cents), ""]
    headings = [
        say(key) for key in ("partner", "name", "plans", "maximum", "esf", "state", "limit")
    ]
    print(table(headings, [*rows, total], right=(2, 3, 4, 5)))
    for used in allocation.assumed:
        title, value = used.title[lang], used.shown(lang)
        source = used.source(lang)
        print(
            "\n" + say("assumed", title=title, name=used.name, value=value, source=source), end=""
        )
    if allocation.assumed:
        print()
    if not allocation.complete:
        print("\n" + say("incomplete", count=allocation.refused.height))
    if out is not None:
        print("\n" + say("written", path=out))
