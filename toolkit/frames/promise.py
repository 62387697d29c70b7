"""A frame's promise: its columns, its key, and what holds in every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from polars.datatypes import DataType, DataTypeClass


class BrokenPromiseError(Exception):
    """A frame is not what it was promised to be: a fault of ours, never of a person's data."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What every reader of a frame may rely on.

    No value is null but in the `nullable` columns; the key is unique; each rule holds
    in every row, and a rule that comes out as null counts as broken.
    """

    name: str
    columns: Mapping[str, DataType | DataTypeClass]
    key: tuple[str, ...] = ()
    nullable: frozenset[str] = frozenset()
    rules: Mapping[str, pl.Expr] = field(default_factory=dict)

    def held(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The promised columns in their order. Raises BrokenPromiseError naming what is broken."""
        missing = self.columns.keys() - set(frame.columns)
        if missing:
            raise BrokenPromiseError(f"{self.name} lacks the columns {sorted(missing)}")
        frame = frame.select(*self.columns)
        wrong = [name for name, kind in self.columns.items() if frame.schema[name] != kind]
        if wrong:
            raise BrokenPromiseError(f"{self.name} has other types in {wrong}: {frame.schema}")
        broken = [*self._nulls(frame), *self._rules_broken(frame)]
        if self.key and frame.select(pl.struct(self.key).is_duplicated().any()).item():
            broken.append(f"the key {self.key} is not unique")
        if broken:
            raise BrokenPromiseError(f"{self.name}: {'; '.join(broken)}")
        return frame

    def _nulls(self, frame: pl.DataFrame) -> list[str]:
        return [
            f"{column.name} is null in {column.null_count()} rows"
            for column in frame
            if column.null_count() and column.name not in self.nullable
        ]

    def _rules_broken(self, frame: pl.DataFrame) -> list[str]:
        if not self.rules:
            return []
        counts = frame.select(
            (~rule.fill_null(value=False)).sum().alias(name) for name, rule in self.rules.items()
        )
        return [f"{name} fails in {n} rows" for name, n in counts.row(0, named=True).items() if n]
