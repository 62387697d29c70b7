"""The note as people get it: sentences without signs, and a workbook that adds up by itself."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import openpyxl
import pytest

from tests.programmes import Programme, Value
from tests.reports.recalculation import differences, recalculated
from tests.reports.test_workbook import column
from tests.services.test_difference import (
    A_FEW_CENTS,
    MERGER,
    RELEASED,
    counts,
    coverage,
    explained,
)
from toolkit.errors import UsageError
from toolkit.frames.difference import DifferenceNote
from toolkit.reports import workbook
from toolkit.reports.difference import difference_report
from toolkit.reports.difference_words import preview, sentences
from toolkit.reports.report import FIRST_ROW
from toolkit.texts import LANGUAGES

FEWER = RELEASED.with_rows(counts=counts(ALFA=2, BETA=4, GAMA=3))
DEARER = FEWER.with_law("rate.consultative", Value("2017-03-16", "110.50"))
ALL_AT_ONCE = DEARER.with_rows(successions=[MERGER], coverage=coverage("ALFA", "BETA"))
"""BETA has a plan less, each plan costs more, GAMA is not covered, ALFA is in BETA."""
CENTS_MOVED = (A_FEW_CENTS, A_FEW_CENTS.with_rows(counts=counts(ALFA=3, BETA=4, GAMA=3)))
NO_MORE_COVERED = (
    "To rindu skaits, par kurām finansējumu vairs neaprēķina, jo tās ir noraidītas, — 1; "
    "summa nav galīga, kamēr konstatējumi nav novērsti."
)


def said(note: DifferenceNote, partner: str, lang: str) -> str:
    return dict(zip(note.partners["partner"], sentences(note, lang), strict=True))[partner]


@pytest.mark.parametrize(
    ("before", "after", "partner", "latvian"),
    [
        pytest.param(
            RELEASED, RELEASED, "BETA",
            "Sadarbības partnera “BETA novads” maksimālais finansējums nemainās (500,00 €).",
            id="nothing changed",
        ),
        pytest.param(
            RELEASED, FEWER, "BETA",
            "Sadarbības partnera “BETA novads” maksimālais finansējums samazinās par 100,00 € "
            "(no 500,00 € līdz 400,00 €), jo plānu skaita izmaiņas to samazina par 100,00 €.",
            id="one cause",
        ),
        pytest.param(
            RELEASED, DEARER, "BETA",
            "Sadarbības partnera “BETA novads” maksimālais finansējums samazinās par 58,00 € "
            "(no 500,00 € līdz 442,00 €), jo plānu skaita izmaiņas to samazina par 100,00 € un "
            "likmju, cenu un ierobežojumu izmaiņas to palielina par 42,00 €.",
            id="two causes against each other",
        ),
        pytest.param(
            RELEASED, ALL_AT_ONCE, "BETA",
            "Sadarbības partnera “BETA novads” maksimālais finansējums palielinās par 163,00 € "
            "(no 500,00 € līdz 663,00 €), jo plānu skaita izmaiņas to samazina par 100,00 €, "
            "likmju, cenu un ierobežojumu izmaiņas to palielina par 42,00 € un "
            "tiesību pārņemšana to palielina par 221,00 €.",
            id="three causes",
        ),
        pytest.param(
            RELEASED, RELEASED.with_rows(coverage=coverage("ALFA", "BETA")), "GAMA",
            "Sadarbības partnera “GAMA novads” maksimālais finansējums samazinās par 300,00 € "
            "(no 300,00 € līdz 0,00 €), jo līgumu un tajos iekļauto iestāžu izmaiņas to samazina "
            f"par 300,00 €. {NO_MORE_COVERED}",
            id="a row that is refused now",
        ),
        pytest.param(
            *CENTS_MOVED, "GAMA",
            "Sadarbības partnera “GAMA novads” maksimālais finansējums samazinās par 0,01 € "
            "(no 0,31 € līdz 0,30 €), jo centu noapaļošana to samazina par 0,01 €.",
            id="a cent moved away",
        ),
        pytest.param(
            RELEASED, RELEASED.with_law("share.esf", Value("2017-03-16", "0.80")), "ALFA",
            "Sadarbības partnera “ALFA novads” maksimālais finansējums nemainās (200,00 €), bet "
            "ESF daļa samazinās par 10,00 € un valsts daļa par tikpat palielinās.",
            id="only the ESF share changed",
        ),
    ],
)  # fmt: skip
def test_sentences(before: Programme, after: Programme, partner: str, latvian: str) -> None:
    note = explained(before, after)

    assert said(note, partner, "lv") == latvian.replace(" €", "\u00a0€")


def test_a_second_note_goes_on_from_the_first() -> None:
    note = explained(RELEASED, DEARER, explained(RELEASED, FEWER).partners)

    assert said(note, "BETA", "lv") == (
        "Sadarbības partnera “BETA novads” maksimālais finansējums palielinās par 42,00 € "
        "(no 400,00 € līdz 442,00 €), jo likmju, cenu un ierobežojumu izmaiņas to palielina par "
        "42,00 €."
    ).replace(" €", "\u00a0€")


def test_the_english_sentence_says_the_same() -> None:
    note = explained(RELEASED, ALL_AT_ONCE)

    assert said(note, "BETA", "en") == (
        "The maximum funding of the partner “BETA novads” rises by €163.00 (from €500.00 to "
        "€663.00), because the change in plan counts lowers it by €100.00, the change in rates, "
        "prices and limits raises it by €42.00 and succession of partners raises it by €221.00."
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_has_a_sign(lang: str) -> None:
    note = explained(*CENTS_MOVED)

    assert [s for s in sentences(note, lang) if re.search(r"[-−+]\s?€?\d", s)] == []


@pytest.mark.parametrize(
    ("option", "cents", "latvian"),
    [
        ("carry_over", 5, "Nākamā semestra maksimālo finansējumu palielina par 0,05 €."),
        ("carry_over", -5, "Nākamā semestra maksimālo finansējumu samazina par 0,05 €."),
        ("offset", -5, "Turpmākos maksājumus sadarbības partnerim samazina par 0,05 €."),
        ("pay_back", -5, "Sadarbības partneris atmaksā 0,05 €."),
    ],
)
def test_previews_of_options(option: str, cents: int, latvian: str) -> None:
    assert preview(option, cents, "lv") == latvian.replace(" €", "\u00a0€")


@pytest.mark.parametrize(
    ("option", "cents"),
    [("offset", 5), ("pay_back", 5), ("carry_over", 0), ("forget", -5)],
)
def test_an_option_that_does_not_apply_is_refused(option: str, cents: int) -> None:
    with pytest.raises(UsageError) as caught:
        preview(option, cents, "lv")

    assert re.search(rf"“([^”]+\()?{option}\)?”", caught.value.sentence("lv"))


def written(note: DifferenceNote, path: Path, lang: str = "lv") -> Path:
    workbook.write(difference_report(note, lang), path)
    return path


def test_workbook_shows_amounts_causes_and_what_lies_behind_them(tmp_path: Path) -> None:
    note = explained(RELEASED, ALL_AT_ONCE)

    book = openpyxl.load_workbook(written(note, tmp_path / "n.xlsx"), data_only=True)

    assert book.sheetnames == [
        "Starpība", "Skaidrojums", "Mainītās rindas", "Vērtību izmaiņas", "Konstatējumi",
    ]  # fmt: skip
    first = book["Starpība"]
    assert column(first, "Starpība, €") == [-200, 163, -300, -337]
    assert column(first, "Tiesību pārņemšana, €") == [-221, 221, 0, 0]
    assert column(first, "Izmaiņa") == ["samazinās", "palielinās", "samazinās", ""]
    assert column(first, "Noraidītās rindas") == [0, 0, 1, 1]
    assert column(book["Skaidrojums"], "Skaidrojums") == sentences(note, "lv")
    assert "noraidīto rindu skaits — 1" in str(first["A3"].value)
    assert column(book["Mainītās rindas"], "Pārbaudes kods")[-1] == "counts.not_covered"
    (before,) = column(book["Vērtību izmaiņas"], "Vērtība pirms")
    (after,) = column(book["Vērtību izmaiņas"], "Vērtība pēc")
    assert (before, after) == ("100,00\u00a0€ (pieņemts)", "110,50\u00a0€ (pieņemts)")
    assert len(column(book["Konstatējumi"], "Kas konstatēts")) == 1


def test_an_empty_programme_has_a_workbook_too(tmp_path: Path) -> None:
    nobody = RELEASED.with_rows(counts=[])

    path = written(explained(nobody, nobody), tmp_path / "n.xlsx", "en")

    assert column(openpyxl.load_workbook(path)["Difference"], "Partner") == ["Total"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "pair",
    [
        pytest.param((RELEASED, ALL_AT_ONCE), id="four causes"),
        pytest.param(CENTS_MOVED, id="a cent moved"),
    ],
)
def test_libreoffice_recomputes_the_same_cents(
    pair: tuple[Programme, Programme], tmp_path: Path
) -> None:
    noted = explained(pair[0], FEWER).partners if pair[1] is ALL_AT_ONCE else None
    path = written(explained(*pair, noted), tmp_path / "n.xlsx")

    assert differences(path, recalculated(path, tmp_path)) == []


@pytest.mark.slow
def test_a_cause_that_does_not_add_up_is_caught_by_the_live_check(tmp_path: Path) -> None:
    report = difference_report(explained(RELEASED, FEWER), "lv")
    first = report.sheets[0]
    place = next(i for i, c in enumerate(first.columns) if c.heading == "Plānu skaits, €")
    wrong = dataclasses.replace(first.columns[place], values=[0, -9_999, 0])
    columns = [*first.columns[:place], wrong, *first.columns[place + 1 :]]
    path = tmp_path / "planted.xlsx"
    sheets = (dataclasses.replace(first, columns=columns), *report.sheets[1:])
    workbook.write(dataclasses.replace(report, sheets=sheets), path)

    again = openpyxl.load_workbook(recalculated(path, tmp_path), data_only=True)["Starpība"]

    assert "NESAKRĪT" in str(again["A4"].value)
    assert again[f"H{FIRST_ROW + 3}"].value == pytest.approx(-99.99)


def test_a_value_whose_source_is_told_in_other_words_is_not_a_changed_value(tmp_path: Path) -> None:
    note = explained(RELEASED, DEARER)
    reworded = [
        dataclasses.replace(used, act={"lv": "noteikumi", "en": "rules"}, note="citādi")
        for used in note.after.law_used
    ]
    after = dataclasses.replace(note.after, law_used=reworded)

    path = written(dataclasses.replace(note, after=after), tmp_path / "note.xlsx")

    sheet = openpyxl.load_workbook(path, data_only=True)["Vērtību izmaiņas"]
    assert column(sheet, "Parametrs") == ["rate.consultative"]
    assert column(sheet, "Tiesību akts") == ["noteikumi"]
