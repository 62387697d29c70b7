"""The officer's way through a semester, clicked without a browser."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.pages.clicking import Clicker, Reader, before
from toolkit.errors import Finding
from toolkit.pages.semester import Semester
from toolkit.semester import Semester as Code
from toolkit.services import registers, runs, semester_shown, visits, workflow
from toolkit.services.reporting import finding_fields, finding_of
from toolkit.services.stored import HERE, now
from toolkit.texts.formats import money

CODE = "2022/2023-1"
HEADINGS = "semester;institution;programme;grade;plan_kind;plans\n"


@pytest.fixture
def anna(database: Any, spool: Path) -> Clicker:
    return before(Semester, database, "anna", spool, semester=CODE)


@pytest.fixture
def juris(database: Any, spool: Path) -> Clicker:
    return before(Semester, database, "juris", spool, semester=CODE)


NO_FILE = (
    "Nav datnes, ko saglabāt: tā jau ir saglabāta, atmesta vai nav izvēlēta. "
    "Izvēlieties datni vēlreiz."
)


def reopened(clicker: Clicker, database: Any, spool: Path) -> Clicker:
    return before(Semester, database, clicker.page.desk.visit.person, spool, semester=CODE)


def uploaded(clicker: Clicker, spool: Path, content: bytes, name: str, table: str) -> Clicker:
    path = spool / "piece"
    path.write_bytes(content)
    return clicker.fire("uploaded", {"path": path, "file": name, "table": table})


def fetched(clicker: Clicker, spool: Path) -> visits.Download:
    found = visits.fetch(spool, clicker.page.desk.visit.person, clicker.fetched[-1])
    assert found is not None
    return found


def test_from_draft_to_release_by_two_people(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    assert anna.click("Aprēķināt un nodot pārbaudei", reason="septembra dati").said == [
        "Aprēķins saglabāts un nodots pārbaudei."
    ]
    anna.click("Atzīmēt kā pārbaudītu")
    assert "Apstiprināt" not in anna.buttons, "she is no approver"
    assert "“Apstiprināt” — to dara lietotājs ar lomu: apstiprinātājs." in anna.html
    refused = anna.fire("take", {"action": "approve"}).said
    assert len(refused) == 3
    juris = reopened(juris, database, spool)
    juris.click("Apstiprināt")
    released = juris.click("Nodot partneriem")
    assert released.said == ["Semestra maksimums nodots partneriem."]
    assert workflow.step_of(database, Code.parse(CODE)).state == "released"
    assert "Nodot partneriem" not in released.buttons


def test_a_draft_that_somebody_else_has_made_meanwhile_is_not_replaced_unseen(
    anna: Clicker, database: Any, spool: Path
) -> None:
    other = reopened(anna, database, spool)
    anna.click("Aprēķināt un nodot pārbaudei", envelope="1000,00")
    seal = workflow.step_of(database, Code.parse(CODE)).seal

    other.click("Aprēķināt un nodot pārbaudei")

    assert "pa šo laiku sagatavojis kāds cits (anna)" in other.said[0]
    assert workflow.step_of(database, Code.parse(CODE)).seal == seal
    assert other.page.found.step.seal == seal, "what stands now is shown"
    other.click("Aprēķināt no jauna", envelope="")
    assert other.said == ["Aprēķins saglabāts un nodots pārbaudei."]


def test_a_refused_step_shows_what_stands_now(anna: Clicker, database: Any, spool: Path) -> None:
    anna.click("Aprēķināt un nodot pārbaudei")
    old = reopened(anna, database, spool)
    anna.click("Aprēķināt no jauna", envelope="1000,00")

    assert "zīmog" in " ".join(old.click("Atzīmēt kā pārbaudītu").said).lower()
    old.click("Atzīmēt kā pārbaudītu")

    assert workflow.step_of(database, Code.parse(CODE)).state == "checked"


def test_an_approver_sees_the_figures_that_were_sealed_or_none(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei").click("Atzīmēt kā pārbaudītu")
    old = reopened(juris, database, spool)
    anna.click("Aprēķināt no jauna", envelope="1000,00").click("Atzīmēt kā pārbaudītu")
    assert "zīmog" in " ".join(old.click("Apstiprināt").said).lower()
    assert workflow.step_of(database, Code.parse(CODE)).state == "checked"


def test_who_returned_a_semester_and_why_is_there_for_whoever_drafts(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei").click("Atzīmēt kā pārbaudītu")
    drafted = workflow.taken(database, Code.parse(CODE))["draft"].at
    reopened(juris, database, spool).click("Atgriezt labošanai", reason="Trūkst Balvu datu")
    anna = reopened(anna, database, spool)
    assert "Atgriezts labošanai (Juris Apstiprinātājs," in anna.html
    assert "Trūkst Balvu datu" in anna.html
    found = workflow.taken(database, Code.parse(CODE))
    assert found.keys() == {"draft", "returned"}
    assert found["draft"].at == drafted, "when it was computed, not when it was returned"
    anna.click("Atzīmēt kā pārbaudītu")
    assert "Atgriezts labošanai (" not in anna.html


def test_a_draft_of_data_that_has_changed_says_so(
    anna: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei")
    assert reopened(anna, database, spool).page.follow() is None
    uploaded(anna, spool, one_plan_more(database), "skaits.csv", "counts").click("Saglabāt datus")
    assert "pēc aprēķina ir mainījušies" in (reopened(anna, database, spool).page.follow() or "")


def test_what_was_typed_before_a_refusal_is_still_there(anna: Clicker) -> None:
    anna.page.keep_draft(f"draft {CODE}", {"envelope": "nav skaitlis", "reason": "Šķūņi"})
    refused = anna.fire("draft_run", {"envelope": "nav skaitlis", "reason": "Šķūņi"})
    assert refused.page.messages[0].tone == "stop"
    values = [one.attributes.get("value") for one in Reader(refused.html).elements]
    assert "nav skaitlis" in values
    assert "Šķūņi" in values


def test_who_may_not_is_not_offered_it_and_refused_all_the_same(juris: Clicker) -> None:
    assert "Aprēķināt un nodot pārbaudei" not in juris.buttons
    assert "nedrīkst" in juris.fire("draft_run", {}).said[0]
    assert "nedrīkst" in juris.fire("uploaded", {"path": Path("x"), "file": "x"}).said[0]


def test_a_file_with_faults_shows_causes_and_comes_back_marked(anna: Clicker, spool: Path) -> None:
    rows = [f"{CODE};NAV-1;general;5;consultative;2,5", f"{CODE};NAV-2;general;6;consultative;x"]
    rows.append(f"{CODE};NAV-3;general;7;consultative;")
    content = HEADINGS + "\n".join(rows)
    anna = uploaded(anna, spool, content.encode(), "C:\\Anna\\Skaits <b>.csv", "counts")
    assert "Saglabāt datus" not in anna.buttons
    assert "Skaits b.csv" in anna.html
    # of one file: the cell alone, as a spreadsheet shows it
    assert "<b>F4</b> Plānu skaits nav ierakstīts." in anna.html
    assert Reader(anna.html).scripts == 0
    anna.click("Atzīmētā datne")
    found = fetched(anna, spool)
    book = openpyxl.load_workbook(BytesIO(found.content))
    assert book.sheetnames[0] == "Labojumi"
    sheet = book.worksheets[1]
    assert sheet["F2"].value == "2,5"
    assert sheet["F2"].comment is not None
    assert sheet["F2"].fill.fgColor.rgb.endswith("FBD5D7")
    assert book["Labojumi"]["A2"].hyperlink is not None


def test_a_good_file_is_shown_then_written_once(anna: Clicker, database: Any, spool: Path) -> None:
    page: Any = anna.page
    plans = page.found.allocation.partners["plans"].sum()
    content = one_plan_more(database)
    assert uploaded(anna, spool, content, "skaits.csv", "counts").said == []
    assert re.search(r"· \d+\. (klase|kurss) · \w+: Plān\w+( \w+)* \d+ → \d+", anna.html)
    stored = anna.click("Saglabāt datus", reason="labots skaits")
    assert len(stored.said) == 1, "a semester that is not computed asks for nothing more"
    assert stored.said[0].startswith("Dati saglabāti")
    assert page.found.allocation.partners["plans"].sum() == plans + 1
    again = uploaded(anna, spool, content, "skaits.csv", "counts")
    assert again.page.messages[0].tone == "stop"


def unchanged(database: Any) -> bytes:
    """The semester's counts as a file."""
    return one_plan_more(database, more=0)


