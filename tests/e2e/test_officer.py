"""The officer's way in a browser: login, a real workbook, two people, release, a file compared."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.e2e.conftest import Served, opened, sign_in, visiting

pytestmark = pytest.mark.slow
CODE = "2022/2023-1"


def counts(served: Served, path: Path, *, wrong: bool) -> Path:
    """The semester's counts as a workbook of the officer's own, one plan more in its first row."""
    told = json.loads(served.grants("allocate", CODE, "--format", "json"))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Skaits"
    sheet.append(["semester", "institution", "programme", "grade", "plan_kind", "plans"])
    for index, line in enumerate(told["lines"]):
        plans: Any = line["plans"] + (index == 0)
        sheet.append(
            [CODE, line["institution"], line["programme"], line["grade"], line["plan_kind"],
             "2,5" if wrong and index == 1 else plans]
        )  # fmt: skip
    book.save(path)
    return path


def upload(page: Any, path: Path) -> None:
    page.set_input_files("input[type=file]", path)


def test_from_login_to_released_semester_by_two_people(
    served: Served, playwright: Any, tmp_path: Path
) -> None:
    before = json.loads(served.grants("allocate", CODE, "--format", "json"))
    with visiting(playwright, tmp_path / "anna", served.url) as context:
        page = context.new_page()
        sign_in(page, served, "anna")
        opened(page, served, f"semester?semester={CODE.replace('/', '%2F')}")
        upload(page, counts(served, tmp_path / "Skaits ar kļūdu.xlsx", wrong=True))
        page.wait_for_selector("text=nav saglabājama")
        with page.expect_download() as download:
            page.click("text=Atzīmētā datne")
        marked = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))
        assert download.value.suggested_filename == "Skaits ar kļūdu – atzīmēts.xlsx"
        assert marked["Skaits"]["F3"].comment is not None
        upload(page, counts(served, tmp_path / "Skaits.xlsx", wrong=False))
        page.wait_for_selector("text=Saglabāt datus")
        page.fill("[name=store] [name=reason]", "Septembra dati")
        page.click("text=Saglabāt datus")
        page.wait_for_selector("text=Dati saglabāti")
        page.click("text=Aprēķināt un nodot pārbaudei")
        page.wait_for_selector("text=Aprēķins saglabāts")
        page.click("button[data-action=check]")
        page.wait_for_selector("text=Semestris atzīmēts kā pārbaudīts")
        page.wait_for_selector("text=to dara lietotājs ar lomu: apstiprinātājs")
        assert page.locator("button[data-action=approve]").count() == 0
    with visiting(playwright, tmp_path / "juris", served.url) as context:
        page = context.new_page()
        sign_in(page, served, "juris")
        opened(page, served, f"semester?semester={CODE.replace('/', '%2F')}")
        page.click("button[data-action=approve]")
        page.wait_for_selector("text=Semestra maksimums apstiprināts")
        page.click("button[data-action=release]")
        page.wait_for_selector("text=Semestra maksimums nodots partneriem")
        with page.expect_download() as download:
            page.click("text=Lejupielādēt Excel")
        workbook = openpyxl.load_workbook(
            BytesIO(download.value.path().read_bytes()), data_only=True
        )
    after = json.loads(served.grants("allocate", CODE, "--format", "json"))
    assert sum(line["plans"] for line in after["lines"]) == 1 + sum(
        line["plans"] for line in before["lines"]
    )
    figures = {
        round(cell.value * 100)
        for row in workbook.worksheets[0].iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float))
    }
    for partner in (*after["partners"], {"maximum": after["total"]}):
        assert int(partner["maximum"].replace(".", "")) in figures
    assert "nodots partneriem" in served.grants("semester", "show", "--format", "csv")
    assert served.grants("verify")


def test_a_download_link_is_one_persons_and_works_once(
    served: Served, playwright: Any, tmp_path: Path
) -> None:
    with (
        visiting(playwright, tmp_path / "a", served.url) as annas,
        visiting(playwright, tmp_path / "j", served.url) as other,
    ):
        page, stranger = annas.new_page(), other.new_page()
        sign_in(page, served, "anna")
        sign_in(stranger, served, "juris")
        opened(page, served, "semester")
        page.evaluate(
            "HTMLAnchorElement.prototype.click = function () { window.taken = this.href }"
        )
        page.click("text=Lejupielādēt Excel")
        page.wait_for_timeout(3000)
        address = page.evaluate("window.taken")
        ask = "async url => (await fetch(url)).status"
        assert stranger.evaluate(ask, address) == 404
        assert page.evaluate(ask, address) == 200
        assert page.evaluate(ask, address) == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tukša.xlsx", b"", "ir tukša"),
        ("pārrauts.xlsx", b"PK\x03\x04 nothing more", "Konstatējumi"),
        ("=1+1.csv", b"semester;institution\n=1+1;<script>alert(1)</script>\n", "Konstatējumi"),
    ],
    ids=["empty", "a truncated workbook", "formulas and markup"],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(
    name: str, content: bytes, told: str, served: Served, browser: Any, tmp_path: Path
) -> None:
    page = browser.new_page()
    sign_in(page, served, "anna")
    opened(page, served, "semester")
    path = tmp_path / name
    path.write_bytes(content)
    upload(page, path)
    page.wait_for_selector("text=Konstatējumi")
    assert page.locator("script:has-text('alert')").count() == 0
    assert told in page.content()


def test_a_file_close_to_the_limit_is_stored_and_the_server_unharmed(
    served: Served, browser: Any, tmp_path: Path
) -> None:
    semester = "2022/2023-2"
    published = Path(__file__).parents[2] / "data/sample/published/institutions.csv"
    with published.open(encoding="utf-8") as file:
        schools = [row["institution"] for row in csv.DictReader(file)]
    rows = [(school, grade) for school in schools for grade in range(1, 13)]
    remark = "Piezīme " * (90 * 2**20 // len(rows) // len("Piezīme ".encode()))
    big = tmp_path / "liela.csv"
    with big.open("w", encoding="utf-8") as made:
        made.write("semester,institution,programme,grade,plan_kind,plans,remark\n")
        for school, grade in rows:
            made.write(f"{semester},{school},general,{grade},consultative,{grade},{remark}\n")
    assert 89 * 2**20 < big.stat().st_size < 100 * 2**20
    page = browser.new_page()
    sign_in(page, served, "anna")
    opened(page, served, f"semester?semester={semester.replace('/', '%2F')}")
    upload(page, big)
    page.wait_for_selector("text=Saglabāt datus", timeout=90_000)
    page.check("input[name=gone]")  # the semester's rows that the file does not have
    page.click("text=Saglabāt datus")
    page.wait_for_selector("text=Dati saglabāti")


@pytest.mark.parametrize("mib", [101, 200])
def test_a_file_above_the_limit_is_refused_and_the_server_unharmed(
    mib: int, served: Served, browser: Any, tmp_path: Path
) -> None:
    page = browser.new_page()
    sign_in(page, served, "anna")
    opened(page, served, "semester")
    big = tmp_path / "liela.csv"
    with big.open("wb") as file:
        file.truncate(mib * 2**20)
    upload(page, big)
    page.wait_for_selector("text=lielāka par 100 MiB")
    assert page.locator("text=Datu augšupielāde").count() == 1
