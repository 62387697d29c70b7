"""A demo store, made once and copied; a real table in a real browser, without a kernel."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from toolkit.pages.grid import Grid
from toolkit.services import demo, stored

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANTS_HOME", str(home))
        patch.delenv("GRANTS_DATABASE", raising=False)
        demo.fill(stored.init(demo.PEOPLE, NOW), NOW)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    shutil.copytree(made, home)
    monkeypatch.setenv("GRANTS_HOME", str(home))
    monkeypatch.delenv("GRANTS_DATABASE", raising=False)
    return home


@pytest.fixture
def database(home: Path) -> Any:
    return stored.store()


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


ROOT = Path(__file__).parents[2]
# never asked: the test hands out every file; the clipboard works only under such a name
ADDRESS = "http://localhost/"
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
FILES = {
    "look.css": ROOT / "templates/pages/static/look.css",
    "frame.css": ROOT / "templates/pages/static/frame.css",
    "grid.css": ROOT / "toolkit/pages/grid.css",
    "fake.js": Path(__file__).parent / "fake.js",
}
KINDS = {".css": "text/css", ".js": "text/javascript"}
# stricter than the launcher's: no style of the widget's may need an exception
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
PAGE = """<!doctype html><html lang="lv"><head><meta charset="utf-8"><title>Tabula</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="look.css"><link rel="stylesheet" href="frame.css">
<link rel="stylesheet" href="grid.css"></head>
<body><main><h1>Semestris</h1><section class="card"><div class="bar"><h2>Partneri</h2></div>
<div id="slot"></div></section><button id="after">Pēc tabulas</button></main>
<script type="module" src="fake.js"></script></body></html>"""


class Kernel:
    """Python's side of the page: hears a message, gives back what was sent meanwhile."""

    def __init__(self, grid: Grid, patch: Callable[[Any, str, Any], None]) -> None:
        self.grid = grid
        self.heard: list[dict[str, Any]] = []
        self.sent: list[Any] = []
        patch(grid, "send", lambda message: self.sent.append(["message", message]))
        grid.observe(lambda change: self.sent.append(["view", change["new"]]), "view")

    def say(self, message: dict[str, Any]) -> list[Any]:
        self.heard.append(message)
        self.grid._handle_custom_msg(message, [])
        return self.take()

    def take(self) -> list[Any]:
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture(scope="module")
def chromium(playwright: Any) -> Iterator[Any]:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), headless=True, args=CHROMIUM
    )
    yield browser
    browser.close()


@pytest.fixture
def drawn(chromium: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """A page that shows the table; it has no errors, breaks no policy and asks nobody outside."""
    contexts, complaints = [], []

    def show(grid: Grid, width: int = 1280) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="lv-LV")
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.kernel = Kernel(grid, monkeypatch.setattr)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else 0)
        context.route("**/*", lambda route: _answer(route, complaints))
        page.expose_function("kernelState", lambda: grid.get_state()["view"])
        page.expose_function("kernelHears", page.kernel.say)
        page.goto(ADDRESS)
        page.wait_for_selector("#slot .grid table")
        return page

    yield show
    for context in contexts:
        context.close()
    assert complaints == []


def _answer(route: Any, complaints: list[str]) -> None:
    name = route.request.url.removeprefix(ADDRESS)
    if name == "":
        route.fulfill(
            body=PAGE, content_type="text/html", headers={"Content-Security-Policy": POLICY}
        )
    elif name == "grid.js":
        route.fulfill(body=str(Grid._esm), content_type=KINDS[".js"])
    elif name in FILES:
        route.fulfill(body=FILES[name].read_text(), content_type=KINDS[FILES[name].suffix])
    elif name == "favicon.ico":
        route.fulfill(status=204)
    else:
        complaints.append(f"asked for {route.request.url}")
        route.abort()
