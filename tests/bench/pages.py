"""Our pages beside an empty Voilà notebook, both with warm kernels, opened in turn."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.measure import Row
from tests.e2e.conftest import CHROMIUM, demo_home, free_port, serving, sign_in

ROUNDS = 5
REFILL_SECONDS = 8
PAGES = ("overview", "semester", "agreements", "registers")
EMPTY = 'import ipywidgets\nipywidgets.HTML("<h1 class=empty>empty</h1>")'


def rows(root: Path) -> list[Row]:
    """A line a page: seconds from asking to the first thing of a widget that is seen."""
    from playwright.sync_api import sync_playwright

    home = root / "home"
    home.mkdir()
    with (
        _empty(root / "empty") as empty,
        serving(demo_home(home), "--pool", "1") as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), headless=True, args=CHROMIUM
        )
        page = browser.new_page()
        sign_in(page, served, "anna")
        addresses = {name: (f"{served.url}/{name}", ".grants h1") for name in PAGES}
        addresses["empty"] = (empty, "h1.empty")
        taken: dict[str, list[float]] = {name: [] for name in addresses}
        for turn in range(ROUNDS):
            for name, (address, sign) in addresses.items():
                page.goto("about:blank")
                time.sleep(REFILL_SECONDS)
                seconds = _seconds(page, address, sign)
                if turn:  # the first fills the browser's cache
                    taken[name].append(seconds)
        browser.close()
    other = median(taken["empty"])
    return [
        Row(f"{name}: first widget, beside an empty Voilà notebook", median(taken[name]), other,
            most=1.3)
        for name in PAGES
    ]  # fmt: skip


def _seconds(page: Any, address: str, sign: str) -> float:
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(sign, timeout=60_000)
    return time.perf_counter() - start


@contextmanager
def _empty(folder: Path) -> Iterator[str]:
    folder.mkdir()
    cell = {"cell_type": "code", "execution_count": None, "id": "one", "metadata": {},
            "outputs": [], "source": EMPTY}  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "empty.ipynb").write_text(json.dumps(book))
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}",
         "--Voila.ip=127.0.0.1", "--preheat_kernel=True", "--pool_size=1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"{url}/voila/render/empty.ipynb"
    finally:
        process.terminate()
        process.wait(30)