def one_plan_more(database: Any, more: int = 1) -> bytes:
    """The semester's counts as a file, with one plan more in the first row."""
    counts = runs.compute(database, runs.Asked(Code.parse(CODE))).inputs.frames["counts"]
    names = HEADINGS.strip().split(";")
    rows = [
        {**row, "plans": row["plans"] + more * (index == 0)}
        for index, row in enumerate(counts.filter(counts["semester"] == CODE).iter_rows(named=True))
    ]
    lines = [";".join(str(row[name]) for name in names) for row in rows]
    return (HEADINGS + "\n".join(lines)).encode()


def counted(database: Any, code: str = CODE) -> int:
    counts = runs.compute(database, runs.Asked(Code.parse(code))).inputs.frames["counts"]
    return counts.filter(counts["semester"] == code).height


def test_what_a_file_does_not_have_goes_only_when_the_person_says_so(
    anna: Clicker, database: Any, spool: Path
) -> None:
    before = counted(database)
    head, *rows = one_plan_more(database).decode().splitlines()
    content = "\n".join([head, rows[0]]).encode()
    uploaded(anna, spool, content, "viens.csv", "counts")
    assert f"Datubāzē ir ieraksti, kuru datnē nav: {before - 1}." in anna.html
    assert f"Skaits: atsauktas ({before - 1})" in anna.html
    assert re.search(r": Plāni \d+ → \d+", anna.html), "what stood there, and what will"
    anna.click("Saglabāt datus")
    assert "Atzīmējiet, ka tos drīkst atsaukt" in anna.said[0]
    assert counted(database) == before
    anna.click("Nē, atstāt tos datubāzē").click("Saglabāt datus")
    assert anna.said[0].startswith("Dati saglabāti")
    assert counted(database) == before
    uploaded(anna, spool, content, "viens.csv", "counts")
    anna.click("Nē, atstāt tos datubāzē")  # then the file changes nothing at all
    assert anna.page.messages[0].tone == "stop"
    assert "Saglabāt datus" not in anna.buttons, "nor is there anything left to be stored"
    uploaded(anna, spool, content, "viens.csv", "counts").fire("store", {"gone": "yes"})
    assert anna.said[0].startswith("Dati saglabāti")
    assert counted(database) == 1


