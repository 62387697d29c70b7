"""What a seal is made of: the inputs as files, the law's text, the code, the result."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import polars as pl

import toolkit
from toolkit.errors import DamageError
from toolkit.frames.promise import BrokenPromiseError
from toolkit.frames.registers import REGISTERS
from toolkit.intake.registers import completed
from toolkit.semester import Semester
from toolkit.services.inputs import Inputs
from toolkit.store import records
from toolkit.store.tables import STORED


def sealed_inputs(inputs: Inputs, semester: Semester) -> dict[str, bytes]:
    """Every register as CSV, by table; of counts and plans the semester's rows alone."""
    return {name: _csv(_own(inputs.frames, name, semester), name) for name in sorted(REGISTERS)}


def opened_inputs(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """The registers of `sealed_inputs` as promised frames. Raises DamageError for other bytes."""
    frames = {}
    for name, content in files.items():
        stored = STORED[name]
        try:
            rows = pl.read_csv(io.BytesIO(content), schema=_as_text(name), null_values=_NULL)
            typed = rows.select(
                pl.col(column).str.to_date("%Y-%m-%d") if kind == pl.Date
                else pl.col(column).cast(kind)
                for column, kind in stored.columns.items()
            )  # fmt: skip
            whole = completed(name, records.given_back(typed, stored))
            frames[name] = stored.promise.held(whole)
        except (pl.exceptions.PolarsError, BrokenPromiseError) as error:
            raise DamageError("error.damage.pack_table", table=name) from error
    return frames


def digest_of(files: Mapping[str, bytes]) -> str:
    """One hash over named contents."""
    lines = "\n".join(f"{sha256(content).hexdigest()}  {name}" for name, content in files.items())
    return sha256(lines.encode()).hexdigest()


def seal_of(**parts: object) -> str:
    """The seal over its named parts, in the order of their names."""
    lines = "\n".join(f"{name}={parts[name]}" for name in sorted(parts))
    return sha256(lines.encode()).hexdigest()


@cache
def code_version() -> str:
    """The version of the toolkit and the hash of its code, its law files and its catalogues."""
    root = Path(toolkit.__file__).parent
    kinds = ("*.py", "*.toml", "*.po")
    files = sorted(path for kind in kinds for path in root.rglob(kind))
    own = [path for path in files if "shipped" not in path.relative_to(root).parts]
    whole = digest_of({path.relative_to(root).as_posix(): path.read_bytes() for path in own})
    return f"{toolkit.__version__}+{whole[:12]}"


_NULL = "␀"


def _as_text(name: str) -> pl.Schema:
    return pl.Schema(dict.fromkeys(STORED[name].columns, pl.String))


def _own(frames: Mapping[str, pl.DataFrame], name: str, semester: Semester) -> pl.DataFrame:
    frame = frames[name]
    if name in ("counts", "plans"):
        return frame.filter(pl.col("semester") == semester.code)
    if name == "measures":
        plans = _own(frames, "plans", semester)
        return frame.join(plans, on="plan", how="semi")
    return frame


def _csv(frame: pl.DataFrame, name: str) -> bytes:
    stored = STORED[name]
    rows = records.kept(frame, stored).sort(stored.key)
    return rows.write_csv(null_value=_NULL, quote_style="non_numeric").encode()
