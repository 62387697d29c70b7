"""What the command line says: tables, findings, refusals."""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Sequence

from toolkit import config
from toolkit.errors import Finding, ToolkitError
from toolkit.texts import text
from toolkit.texts.formats import word


def language_or_default() -> str:
    """The person's language, Latvian when even that setting is wrong."""
    try:
        return config.language()
    except ToolkitError:
        return "lv"


def complain(sentence: str) -> None:
    """A sentence on the error stream."""
    print(sentence, file=sys.stderr)


def show_findings(findings: Sequence[Finding], lang: str) -> None:
    """Every finding with place, problem, expectation and remedy, on the error stream."""
    for finding in findings:
        severity = word("severity", finding.severity, lang)
        print(f"{finding.place()} [{severity}] {finding.problem(lang)}", file=sys.stderr)
        expected, remedy = finding.expected(lang), finding.remedy(lang)
        print(f"    {text('cli.expected', lang)}: {expected} {remedy}", file=sys.stderr)


def record_unexpected(error: BaseException, lang: str) -> str:
    """The sentence for a fault of ours; the full account goes to a log with the number named."""
    from toolkit.services import faults

    number = faults.record(error, "command")
    return text("error.unexpected", lang, number=number, log=faults.log())


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Aligned columns for a terminal; `right` are the places of right-aligned ones."""
    widths = [max(map(_width, column)) for column in zip(headings, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [
            " " * (width - _width(cell)) + cell
            if place in right
            else cell + " " * (width - _width(cell))
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(padded).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([line(headings), rule, *(line(row) for row in rows)])


def print_rows(
    group: str, keys: Sequence[str], rows: Sequence[Sequence[object]], format_: str
) -> None:
    """Rows as an aligned table with headings `<group>.<key>`, as CSV or as JSON by key."""
    if format_ == "json":
        objects = [dict(zip(keys, row, strict=True)) for row in rows]
        print(json.dumps(objects, ensure_ascii=False, indent=1))
    elif format_ == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(keys)
        writer.writerows([csv_safe(str(cell)) for cell in row] for row in rows)
    else:
        headings = [text(f"{group}.{key}", language_or_default()) for key in keys]
        print(table(headings, [list(map(str, row)) for row in rows]))


def _width(cell: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in cell)


def csv_safe(cell: str) -> str:
    """Text that a spreadsheet would take for a formula, made plain by an apostrophe."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
