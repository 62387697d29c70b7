"""A served demo and a browser: each ended by its own process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A launcher that runs: its address, its home, its process."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]

    @property
    def env(self) -> dict[str, str]:
        return environment(self.home)

    def grants(self, *arguments: str) -> str:
        """What the command says, on the same store."""
        done = subprocess.run(
            [sys.executable, "-m", "toolkit", *arguments], env=self.env, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def kernels(self) -> list[int]:
        """The kernels whose parent the launcher is."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == self.process.pid and fields[0] != "Z":
                found.append(int(status.parent.name))
        return found


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRANTS_")}
    return {**kept, "GRANTS_HOME": str(home), "GRANTS_LANG": "lv"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo_home(home: Path) -> Path:
    """The demo's store."""
    subprocess.run(
        [sys.executable, "-m", "toolkit", "init", "--demo"], env=environment(home), check=True,
        capture_output=True, timeout=120,
    )  # fmt: skip
    return home


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Served]:
    """The launcher on a free port until the block ends."""
    port = free_port()
    with (home / "served.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "toolkit", "serve", "--port", str(port), *options],
            env=environment(home), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, home / "served.log")
        yield Served(url, home, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{url}/login", timeout=5).close()  # noqa: S310
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(log.read_text())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo store to copy from."""
    return demo_home(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def served(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo's pages, for the tests of one file."""
    home = tmp_path_factory.mktemp("home") / "grants"
    shutil.copytree(demo, home)
    with serving(home, "--pool", "0") as found:
        yield found


@pytest.fixture
def browser(playwright: Any, tmp_path: Path, served: Served) -> Iterator[Any]:
    """A browser that has never been here before."""
    with visiting(playwright, tmp_path / "browser", served.url) as context:
        yield context


@contextmanager
def visiting(playwright: Any, folder: Path, url: str, width: int = 1280) -> Iterator[Any]:
    """A browser whose every request must stay on this host, and whose pages have no errors."""
    from playwright.sync_api import Error

    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=shutil.which("chromium"), headless=True, args=CHROMIUM,
        viewport={"width": width, "height": 900}, accept_downloads=True,
    )  # fmt: skip
    outside: list[str] = []
    broken: list[str] = []
    inside = (url, url.replace("http", "ws", 1), "blob:", "data:")
    context.on("request", lambda r: None if r.url.startswith(inside) else outside.append(r.url))
    context.on("weberror", lambda error: broken.append(str(error.error)))
    try:
        yield context
    finally:
        with suppress(Error):  # a browser that was killed cannot be closed
            context.close()
    assert not outside, f"requests off the host: {outside}"
    assert not broken, f"errors in the page: {broken}"


def sign_in(page: Any, served: Served, person: str, password: str = "") -> None:
    """Sign a person in, as they do."""
    page.goto(f"{served.url}/login")
    page.fill("[name=person]", person)
    page.fill("[name=password]", password or f"{person}-demo-parole")
    page.click("button.main")
    page.wait_for_url(f"{served.url}/overview")


def opened(page: Any, served: Served, name: str) -> Any:
    """A page that shows what its kernel drew."""
    page.goto(f"{served.url}/{name}")
    page.wait_for_selector(".grants h1", timeout=60_000)
    return page
