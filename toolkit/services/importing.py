"""Files into the store: what they would change is shown first, then written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from toolkit.errors import Finding, InputError, RefusedError, ToolkitError, UsageError
from toolkit.frames.registers import REGISTERS
from toolkit.intake.folder import Tables, read_folder, read_single
from toolkit.intake.reading import empty_table
from toolkit.intake.registers import amendment_findings, completed
from toolkit.intake.table import Table, kind_of
from toolkit.personal import masked
from toolkit.services.imports_checked import checked, written_twice
from toolkit.services.inputs import Inputs, known_forms
from toolkit.services.people import Person
from toolkit.services.records_checked import REFERRING
from toolkit.services.rows_readable import OF_WHOLE_FILE, readable
from toolkit.services.stored import registers
from toolkit.store import records
from toolkit.store.connect import Database
from toolkit.store.journal import Act, writing
from toolkit.store.tables import STORED, Stored

SCOPES = {
    "counts": "semester", "plans": "semester", "measures": "plan", "unspent": "semester",
    "quotas": "call",
}  # fmt: skip
"""Tables that a file holds a part of: other semesters, plans, calls are none of its business."""

MOST_NAMED = 20
"""How many records are listed that cannot be withdrawn; the rest has the same reason."""


@dataclass(frozen=True, slots=True)
class TableChange:
    """What a file would do to one table; each frame carries the versions it would write."""

    table: str
    added: pl.DataFrame
    changed: pl.DataFrame
    withdrawn: pl.DataFrame
    before: pl.DataFrame
    """The changed rows as they stand."""
    unchanged: int

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a record."""
        return STORED[self.table].key

    @property
    def empty(self) -> bool:
        """Whether the table stays as it is."""
        return self.added.is_empty() and self.changed.is_empty() and self.withdrawn.is_empty()


@dataclass(frozen=True, slots=True)
class Import:
    """A file read and compared with the store, not yet written."""

    source: str
    basis: int
    """The journal entry that the comparison stands on."""
    tables: tuple[TableChange, ...]
    findings: tuple[Finding, ...]

    @property
    def changes(self) -> list[TableChange]:
        """The tables that would change."""
        return [table for table in self.tables if not table.empty]


def prepare(database: Database, source: Path, table: str = "", *, keep: bool = False) -> Import:
    """What importing the file, workbook or folder would add, change and withdraw.

    A row of the store that the file no longer has is withdrawn, of counts and plans within
    the semesters of the file; with `keep` it stays. Raises InputError with every
    finding when one of them blocks, RefusedError when a record would be withdrawn that
    others name, UsageError when nothing at all would change.
    """
    tables = _read(source, table)
    given = [name for name, read in tables.tables.items() if read.file and name in REGISTERS]
    basis = records.entry_at(database, None)
    findings = [*tables.findings, *amendment_findings(tables["amendments"])]
    findings += [twice for name in given for twice in written_twice(tables[name])]
    if any(finding.severity == "blocks" for finding in findings):
        raise InputError(
            [*findings, *_of_whole_rows(database, basis, tables, given, findings, keep=keep)]
        )
    changes = _changes(database, [tables[name] for name in given], keep=keep)
    frames = _after(database, basis, {change.table: change for change in changes})
    _must_not_be_named(frames, changes)
    findings += checked(Inputs(frames, tables["counts"], ()), tables, given)
    if any(finding.severity == "blocks" for finding in findings):
        raise InputError(findings)
    found = Import(masked(source.name), basis, changes, tuple(findings))
    if not found.changes and any(finding.rule == "table.no_rows" for finding in findings):
        raise InputError(findings)  # that there are no rows says more than that nothing changes
    if not found.changes:
        raise UsageError("error.import.unchanged", file=source.name)
    return found


def store_import(
    database: Database, by: Person, prepared: Import, now: datetime, reason: str = ""
) -> int:
    """Write a prepared import in one transaction; the journal entry's number.

    Raises RefusedError when the person may not, ConflictError when somebody has
    changed one of the tables since it was compared.
    """
    by.must("import")
    subject = f"{prepared.source}: " + ", ".join(change.table for change in prepared.changes)
    with writing(database, Act(by.code, "import", subject, now, reason)) as w:
        w.unchanged_since(prepared.basis, [change.table for change in prepared.changes])
        for change in prepared.changes:
            w.put(change.table, change.added)
            w.put(change.table, change.changed)
            w.put(change.table, change.withdrawn, withdrawn=True)
    return w.entry


def _read(source: Path, table: str) -> Tables:
    forms = known_forms()
    if not source.exists():
        raise UsageError("error.no_such_input", path=source)
    if not table:
        return read_folder(source, forms, whole=False)
    if table not in forms:
        raise UsageError("error.import.table", table=table, known=", ".join(sorted(forms)))
    found = read_single(source, forms[table])
    empty = {name: empty_table(form) for name, form in forms.items()}
    return Tables(empty | {table: found}, found.findings)


