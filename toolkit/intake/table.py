"""Rows of text and a form into a frame, with every finding of every cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from toolkit.errors import Finding, Severity, UsageError
from toolkit.grades import grades
from toolkit.intake.forms import Column, Form, folded
from toolkit.intake.sheets import RawSheet, column_letters
from toolkit.semester import Semester

HEADING_ROWS = 20
MOST_FINDINGS = 200
"""Of one kind in one table: the sentence after them says how many more there are."""
_DAYS = ("%Y-%m-%d", "%d.%m.%Y.", "%d.%m.%Y", "%Y-%m-%d 00:00:00")
_WHOLE = r"^[0-9]+$"
_CLAMPED = 10**12


@dataclass(frozen=True, slots=True)
class Table:
    """A form's frame and what was found while it was read."""

    form: Form
    frame: pl.DataFrame
    findings: tuple[Finding, ...]
    letters: Mapping[str, str]
    """The spreadsheet column of each column of the form."""
    file: str = ""
    sheet: str = ""

    @property
    def blocked(self) -> bool:
        """Whether a finding stands that must be mended first."""
        return any(finding.severity == "blocks" for finding in self.findings)


def empty_table(form: Form) -> Table:
    """The form with no rows."""
    return Table(form, _typed(form, _text_frame(form, "", [], {}, [])), (), {})


def read_table(form: Form, raw: RawSheet) -> Table:
    """The rows of a sheet as the form's frame.

    Empty rows are passed over wherever they stand; row numbers stay those of the
    file. A cell that cannot be read is null in the frame and a finding here.
    """
    blocked = [f for f in raw.findings if f.severity == "blocks"]
    heading = None if blocked else _heading_row(form, raw)
    if heading is None:
        found = blocked or [_no_headings(form, raw)]
        return Table(form, empty_table(form).frame, (*found,), {}, raw.file, raw.sheet)
    places, missing = _places(form, raw.rows[heading])
    letters = {name: column_letters(place) for name, place in places.items()}
    findings = [*raw.findings, *(_missing_column(form, raw, column, heading) for column in missing)]
    numbered = [
        (number, row)
        for number, row in enumerate(raw.rows[heading + 1 :], heading + 2)
        if any(cell and not cell.isspace() for cell in row)
    ]
    findings += _overlong(form, raw, numbered, len(raw.rows[heading]))
    text = _text_frame(form, raw.file, [n for n, _ in numbered], places, [r for _, r in numbered])
    typed = _typed(form, text)
    table = Table(form, typed, (), letters, raw.file, raw.sheet)
    if not missing:
        findings += _cell_findings(table, text)
        findings += _row_findings(table)
    findings += _formula_findings(table, raw)
    return Table(form, typed, tuple(findings), letters, raw.file, raw.sheet)


def cell_finding(
    table: Table, rule: str, column: str, row: int, value: str, severity: Severity = "blocks",
    **facts: str,
) -> Finding:  # fmt: skip
    """A finding at one cell, addressed as the spreadsheet shows it."""
    cell = f"{table.letters[column]}{row}" if column in table.letters else ""
    return Finding(
        rule, table.form.table, table.file, table.sheet, row, cell, value, severity, facts
    )


def read_day(written: pl.Expr) -> pl.Expr:
    """Days as people write them (`2021-07-01`, `01.07.2021.`); null where it is none."""
    trimmed = written.str.strip_chars()
    return pl.coalesce(trimmed.str.to_date(form, strict=False) for form in _DAYS)


def _heading_row(form: Form, raw: RawSheet) -> int | None:
    """The row among the first that holds most of the form's headings, at least two."""
    known = {heading: column.name for column in form.columns for heading in column.headings()}
    best, most = None, 1
    for number, row in enumerate(raw.rows[:HEADING_ROWS]):
        hits = len({known[folded(cell)] for cell in row if folded(cell) in known})
        if hits > most:
            best, most = number, hits
    return best


def _places(form: Form, headings: object) -> tuple[dict[str, int], list[Column]]:
    cells = [folded(cell) for cell in headings]  # type: ignore[attr-defined]
    places: dict[str, int] = {}
    for column in form.columns:
        wanted = column.headings()
        place = next((i for i, cell in enumerate(cells) if cell in wanted), None)
        if place is not None:
            places[column.name] = place
    missing = [c for c in form.columns if c.name not in places and not c.optional]
    return places, missing


def _no_headings(form: Form, raw: RawSheet) -> Finding:
    headings = {lang: ", ".join(c.heading[lang] for c in form.columns) for lang in ("lv", "en")}
    first = ", ".join(cell for cell in raw.rows[0][:8] if cell) if raw.rows else ""
    return Finding(
        "table.no_headings", form.table, raw.file, raw.sheet, 1, "A1", first,
        facts={"headings": headings["lv"], "headings_en": headings["en"]},
    )  # fmt: skip


def _missing_column(form: Form, raw: RawSheet, column: Column, heading: int) -> Finding:
    return Finding(
        "table.missing_column", form.table, raw.file, raw.sheet, heading + 1,
        value=", ".join(cell for cell in raw.rows[heading] if cell),
        facts={"heading": column.heading["lv"], "heading_en": column.heading["en"]},
    )  # fmt: skip


def _overlong(
    form: Form, raw: RawSheet, numbered: list[tuple[int, object]], width: int
) -> list[Finding]:
    """Rows with something right of the last heading: a mark too many has shifted the cells."""
    found = []
    for number, row in numbered:
        beyond = [cell for cell in row[width:] if cell.strip()]  # type: ignore[index]
        if beyond:
            cell = f"{column_letters(width)}{number}"
            found.append(
                Finding(
                    "row.too_many_cells", form.table, raw.file, raw.sheet, number, cell, beyond[0]
                )
            )
    return found[:MOST_FINDINGS]


