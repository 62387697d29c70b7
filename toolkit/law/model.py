"""The law as values: immutable, dated, each with status and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from toolkit import money
from toolkit.errors import LawError
from toolkit.grades import grades
from toolkit.law.units import Value, checked, fraction, written

Status = Literal["confirmed", "inferred", "assumed"]
STATUSES: tuple[Status, ...] = ("confirmed", "inferred", "assumed")


Words = str | Mapping[str, str]
"""What a person wrote, for everybody; or the same in each language."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: the act, and when known its point, address and a note."""

    act: Words
    point: str = ""
    url: str = ""
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of a parameter from a day on, or its explicit end.

    `known_since` is the day the value became known, when that is later than the
    day it applies from: a rate confirmed after the fact replaces the assumed one
    without editing it.
    """

    since: date
    status: Status
    source: Source
    value: Value | None = None
    known_since: date | None = None
    ended: bool = False

    @property
    def order(self) -> tuple[date, date]:
        """Values of a parameter rise by this."""
        return self.since, self.known_since or date.min


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or list the law sets, with all its values by date."""

    name: str
    title: Mapping[str, str]
    unit: str
    values: tuple[Dated, ...]

    def on(self, day: date, known_on: date | None = None) -> Dated:
        """The value with the latest `since` not after the day, as known on `known_on`.

        Raises LawError, naming the first value, when the day is before it.
        """
        known = [v for v in self.values if known_on is None or v.order[1] <= known_on]
        past = [value for value in known if value.since <= day]
        if not past:
            first = (known or self.values)[0]
            raise LawError(
                "error.law.no_value_yet", name=self.name, day=day, first=first.since,
                value="—" if first.ended else written(first.value),
            )  # fmt: skip
        return past[-1]


@dataclass(frozen=True, slots=True)
class InForce:
    """A parameter together with the value that holds on the day asked."""

    parameter: Parameter
    dated: Dated

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def value(self) -> Value:
        """The value; an explicit end has none and never gets here."""
        assert self.dated.value is not None
        return self.dated.value

    @property
    def cents(self) -> int:
        """An amount in whole cents."""
        assert isinstance(self.value, (Decimal, int))
        return money.cents(self.value)

    @property
    def fraction(self) -> Fraction:
        """A share as an exact fraction."""
        return fraction(self.value)

    @property
    def grades(self) -> frozenset[int]:
        """The grades of a target group."""
        return grades(str(self.value))


@dataclass(frozen=True, slots=True)
class Programme:
    """The ESF project the law belongs to."""

    id: str
    fund: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Law:
    """A programme's parameters. `law.on(day)` is what a rule is given."""

    programme: Programme
    parameters: Mapping[str, Parameter]
    file: str = ""

    def on(self, day: date, known_on: date | None = None) -> LawOn:
        """The law in force on a day, as known on `known_on` (today's knowledge when None)."""
        return LawOn(self, day, known_on)

    def as_known(self, on: date) -> Law:
        """The law as it was known on a day: without the values that became known later."""
        known = [
            replace(p, values=tuple(value for value in p.values if value.order[1] <= on))
            for p in self.parameters.values()
        ]
        return replace(self, parameters={p.name: p for p in known if p.values})

    def with_value(self, name: str, value: Decimal | int | str, since: date | None = None) -> Law:
        """A scenario: the same law with another value from `since` on; always, when None.

        The law itself is untouched; the overlaid value is marked assumed. Raises
        LawError for an unknown parameter or a value that does not fit its unit.
        """
        parameter = self.parameters.get(name)
        if parameter is None:
            raise LawError("error.law.unknown_parameter", name=name, file=self.file)
        wanted: object = value
        if isinstance(value, str) and parameter.unit.split("/")[0] in ("EUR", "share", "percent"):
            wanted = _decimal(value)
        try:
            fitting = checked(parameter.unit, wanted)
        except ValueError as error:
            raise LawError(
                "error.law.value", file=self.file, name=name, place="with_value",
                value=value, unit=parameter.unit,
            ) from error  # fmt: skip
        start = since or min(v.since for v in parameter.values)
        scenario = Dated(start, "assumed", Source("scenario"), fitting)
        kept = tuple(v for v in parameter.values if v.since < start)
        changed = replace(parameter, values=(*kept, scenario))
        return replace(self, parameters={**self.parameters, name: changed})


@dataclass(frozen=True, slots=True)
class LawOn:
    """The law on one day."""

    law: Law
    day: date
    known_on: date | None = None

    def get(self, name: str) -> InForce | None:
        """The parameter in force; None when the law has no such parameter or has ended it.

        Raises LawError when the parameter exists but its first value is later.
        """
        parameter = self.law.parameters.get(name)
        if parameter is None:
            return None
        dated = parameter.on(self.day, self.known_on)
        return None if dated.ended else InForce(parameter, dated)

    def need(self, name: str) -> InForce:
        """The parameter in force; LawError when there is none."""
        found = self.get(name)
        if found is None:
            key = "error.law.ended" if name in self.law.parameters else "error.law.missing"
            raise LawError(key, name=name, day=self.day, file=self.law.file)
        return found

    def all(self) -> list[InForce]:
        """Every parameter with a value on this day, by name."""
        names = sorted(self.law.parameters)
        begun = [n for n in names if self._begun(self.law.parameters[n])]
        return [found for name in begun if (found := self.get(name)) is not None]

    def _begun(self, parameter: Parameter) -> bool:
        return any(
            v.since <= self.day and (self.known_on is None or v.order[1] <= self.known_on)
            for v in parameter.values
        )


def _decimal(text: str) -> object:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text