def _of_whole_rows(
    database: Database,
    basis: int,
    tables: Tables,
    given: Iterable[str],
    found: list[Finding],
    *,
    keep: bool,
) -> list[Finding]:
    """What the rows say that can be read, so that a file with bad cells is mended only once."""
    whole = readable(tables, given, found)
    if not whole.tables:
        return []
    changes = _changes(database, list(whole.tables.values()), keep=keep)
    frames = _after(database, basis, {change.table: change for change in changes})
    judged = Tables({**tables.tables, **whole.tables}, ())
    more = checked(Inputs(frames, judged["counts"], ()), judged, list(whole.tables))
    return [finding for finding in more if kind_of(finding) not in OF_WHOLE_FILE]


def _changes(database: Database, tables: list[Table], *, keep: bool) -> tuple[TableChange, ...]:
    """The change of each table; the measures of a withdrawn plan go with it."""
    found = {table.form.table: _change(database, table, keep=keep) for table in tables}
    gone = found["plans"].withdrawn.select("plan") if "plans" in found else None
    if gone is not None and gone.height:
        stored = STORED["measures"]
        rows = records.standing(database, "measures").join(gone, on="plan", how="semi")
        lost = rows.with_columns(pl.col("version") + 1).select(*stored.columns, "version")
        known = found.get("measures", TableChange("measures", *(lost.clear(),) * 4, unchanged=0))
        more = lost.join(known.withdrawn, on=stored.key, how="anti")
        found["measures"] = replace(known, withdrawn=pl.concat([known.withdrawn, more]))
    return tuple(found.values())


def _change(database: Database, table: Table, *, keep: bool) -> TableChange:
    stored = STORED[table.form.table]
    given = records.kept(completed(stored.name, table.frame), stored)
    newest = records.newest(database, stored.name)
    standing = newest.filter(~pl.col("withdrawn"))
    key = list(stored.key)
    versions = newest.select(*key, _last="version", _gone="withdrawn")
    joined = given.join(versions, on=key, how="left", validate="1:1", maintain_order="left")
    new = pl.col("_last").is_null() | pl.col("_gone")
    columns = [*stored.columns, pl.col("_last").fill_null(0).add(1).alias("version")]
    known = joined.filter(~new)
    changed = known.join(
        standing, on=stored.content, how="anti", nulls_equal=True, maintain_order="left"
    ).select(columns)
    gone = (
        standing.clear()
        if keep
        else _within(standing, given, SCOPES.get(stored.name)).join(given, on=key, how="anti")
    )
    return TableChange(
        stored.name,
        joined.filter(new).select(columns),
        changed,
        gone.with_columns(pl.col("version") + 1).select(*stored.columns, "version"),
        standing.join(changed.select(key), on=key, how="semi").sort(key),
        known.height - changed.height,
    )


def _must_not_be_named(frames: Mapping[str, pl.DataFrame], changes: Iterable[TableChange]) -> None:
    """Raises RefusedError for each record withdrawn that others still name."""
    named: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for change in changes:
        for name, columns, target in REFERRING:
            if target == change.table and change.withdrawn.height:
                gone = change.withdrawn.select(change.key)
                found = gone.join(
                    frames[name], left_on=change.key, right_on=columns, how="semi"
                ).rows()
                for key in found:
                    named.setdefault((target, key), set()).add(name)
    if named:
        raise RefusedError(
            [
                ToolkitError(
                    "error.record.referred", record=" · ".join(map(str, key)),
                    referring=", ".join(sorted(named[table, key])),
                )
                for table, key in sorted(named)[:MOST_NAMED]
            ]
        )  # fmt: skip


def _within(standing: pl.DataFrame, given: pl.DataFrame, scope: str | None) -> pl.DataFrame:
    return standing if scope is None else standing.join(given, on=scope, how="semi")


def _after(
    database: Database, basis: int, changes: Mapping[str, TableChange]
) -> dict[str, pl.DataFrame]:
    """Every register as it would be."""
    return {
        name: _applied(STORED[name], changes[name], frame) if name in changes else frame
        for name, frame in registers(database, basis).items()
    }


def _applied(stored: Stored, change: TableChange, frame: pl.DataFrame) -> pl.DataFrame:
    key = list(stored.key)
    written = pl.concat([change.added, change.changed]).drop("version")
    touched = pl.concat([written.select(key), change.withdrawn.select(key)])
    kept = records.kept(frame, stored).join(touched, on=key, how="anti")
    # rows without their numbers are refused, as they are in the file, by `checked`
    unread = [name for name in ("grade", "plans") if stored.name == "counts"]
    whole = records.given_back(pl.concat([kept, written.drop_nulls(unread or stored.key)]), stored)
    return stored.promise.held(completed(stored.name, whole))
