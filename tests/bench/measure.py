"""Run jobs in fresh processes, in turn, and take the median."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Run:
    """One process: its seconds, its peak memory in MiB, and what it answered."""

    seconds: float
    peak_mib: float
    answer: Any
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `most` is the ratio not to be passed, `least` the one to reach."""

    what: str
    ours: float | None
    other: float | None
    unit: str = "s"
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours to the other; the other to ours when the target says how many times faster."""
        if self.ours is None or self.other is None:
            return None
        return self.other / self.ours if self.least is not None else self.ours / self.other

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target or a ratio."""
        ratio = self.ratio
        if ratio is None or (self.most is None and self.least is None):
            return None
        return ratio <= self.most if self.most is not None else ratio >= (self.least or 0)

    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        times = "×" if self.least is None else "× faster"
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f} {times}"
        target = f"≤ {self.most:g} ×" if self.most is not None else "–"
        target = f"≥ {self.least:g} {times}" if self.least is not None else target
        verdict = {True: "yes", False: "**no**", None: "–"}[self.met]
        what = self.what + (f" ({self.note})" if self.note else "")
        return what, self._shown(self.ours), self._shown(self.other), ratio, target, verdict

    def _shown(self, value: float | None) -> str:
        if value is None:
            return "–"
        return (
            f"{value:.0f} {self.unit}" if self.unit in ("ms", "MiB") else f"{value:.3f} {self.unit}"
        )


def job(name: str, *arguments: object) -> list[str]:
    """The command that runs a job of `tests.bench.jobs`."""
    return [sys.executable, "-m", "tests.bench.jobs", name, *map(str, arguments)]


def run(command: Sequence[str], *, answers: bool = True) -> Run:
    """A command in its own process. A job measures itself; any other command is timed whole."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=None if answers else subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode()
    peak = usage.ru_maxrss / 1024
    if process.returncode:
        return Run(seconds, peak, None, failed=f"exit code {process.returncode}")
    if not answers:
        return Run(seconds, peak, None)
    answer = json.loads(said.splitlines()[-1])
    return Run(answer["seconds"], peak, answer)


def interleaved(
    commands: Mapping[str, Sequence[str]], rounds: int, *, answers: bool = True
) -> dict[str, Run]:
    """The median run of each command: A, B, A, B, so that a busy minute falls on both.

    The first round is not counted: it fills the disk cache and compiles modules.
    A command that fails once is not tried again.
    """
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            if any(run.failed for run in runs[name]):
                continue
            measured = run(command, answers=answers)
            if number or measured.failed:
                runs[name].append(measured)
    return {name: _median(found) for name, found in runs.items()}


def same_answers(runs: Mapping[str, Run], key: str) -> None:
    """Stop when two engines do not give the same figures: their times would mean nothing."""
    told = {name: run.answer[key] for name, run in runs.items() if not run.failed}
    if len({json.dumps(answer, sort_keys=True) for answer in told.values()}) > 1:
        lines = "\n".join(f"  {name}: {answer}" for name, answer in told.items())
        raise SystemExit(f"the engines do not agree:\n{lines}")


def _median(runs: Sequence[Run]) -> Run:
    """The median of the seconds with the highest peak; the failed run when there is one."""
    failed = next((run for run in runs if run.failed), None)
    if failed:
        return failed
    return Run(
        median(run.seconds for run in runs), max(run.peak_mib for run in runs), runs[-1].answer
    )