def _text_frame(
    form: Form, file: str, numbers: list[int], places: Mapping[str, int], rows: list[object]
) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {
        "row": pl.Series(numbers, dtype=pl.Int64),
        "file": pl.repeat(file, len(numbers), dtype=pl.String, eager=True),
    }
    for column in form.columns:
        place = places.get(column.name)
        cells = [
            row[place] if place is not None and place < len(row) else ""  # type: ignore[arg-type,index]
            for row in rows
        ]
        columns[column.name] = pl.Series(cells, dtype=pl.String)
    return pl.DataFrame(columns)


def _typed(form: Form, text: pl.DataFrame) -> pl.DataFrame:
    read = {column.name: _read(column) for column in form.columns}
    kept = {f"{c.name}_text": pl.col(c.name) for c in form.columns if c.kind == "whole"}
    return text.with_columns(**read, **kept)


def _read(column: Column) -> pl.Expr:
    raw = pl.col(column.name)
    trimmed = raw.str.strip_chars()
    match column.kind:
        case "day":
            return read_day(raw)
        case "whole":
            # only digits count, a space is none; more than fit are clamped for a rule to refuse
            digits = pl.when(raw.str.contains(_WHOLE)).then(raw.str.strip_chars_start("0"))
            short = (
                pl.when(digits.str.len_chars() <= 12).then(digits).otherwise(pl.lit(str(_CLAMPED)))
            )
            kept = pl.when(digits.is_not_null()).then(short)
            return pl.when(kept == "").then(pl.lit("0")).otherwise(kept).cast(pl.Int64)
        case "semester":
            return _mapped(trimmed, column.name, _semester_code, pl.String)
        case "grades":
            return _mapped(trimmed, column.name, _grade_list, pl.List(pl.Int64))
        case _:
            values = {folded(written): code for written, code in column.values.items()}
            if not values:
                return trimmed
            return _mapped(
                trimmed, column.name, lambda cell: values.get(folded(cell), cell), pl.String
            )


def _mapped(cells: pl.Expr, name: str, read: object, dtype: object) -> pl.Expr:
    """Each distinct text read once: the reading is Python, the joining back is not."""

    def over(series: pl.Series) -> pl.Series:
        distinct = series.unique()
        values = [read(cell) for cell in distinct]  # type: ignore[operator]
        read_once = pl.DataFrame(
            {"cell": distinct, "value": pl.Series(values, dtype=dtype)}  # type: ignore[arg-type]
        )
        joined = series.to_frame("cell").join(
            read_once, on="cell", how="left", validate="m:1", maintain_order="left"
        )
        return joined["value"].alias(name)

    return cells.map_batches(over, return_dtype=dtype)  # type: ignore[arg-type]


def _semester_code(cell: str) -> str | None:
    """The code of a semester; what is none stays as written for the rules to refuse."""
    try:
        return Semester.parse(cell).code
    except UsageError:
        return cell


def _grade_list(cell: str) -> list[int] | None:
    try:
        return sorted(grades(cell)) if cell else None
    except UsageError:
        return None


def _cell_findings(table: Table, text: pl.DataFrame) -> Iterator[Finding]:
    """Cells that are empty and may not be, or that cannot be read as their kind."""
    for column in table.form.columns:
        written = text[column.name].str.strip_chars()
        if column.required and table.form.table != "counts":
            yield from _at(table, "value.missing", column, written == "", written)
        if column.kind in ("day", "grades"):
            unread = (written != "") & table.frame[column.name].is_null()
            yield from _at(table, f"value.not_{column.kind}", column, unread, written)
        if column.kind == "semester" and table.form.table != "counts":
            wrong = (written != "") & ~table.frame[column.name].str.contains(r"^\d{4}/\d{4}-[12]$")
            yield from _at(table, "value.not_semester", column, wrong, written)


def _at(
    table: Table, rule: str, column: Column, wrong: pl.Series, written: pl.Series
) -> Iterator[Finding]:
    rows = table.frame["row"].filter(wrong)
    facts = {"heading": column.heading["lv"], "heading_en": column.heading["en"]}
    for row, value in list(zip(rows, written.filter(wrong), strict=True))[:MOST_FINDINGS]:
        yield cell_finding(table, rule, column.name, row, value, **facts)


def _row_findings(table: Table) -> Iterator[Finding]:
    """Rows whose key stands twice, or whose days run backwards."""
    form, frame = table.form, table.frame
    if form.key:
        twice = frame.filter(pl.struct(form.key).is_duplicated()) if frame.height else frame
        for row in list(twice.iter_rows(named=True))[:MOST_FINDINGS]:
            value = " · ".join(str(row[name]) for name in form.key)
            yield cell_finding(table, "row.duplicate_key", form.key[0], row["row"], value)
    for first, last in form.spans:
        for row in frame.filter(pl.col(last) < pl.col(first)).iter_rows(named=True):
            yield cell_finding(
                table, "row.days_backwards", last, row["row"], str(row[last]), first=str(row[first])
            )


def _formula_findings(table: Table, raw: RawSheet) -> Iterator[Finding]:
    """Formulas whose result was never stored, in the columns that are read."""
    names = {letters: name for name, letters in table.letters.items()}
    for address in sorted(raw.formulas_without_value):
        letters = address.rstrip("0123456789")
        if letters in names:
            row = int(address[len(letters) :])
            yield cell_finding(table, "value.formula_without_result", names[letters], row, "")
