"""Fast tests first: what starts LibreOffice, a kernel or a large file comes last.

Under `pytest -n 2`, as `make test` runs it, the pages in a browser have a worker of their own:
they wait for kernels most of the time, and two browsers at once would wait for each other.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from typing import Any

import pytest

BROWSER = "tests/e2e"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    """Playwright, one at a time: it keeps a loop running that other tests must not meet."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(autouse=True)
def _machine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A test marked `alone` has both cores: the other worker waits for it, and it for the other.

    Whoever wants the machine alone keeps the gate shut, so that nobody slips in before them.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    alone = request.node.get_closest_marker("alone") is not None
    folder = tmp_path_factory.getbasetemp().parent  # of all workers
    with (folder / "gate").open("w") as gate, (folder / "machine").open("w") as machine:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not alone:
            fcntl.flock(gate, fcntl.LOCK_UN)
        fcntl.flock(machine, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    workers = "PYTEST_XDIST_WORKER" in os.environ
    items.sort(
        key=lambda item: (
            not (workers and _in_browser(item.nodeid)),
            item.get_closest_marker("slow") is not None,
        )
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """File by file in the order above, the browser's as one."""
    from xdist.scheduler import LoadScopeScheduling

    class Lanes(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if _in_browser(nodeid) else nodeid.partition("::")[0]

    config.option.loadscopereorder = False
    return Lanes(config, log)


def _in_browser(nodeid: str) -> bool:
    return nodeid.startswith(f"{BROWSER}/")
