"""The catalogue is complete in both languages and in step with the code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from toolkit import config, texts
from toolkit.errors import Finding, UsageError
from toolkit.rules.amendments import Reason
from toolkit.texts import FOLDER, LANGUAGES, formats
from toolkit.texts.build import compiled

CODE = Path(texts.__file__).parents[1]
PAGES = config.shipped("templates/pages")
PREFIXES = ("error.", "finding.", "report.", "cli.", "help.", "law.", "semester.")
COMMANDS = re.compile(r"`|\bgrants [a-z]|(?<!\S)--[a-z]|\bGRANTS_")
SAID_BY_COMMANDS = (
    "cli.", "help.", "error.as_of_files", "error.init.manager", "error.no_input",
    "error.password.terminal", "error.person.nobody", "error.serve.port", "error.store.",
)  # fmt: skip
"""What no page tells: pages say of a database only that it cannot be reached."""


SUBJECTS = (
    ("a record edited by hand", "unspent: LUDZA · 2020/2021-1",
     "Neizlietotais finansējums: LUDZA · 2020./2021. m.g. 1. semestris"),
    ("with the day in its key", "successions: LUBANA · MADONA · 2021-07-01",
     "Tiesību pārņemšana: LUBANA · MADONA · 01.07.2021."),
    ("a file and its tables", "skolas: plāni.xlsx: plans", "skolas: plāni.xlsx: Plāni"),
    ("tables of a folder", "Rīga: plans, measures", "Rīga: Plāni, Plānotie pasākumi"),
    ("a step of a semester", "2022/2023-2", "2022./2023. m.g. 2. semestris"),
    ("a note", "2022/2023-2 · 1", "2022./2023. m.g. 2. semestris · starpības paziņojums Nr. 1"),
    ("an amendment", "P6-13/08-2019 · 6", "P6-13/08-2019 · grozījumi Nr. 6"),
    ("a quota of a call", "quotas: LUDZA · 2", "Kvotas: LUDZA · konkurss 2"),
    ("a row of the counts", "counts: 2022/2023-1 · LUB-VSK · general · 7 · economic",
     "Skaits: 2022./2023. m.g. 1. semestris · LUB-VSK · vispārējā · 7 · ekonomisks"),
    ("an agreement's number", "P6-13/08-2019", "P6-13/08-2019"),
    ("a day that is none", "9999-02-31 · x", "9999-02-31 · x"),
    ("nothing", "", ""),
)  # fmt: skip


@pytest.mark.parametrize(("case", "kept", "told"), SUBJECTS, ids=[case for case, _, _ in SUBJECTS])
def test_what_an_entry_is_about_is_told_in_words(case: str, kept: str, told: str) -> None:
    assert formats.journal_subject(kept, "lv") == told, case


FACTS = (
    ("a semester", "error.run.none", {"semester": "2025/2026-1"},
     "2025./2026. m.g. 1. semestrim vēl nav aprēķina. Vispirms to sagatavojiet."),
    ("a day at the end of a sentence", "error.no_successions",
     {"day": "2020-01-01", "known": "2021-07-01, 2021-08-01"},
     "01.01.2020. nestājas spēkā neviena tiesību pārņemšana. "
     "Zināmās dienas: 01.07.2021., 01.08.2021."),
    ("what somebody typed", "error.semester", {"text": "2025/2026-1"}, "“2025/2026-1” nav "),
    ("who was faster", "error.conflict.record",
     {"record": "LUDZA · 2020/2021-1", "table": "unspent", "person": "zane",
      "name": "Zane Lietvede", "at": "2026-11-25T10:04:31.000000Z"},
     "Ieraksts “LUDZA · 2020./2021. m.g. 1. semestris” (tabula “Neizlietotais finansējums”) "
     "pa to laiku ir mainīts vai atsaukts: Zane Lietvede, 25.11.2026. 12:04:31."),
    ("whose change was faster", "error.conflict.tables",
     {"subject": "P6-13/08-2019 · 6", "person": "juris", "name": "Juris Apstiprinātājs",
      "at": "2026-07-25T21:30:00Z"},
     "Dati pa to laiku ir mainīti: Juris Apstiprinātājs, 26.07.2026. 00:30:00 "
     "(P6-13/08-2019 · grozījumi Nr. 6)."),
)  # fmt: skip


@pytest.mark.parametrize(("case", "key", "facts", "said"), FACTS, ids=[row[0] for row in FACTS])
def test_facts_are_told_in_words(case: str, key: str, facts: dict[str, str], said: str) -> None:
    assert UsageError(key, **facts).sentence("lv").startswith(said), case


def test_a_finding_names_tables_and_kinds_in_words() -> None:
    twice = Finding("row.duplicate_key", value="2022/2023-1 · LUB-VSK · general · 7 · consultative")
    lost = Finding("reference.unknown", value="X", facts={"target": "partners"})

    assert "m.g. 1. semestris · LUB-VSK · vispārējā · 7 · konsultatīvs”" in twice.problem("lv")
    assert "tabulā “Partneri”" in lost.expected("lv")


PLACES = (
    ("a cell of a sheet", Finding("x", sheet="Skaits", row=14, cell="D14"), "Skaits!D14"),
    ("a cell of a CSV file", Finding("x", row=14, cell="D14"), "D14"),
    ("a row", Finding("x", row=12), "12. rinda"),
    ("a row of a sheet", Finding("x", sheet="Skaits", row=12), "Skaits, 12. rinda"),
    ("a sheet", Finding("x", sheet="Skaits"), "Skaits"),
    ("no place", Finding("x"), ""),
)  # fmt: skip


@pytest.mark.parametrize(("case", "finding", "spot"), PLACES, ids=[row[0] for row in PLACES])
def test_a_place_in_one_file_is_as_people_write_it(case: str, finding: Finding, spot: str) -> None:
    assert finding.spot("lv") == spot, case
    assert not finding.place().startswith("!"), case


def test_of_an_empty_cell_it_is_said_that_nothing_stands_there() -> None:
    assert Finding("counts.plans_not_whole").problem("lv") == "Plānu skaits nav ierakstīts."
    assert "“2,5”" in Finding("counts.plans_not_whole", value="2,5").problem("lv")


def catalogue(lang: str) -> Catalog:
    with (FOLDER / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang)


def sentences(lang: str) -> dict[str, str]:
    return {str(m.id): str(m.string) for m in catalogue(lang) if m.id}


def gaps(sentence: str) -> set[str]:
    return set(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", sentence))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_compiled_catalogue_is_in_step(lang: str):
    assert (FOLDER / f"{lang}.mo").read_bytes() == compiled(lang), "run `make texts`"


def test_both_languages_have_the_same_sentences():
    assert sentences("lv").keys() == sentences("en").keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_on_a_page_is_sent_to_a_command(lang: str):
    sent = {key for key, said in sentences(lang).items() if COMMANDS.search(said)}

    assert {key for key in sent if not key.startswith(SAID_BY_COMMANDS)} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_empty_or_marked_unsure(lang: str):
    assert [m.id for m in catalogue(lang) if m.id and (not m.string or m.fuzzy)] == []


def test_both_languages_fill_the_same_gaps():
    english = sentences("en")

    other = {
        key
        for key, latvian in sentences("lv").items()
        # a heading is named in the reader's own language
        if {gap.removesuffix("_en") for gap in gaps(english[key])} != gaps(latvian)
    }

    assert other == set()


def test_every_key_of_the_code_is_in_the_catalogue():
    known = sentences("lv")
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE.rglob("*.py"))

    named = set(re.findall(r'"((?:error|cli|law|semester)\.[a-z_.]+)"', code))
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (CODE / "pages").glob("*.py"))
    said = re.compile(r'\bsay\(\s*"([a-z_.]+)"')
    reports = set(said.findall(code)) - set(said.findall(pages))
    named |= {f"report.{key}" for key in reports} | set(said.findall(pages))
    frames = "\n".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.html"))
    named |= set(re.findall(r"\bt\(\s*[\"']([a-z_.]+)[\"']", frames))
    named = {key for key in named if not key.endswith((".", ".toml", ".html"))}

    unknown = {
        key
        for key in named
        # a module's own `say` puts its group before the key; a group alone begins many keys
        if not any(k == key or k.endswith(f".{key.removeprefix('report.')}") for k in known)
        and not any(k.startswith(f"{key}.") for k in known)
    }
    assert unknown == set()


def test_every_sentence_is_used():
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE.rglob("*.py"))
    rules = set(
        re.findall(
            r'"((?:file|sheet|table|row|value|input|amendments|counts|reference|plans|measures|agreements|coverage|unspent|successions?)\.\w+)"',
            code,
        )
    )
    made = {f"value.not_{kind}" for kind in ("day", "grades", "codes", "money", "whole")}
    made |= {f"amendments.{reason}" for reason in get_args(Reason)}
    made |= {f"person.{fault}" for fault in ("not_code", "wrong_date", "check_digit")}

    unused = {
        key
        for key in sentences("lv")
        if key.startswith("finding.") and key.removeprefix("finding.").rpartition(".")[0]
        not in rules | made
    }  # fmt: skip

    assert unused == set()


@pytest.mark.parametrize(
    ("cents", "latvian", "english"),
    [
        (0, "0,00\u00a0€", "€0.00"),
        (5, "0,05\u00a0€", "€0.05"),
        (999_999, "9999,99\u00a0€", "€9,999.99"),
        (1_000_000, "10\u00a0000,00\u00a0€", "€10,000.00"),
        (1_234_567, "12\u00a0345,67\u00a0€", "€12,345.67"),
    ],
)
def test_amounts_are_grouped_from_five_digits_in_latvian(cents: int, latvian: str, english: str):
    assert formats.money(cents, "lv") == latvian
    assert formats.money(cents, "en") == english


@pytest.mark.parametrize(
    ("number", "latvian", "english"),
    [(0, "0", "0"), (9_999, "9999", "9,999"), (64_000, "64\u00a0000", "64,000")],
)
def test_counts_are_grouped_as_amounts_are(number: int, latvian: str, english: str) -> None:
    assert formats.count(number, "lv") == latvian
    assert formats.count(number, "en") == english


def test_days_and_semesters_as_latvians_write_them():
    assert formats.day(date(2022, 12, 7), "lv") == "07.12.2022."
    assert formats.semester("2022/2023-1", "lv") == "2022./2023. m.g. 1. semestris"


def test_a_missing_sentence_is_an_error_and_never_a_key_on_the_page():
    with pytest.raises(LookupError):
        texts.text("error.no_such_thing", "lv")
