"""A semester as evidence: a pack that anybody checks without the store and without a network."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from toolkit import config
from toolkit.errors import DamageError, UsageError
from toolkit.frames.registers import REGISTERS
from toolkit.intake.reading import empty_table
from toolkit.law.load import parse_law
from toolkit.semester import Semester
from toolkit.services.inputs import Inputs, known_forms
from toolkit.services.reporting import write_workbook
from toolkit.services.runs import (
    SEALED,
    Computed,
    asked_again,
    computed,
    find_run,
    reproduced,
)
from toolkit.services.sealing import (
    code_version,
    digest_of,
    opened_inputs,
    seal_of,
    sealed_inputs,
)
from toolkit.services.workflow import step_of
from toolkit.store import records
from toolkit.store.connect import Database

_HASHES, _SEAL, _LAW, _RESULT, _LOCK = (
    "hashes.txt", "seal.json", "law.toml", "result.json", "requirements.lock",
)  # fmt: skip
_BOOK = "maximum.{lang}.xlsx"
_LANGS = ("lv", "en")
_MEMBERS = (_HASHES, _SEAL, _LAW, _RESULT, _LOCK, *(_BOOK.format(lang=lang) for lang in _LANGS))
_TOLD = (
    "seal", "state", "drafted_by", "checked_by", "approved_by", "released_by", "journal_hash",
    "law_file", "inputs_name",
)  # fmt: skip
_NUMBERS = ("envelope_cents", "run", "basis", "journal_entry")
_OLDEST_TIME = (1980, 1, 1, 0, 0, 0)
_LARGEST_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class PackChecked:
    """What a pack proves: the seal, and whether this very code made it."""

    seal: dict[str, Any]
    same_code: bool


def export(database: Database, semester: Semester, target: Path) -> str:
    """Write the pack of the semester's newest run; its seal.

    Raises UsageError when nothing was drafted or the file is there, DamageError when the
    run does not come out of its inputs any more.
    """
    if target.exists():
        raise UsageError("error.backup.exists", path=target)
    step = step_of(database, semester)
    if not step.state:
        raise UsageError("error.run.none", semester=semester.code)
    run = find_run(database, semester, step.run)
    made = reproduced(database, run)
    if made.result != run["result"]:
        raise DamageError("error.damage.run", semester=semester.code, run=step.run)
    last = records.journal_entry(database, records.entry_at(database, None))
    seal = {name: run[name] for name in SEALED} | {
        "seal": run["seal"], "run": step.run, "state": step.state, "basis": run["basis"],
        "drafted_by": step.drafted_by, "checked_by": step.checked_by,
        "approved_by": step.approved_by, "released_by": step.released_by,
        "journal_entry": last.entry if last else 0, "journal_hash": last.hash if last else "",
    }  # fmt: skip
    _write(target, _contents(made, seal))
    return str(run["seal"])


def check_pack(pack: Path) -> PackChecked:
    """Whether the pack is whole and its result comes out of its inputs and its law again.

    Raises DamageError naming the first thing that differs.
    """
    files = _opened(pack)
    _hashes_hold(files)
    seal = _seal(files[_SEAL])
    if seal_of(**{name: seal[name] for name in SEALED}) != seal["seal"]:
        raise DamageError("error.damage.pack_seal", file=_SEAL)
    inputs = {
        Path(name).stem: content for name, content in files.items() if name.startswith("inputs/")
    }
    for name, content in (
        ("inputs_sha256", digest_of(inputs)),
        ("law_sha256", sha256(files[_LAW]).hexdigest()),
        ("result_sha256", sha256(files[_RESULT]).hexdigest()),
    ):
        if seal[name] != content:
            raise DamageError("error.damage.pack_seal", file=name)
    _recomputes(files, seal, inputs)
    return PackChecked(seal, seal["code_version"] == code_version())


def _recomputes(
    files: Mapping[str, bytes], seal: Mapping[str, Any], inputs: Mapping[str, bytes]
) -> None:
    form = known_forms()["counts"]
    law_text = files[_LAW].decode("utf-8", "replace")
    law = parse_law(law_text, seal["law_file"])
    frames = opened_inputs(inputs)
    table = replace(empty_table(form), file=seal["inputs_name"])
    made = computed(
        asked_again(dict(seal)), seal["basis"], Inputs(frames, table, ()), law, law_text
    )
    if made.result.encode() != files[_RESULT]:
        raise DamageError("error.damage.pack_result", **_first_difference(made, files))
    for lang in _LANGS:
        if _workbook(made, lang) != files[_BOOK.format(lang=lang)]:
            raise DamageError("error.damage.pack_workbook", file=_BOOK.format(lang=lang))


def _first_difference(made: Computed, files: Mapping[str, bytes]) -> dict[str, object]:
    """The first key of the result in which the pack and the computation differ."""
    now, then = json.loads(made.result), _object(files[_RESULT])
    differing = (key for key, value in now.items() if then.get(key) != value)
    return {"key": next(differing, "…"), "file": _RESULT}


def _seal(content: bytes) -> dict[str, Any]:
    """The words of the seal, each of its kind. Raises DamageError for any other content."""
    found = _object(content)
    for name in (*SEALED, *_TOLD, *_NUMBERS):
        value = found.get(name, ...)
        none = name == "envelope_cents" and value is None
        if not none and not isinstance(value, int if name in _NUMBERS else str):
            raise DamageError("error.damage.pack_seal", file=_SEAL)
    return found


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _contents(made: Computed, seal: Mapping[str, Any]) -> dict[str, bytes]:
    inputs = sealed_inputs(made.inputs, made.asked.semester)
    about = {**seal, "law_file": made.law.file, "inputs_name": made.inputs.counts_table.file}
    return {
        **{f"inputs/{name}.csv": content for name, content in inputs.items()},
        _LAW: made.law_text.encode(),
        _LOCK: config.shipped(_LOCK).read_bytes(),
        _RESULT: made.result.encode(),
        **{_BOOK.format(lang=lang): _workbook(made, lang) for lang in _LANGS},
        _SEAL: json.dumps(about, ensure_ascii=False, indent=1).encode(),
    }


def _workbook(made: Computed, lang: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / _BOOK.format(lang=lang)
        write_workbook(made.allocation, path, lang)
        return path.read_bytes()


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    lines = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, _HASHES: lines.encode()}.items():
            info = zipfile.ZipInfo(name, _OLDEST_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    draft = target.with_name(f".{target.name}.draft")
    draft.write_bytes(out.getvalue())
    draft.replace(target)


def _opened(pack: Path) -> dict[str, bytes]:
    if not pack.is_file():
        raise UsageError("error.no_such_input", path=pack)
    try:
        with zipfile.ZipFile(pack) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > _LARGEST_BYTES:
                raise DamageError("error.damage.pack_unreadable", path=pack.name, reason="…")
            files = {info.filename: archive.read(info) for info in infos}
    except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise DamageError("error.damage.pack_unreadable", path=pack.name, reason=error) from error
    wanted = {*_MEMBERS, *(f"inputs/{name}.csv" for name in REGISTERS)}
    for name in sorted(wanted ^ files.keys()) + [info.filename for info in infos[len(files) :]]:
        raise DamageError("error.damage.pack_file", file=name)
    return files


def _hashes_hold(files: Mapping[str, bytes]) -> None:
    """Every file is listed with its hash, and no other file is there."""
    lines = files[_HASHES].decode("utf-8", "replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in dict.fromkeys((*listed, *files)):
        if name != _HASHES and listed.get(name) != sha256(files.get(name, b"")).hexdigest():
            raise DamageError("error.damage.pack_file", file=name)