def test_a_file_that_changes_another_semester_says_so(
    anna: Clicker, database: Any, spool: Path
) -> None:
    assert (
        "citu semestri"
        not in uploaded(anna, spool, one_plan_more(database), "a.csv", "counts").html
    )
    slip = one_plan_more(database).decode().replace(CODE, "2021/2022-1", 1)
    anna = uploaded(anna, spool, slip.encode(), "b.csv", "counts")
    assert "Datne maina datus arī par semestri, kas nav izvēlēts šajā lapā:" in anna.html
    assert "2021./2022. m.g. 1. semestris." in anna.html


def test_what_was_chosen_and_cleared_is_there_again(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei", envelope="1000,00")
    assert 'value="1000,00"' in anna.html
    anna.page.keep_draft(f"draft {CODE}", {"envelope": "", "reason": "", "touched": "1"})
    assert 'value="1000,00"' not in reopened(anna, database, spool).html
    anna.page.grid._on_open("LUDZA", "maximum")
    assert "trace" in anna.redraw().html
    anna.click("Aprēķināt no jauna", envelope="900,00")
    assert 'id="h-trace"' not in anna.html, "what explained the figures before is gone with them"


def test_a_chosen_file_is_there_again_in_a_new_tab_and_in_the_other_language(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    head, *rows = one_plan_more(database).decode().splitlines()
    uploaded(anna, spool, "\n".join([head, rows[0]]).encode(), "viens.csv", "counts")
    again = before(Semester, database, "anna", spool, lang="en", semester=CODE).follow()
    assert again.said == [
        "The file “viens.csv” is chosen, but not stored yet. Store it or discard it."
    ]
    assert "viens.csv" in again.html
    assert again.page.upload.gone == anna.page.upload.gone > 0
    anna.click("Nē, atstāt tos datubāzē")
    assert reopened(anna, database, spool).follow().page.upload.gone == 0, "as it was decided"
    assert reopened(juris, database, spool).follow().page.upload.file == "", "another's is not"
    anna.click("Saglabāt datus")
    assert reopened(anna, database, spool).follow().said == [], "what is stored is done with"


def test_of_two_tabs_the_one_that_chose_last_is_found_again(
    anna: Clicker, database: Any, spool: Path
) -> None:
    uploaded(anna, spool, one_plan_more(database), "pirmā.csv", "counts")
    second = reopened(anna, database, spool).follow()
    uploaded(second, spool, b"x", "otr\u0101.csv", "counts")
    assert "Skaits: mainītas (1)" in anna.redraw().html
    anna.click("Saglabāt datus")
    assert anna.said[0].startswith("Dati saglabāti")
    assert reopened(anna, database, spool).follow().page.upload.file == "otr\u0101.csv"
    assert second.click("Atzīmētā datne").page.messages == []
    second.click("Atmest datni")
    assert reopened(anna, database, spool).follow().page.upload.file == ""


def test_a_file_that_another_tab_has_stored_is_told_of(
    anna: Clicker, database: Any, spool: Path
) -> None:
    uploaded(anna, spool, one_plan_more(database), "skaits.csv", "counts")
    second = reopened(anna, database, spool).follow()
    anna.click("Saglabāt datus")
    second.click("Saglabāt datus")
    assert "Dati pa to laiku ir mainīti: Anna" in second.said[0]
    assert "Saglabāt datus" not in second.buttons, "it changes nothing any more"
    assert second.fire("marked", {}).said == [NO_FILE]


def test_a_discarded_file_leaves_nothing(anna: Clicker, database: Any, spool: Path) -> None:
    uploaded(anna, spool, one_plan_more(database), "skaits.csv", "counts").click("Atmest datni")
    assert not [path for path in spool.rglob("*") if path.is_file()]
    uploaded(anna, spool, HEADINGS.encode(), "skaits.csv", "counts")
    assert "Tabulā zem virsrakstiem nav nevienas rindas" in anna.html
    anna.click("Atmest datni")
    uploaded(anna, spool, unchanged(database), "skaits.csv", "counts")
    assert "nav nekā, kas jau nebūtu datubāzē" in anna.said[0]
    assert not [path for path in spool.rglob("*") if path.is_file()]


def test_the_differences_to_the_semester_before_add_up(database: Any, spool: Path) -> None:
    anna = before(Semester, database, "anna", spool, semester="2022/2023-2")
    rows = [row for row in anna.page.grid._rows.values() if row.tone != "sub"]
    total = anna.page.grid._total.cells["change"].value
    assert rows[-1].key == "gone"
    assert sum(row.cells["change"].value for row in rows) == total < 0


def test_below_a_partner_and_an_institution_the_differences_add_up_to_theirs(
    database: Any, spool: Path
) -> None:
    anna = before(Semester, database, "anna", spool, semester="2022/2023-2")
    head, *rows = one_plan_more(database).decode().splitlines()
    # of Ludza's schools one goes on, with one of its two rows
    kept = next(row for row in rows if "LUD-PIL;" in row and ";6;" in row)
    content = "\n".join([head, kept.replace(CODE, "2022/2023-2")]).encode()
    uploaded(anna, spool, content, "viena.csv", "counts")
    anna.click("Nē, atstāt tos datubāzē").click("Saglabāt datus")
    grid, seen = anna.page.grid, 0
    for level in (1, 2):
        for key in [k for k in grid._rows if k.count("\t") == level - 1 and k[:4] != "gone"]:
            anna.page._opened(key, "name")
            below = [
                row.cells["change"].value
                for own, row in grid._rows.items()
                if own.removeprefix("gone\t").startswith(key)
                and own != key
                and _level(own) == level + 1
            ]
            assert sum(below) == grid._rows[key].cells["change"].value, key
            seen += len(below)
    assert {"gone\tLUDZA", "gone\tLUDZA\tLUD-PIL"} <= set(grid._rows)
    assert seen > 5


def _level(key: str) -> int:
    """1 for a partner, 2 for an institution, 3 for a row; one that is gone counts as a sibling."""
    parts = key.split("\t")
    return min(len(parts), 3)


def test_a_figure_tells_how_it_came_about(anna: Clicker) -> None:
    page: Any = anna.page
    partner = page.found.allocation.partners.row(0, named=True)
    page.grid._on_open(partner["partner"], "maximum")
    assert page.trace.figure
    whole = anna.redraw().html
    assert "Kā aprēķināts" in whole
    assert "Sadarbības līgums" in whole
    assert "pieņemts" in whole
    assert re.search(r"\.csv, (\d+\., )*\d+\. rinda", whole)
    assert "Kā aprēķināts" not in anna.click("Aizvērt").html


def test_a_row_says_whether_what_it_opens_is_open_and_its_figure_whose_it_is(
    anna: Clicker,
) -> None:
    page: Any = anna.page
    line = page.found.allocation.lines.row(0, named=True)
    partner, school = line["partner"], f"{line['partner']}\t{line['institution']}"

    def expanded(key: str) -> bool | None:
        return bool(page.grid._rows[key].cells["name"].expanded)

    for key in (partner, school):
        assert not expanded(key)
        page.grid._on_open(key, "name")
        assert expanded(key)
    row = next(key for key in page.grid._rows if key.startswith(f"{school}\t"))
    assert page.grid._rows[row].cells["name"].expanded is None, "nothing is below it"
    page.grid._on_open(row, "maximum")
    assert f"{line['grade']}. klase vai kurss · " in page.trace.of
    page.grid._on_open(school, "maximum")
    assert "klase vai kurss" not in page.trace.of


@pytest.mark.parametrize(
    ("lang", "told"),
    [("lv", "norādīts, sagatavojot aprēķinu"), ("en", "given when the computation was drafted")],
)
def test_a_given_envelope_tells_its_source_in_the_persons_language(
    anna: Clicker, database: Any, spool: Path, lang: str, told: str
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei", envelope="1000,00")
    there = before(Semester, database, "anna", spool, lang, semester=CODE)
    there.page.grid._on_open(there.page.found.allocation.partners["partner"][0], "maximum")

    assert told in there.redraw().html


def test_the_workbook_and_the_pack_are_those_of_the_store(
    anna: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei").click("Lejupielādēt Excel")
    book = openpyxl.load_workbook(BytesIO(fetched(anna, spool).content), data_only=True)
    total = anna.page.found.allocation.total_cents
    figures = {
        round(cell.value * 100)
        for row in book.worksheets[0].iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float))
    }
    assert total in figures
    anna.click("Pierādījumu pakotne")
    with zipfile.ZipFile(BytesIO(fetched(anna, spool).content)) as pack:
        seal = json.loads(pack.read("seal.json"))
    assert seal["seal"] == workflow.step_of(database, Code.parse(CODE)).seal


def test_a_late_change_becomes_a_note_settled_by_two(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei").click("Atzīmēt kā pārbaudītu")
    released = reopened(juris, database, spool).click("Apstiprināt").click("Nodot partneriem")
    today = datetime.now(HERE).strftime("%d.%m.%Y. %H:")
    assert released.html.count(f"<br>{today}") == len(workflow.TO) - 1, "each step has its moment"
    anna = reopened(anna, database, spool)
    uploaded(anna, spool, one_plan_more(database), "skaits.csv", "counts").click("Saglabāt datus")
    assert "Sagatavojiet starpības paziņojumu" in anna.said[1]
    anna = reopened(anna, database, spool)
    assert "starpība vēl nav paziņota" in (anna.page.follow() or ""), "also when opened later"
    assert reopened(juris, database, spool).page.follow() is None
    anna.click("Sagatavot starpības paziņojumu")
    assert "starpība vēl nav paziņota" not in anna.html
    assert reopened(anna, database, spool).page.follow() is None, "the open note says it"
    assert anna.said == ["Starpības paziņojums sagatavots; nodotais maksimums nav mainīts."]
    for heading in ("Starpība,\u00a0€", "Plānu skaits,\u00a0€", "Noapaļošana,\u00a0€"):
        assert f'<th scope="col" class="n">{heading}</th>' in anna.html
    assert "<tfoot>" not in anna.html, "of one partner a sum says nothing"
    assert "Apstiprināt paziņojumu" not in reopened(juris, database, spool).buttons, "not yet"
    anna.page.keep_draft(f"note {CODE} 1", {"reason": "pārskaitīs nākamreiz"})
    anna.redraw().click("Piedāvāt risinājumu")
    assert anna.said[0].startswith("Izvēlieties risinājumu partnerim"), "nothing is chosen yet"
    (partner,) = [line["partner"] for line in anna.page.notes.shown[0].lines]
    anna.click("Piedāvāt risinājumu", **{f"option {partner}": "carry_over"})
    assert "pārskaitīs nākamreiz" not in anna.html, "what was handed in is no draft any more"
    assert anna.said == ["Risinājums piedāvāts; to apstiprina cita persona."]
    juris = reopened(juris, database, spool)
    juris.click("Apstiprināt paziņojumu")
    assert juris.said == ["Starpības paziņojums apstiprināts."]
    more = juris.page.notes.noted_cents
    assert more > 0
    total = money(juris.page.found.allocation.total_cents + more, "lv")
    assert f"Ar apstiprinātajiem starpības paziņojumiem {total}" in juris.html
    for did in ("sagatavoja Anna", "· piedāvāja Anna", "· apstiprināja Juris"):
        assert did in juris.html
    anna.click("Starpība Excel datnē")
    assert fetched(anna, spool).name == "Starpība 2022-2023-1.xlsx"


def test_a_note_with_refused_rows_shows_them_and_their_cause(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei").click("Atzīmēt kā pārbaudītu")
    reopened(juris, database, spool).click("Apstiprināt").click("Nodot partneriem")
    (ending,) = registers.rows(database, "amendments").filter(
        pl.col("agreement") == "EX-LUDZA", pl.col("amendment") == "1"
    ).iter_rows(named=True)  # fmt: skip
    registers.change(
        database, anna.page.person, "amendments", ending, {"value": "2021-12-31"}, now()
    )
    anna = reopened(anna, database, spool).click("Sagatavot starpības paziņojumu")
    for lang, title in (
        ("lv", "Iestāde nav iekļauta spēkā esošā līgumā"),
        ("en", "Institution not covered by an agreement in force"),
    ):
        html = before(Semester, database, "anna", spool, lang=lang, semester=CODE).html
        notes = html[html.index('id="h-notes"') :]
        assert f"<b>{title} (" in notes
        assert "“LUD-" in notes, "the institutions themselves"


def test_a_finding_that_was_kept_reads_as_it_was_told() -> None:
    found = Finding("counts.plans_not_whole", "counts", "skaits.csv", "", 3, "D3", "x", "blocks")
    again = finding_of(finding_fields(found))
    for lang in ("lv", "en"):
        assert again.problem(lang) == found.problem(lang)
        assert again.expected(lang) == found.expected(lang)
        assert again.remedy(lang) == found.remedy(lang)
        assert again.spot(lang) == "D3"


def test_the_lines_of_a_note_are_added_up() -> None:
    one = {"partner": "LUDZA", "old_cents": 100, "difference_cents": -3, "option": "offset"}
    both = [one, {**one, "partner": "BALVI", "difference_cents": 10}]
    assert semester_shown.note_total(both) == {"old_cents": 200, "difference_cents": 7}
    assert semester_shown.note_total([]) == {}


@pytest.mark.parametrize(("asked", "told"), [("2099/2100-1", True), (CODE, False), ("", False)])
def test_a_semester_that_the_calendar_does_not_have_is_told_of(
    database: Any, spool: Path, asked: str, *, told: bool
) -> None:
    anna = before(Semester, database, "anna", spool, semester=asked)
    assert any("“2099/2100-1” kalendārā nav" in said for said in anna.said) is told
    assert anna.page.found is not None


def test_every_semester_of_the_calendar_can_be_chosen(anna: Clicker) -> None:
    for code in anna.page.codes:
        found = anna.fire("choose", {"semester": code})
        assert "kods" not in " ".join(found.said)
    assert anna.fire("choose", {"semester": "../x"}).page.semester != "../x"


def test_a_partners_person_sees_nothing_before_the_release(database: Any, spool: Path) -> None:
    ludza = before(Semester, database, "ludza", spool, semester=CODE)
    assert "vēl nav nodots" in ludza.said[0]
    assert "<table" not in ludza.html


def test_a_partners_person_sees_their_rows_and_no_others(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei").click("Atzīmēt kā pārbaudītu")
    reopened(juris, database, spool).click("Apstiprināt").click("Nodot partneriem")
    ludza = before(Semester, database, "ludza", spool, semester=CODE)
    page: Any = ludza.page
    assert before(Semester, database, "ludza", spool).page.semester == CODE, "the one released"
    own = page.person.partner
    assert set(page.found.allocation.partners["partner"]) <= {own}
    others = set(anna.page.found.allocation.names["partner"].items()) - {
        (own, anna.page.found.allocation.names["partner"].get(own))
    }
    for key in list(page.found.allocation.partners["partner"]):
        page.grid._on_open(key, "name")
    shown = ludza.redraw().html + repr([row.cells for row in page.grid._rows.values()])
    for code, name in others:
        assert name not in shown
        assert f"'{code}'" not in shown
    for partner in anna.page.found.allocation.partners["partner"]:
        page.grid._on_open(partner, "maximum")
        assert page.trace is None or partner == own
    for event in ("workbook", "pack", "note_workbook", "draft_run", "note_draft"):
        assert any("nedrīkst" in said for said in ludza.fire(event, {}).said)
        assert ludza.fetched == []


def test_an_envelope_below_nothing_is_refused_as_it_was_typed(anna: Clicker) -> None:
    anna.click("Aprēķināt un nodot pārbaudei", envelope="-5")
    assert [one.field for one in anna.page.messages[0].said] == ["envelope"]
    assert "“-5”" in anna.said[0]
    assert not anna.page.found.step.state


def test_an_envelope_of_nothing_is_asked_about_first(anna: Clicker) -> None:
    anna.click("Aprēķināt un nodot pārbaudei", envelope="0")
    assert [one.field for one in anna.page.messages[0].said] == ["nothing"]
    assert not anna.page.found.step.state
    anna.click("Aprēķināt un nodot pārbaudei", envelope="-5")
    assert 'name="nothing"' not in anna.html, "the box goes with its question"
    anna.click("Aprēķināt un nodot pārbaudei", envelope="0")
    anna.fire("draft_run", {"envelope": "0", "nothing": "1"})
    assert anna.page.found.step.state == "draft"
    assert anna.page.found.allocation.total_cents == 0
    assert 'name="nothing"' not in anna.html


def test_an_envelope_typed_for_one_semester_is_not_that_of_another(anna: Clicker) -> None:
    anna.page.keep_draft(f"draft {CODE}", {"envelope": "1000,00", "reason": ""})
    assert 'value="1000,00"' in anna.redraw().html
    assert 'value="1000,00"' not in anna.fire("choose", {"semester": "2022/2023-2"}).html
    assert 'value="1000,00"' in anna.fire("choose", {"semester": CODE}).html


def test_a_browser_names_no_place_on_the_disk(anna: Clicker, home: Path) -> None:
    store = home / "grants.db"
    anna.fire("uploaded", {"path": str(store), "file": "x.csv", "table": "counts"})
    assert anna.said == [NO_FILE]
    assert store.exists()


def test_a_step_is_taken_on_the_figures_the_page_shows_whatever_the_browser_says(
    anna: Clicker, juris: Clicker, database: Any, spool: Path
) -> None:
    anna.click("Aprēķināt un nodot pārbaudei").click("Atzīmēt kā pārbaudītu")
    old = reopened(juris, database, spool)
    anna.click("Aprēķināt no jauna", envelope="1000,00").click("Atzīmēt kā pārbaudītu")
    seal = workflow.step_of(database, Code.parse(CODE)).seal
    # computing again keeps the envelope unless somebody takes it out
    assert 'name="envelope" inputmode="decimal" value="1000,00"' in anna.html
    old.fire("take", {"action": "approve", "seal": seal})
    assert workflow.step_of(database, Code.parse(CODE)).state == "checked"
    assert old.fire("take", {"action": "draft"}).said == [
        "Šādu soli šobrīd nevar veikt. Atveriet lapu vēlreiz un pārbaudiet semestra stāvokli."
    ]


EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def test_markup_in_names_notes_headings_and_cells_stays_text_everywhere(
    database: Any, spool: Path
) -> None:
    from toolkit.pages.agreements import Agreements
    from toolkit.pages.journal import Journal
    from toolkit.pages.overview import Overview
    from toolkit.pages.registers import Registers

    registers: Any = before(Registers, database, "anna", spool)
    for key in list(registers.page.rows):
        registers.page._typed(key, "name", EVIL + key)
    registers.redraw().click("Saglabāt izmaiņas", reason=EVIL)
    assert registers.page.messages[0].tone == "good"
    anna = before(Semester, database, "anna", spool, semester=CODE)
    anna.click("Aprēķināt un nodot pārbaudei", reason=EVIL)
    for key in list(anna.page.found.allocation.partners["partner"]):
        anna.page.grid._on_open(key, "name")
        anna.page.grid._on_open(key, "maximum")
    content = (
        f'"{EVIL}";semester;institution;programme;grade;plan_kind;plans\n{EVIL};{EVIL};x;y;z;1;2\n'
    )
    uploaded(anna, spool, content.encode(), f"{EVIL}.csv", "counts")
    assert anna.page.upload.findings
    shown = [anna, registers]
    for make, person in ((Agreements, "anna"), (Journal, "juris"), (Overview, "anna")):
        shown.append(before(make, database, person, spool))
    for clicker in shown:
        assert Reader(clicker.redraw().html).scripts == 0, clicker.page.name
        assert "<img" not in clicker.html, clicker.page.name
    texts = [cell.text for row in shown[3].page.grid._rows.values() for cell in row.cells.values()]
    assert EVIL in texts, "the journal's note is kept as it was typed"


@pytest.mark.parametrize("size", [20, 300], ids=["a small bomb", "a large one"])
def test_a_zip_bomb_is_refused_with_a_sentence_and_logged(
    size: int, anna: Clicker, spool: Path
) -> None:
    from tests.intake.test_breaking import MIB, bomb
    from toolkit.services import faults

    content = bomb(spool / "bomb.xlsx", size * MIB).read_bytes()
    uploaded(anna, spool, content, "Skaits.xlsx", "counts")
    assert {finding.rule for finding in anna.page.upload.findings} == {"file.too_large"}
    assert "Konstatējumi: 1" in anna.html
    reopened(anna, anna.page.desk.database, spool)
    told = faults.log().read_text().count("upload of anna refused: Skaits.xlsx: file.too_large")
    assert told == 1, "found again after a reload, it is the same refusal"
    assert anna.click("Atmest datni").said == []
