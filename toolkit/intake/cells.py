"""How the text of a cell is read: days, whole numbers, semesters, grades, codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import polars as pl

from toolkit.errors import UsageError
from toolkit.grades import grades
from toolkit.intake.forms import Column, Form, folded
from toolkit.semester import Semester

_MIDNIGHT = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
_ISO_DAY = rf"^([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_MIDNIGHT}$"
_LATVIAN_DAY = rf"^([0-9]{{1,2}})\. ?([0-9]{{1,2}})\. ?([0-9]{{4}})\.?{_MIDNIGHT}$"
_WHOLE = r"^[0-9]+$"
_LONGEST_WHOLE = 12
_CLAMPED = 10**_LONGEST_WHOLE
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


def typed(form: Form, text: pl.DataFrame) -> pl.DataFrame:
    """The form's columns read as their kinds; null where a cell is not of its kind."""
    read = {column.name: _read(column) for column in form.columns}
    kept = {f"{c.name}_text": pl.col(c.name) for c in form.columns if c.kind == "whole"}
    return text.with_columns(**read, **kept)


def read_day(written: pl.Expr) -> pl.Expr:
    """Days as people write them (`2021-07-01`, `01.07.2021.`); null where it is none."""
    trimmed = written.str.replace_all(r"\p{Cf}", "").str.strip_chars()
    return pl.coalesce(
        _day(trimmed, _ISO_DAY, year=1, month=2, day=3),
        _day(trimmed, _LATVIAN_DAY, year=3, month=2, day=1),
    )


def is_semester(code: str) -> bool:
    """Whether the text is the code of a semester, with years that follow each other."""
    try:
        return Semester.parse(code).code == code
    except UsageError:
        return False


def plain(cell: str) -> str:
    """Without spaces around, without letters that nobody sees, and each letter in one form."""
    return unicodedata.normalize("NFC", cell.translate(_INVISIBLE).strip())


def _day(trimmed: pl.Expr, pattern: str, *, year: int, month: int, day: int) -> pl.Expr:
    return pl.concat_str(
        trimmed.str.extract(pattern, year),
        trimmed.str.extract(pattern, month).str.zfill(2),
        trimmed.str.extract(pattern, day).str.zfill(2),
        separator="-",
    ).str.to_date("%Y-%m-%d", strict=False)


def _read(column: Column) -> pl.Expr:
    raw = pl.col(column.name)
    match column.kind:
        case "day":
            return read_day(raw)
        case "whole":
            return _whole(raw)
        case "semester":
            return _mapped(raw, column.name, _semester_code, pl.String())
        case "grades":
            return _mapped(raw, column.name, _grade_list, pl.List(pl.Int64))
        case _:
            codes = column.codes()
            return _mapped(
                raw, column.name, lambda cell: codes.get(folded(cell), cell), pl.String()
            )


def _whole(raw: pl.Expr) -> pl.Expr:
    """Only digits count, a space is none; more than fit are clamped for a rule to refuse."""
    digits = pl.when(raw.str.contains(_WHOLE)).then(raw.str.strip_chars_start("0"))
    fits = digits.str.len_chars() <= _LONGEST_WHOLE
    short = pl.when(fits).then(digits).otherwise(pl.lit(str(_CLAMPED)))
    kept = pl.when(digits.is_not_null()).then(short)
    return pl.when(kept == "").then(pl.lit("0")).otherwise(kept).cast(pl.Int64)


def _mapped(cells: pl.Expr, name: str, read: Callable[[str], object], kind: pl.DataType) -> pl.Expr:
    """Each distinct text read once: the reading is Python, the joining back is not."""

    def over(series: pl.Series) -> pl.Series:
        distinct = series.unique()
        values = pl.Series([read(plain(cell)) for cell in distinct], dtype=kind)
        read_once = pl.DataFrame({"cell": distinct, "value": values})
        joined = series.to_frame("cell").join(
            read_once, on="cell", how="left", validate="m:1", maintain_order="left"
        )
        return joined["value"].alias(name)

    return cells.map_batches(over, return_dtype=kind)


def _semester_code(cell: str) -> str:
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
