"""A new agreement with its coverage, entered by hand: held to the forms and checks of an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from toolkit.errors import Finding, ToolkitError, TypedError, UsageError
from toolkit.intake.folder import Tables
from toolkit.intake.forms import Form
from toolkit.intake.reading import empty_table, read_table
from toolkit.intake.sheets import RawSheet
from toolkit.intake.table import Table
from toolkit.services.amending_typed import row_field
from toolkit.services.imports_checked import checked, lost_references, written_twice
from toolkit.services.inputs import Inputs, known_forms
from toolkit.services.people import Person
from toolkit.services.records_checked import ENTERED, twice
from toolkit.services.stored import inputs_at
from toolkit.services.workflow import refuse
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing

TABLES = ("agreements", "coverage")


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """What a person has typed: columns of the form of agreements, and rows of that of coverage."""

    agreement: Mapping[str, str]
    coverage: Sequence[Mapping[str, str]] = ()


def enter(
    database: Database, by: Person, entered: NewAgreement, now: datetime, reason: str = ""
) -> list[Finding]:
    """Write an agreement and its coverage in one transaction; what may be noted about it.

    Raises RefusedError when the person may not or the number is taken, TypedError with
    everything that must be mended, ConflictError when the registers have changed meanwhile.
    """
    by.must("import")
    basis = records.entry_at(database, None)
    tables, findings = _checked(inputs_at(database, basis), entered)
    number = tables["agreements"].frame["agreement"].item()
    rows = {name: records.numbered(database, name, tables[name].frame) for name in TABLES}
    with writing(database, Act(by.code, "agreement", number, now, reason)) as w:
        w.unchanged_since(basis, [*TABLES, "partners", "institutions"])
        for name in TABLES:
            w.put(name, rows[name])
    return findings


def foreseen(database: Database, by: Person, entered: NewAgreement) -> tuple[Inputs, Inputs]:
    """The registers as they are and as the agreement would leave them; raises as `enter` does."""
    by.must("import")
    inputs = inputs_at(database, records.entry_at(database, None))
    tables, _ = _checked(inputs, entered)
    return inputs, _after(inputs, tables)


def _checked(inputs: Inputs, entered: NewAgreement) -> tuple[Tables, list[Finding]]:
    """What was typed, and what may be noted about it."""
    tables = _read(entered)
    findings = [*tables.findings, *(f for name in TABLES for f in written_twice(tables[name]))]
    if any(finding.severity == "blocks" for finding in findings):
        found = [*findings, *_unknown_codes(inputs, tables, findings)]
        _stop(tables, found, _taken(inputs, entered.agreement.get("agreement", "").strip()))
    frame = tables["agreements"].frame
    if frame.is_empty():
        raise UsageError("error.agreement.nothing").placed("agreement")
    number = frame["agreement"].item()
    if number in set(inputs.frames["agreements"]["agreement"]):
        taken = ToolkitError("error.refused.agreement.taken", agreement=number)
        refuse([taken.placed("agreement")])
    findings += checked(_after(inputs, tables), tables, TABLES)
    _stop(tables, findings)
    return tables, findings


def _read(entered: NewAgreement) -> Tables:
    """What was typed as the tables of an import: one agreement, whose number each row has."""
    forms = known_forms()
    number = entered.agreement.get("agreement", "")
    rows: dict[str, Sequence[Mapping[str, str]]] = {
        "agreements": [entered.agreement],
        "coverage": [{**row, "agreement": number} for row in entered.coverage],
    }
    empty = {name: empty_table(form) for name, form in forms.items()}
    read = {name: _table(forms[name], rows[name]) for name in TABLES}
    # a form may be left without institutions; only of a file it is strange to have no rows
    findings = (f for table in read.values() for f in table.findings if f.rule != "table.no_rows")
    return Tables(empty | read, tuple(findings))


def _table(form: Form, rows: Sequence[Mapping[str, str]]) -> Table:
    names = [column.name for column in form.columns]
    cells = [[row.get(name, "") for name in names] for row in rows]
    # a sheet has a name where no mark parts the cells
    return read_table(form, RawSheet(ENTERED, form.table, [names, *cells]))


def _unknown_codes(inputs: Inputs, tables: Tables, known: Sequence[Finding]) -> Iterator[Finding]:
    """Codes that lead nowhere, told beside what is wrong otherwise; the new number leads here."""
    cells = {(finding.table, finding.cell) for finding in known}
    for finding in lost_references(inputs, tables, TABLES):
        if finding.facts["target"] != "agreements" and (finding.table, finding.cell) not in cells:
            yield finding


def _taken(inputs: Inputs, number: str) -> list[tuple[str, Finding]]:
    """That the number is another agreement's, told beside what is wrong otherwise."""
    if number not in set(inputs.frames["agreements"]["agreement"]):
        return []
    return [("agreement", twice(known_forms()["agreements"], {"agreement": number}))]


def _stop(
    tables: Tables, findings: Sequence[Finding], also: Sequence[tuple[str, Finding]] = ()
) -> None:
    wrong = [finding for finding in findings if finding.severity == "blocks"]
    if wrong:
        raise TypedError([*also, *((_field(tables, finding), finding) for finding in wrong)])


def _field(tables: Tables, finding: Finding) -> str:
    """The field a finding is about: a column of the agreement, or of a row of its coverage."""
    if finding.row is None or finding.table not in TABLES:
        return ""
    letters = {letter: name for name, letter in tables[finding.table].letters.items()}
    column = letters.get(finding.cell.rstrip("0123456789"), "")
    first_row = 2  # below the headings
    return row_field(finding.row - first_row, column) if finding.table == "coverage" else column


def _after(inputs: Inputs, tables: Tables) -> Inputs:
    """The registers as they would be."""
    new = {
        name: pl.concat([frame, tables[name].frame.select(frame.columns)])
        for name, frame in ((name, inputs.frames[name]) for name in TABLES)
    }
    return replace(inputs, frames={**inputs.frames, **new})
