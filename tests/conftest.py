"""Fast tests first: what starts LibreOffice, a kernel or a large file comes last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    """Playwright, one at a time: it keeps a loop running that other tests must not meet."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
