"""What agreements and amendments must not say: findings at the rows of the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, pairwise

import polars as pl

from toolkit import money
from toolkit.errors import Finding
from toolkit.intake.table import Table, cell_finding
from toolkit.rules.amendments import refusals
from toolkit.services.agreements import agreement_versions, codes
from toolkit.services.inputs import Inputs
from toolkit.services.plans import catalogue

_USUAL = re.compile(r"P6-1[23]/[0-9]{1,3}(-[0-9]{4})?")


def agreement_findings(inputs: Inputs, agreements: Table, amendments: Table) -> Iterator[Finding]:
    """Unusual numbers, codes that lead nowhere, amendments that their kind does not allow."""
    for row, number in agreements.frame.select("row", "agreement").iter_rows():
        if not _USUAL.fullmatch(number):
            yield cell_finding(
                agreements, "agreements.unusual_number", "agreement", row, number, "note"
            )
    yield from _below_zero(agreements, "agreements.negative", "amount", "amount_cents")
    yield from _measures(agreements, "measures")
    yield from _values(inputs, amendments)
    yield from _refused(inputs, amendments)


def unspent_findings(table: Table) -> Iterator[Finding]:
    """Money left over of which there is less than nothing."""
    yield from _below_zero(table, "unspent.negative", "unspent", "unspent_cents")


def _below_zero(table: Table, rule: str, column: str, stored: str) -> Iterator[Finding]:
    lost = table.frame.filter(pl.col(stored) < 0)
    for row, cents in lost.select("row", stored).iter_rows():
        yield cell_finding(table, rule, column, row, money.euros(cents))


def coverage_findings(table: Table) -> Iterator[Finding]:
    """Institutions covered up to a semester before the first one: they would never earn."""
    ended = pl.col("to_semester").fill_null("") != ""
    backwards = table.frame.filter(ended, pl.col("to_semester") < pl.col("from_semester"))
    for row, first, last in backwards.select("row", "from_semester", "to_semester").iter_rows():
        yield cell_finding(
            table, "coverage.backwards", "to_semester", row, last, first=first, told=last
        )


def _measures(table: Table, column: str) -> Iterator[Finding]:
    """Measures that are none of the catalogue."""
    known = catalogue()
    for row, written in table.frame.select("row", column).iter_rows():
        for code in codes(written):
            if code not in known:
                yield cell_finding(
                    table, "measures.unknown", column, row, code, known=", ".join(known)
                )


def _values(inputs: Inputs, table: Table) -> Iterator[Finding]:
    """New parties that are no partner, new measures that are none of the catalogue."""
    partners = {*inputs.frames["partners"]["partner"], ""}
    parties = table.frame.filter(pl.col("kind") == "party")
    for row, written in parties.select("row", "value").iter_rows():
        if written.strip() not in partners:
            yield cell_finding(table, "reference.unknown", "value", row, written, target="partners")
    measures = table.frame.filter(pl.col("kind") == "measures")
    yield from _measures(replace(table, frame=measures), "value")


def _refused(inputs: Inputs, table: Table) -> Iterator[Finding]:
    """Why amendments of the file may not be."""
    rows = {
        (agreement, number): row
        for agreement, number, row in table.frame.select(
            "agreement", "amendment", "row"
        ).iter_rows()
    }
    for before, after in chain.from_iterable(map(pairwise, agreement_versions(inputs).values())):
        made = after.amendment
        place = rows.get((after.agreement, made.number)) if made else None
        if made is None or place is None:
            continue
        facts = {"agreement": after.agreement, "amendment": made.number}
        for refusal in refusals(before, after, made.kind):
            yield cell_finding(
                table, f"amendments.{refusal.rule}", "kind", place, made.kind, "explain",
                field=refusal.about, amendment_kind=made.kind, **facts,
            )  # fmt: skip
        if made.effective_on < made.signed_on:
            yield cell_finding(
                table, "amendments.before_signed", "effective_on", place,
                made.effective_on.isoformat(), "note", **facts,
            )  # fmt: skip
