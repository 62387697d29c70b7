"""The register of agreements, clicked without a browser."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.pages.clicking import Clicker, Reader, before
from toolkit.pages.agreements import Agreements
from toolkit.services import stored
from toolkit.services.agreements import one_agreement
from toolkit.store import records
from toolkit.store.verify import verify

DAY = "2022-09-01"
RUGAJI, KARSAVA, RIGA = "P6-13/08-2019", "P6-12/133-2019", "EX-RIGA"
SIGNED = {"signed_on": "01.09.2022.", "effective_on": "2022-10-01"}


@pytest.fixture
def anna(database: Any, spool: Path) -> Clicker:
    return before(Agreements, database, "anna", spool, day=DAY)


def shown(clicker: Clicker) -> dict[str, dict[str, str]]:
    """The rows of the register: what stands in each column."""
    return {
        row.key: {name: cell.text for name, cell in row.cells.items()} for row in clicker.page.rows
    }


def opened(clicker: Clicker, number: str) -> Clicker:
    clicker.page._opened(number)
    return clicker.redraw()


def amending(clicker: Clicker, number: str, kind: str = "term") -> Clicker:
    opened(clicker, number).click("Ievadīt grozījumus")
    form = next(e for e in Reader(clicker.html).elements if e.attributes.get("data-on") == "amend")
    return clicker.fire("retyped", {**form.fields, "kind": kind})


def fields(clicker: Clicker, on: str) -> set[str]:
    (form,) = [
        e for e in Reader(clicker.html).elements
        if e.tag == "form" and e.attributes.get("data-on") == on
    ]  # fmt: skip
    return {*form.fields, *form.unticked}


# -- the register ------------------------------------------------------------------------------
def test_the_register_shows_each_agreement_as_it_stands_on_the_day(anna: Clicker):
    rows = shown(anna)

    assert len(rows) == 17
    assert rows[RUGAJI]["partner"] == "Balvu novada pašvaldība"
    assert rows[RUGAJI]["signed_on"] == "08.02.2019."
    assert rows[RUGAJI]["ends_on"] == "31.12.2023."
    assert rows[RUGAJI]["status"] == "spēkā"
    assert rows[RUGAJI]["institutions"] == "2"
    assert rows[RUGAJI]["amended"] == "01.09.2021."


@pytest.mark.parametrize(
    ("written", "partner"),
    [("30.06.2021.", "Rugāju novada dome"), ("2021-07-01", "Balvu novada pašvaldība"),
     ("1. 7. 2021", "Balvu novada pašvaldība")],
    ids=["the day before the reform", "its day, as ISO", "its day, with spaces"],
)  # fmt: skip
def test_a_day_is_read_as_latvians_and_as_machines_write_it(
    anna: Clicker, written: str, partner: str
):
    anna.click("Rādīt", day=written)

    assert shown(anna)[RUGAJI]["partner"] == partner


def test_a_day_that_is_none_is_a_sentence_and_the_register_stays(anna: Clicker):
    anna.click("Rādīt", day="35.13.2021.")

    assert anna.said == ["“35.13.2021.” nav datums. Ierakstiet datumu, piemēram, 01.09.2022."]
    assert len(shown(anna)) == 17


@pytest.mark.parametrize(
    ("query", "status", "found"),
    [
        ("rugaju novada", "", [RUGAJI]),
        ("P6-12", "", [KARSAVA]),
        ("kārsavas vidusskola", "", [KARSAVA]),
        ("", "terminated", []),
        ("rugāju", "ended", []),
    ],
    ids=["the party's name without its marks", "a number", "a school", "a status nobody has",
         "a name and a status that do not meet"],
)  # fmt: skip
def test_search_and_status_narrow_the_register(
    anna: Clicker, query: str, status: str, found: list[str]
):
    anna.click("Rādīt", query=query, status=status)

    assert list(shown(anna)) == found
    assert ("Neviens līgums neatbilst meklētajam." in anna.html) is not bool(found)


def test_the_timeline_is_an_image_that_says_what_it_shows(anna: Clicker):
    anna.click("Rādīt laika līniju")

    assert anna.html.count("<svg") == 2, "one for a screen, one for a phone"
    for kind in ("broad", "slim"):
        assert f'class="{kind}" role="img" aria-label="Laika līnija no ' in anna.html
    assert "spēkā" in anna.html
    anna.click("Rādīt", query="rugāju")
    assert "līgumi — 1, no tiem" in anna.html
    assert "<svg" not in anna.click("Paslēpt laika līniju").html


def test_a_name_with_markup_is_harmless_in_the_timeline_and_everywhere(
    anna: Clicker, database: Any
):
    evil = "</text><script>alert(1)</script><img src=x onerror=alert(2)>"
    _rename(database, "BALVI", evil)

    anna.click("Rādīt").click("Rādīt laika līniju")
    opened(anna, RUGAJI)

    page = Reader(anna.html)
    assert page.scripts == 0
    assert [e for e in page.elements if e.tag == "img"] == []
    assert "&lt;script&gt;" in anna.html


def test_a_long_name_is_shortened_in_the_timeline_and_told_whole(anna: Clicker, database: Any):
    long = "Ļoti gara nosaukuma <vidusskola> & pašvaldība " * 3
    _rename(database, "BALVI", long.strip())

    anna.click("Rādīt").click("Rādīt laika līniju")

    broad = anna.html[: anna.html.index('class="slim"')]
    told = re.findall(r"<title>([^<]*)</title>([^<]*)</text>", broad)
    assert [unescape(whole).split(" · ")[1] for whole, _ in told] == [long.strip()]
    short = unescape(told[0][1])
    assert short.endswith("…")
    assert unescape(told[0][0]).startswith(short[:-1])
    slim = re.findall(r"<title>([^<]*)</title>([^<]*)</text>", anna.html[len(broad) :])
    names = {unescape(number): unescape(whole) for whole, number in slim}
    assert names[RUGAJI] == f"{RUGAJI} · {long.strip()}", "a phone has room for numbers alone"


def _rename(database: Any, partner: str, name: str) -> None:
    from toolkit.services import people, registers

    seen = registers.record(database, "partners", partner=partner)
    anna = people.acting(database, "anna")
    registers.change(database, anna, "partners", seen, {"name": name}, stored.now())


# -- one agreement -----------------------------------------------------------------------------
def test_an_open_agreement_shows_its_versions_with_their_annexes(anna: Clicker):
    html = opened(anna, RUGAJI).html

    assert "Līgums P6-13/08-2019" in html
    assert "līguma puse — Rugāju novada dome" in html
    assert "Grozījumi Nr. 1: termiņš" in html
    annex = html[html.index("Grozījumu Nr. 1 pielikums") :]
    assert annex.index("31.12.2022.") < annex.index("31.12.2023.")
    assert "Līgums P6-13/08-2019" not in anna.click("Aizvērt").html


def test_the_version_in_force_on_the_day_is_marked(anna: Clicker):
    before_amendment = opened(anna.click("Rādīt", day="31.08.2021."), RUGAJI).html

    assert 'Līgums, kā parakstīts</b> 08.02.2019. <span class="tag hit">' in before_amendment
    assert 'termiņš</b> <span class="tag hit">' not in before_amendment


def test_coverage_is_shown_by_semester_and_grades(anna: Clicker):
    opened(anna, RUGAJI)

    assert "<td>2018./2019. m.g. 2. semestris</td><td>–</td><td>5–12</td>" in anna.html
    assert "<td>2018./2019. m.g. 2. semestris</td><td>–</td><td>5–9</td>" in anna.html
    anna.fire("cover_in", {"semester": "2019/2020-1"})
    assert anna.html.count("<td>2018./2019. m.g. 2. semestris</td>") == 2
    anna.fire("cover_in", {"semester": "no semester"})
    assert "selected>2019./2020. m.g. 1. semestris" not in anna.html


def test_strategic_partners_are_named(anna: Clicker):
    html = opened(anna, RIGA).html

    assert "Rīgas Sociālais dienests (izdomāts)" in html
    assert "sociālais dienests" in html


def test_a_link_opens_an_agreement_on_a_day(database: Any, spool: Path):
    page = before(Agreements, database, "anna", spool, day="2021-06-30", agreement=KARSAVA)

    assert "Reģistrs 30.06.2021." in page.html
    assert f"Līgums {KARSAVA}" in page.html


def test_an_agreement_nobody_has_is_a_sentence(database: Any, spool: Path):
    page = before(Agreements, database, "anna", spool, day=DAY, agreement="P6-13/99")

    assert page.said == ["Līgums “P6-13/99” reģistrā nav atrasts. Pārbaudiet numuru."]
    assert len(shown(page)) == 17


# -- amendments --------------------------------------------------------------------------------
COMMON = {"kind", "number", "signed_on", "effective_on", "note", "reason"}
ROW = {f"cover 1 {n}" for n in ("institution", "from_semester", "to_semester", "grades",
                               "starts_on")}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("term", {"day"}),
        ("termination", {"day"}),
        ("money", {"amount"}),
        ("party", {"partner"}),
        ("institutions", {"rows"} | ROW),
    ],
)
def test_the_form_has_the_fields_that_the_kind_may_change(anna: Clicker, kind: str, own: set[str]):
    assert fields(amending(anna, RUGAJI, kind), "amend") == COMMON | own


def test_the_form_of_measures_has_a_box_for_each(anna: Clicker):
    boxes = fields(amending(anna, RUGAJI, "measures"), "amend") - COMMON - {"boxes"}

    assert {"measure catering", "measure consultation"} <= boxes
    assert all(box.startswith("measure ") for box in boxes)


def test_the_boxes_of_measures_begin_as_the_agreement_has_them(anna: Clicker):
    amending(anna, RUGAJI, "measures")
    anna.fire("amend", {"kind": "measures", "number": "2", "measure catering": "1", **SIGNED})

    assert ticked(amending(anna, RUGAJI, "measures")) == {"measure catering"}
    anna.page.keep_draft(f"amend {RUGAJI}", {"kind": "measures", "boxes": "1", "number": "3"})
    assert ticked(anna.redraw()) == set()


def ticked(clicker: Clicker) -> set[str]:
    elements = Reader(clicker.html).elements
    return {e.attributes["name"] for e in elements if "checked" in e.attributes}


@pytest.mark.parametrize(
    ("kind", "typed", "field", "expected"),
    [
        ("term", {"day": "31.12.2024."}, "ends_on", date(2024, 12, 31)),
        ("termination", {"day": "2022-12-01"}, "ends_on", date(2022, 12, 1)),
        ("money", {"amount": "12 500,00"}, "amount_cents", 1_250_000),
        ("party", {"partner": "LUDZA"}, "partner", "LUDZA"),
        ("measures", {"measure catering": "1", "measure consultation": "1"}, "measures",
         ("catering", "consultation")),
    ],
    ids=["a new end", "a termination", "an amount", "a new party", "measures"],
)  # fmt: skip
def test_an_amendment_of_every_kind_is_written(
    anna: Clicker, database: Any, kind: str, typed: dict[str, str], field: str, expected: object
):
    amending(anna, RUGAJI, kind)
    if kind == "measures":  # unticked boxes are not sent by a browser
        anna.fire("amend", {"kind": kind, "number": "2", **SIGNED, **typed})
    else:
        anna.click("Saglabāt grozījumus", **SIGNED, **typed)

    assert anna.said == ["Grozījumi Nr. 2 saglabāti; mainītie līguma noteikumi: 1."]
    found = one_agreement(stored.stored_inputs(database), RUGAJI, date(2022, 10, 1))
    assert getattr(found.version, field) == expected
    assert "Grozījumi Nr. 2: " in anna.html
    assert "Saglabāt grozījumus" not in anna.buttons
    assert anna.page._draft(anna.page.one.form) == {}
    assert verify(database).damage == ()


def test_an_institution_is_added_and_another_gets_other_grades(anna: Clicker, database: Any):
    opened(anna, RUGAJI)
    changed = next(
        e for e in Reader(anna.html).elements if e.attributes.get("data-institution") == "RUG-EGL"
    )
    anna.fire("change_row", {"institution": "RUG-EGL", "semester":
                             changed.attributes["data-semester"]})  # fmt: skip
    assert 'name="cover 1 grades" value="5–9"' in anna.html, "as the table shows them"
    anna.click("Pievienot iestādi", **{"cover 1 grades": "1-9"})
    anna.click(
        "Saglabāt grozījumus", **SIGNED,
        **{"cover 2 institution": "LUD-KAR", "cover 2 from_semester": "2022/2023-1",
           "cover 2 starts_on": "15.09.2022."},
    )  # fmt: skip
    # Ludza has it too; when the boxes of the form are sent, the tick comes with them
    (form,) = [e for e in Reader(anna.html).elements if e.attributes.get("data-on") == "amend"
               and e.tag == "form"]  # fmt: skip
    anna.fire("amend", {**form.fields, "sure": anna.page.asking[f"amend {RUGAJI}"]})

    assert anna.said == ["Grozījumi Nr. 2 saglabāti; mainītie līguma noteikumi: 2."]
    version = one_agreement(stored.stored_inputs(database), RUGAJI, date(2022, 10, 1)).version
    places = {c.institution: c for c in version.coverage}
    assert places["RUG-EGL"].grades == tuple(range(1, 10))
    assert places["LUD-KAR"].starts_on == date(2022, 9, 15)
    assert len(version.coverage) == 3


@pytest.mark.parametrize(
    ("kind", "typed", "sentences"),
    [
        ("term", {"day": "31.12.2023."},
         ["Līguma P6-13/08-2019 grozījumi Nr. 2 neko nemainītu. Norādiet jauno vērtību."]),
        ("term", {"day": "rīt"}, ["“rīt” nav datums. Ierakstiet datumu, piemēram, 01.09.2022."]),
        ("term", {"day": "31.12.2024.", "number": "1"},
         ["Līgumam P6-13/08-2019 grozījumi Nr. 1 jau ir. Norādiet citu numuru."]),
        ("term", {"day": "31.12.2024.", "effective_on": "01.01.2024."},
         ["Līguma P6-13/08-2019 grozījumi Nr. 2 stātos spēkā pēc līguma beigām. "
          "Pārbaudiet spēkā stāšanās dienu."]),
        ("money", {"amount": "-5,00"},
         ["Summa -5,00 ir mazāka par nulli. Ierakstiet līguma kopējo summu "
          "pēc grozījumiem."]),
        ("institutions", {}, ["Aizpildiet lauku “Iestādes”."]),
        ("institutions", {"cover 1 institution": "NAV", "cover 1 grades": "5-19"},
         ["Aizpildiet lauku “No semestra”.",
          "Lauka “Klases” vērtība “5-19” nav saprotama. Labojiet to."]),
        ("institutions", {"cover 1 institution": "NAV", "cover 1 from_semester": "2022/2023-1"},
         ["Kods “NAV” nav zināms. Pārbaudiet to reģistrā."]),
        ("term", {"day": "", "signed_on": "", "number": ""},
         ["Aizpildiet lauku “Grozījumu numurs”.", "Aizpildiet lauku “Parakstīts”.",
          "Aizpildiet lauku “Spēkā līdz”."]),
    ],
    ids=["the end it has already", "a day that is none", "a number that is taken",
         "effective after the end", "less than nothing", "no institution",
         "two faults in a row", "a school nobody knows", "three empty fields"],
)  # fmt: skip
def test_a_refused_amendment_says_why_and_keeps_what_was_typed(
    anna: Clicker, database: Any, kind: str, typed: dict[str, str], sentences: list[str]
):
    entries = records.entry_at(database, None)

    amending(anna, RUGAJI, kind).click(
        "Saglabāt grozījumus", **{**SIGNED, **typed, "note": "Šķūņi"}
    )

    assert anna.said == sentences
    assert records.entry_at(database, None) == entries
    (form,) = [e for e in Reader(anna.html).elements
               if e.tag == "form" and e.attributes.get("data-on") == "amend"]  # fmt: skip
    assert form.fields["note"] == "Šķūņi"
    assert {name: form.fields[name] for name in typed} == typed


def test_each_agreement_has_a_draft_of_its_own(anna: Clicker):
    amending(anna, RUGAJI)
    anna.page.keep_draft("amend " + RUGAJI, {"note": "Rugājiem"})

    assert "Rugājiem" not in opened(anna, KARSAVA).click("Ievadīt grozījumus").html
    assert "Rugājiem" in opened(anna, RUGAJI).click("Ievadīt grozījumus").html


def test_counts_that_an_amendment_leaves_unpaid_are_named_before_it_is_stored(
    anna: Clicker, database: Any
):
    """Egļupes school has counts of the semester; from it on only grade 12 would be covered."""
    entries = records.entry_at(database, None)
    typed = {"kind": "institutions", "number": "2", **SIGNED, "rows": "1",
             "cover 1 institution": "RUG-EGL", "cover 1 from_semester": "2018/2019-2",
             "cover 1 grades": "12"}  # fmt: skip
    amending(anna, RUGAJI, "institutions").fire("amend", typed)

    assert [one.field for one in anna.page.messages[0].said] == ["", "sure"]
    assert anna.said[0] == "Daļa skaita rindu paliktu bez finansējuma (sk. zemāk)."
    assert {one.institution for one in anna.page.unpaid} == {"RUG-EGL"}
    assert records.entry_at(database, None) == entries
    anna.fire("amend", {**typed, "sure": anna.page.asking[f"amend {RUGAJI}"]})
    assert anna.said == ["Grozījumi Nr. 2 saglabāti; mainītie līguma noteikumi: 1."]
    assert anna.page.unpaid, "and told again of what is stored"


def test_an_institution_covered_twice_is_asked_about(anna: Clicker, database: Any):
    """Whoever adds a row to narrow the grades has not narrowed them."""
    typed = {"kind": "institutions", "number": "2", **SIGNED, "rows": "1",
             "cover 1 institution": "RUG-EGL", "cover 1 from_semester": "2022/2023-1",
             "cover 1 grades": "5-6"}  # fmt: skip
    amending(anna, RUGAJI, "institutions").fire("amend", typed)

    assert "Rugāju novada Eglaines pamatskola” līgumā būtu iekļauta divreiz" in anna.said[0]
    assert 'name="sure"' in anna.html


@pytest.mark.parametrize("form", [{"form": "amend"}, {"form": "withdraw", "of": ""},
                                  {"form": "withdraw", "of": "1"}])  # fmt: skip
def test_a_form_that_was_open_is_open_again_after_a_reload(
    anna: Clicker, database: Any, spool: Path, form: dict[str, str]
):
    opened(anna, RUGAJI).page.one.resume(form)
    address = {**anna.page.address(), "day": DAY}

    again = before(Agreements, database, "anna", spool, **address).page.one

    assert (again.amending, again.withdrawing) == (
        anna.page.one.amending, anna.page.one.withdrawing,
    )  # fmt: skip
    assert again.amending or again.withdrawing


# -- entered by mistake ------------------------------------------------------------------------
def withdrawing(clicker: Clicker, amendment: str) -> Clicker:
    return clicker.fire("withdrawing", {"wanted": "yes", "amendment": amendment})


def test_an_agreement_that_nobody_is_paid_by_is_withdrawn_with_a_reason(
    anna: Clicker, database: Any
):
    anna.fire("enter", {**HEAD, "rows": "1"})
    assert "Atsaukt grozījumus" not in anna.html, "it has none"
    anna.click("Atsaukt līgumu P6-13/9-2022…")
    assert "it kā nekad nebūtu noslēgts" in anna.html

    anna.click("Atsaukt", reason="")
    assert [one.field for one in anna.page.messages[0].said] == ["reason"]
    anna.click("Atsaukt", reason="ievadīts divreiz")

    assert anna.said == ["Līgums P6-13/9-2022 atsaukts; tā vēsture paliek žurnālā."]
    assert "P6-13/9-2022" not in shown(anna)
    assert anna.page.one is None
    assert verify(database).damage == ()


def test_an_agreement_that_pays_counts_is_withdrawn_only_when_that_is_meant(
    anna: Clicker, database: Any
):
    entries = records.entry_at(database, None)
    opened(anna, RUGAJI).click("Atsaukt līgumu P6-13/08-2019…").click("Atsaukt", reason="kļūda")

    assert [one.field for one in anna.page.messages[0].said] == ["", "sure"]
    assert len(anna.page.unpaid) == 4
    assert "Skaita rindas bez finansējuma: 4" in anna.html
    assert 'name="sure"' in anna.html
    assert records.entry_at(database, None) == entries
    anna.fire("withdraw", {"reason": "kļūda", "sure": anna.page.asking[anna.page.one.withdrawal]})
    assert anna.said == ["Līgums P6-13/08-2019 atsaukts; tā vēsture paliek žurnālā."]
    assert RUGAJI not in shown(anna)


def test_an_amendment_is_withdrawn_and_the_agreement_stays_open(anna: Clicker, database: Any):
    amending(anna, RUGAJI).click("Saglabāt grozījumus", **SIGNED, day="31.12.2024.")
    assert shown(anna)[RUGAJI]["ends_on"] == "31.12.2023.", "the day shown is before the amendment"

    anna.click("Atsaukt grozījumus Nr. 2…").click("Atsaukt", reason="cita līguma grozījumi")

    assert anna.said == [
        "Līguma P6-13/08-2019 grozījumi Nr. 2 atsaukti; to vēsture paliek žurnālā."
    ]
    assert "Grozījumi Nr. 2: " not in anna.html
    assert "Grozījumi Nr. 1: termiņš" in anna.html
    assert "Atsaukt grozījumus Nr. 1…" in anna.buttons


def test_an_amendment_entered_meanwhile_by_another_is_not_withdrawn_unseen(
    anna: Clicker, database: Any, spool: Path
):
    opened(anna, RUGAJI).click("Atsaukt līgumu P6-13/08-2019…")
    other = before(Agreements, database, "anna", spool, day=DAY)
    amending(other, RUGAJI).click("Saglabāt grozījumus", **SIGNED, day="31.12.2024.")

    anna.click("Atsaukt", reason="kļūda")

    assert "pa šo laiku ir mainīts" in anna.said[0]
    assert RUGAJI in shown(anna)
    assert "Grozījumi Nr. 2: termiņš" in anna.html, "what stands now is shown"
    anna.click("Atsaukt līgumu P6-13/08-2019…").click("Atsaukt", reason="kļūda")
    assert [one.field for one in anna.page.messages[0].said][-1] == "sure", "it may go now"


def test_an_agreement_that_somebody_has_withdrawn_is_told_of_once_and_closed(
    anna: Clicker, database: Any, spool: Path
):
    anna.fire("enter", {**HEAD, "rows": "1"})
    other = before(Agreements, database, "anna", spool, agreement="P6-13/9-2022")
    other.click("Atsaukt līgumu P6-13/9-2022…").click("Atsaukt", reason="kļūda")

    anna.click("Rādīt")
    assert anna.said == ["Līgums “P6-13/9-2022” reģistrā nav atrasts. Pārbaudiet numuru."]
    assert anna.page.one is None
    assert anna.click("Rādīt").said == []


def test_what_may_not_be_taken_back_cannot_be_asked_for(anna: Clicker, database: Any, spool: Path):
    entries = records.entry_at(database, None)
    opened(anna, RUGAJI)
    assert withdrawing(anna, "9").said == [
        "Ieraksts “P6-13/08-2019 · 9” nav atrasts. Pārbaudiet kodu."
    ]
    anna.fire("withdraw", {"reason": "kļūda"})
    assert anna.page.one.withdrawing is None
    juris = before(Agreements, database, "juris", spool, day=DAY)
    assert "Ievadīts kļūdaini…" not in opened(juris, RUGAJI).html
    withdrawing(juris, "").fire("withdraw", {"reason": "kļūda"})
    assert RUGAJI in shown(juris.click("Rādīt"))
    assert records.entry_at(database, None) == entries


# -- a new agreement ---------------------------------------------------------------------------
HEAD = {"agreement": "P6-13/9-2022", "partner": "LUDZA", "signed_on": "01.09.2022.",
        "valid_from": "2022-09-02", "valid_to": "31.12.2023.",
        "cover 1 institution": "RUG-VSK", "cover 1 from_semester": "2022/2023-1",
        "cover 1 grades": "5-9"}  # fmt: skip


def test_a_new_agreement_is_one_entry_and_opens(anna: Clicker, database: Any):
    entries = records.entry_at(database, None)
    anna.click("Jauns līgums")
    form = fields(anna, "enter")
    assert set(HEAD) <= form

    anna.fire("enter", {**HEAD, "rows": "1", "reason": "parakstīts šodien"})

    assert anna.said == ["Līgums P6-13/9-2022 saglabāts."]
    assert records.entry_at(database, None) == entries + 1
    assert "P6-13/9-2022" in shown(anna)
    assert "<td>2022./2023. m.g. 1. semestris</td><td>–</td><td>5–9</td>" in anna.html
    assert anna.page._draft("new") == {}


def test_counts_that_a_second_agreement_leaves_unpaid_are_named_before_it_is_stored(
    anna: Clicker, database: Any
):
    twice = {**HEAD, "agreement": "P6-13/77-2022", "cover 1 institution": "LUD-PIL",
             "valid_from": "01.09.2022."}  # fmt: skip
    anna.fire("turn", {"view": "new"})
    anna.fire("enter", {**twice, "rows": "1"})
    assert [one.field for one in anna.page.messages[0].said] == ["", "sure"]
    assert 'name="sure"' in anna.html
    assert "Iestāde ir vairākos līgumos" in anna.html
    assert "P6-13/77-2022" not in stored.stored_inputs(database).frames["agreements"]["agreement"]
    for guess in ("1", "0" * 64):
        anna.fire("enter", {**twice, "rows": "1", "sure": guess})
        assert 'name="sure"' in anna.html, "a tick answers what was asked and nothing else"
    anna.fire("enter", {**twice, "rows": "1", "sure": anna.page.asking["new"]})

    assert anna.said == ["Līgums P6-13/77-2022 saglabāts."]
    told = [(one.institution, one.grade, one.plans, one.rule) for one in anna.page.unpaid]
    assert told == [
        ("LUD-PIL", "6", "14", "counts.ambiguous_coverage"),
        ("LUD-PIL", "9", "8", "counts.ambiguous_coverage"),
    ]
    assert "Skaita rindas bez finansējuma: 2" in anna.html
    anna.fire("enter", {**HEAD, "rows": "1"})
    assert anna.page.unpaid == (), "a school nobody else covers earns as it did"


STRANGE: tuple[tuple[str, dict[str, str], list[str]], ...] = (
    ("signed on the day it begins", {"signed_on": "02.09.2022."}, []),
    ("signed a day later", {"signed_on": "03.09.2022."}, ["signed_on"]),
    ("with a partner that is gone by then", {"partner": "RUGAJI"}, ["partner"]),
    ("an institution from a semester after its end", {"cover 1 from_semester": "2023/2024-2"},
     ["cover 1 from_semester"]),
    ("an institution that starts on its first day", {"cover 1 starts_on": "02.09.2022."}, []),
    ("a day before it", {"cover 1 starts_on": "01.09.2022."}, ["cover 1 starts_on"]),
    ("on its last day", {"cover 1 starts_on": "31.12.2023."}, []),
    ("and a day after it", {"cover 1 starts_on": "01.01.2024."}, ["cover 1 starts_on"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "asked"), [one[1:] for one in STRANGE], ids=[one[0] for one in STRANGE]
)
def test_what_is_strange_about_a_new_agreement_is_asked_before_it_is_stored(
    anna: Clicker, database: Any, changed: dict[str, str], asked: list[str]
):
    entries = records.entry_at(database, None)
    anna.fire("turn", {"view": "new"})
    typed = {**HEAD, **changed, "rows": "1"}
    anna.fire("enter", typed)
    if asked:
        said = [one.field for message in anna.page.messages for one in message.said]
        assert said == [*asked, "sure"]
        assert 'name="sure"' in anna.html
        assert records.entry_at(database, None) == entries
        anna.fire("enter", {**typed, "sure": anna.page.asking["new"]})
    assert anna.said == ["Līgums P6-13/9-2022 saglabāts."]
    assert records.entry_at(database, None) == entries + 1


def test_a_tick_for_one_question_answers_no_other(anna: Clicker, database: Any):
    entries = records.entry_at(database, None)
    anna.fire("turn", {"view": "new"})
    late = {**HEAD, "rows": "1", "signed_on": "03.09.2022."}
    anna.fire("enter", late)
    anna.fire("enter", {**late, "partner": "RUGAJI", "sure": anna.page.asking["new"]})
    fields_ = [one.field for message in anna.page.messages for one in message.said]
    assert fields_ == ["signed_on", "partner", "sure"]
    assert records.entry_at(database, None) == entries


def test_a_new_agreement_that_is_wrong_says_where_and_keeps_what_was_typed(
    anna: Clicker, database: Any
):
    entries = records.entry_at(database, None)
    anna.click("Jauns līgums").click("Pievienot iestādi")

    anna.click("Saglabāt līgumu", **{**HEAD, "signed_on": "35.01.2022.", "cover 1 grades": "0"})

    about = {one.field: one.words for message in anna.page.messages for one in message.said}
    assert "“35.01.2022.” nav datums." in about["signed_on"]
    assert "“0” nav klašu vai kursu pieraksts." in about["cover 1 grades"]
    assert 'data-about="cover 1 grades"' in anna.html
    assert records.entry_at(database, None) == entries
    assert 'value="35.01.2022."' in anna.html
    assert "cover 2 institution" in fields(anna, "enter")


def test_a_number_that_is_taken_is_told_beside_what_is_wrong_otherwise(anna: Clicker):
    anna.click("Jauns līgums")
    anna.click("Saglabāt līgumu", **{**HEAD, "agreement": RUGAJI, "signed_on": "35.01.2022."})

    about = {one.field: one.words for message in anna.page.messages for one in message.said}
    assert {"agreement", "signed_on"} <= set(about)
    assert RUGAJI in about["agreement"]


# -- what is due, successions ------------------------------------------------------------------
def test_the_due_list_of_a_day(anna: Clicker):
    anna.click("Termiņi")

    assert "Dienu skaits uz priekšu" in anna.html
    everything = len(anna.click("Rādīt", within="400").page.due.rows)
    few = anna.click("Rādīt", within="0").page.due.rows
    assert 0 <= len(few) < everything
    assert anna.click("Rādīt", within="daudz").said == [
        "“daudz” nav dienu skaits. Ierakstiet veselu skaitli no 0 līdz 3660."
    ]


@pytest.mark.parametrize(
    ("day", "missing"),
    [(DAY, "trūkst iestāžu: 2 no 2"), ("2030-01-15", "trūkst iestāžu: 1 no 2")],
    ids=["before one school's counts were recorded", "since then"],
)
def test_a_due_row_says_how_many_schools_have_not_handed_in(
    database: Any, spool: Path, day: str, missing: str
):
    anna = before(Agreements, database, "anna", spool, day=day)
    rows = [row.cells for row in anna.click("Termiņi").click("Rādīt", within="0").page.due.rows]
    told = {(row["agreement"].text, row["subject"].text, row["kind"].text): row["subject"].small
            for row in rows}  # fmt: skip

    autumn = "2021./2022. m.g. 1. semestris"
    assert told[RIGA, autumn, "plānu skaita iesniegšana"] == missing
    assert told[RIGA, autumn, "semestra norēķins"] == ""


def test_the_due_list_stays_when_it_is_asked_beside_an_open_agreement(database: Any, spool: Path):
    anna = before(Agreements, database, "anna", spool, agreement=RUGAJI)
    anna.fire("turn", {"view": "due"})
    for within in ("-1", "abc", "0"):
        anna.fire("due_within", {"within": within, "day": "01.10.2023."})
        assert anna.page.view == "due"


def test_a_due_row_opens_its_agreement(anna: Clicker):
    anna.click("Termiņi").click("Rādīt", within="400")
    row = anna.page.due.rows[0]

    anna.page.due.opened(row.key, "agreement")

    assert f"Līgums {row.cells['agreement'].text}" in anna.redraw().html


def test_successions_of_a_day_with_the_sums_kept(anna: Clicker):
    anna.click("Tiesību pārņemšana")

    page = anna.fire("succeeded_on", {"on": "2021-07-01"}).page
    moved = [{n: c.text for n, c in row.cells.items()} for row in page.successions.moves]
    assert {"līgumi", "iestādes"} <= {row["thing"] for row in moved}
    assert any(row["partner"] == "Rugāju novada dome"
               and row["heir"] == "Balvu novada pašvaldība" for row in moved)  # fmt: skip
    assert page.successions.sums
    assert "Visas summas saglabājas." in anna.html


@pytest.mark.parametrize(
    ("on", "told"),
    [("2020-01-01", "01.01.2020."), ("nekad", "nekad")],
    ids=["no succession", "no day"],
)
def test_a_day_without_successions_is_a_sentence(anna: Clicker, on: str, told: str):
    anna.click("Tiesību pārņemšana")

    (sentence,) = anna.fire("succeeded_on", {"on": on}).said
    assert told in sentence


# -- who may what ------------------------------------------------------------------------------
def test_an_auditor_reads_and_changes_nothing(database: Any, spool: Path):
    juris = before(Agreements, database, "juris", spool, day=DAY)
    opened(juris, RUGAJI)

    assert juris.buttons == [
        "Reģistrs", "Termiņi", "Tiesību pārņemšana", "Rādīt", "Aizvērt", "Rādīt laika līniju"
    ]  # fmt: skip
    refused = juris.fire("amend", {"kind": "term", "number": "2", "day": "2024-12-31", **SIGNED})
    assert refused.said[0].startswith("Juris Apstiprinātājs")
    assert juris.fire("enter", HEAD).said[0].startswith("Juris Apstiprinātājs")
    assert juris.fire("turn", {"view": "new"}).page.view == "register"


def test_a_partner_sees_their_own_agreements_alone(database: Any, spool: Path):
    laima = before(Agreements, database, "ludza", spool, day=DAY)

    assert set(shown(laima)) == {"EX-LUDZA", KARSAVA}
    assert laima.fire("open_one", {"agreement": RUGAJI}).said == [
        f"Līgums “{RUGAJI}” reģistrā nav atrasts. Pārbaudiet numuru."
    ]
    assert "Rugāju" not in laima.click("Rādīt laika līniju").html
    due = laima.click("Termiņi").click("Rādīt", within="3000").page.due.rows
    assert {row.cells["agreement"].text for row in due} <= {"EX-LUDZA", KARSAVA}
    assert laima.buttons == ["Reģistrs", "Termiņi", "Rādīt"]
    assert laima.fire("turn", {"view": "successions"}).page.view == "due"
    laima.fire("succeeded_on", {"on": "2021-07-01"})
    assert laima.page.successions.moves == []
    assert set(shown(laima.fire("choose", {"day": "2019-03-01"}))) == {"EX-LUDZA", KARSAVA}


def test_the_page_speaks_english_too(database: Any, spool: Path):
    page = before(Agreements, database, "anna", spool, "en", day=DAY, agreement=RUGAJI)

    assert "Amendment No. 1: term" in page.html
    page.click("Successions").click("New agreement").click("Due")
    assert page.said == []


# -- the address -------------------------------------------------------------------------------
def test_the_page_opens_again_as_it_stood(anna: Clicker, database: Any, spool: Path):
    anna.click("Rādīt", day="30.06.2021.", query="rugāju")
    opened(anna, RUGAJI)
    told = dict(anna.page.address())

    assert told == {"day": "2021-06-30", "query": "rugāju", "agreement": RUGAJI}
    again = before(Agreements, database, "anna", spool, **told)
    assert "Reģistrs 30.06.2021." in again.html
    assert f"Līgums {RUGAJI}" in again.html
    assert list(shown(again)) == [RUGAJI]
    anna.fire("turn", {"view": "due"})
    assert before(Agreements, database, "anna", spool, **anna.page.address()).page.view == "due"


def test_an_address_with_a_day_that_is_none_opens_a_register_that_works(database: Any, spool: Path):
    page = before(Agreements, database, "anna", spool, day="31.13.2022.", status="<x>")

    assert page.said == ["“31.13.2022.” nav datums. Ierakstiet datumu, piemēram, 01.09.2022."]
    assert len(shown(page)) == 17
    assert "Saglabāt līgumu" in page.fire("turn", {"view": "new"}).html
