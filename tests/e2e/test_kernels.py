"""Kernels belong to a page and end with it; the launcher leaves none behind."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Served, opened, serving, sign_in, visiting

pytestmark = pytest.mark.slow
ONE_MINUTE = 60


def until(true: Callable[[], bool], seconds: float = ONE_MINUTE) -> float:
    """How long it took until something was so."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "it has not become so"
        time.sleep(0.2)
    return time.monotonic() - start


@pytest.fixture
def page(browser: Any, served: Served) -> Any:
    page = browser.new_page()
    sign_in(page, served, "anna")
    page.goto("about:blank")
    until(lambda: not served.kernels())
    return page


def test_a_page_that_is_left_takes_its_kernel_along_at_once(page: Any, served: Served) -> None:
    opened(page, served, "semester")
    assert len(served.kernels()) == 1
    page.goto("about:blank")
    assert until(lambda: not served.kernels()) < 5


def test_what_was_typed_in_the_last_moment_is_kept(page: Any, served: Served) -> None:
    opened(page, served, "semester")
    page.locator("[name=draft] [name=reason]").press_sequentially("tik tikko")
    page.close(run_before_unload=True)
    again = page.context.new_page()
    opened(again, served, "semester")
    assert again.input_value("[name=draft] [name=reason]") == "tik tikko"


def test_a_browser_that_dies_leaves_no_kernel(
    playwright: Any, served: Served, tmp_path: Path
) -> None:
    with visiting(playwright, tmp_path / "dying", served.url) as context:
        page = context.new_page()
        sign_in(page, served, "anna")
        opened(page, served, "semester")
        assert served.kernels()
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            if str(tmp_path / "dying").encode() in process.read_bytes():
                os.kill(int(process.parent.name), signal.SIGKILL)
    until(lambda: not served.kernels())


def test_the_log_out_ends_the_kernels_of_all_open_pages(page: Any, served: Served) -> None:
    opened(page, served, "semester")
    other = page.context.new_page()
    opened(other, served, "people")
    assert len(served.kernels()) == 2
    other.click("text=Iziet")
    other.wait_for_url(f"{served.url}/login")
    until(lambda: not served.kernels())


def test_a_killed_kernel_is_told_to_the_person_and_nothing_typed_is_lost(
    page: Any, served: Served
) -> None:
    opened(page, served, "semester")
    page.fill("[name=draft] [name=reason]", "Pirms pārtraukuma: šķūņi")
    page.wait_for_function("document.querySelector('.grants').getAttribute('aria-busy') !== 'true'")
    page.wait_for_timeout(800)
    for kernel in served.kernels():
        os.kill(kernel, signal.SIGKILL)
    page.fill("[name=draft] [name=reason]", "Pēc pārtraukuma: ēģļi")
    page.wait_for_selector("text=Serveris neatbild", timeout=40_000)
    page.click("text=Atvērt lapu vēlreiz")
    page.wait_for_selector(".grants h1", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('[name=draft] [name=reason]').value === 'Pēc pārtraukuma: ēģļi'"
    )


def test_a_closed_tab_loses_nothing_typed_and_another_person_does_not_see_it(
    page: Any, served: Served, playwright: Any, tmp_path: Path
) -> None:
    opened(page, served, "people")
    page.click("text=Jauns lietotājs")
    page.fill("[name=person] [name=name]", "Zane Kļaviņa-Šķēle")
    page.close()
    again = page.context.new_page()
    opened(again, served, "people")
    assert again.input_value("[name=person] [name=name]") == "Zane Kļaviņa-Šķēle"
    with visiting(playwright, tmp_path / "other", served.url) as context:
        other = context.new_page()
        sign_in(other, served, "juris")
        assert "Kļaviņa" not in opened(other, served, "semester").content()


def test_the_launcher_ends_at_once_and_leaves_no_kernel(demo: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    with serving(home, "--pool", "1") as served:
        until(lambda: len(served.kernels()) >= 6)
        kernels = served.kernels()
        started = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(20) == 0
        assert time.monotonic() - started < 15
    until(lambda: not any(Path(f"/proc/{kernel}").exists() for kernel in kernels), 5)


def test_a_restarted_launcher_still_has_what_was_typed(
    demo: Path, tmp_path: Path, playwright: Any
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    for turn in range(2):
        with (
            serving(home, "--pool", "0") as served,
            visiting(playwright, tmp_path / f"browser{turn}", served.url) as context,
        ):
            page = context.new_page()
            sign_in(page, served, "anna")
            opened(page, served, "semester")
            field = "[name=draft] [name=reason]"
            if turn == 0:
                page.fill(field, "Garš paskaidrojums")
                page.wait_for_timeout(1500)
            else:
                assert page.input_value(field) == "Garš paskaidrojums"


def test_whoever_opens_pages_without_end_is_refused_with_a_sentence(
    demo: Path, tmp_path: Path, playwright: Any
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    with (
        serving(home, "--pool", "0", "--pages-each", "2") as served,
        visiting(playwright, tmp_path / "greedy", served.url) as context,
    ):
        first, second, third = (context.new_page() for _ in range(3))
        sign_in(first, served, "anna")
        first.goto("about:blank")
        until(lambda: not served.kernels())
        opened(first, served, "semester")
        opened(second, served, "semester")

        refused = third.goto(f"{served.url}/semester")

        assert refused.status == 429
        assert "pārāk daudz lapu" in third.inner_text("main")
        first.goto("about:blank")
        until(lambda: third.goto(f"{served.url}/semester").status == 200)
        third.wait_for_selector(".grants h1", timeout=60_000)


def test_a_kernel_that_dies_before_its_page_is_drawn_is_told_of(page: Any, served: Served) -> None:
    # the front end is held back until the kernel is gone, as by a slow line
    page.route("**/voila/static/voila.js", lambda route: (_end(served), route.continue_()))
    page.goto(f"{served.url}/overview")
    page.wait_for_selector("#wait[role=alert]", timeout=90_000)
    assert "Lapa neatveras" in page.inner_text("#wait")
    page.unroute("**/voila/static/voila.js")
    page.click("#wait a")
    page.wait_for_selector(".grants h1", timeout=60_000)


def _end(served: Served) -> None:
    for kernel in served.kernels():
        os.kill(kernel, signal.SIGKILL)


def test_a_taken_port_is_said_and_no_other_is_used(served: Served) -> None:
    import subprocess
    import sys

    port = served.url.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "serve", "--port", port], env=served.env,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"Ports {port} ir aizņemts" in done.stderr
