"""Which law is in force here, and how a value is appended to it."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from toolkit import config
from toolkit.errors import LawError, UsageError
from toolkit.law import Law, read_law
from toolkit.law.model import STATUSES, Dated, Source
from toolkit.law.units import Value, checked

DEFAULT_PROGRAMME = config.PROGRAMMES[0]


def law_file(
    file: Path | None = None, folder: Path | None = None, programme: str = DEFAULT_PROGRAMME
) -> Path:
    """The file named, else the folder's `law.toml`, else the working copy, else the shipped one."""
    if file is not None:
        return file
    if folder is not None and (own := folder / "law.toml").is_file():
        return own
    shipped = config.shipped_law(programme)
    working = _working_copy(programme)
    return working if working.is_file() else shipped


def load_law(
    file: Path | None = None, folder: Path | None = None, programme: str = DEFAULT_PROGRAMME
) -> Law:
    """The law that `law_file` finds. Raises LawError when it cannot be trusted."""
    return read_law(law_file(file, folder, programme))


def set_value(
    name: str, written: str, since: date, status: str, source: Source,
    file: Path | None = None, programme: str = DEFAULT_PROGRAMME, known_since: date | None = None,
) -> tuple[Law, Path]:  # fmt: skip
    """Append a value to the law file named, or to the working copy of the shipped one.

    The shipped file is never touched: its copy is made on the first change. Raises
    LawError when the value does not fit the parameter or the day already has one.
    """
    from toolkit.law.edit import append_value  # tomlkit is needed for nothing but this

    if status not in STATUSES:
        raise UsageError("error.status", status=status, known=", ".join(STATUSES))
    path = file or _working_copy(programme)
    if file is None and not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(config.shipped_law(programme), path)
    law = read_law(path)
    parameter = law.parameters.get(name)
    if parameter is None:
        raise LawError("error.law.unknown_parameter", name=name, file=path.name)
    ended = written == "ended"
    value = None if ended else _value(path.name, name, parameter.unit, written)
    dated = Dated(since, status, source, value, known_since, ended)
    return append_value(path, name, dated), path


def gaps(law: Law) -> list[LawError]:
    """What an allocation would miss: parameters without a value on a semester's first day.

    The semesters looked at are those of the programme's time of eligibility, or from
    the first rate on when the law does not say it.
    """
    from toolkit.services.inputs import semester_days

    days = semester_days(*_eligible(law))
    needed = ["share.esf", "target.general", "target.vocational"]
    needed += [name for name in law.parameters if name.startswith("rate.")]
    found: list[LawError] = []
    for day in days:
        for name in needed:
            try:
                law.on(day).need(name)
            except LawError as error:
                if error.key != "error.law.ended":
                    found.append(error)
    return found


def _eligible(law: Law) -> tuple[date, date]:
    rates = [p.values[0].since for name, p in law.parameters.items() if name.startswith("rate.")]
    ends = law.parameters.get("eligibility.end")
    last = max(
        (v.value for v in ends.values if isinstance(v.value, date)), default=date.max
    ) if ends else date.max  # fmt: skip
    return min(rates, default=date.min), last


def _working_copy(programme: str) -> Path:
    return config.home() / "law" / f"{programme}.toml"


def _value(file: str, name: str, unit: str, written: str) -> Value:
    wanted: object = written
    try:
        if unit.split("/", maxsplit=1)[0] in ("EUR", "share", "percent"):
            wanted = Decimal(written.replace(",", ".").replace(" ", ""))
        elif unit == "count":
            wanted = int(written)
        elif unit == "day":
            wanted = date.fromisoformat(written)
        elif unit == "codes":
            wanted = [code.strip() for code in written.split(",")]
        return checked(unit, wanted)
    except (ValueError, InvalidOperation) as error:
        raise LawError(
            "error.law.value", file=file, name=name, place=name, value=written, unit=unit
        ) from error
