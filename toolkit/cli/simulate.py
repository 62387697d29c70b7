"""`grants simulate`: an invented national programme of any size."""

from __future__ import annotations

import sys
from pathlib import Path

from toolkit.services.simulate import Size, simulate
from toolkit.texts import text


def run(folder: Path, size: Size, seed: int, lang: str) -> int:
    """Write the programme, with progress on a terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    if sys.stderr.isatty():
        from rich.progress import Progress

        with Progress(transient=True) as bar:
            task = bar.add_task(text("cli.simulate.progress", lang), total=size.plans)
            simulate(folder, size, seed, lambda done: bar.update(task, completed=done))
    else:
        simulate(folder, size, seed)
    print(text("cli.simulate.done", lang, path=folder, plans=size.plans))
    return 0
