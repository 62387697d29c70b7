"""The frame of every page is ours, whatever the address asks for and whatever goes wrong."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import Served, demo_home, serving
from tests.e2e.test_doors import Client, kernel_of, signed_in

pytestmark = pytest.mark.slow
BREAKING = """
import sys
if any("ipykernel_launcher" in word for word in sys.orig_argv):
    sys.modules["toolkit.pages.live"] = None  # the first line of every page fails
"""


@pytest.mark.parametrize("asked", ["template=lab", "template=classic", "theme=dark"])
def test_no_address_puts_another_template_or_theme_around_a_page(
    served: Served, asked: str
) -> None:
    client = signed_in(served, "anna")
    plain, other = (client.ask(f"/overview{query}")[2] for query in ("", f"?{asked}"))
    for page in (plain, other):
        assert '<header class="top" data-person="anna">' in page
        assert 'data-jp-theme-name="JupyterLab Light"' in page
        assert "cdn" not in page
    ends = [page.replace(kernel_of(page), "kernel") for page in (plain, other)]
    assert abs(len(ends[0]) - len(ends[1])) < 200, "the same page but for marks and the address"


def test_a_page_that_cannot_be_opened_says_so_and_nothing_of_the_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = demo_home(tmp_path / "grants")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(BREAKING, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    with serving(home, "--pool", "0") as served:
        for lang, sentence in (("lv", "Lapu neizdevās atvērt."), ("en", "could not be opened")):
            client = signed_in(served, "anna")
            client.cookies["grants-language"] = lang
            status, _, page = client.ask("/overview")
            assert status == 200
            assert sentence in page
            for inside in ("Traceback", "ModuleNotFoundError", "toolkit/", str(home)):
                assert inside not in page
        assert Client(served.url).ask("/login")[0] == 200


HANGING = """
import sys
if any("ipykernel_launcher" in word for word in sys.orig_argv):
    import time
    time.sleep(3600)
elif "serve" in sys.orig_argv:
    import toolkit.server.handlers
    toolkit.server.handlers.START_SECONDS = 5
"""


def test_a_kernel_that_never_starts_is_given_up_with_a_number_and_left_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = demo_home(tmp_path / "grants")
    (tmp_path / "hanging").mkdir()
    (tmp_path / "hanging" / "sitecustomize.py").write_text(HANGING, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hanging"))
    with serving(home, "--pool", "0") as served:
        status, _, page = signed_in(served, "anna").ask("/overview")
        assert status == 200, "the head of the page was sent while the kernel was waited for"
        told = re.search(r'<p class="note stop" role="alert">[^<]*?([0-9a-f]{8})', page)
        assert told
        assert told[1] in (home / "errors.log").read_text(encoding="utf-8")
        assert "Traceback" not in page
        end = time.monotonic() + 60
        while served.kernels() and time.monotonic() < end:
            time.sleep(0.5)
        assert served.kernels() == []
