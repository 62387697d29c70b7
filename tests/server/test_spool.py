"""A launcher's folder goes with it, also when it was killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.server import spool


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def of_a_killed_launcher(temporary: Path) -> Path:
    code = f"import tempfile; tempfile.tempdir={str(temporary)!r}\n"
    code += "from toolkit.server import spool; print(spool.fresh())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return Path(done.stdout.strip())


def test_a_folder_is_its_owners_alone() -> None:
    assert stat.S_IMODE(spool.fresh().stat().st_mode) == 0o700


def test_what_a_killed_launcher_left_goes_when_the_next_one_starts(temporary: Path) -> None:
    left = of_a_killed_launcher(temporary)
    (left / "uploads").mkdir()
    (left / "uploads" / "Skaits.xlsx").write_bytes(b"x")
    running = spool.fresh()
    assert not left.exists()
    assert spool.fresh().exists()
    assert running.exists(), "of one that runs nothing is taken"


@pytest.mark.parametrize(
    "written", [None, "", "x", "-1", str(os.getpid())],
    ids=["nothing", "no process", "no number", "every process", "one that runs"],
)  # fmt: skip
def test_a_folder_that_says_nothing_of_a_dead_process_is_left_alone(
    temporary: Path, written: str | None
) -> None:
    other = temporary / "grants-of-somebody"
    other.mkdir()
    if written is not None:
        (other / "process").write_text(written)
    spool.fresh()
    assert other.exists()
