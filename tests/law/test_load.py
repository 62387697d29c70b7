"""A law file is read exactly, or refused with its place and a remedy."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from toolkit import config
from toolkit.errors import LawError
from toolkit.law import read_law
from toolkit.law.units import PRICE_MODES, UNITS
from toolkit.money import Strategy
from toolkit.texts import LANGUAGES, has
from toolkit.texts.formats import said

GOOD = """
[programme]
id = "X"
fund = "ESF"
title = { lv = "Nosaukums", en = "Title" }

[parameter."rate.consultative"]
title = { lv = "Likme", en = "Rate" }
unit = "EUR/plan"
values = [
  { since = 2017-09-01, value = 250.00, status = "assumed", source = { act = "A" } },
  { since = 2021-09-01, value = 270.50, status = "confirmed", source = { act = "B", point = "3" } },
]

[parameter."cap.partner"]
title = { lv = "Griesti", en = "Ceiling" }
unit = "EUR/partner"
values = [
  { since = 2017-09-01, value = 1000, status = "assumed", source = { act = "A" } },
  { since = 2020-09-01, ended = true, status = "assumed", source = { act = "A" } },
]
"""


def law_of(text: str, folder: Path):
    path = folder / "law.toml"
    path.write_text(text, encoding="utf-8")
    return read_law(path)


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        pytest.param("rate.consultative", date(2017, 9, 1), "250.00", id="first day of the first"),
        pytest.param("rate.consultative", date(2021, 8, 31), "250.00", id="last day of the first"),
        pytest.param("rate.consultative", date(2021, 9, 1), "270.50", id="first day of the second"),
        pytest.param("rate.consultative", date(2099, 1, 1), "270.50", id="long after"),
        pytest.param("cap.partner", date(2020, 8, 31), "1000", id="last day before the end"),
    ],
)
def test_the_value_is_the_latest_begun(name: str, day: date, value: str, tmp_path: Path):
    found = law_of(GOOD, tmp_path).on(day).need(name)

    assert found.value == Decimal(value)


def test_an_explicit_end_is_no_value(tmp_path: Path):
    law = law_of(GOOD, tmp_path)

    assert law.on(date(2020, 9, 1)).get("cap.partner") is None
    with pytest.raises(LawError, match="vairs nav spēkā"):
        law.on(date(2020, 9, 1)).need("cap.partner")


def test_a_day_before_the_first_value_names_parameter_day_and_first_value(tmp_path: Path):
    law = law_of(GOOD, tmp_path)

    with pytest.raises(LawError) as refused:
        law.on(date(2017, 8, 31)).need("rate.consultative")

    for part in ("rate.consultative", "2017-08-31", "250.00", "2017-09-01", "manager"):
        assert part in refused.value.sentence("en")


def test_a_parameter_the_law_lacks_is_named(tmp_path: Path):
    with pytest.raises(LawError, match=r"share\.esf"):
        law_of(GOOD, tmp_path).on(date(2021, 1, 1)).need("share.esf")


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        pytest.param("value = 250.00", "valeu = 250.00", "error.law.unknown_key",
                     ["valeu", "value"], id="a typo in a key"),
        pytest.param("[parameter.\"cap.partner\"]\ntitle", "[parameter.\"cap.partner\"]\ntilte",
                     "error.law.unknown_key", ["tilte", "title"], id="a typo in a title"),
        pytest.param("since = 2017-09-01, value = 250.00", "value = 250.00",
                     "error.law.missing_key", ["since"], id="a value without a day"),
        pytest.param(", source = { act = \"A\" } },\n  { since = 2021", " },\n  { since = 2021",
                     "error.law.missing_key", ["source"], id="a value without a source"),
        pytest.param("{ act = \"B\", point", "{ atc = \"B\", point", "error.law.unknown_key",
                     ["atc", "act"], id="a typo in a source"),
        pytest.param("2021-09-01, value", "2016-09-01, value", "error.law.order",
                     ["2016-09-01", "2017-09-01"], id="dates out of order"),
        pytest.param("2021-09-01, value", "2017-09-01, value", "error.law.order",
                     ["2017-09-01"], id="two values for one day"),
        pytest.param("270.50", "2.705e2", "error.law.float", ["2.705e2"], id="an exponent"),
        pytest.param("270.50", "inf", "error.law.float", ["inf"], id="infinity"),
        pytest.param("270.50", "nan", "error.law.float", ["nan"], id="no number"),
        pytest.param("270.50", "\"270.50\"", "error.law.value", ["270.50"], id="a text"),
        pytest.param("270.50", "270.505", "error.law.value", ["270.505"], id="half a cent"),
        pytest.param("270.50", "-1.00", "error.law.value", ["-1.00"], id="a negative rate"),
        pytest.param("270.50", "true", "error.law.value", ["True"], id="a yes"),
        pytest.param("EUR/plan", "EUR/plans", "error.law.unit", ["EUR/plans"], id="a unit"),
        pytest.param("\"confirmed\"", "\"sure\"", "error.law.status", ["sure"], id="a status"),
        pytest.param("since = 2021-09-01", "since = \"2021-09-01\"", "error.law.day",
                     ["2021-09-01"], id="a day in quotes"),
        pytest.param("since = 2021-09-01", "since = 2021-09-01T00:00:00", "error.law.day",
                     ["2021-09-01"], id="a day with an hour"),
        pytest.param("value = 1000, ", "", "error.law.value_or_end", ["value"], id="no value"),
        pytest.param("ended = true", "ended = false", "error.law.value_or_end", ["ended"],
                     id="an end that is none"),
        pytest.param("ended = true", "ended = true, value = 1", "error.law.value_or_end",
                     ["value"], id="value and end"),
        pytest.param("fund = \"ESF\"", "", "error.law.missing_key", ["fund"], id="no fund"),
        pytest.param("values = [", "values = [ 1,", "error.law.table", ["law.toml"], id="a number"),
        pytest.param("title = { lv = \"Likme\", en = \"Rate\" }", "title = \"Likme\"",
                     "error.law.table", ["rate.consultative"], id="a title in one language"),
        pytest.param("unit = \"EUR/plan\"", "unit = \"EUR/plan", "error.law.toml", ["line"],
                     id="a quote not closed"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_its_place(
    old: str, new: str, key: str, says: list[str], tmp_path: Path
):
    assert GOOD.count(old) >= 1
    with pytest.raises(LawError) as refused:
        law_of(GOOD.replace(old, new, 1), tmp_path)

    assert refused.value.key == key
    assert refused.value.exit_code == 2
    for lang in LANGUAGES:
        sentence = refused.value.sentence(lang)
        assert "law.toml" in sentence
        assert all(part in sentence for part in says)


def test_the_place_names_the_line_of_the_parameter(tmp_path: Path):
    with pytest.raises(LawError) as refused:
        law_of(GOOD.replace("270.50", "nan"), tmp_path)

    line = GOOD.splitlines().index('[parameter."rate.consultative"]') + 1
    assert f"rate.consultative:{line} (2.)" in refused.value.sentence("lv")


def test_a_parameter_without_values_is_a_gap(tmp_path: Path):
    empty = GOOD[: GOOD.index("values = [\n  { since = 2017-09-01, value = 1000")] + "values = []\n"

    with pytest.raises(LawError) as refused:
        law_of(empty, tmp_path)

    assert refused.value.key == "error.law.no_values"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x80"], ids=["UTF-16", "not UTF-8"])
def test_another_encoding_is_a_sentence(content: bytes, tmp_path: Path):
    (tmp_path / "law.toml").write_bytes(content)

    with pytest.raises(LawError) as refused:
        read_law(tmp_path / "law.toml")

    assert refused.value.key == "error.law.unreadable"


def test_a_later_knowledge_takes_the_place_of_an_assumption(tmp_path: Path):
    better = GOOD.replace(
        "  { since = 2021-09-01",
        "  { since = 2017-09-01, known_since = 2020-01-10, value = 261.00, "
        'status = "confirmed", source = { act = "C" } },\n  { since = 2021-09-01',
        1,
    )
    law = law_of(better, tmp_path)

    day = date(2018, 9, 3)
    assert law.on(day).need("rate.consultative").value == Decimal("261.00")
    before = law.on(day, known_on=date(2020, 1, 9)).need("rate.consultative")
    after = law.on(day, known_on=date(2020, 1, 10)).need("rate.consultative")
    assert (before.value, after.value) == (Decimal("250.00"), Decimal("261.00"))


@pytest.mark.parametrize("programme", config.PROGRAMMES)
def test_shipped_laws_say_where_every_value_comes_from(programme: str):
    law = read_law(config.shipped_law(programme))

    for parameter in law.parameters.values():
        for dated in parameter.values:
            assert dated.source.act
            if dated.status == "assumed":
                assert dated.source.note, f"{parameter.name}: why it is assumed"
            if parameter.name.startswith("rate."):
                assert dated.status == "assumed", "the rates in force are not public"


ENGLISH = re.compile(
    r"\b(the|of|is|not|and|first|price|day|from|that|our|read|stated)\b", re.IGNORECASE
)


@pytest.mark.parametrize("programme", config.PROGRAMMES)
def test_shipped_laws_speak_both_languages_and_name_no_command(programme: str):
    law = read_law(config.shipped_law(programme))
    sources = [d.source for p in law.parameters.values() for d in p.values]

    for words in [w for s in sources for w in (s.act, s.note) if w]:
        if isinstance(words, str):
            assert words == "pieņēmums", words
            continue
        assert not ENGLISH.search(words["lv"]), words["lv"]
        assert not re.search(
            r"[āčēģīķļņšūž]", words["en"].replace("Jūrmala", "").replace("Latvijas Vēstnesis", "")
        ), words["en"]
        for lang in LANGUAGES:
            assert "grants " not in words[lang]
            assert "unit_cost" not in words[lang]


def test_every_unit_and_price_mode_has_its_word():
    for lang in LANGUAGES:
        assert [unit for unit in UNITS if not has(f"unit.{unit}", lang)] == []
        assert [mode for mode in PRICE_MODES if not has(f"law_value.{mode}", lang)] == []
        for strategy in get_args(Strategy):
            assert has(f"law_value.{strategy}", lang)


def test_a_source_may_be_written_once_or_in_each_language(tmp_path: Path):
    both = '{ lv = "likums", en = "law" }'
    for written, latvian, english in (('"likums"', "likums", "likums"), (both, "likums", "law")):
        source = GOOD.replace('act = "A"', f"act = {written}, note = {written}")
        law = law_of(source, tmp_path)
        found = law.parameters["rate.consultative"].values[0].source
        for words in (found.act, found.note):
            assert (said(words, "lv"), said(words, "en")) == (latvian, english)
    with pytest.raises(LawError, match="en"):
        law_of(GOOD.replace('act = "A"', 'act = { lv = "likums" }'), tmp_path)


def test_the_official_figures_follow_from_share_and_rounding():
    from toolkit import money

    for programme in config.PROGRAMMES:
        law = read_law(config.shipped_law(programme))
        for day in {value.since for value in law.parameters["financing.total"].values}:
            on = law.on(day)
            split = money.split(
                on.need("financing.total").cents,
                on.need("share.esf").fraction,
                str(on.need("rounding.financing").value),  # type: ignore[arg-type]
            )
            official = on.need("financing.esf").cents, on.need("financing.state").cents
            assert split == official


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        pytest.param("target.general", date(2021, 8, 31), "5-12", id="grade 1 not yet"),
        pytest.param("target.general", date(2021, 9, 1), "1-12", id="grade 1 from 2021/2022"),
        pytest.param("eligibility.end", date(2021, 4, 7), date(2022, 12, 31), id="the old end"),
        pytest.param("eligibility.end", date(2021, 4, 8), date(2023, 12, 31), id="the new end"),
        pytest.param("municipalities.total", date(2021, 6, 30), 119, id="before the reform"),
        pytest.param("municipalities.total", date(2021, 7, 1), 43, id="after the reform"),
        pytest.param("initiative.lump_sum", date(2020, 1, 1), Decimal("4600.00"), id="lump sum"),
        pytest.param("indicator.institutions", date(2018, 12, 31), 614, id="target of 2018"),
        pytest.param("indicator.institutions", date(2022, 12, 31), 665, id="the last target"),
    ],
)
def test_dated_facts_of_the_programme(name: str, day: date, value: object):
    law = read_law(config.shipped_law("early_leaving_2016"))

    assert law.on(day).need(name).value == value


class TestScenario:
    def test_it_changes_a_value_and_not_the_law(self, tmp_path: Path):
        law = law_of(GOOD, tmp_path)

        changed = law.with_value("rate.consultative", 290)

        day = date(2021, 9, 1)
        assert changed.on(day).need("rate.consultative").cents == 29_000
        assert law.on(day).need("rate.consultative").cents == 27_050

    def test_it_is_marked_assumed(self, tmp_path: Path):
        changed = law_of(GOOD, tmp_path).with_value("rate.consultative", "290.10")

        assert changed.on(date(2022, 1, 1)).need("rate.consultative").dated.status == "assumed"

    def test_it_may_begin_later(self, tmp_path: Path):
        changed = law_of(GOOD, tmp_path).with_value("rate.consultative", 290, date(2019, 9, 1))

        assert changed.on(date(2019, 8, 31)).need("rate.consultative").cents == 25_000
        assert changed.on(date(2021, 9, 1)).need("rate.consultative").cents == 29_000

    @pytest.mark.parametrize("value", [290.5, "much", "2.9e2x", True, -1])
    def test_what_does_not_fit_is_refused(self, value: object, tmp_path: Path):
        with pytest.raises(LawError):
            law_of(GOOD, tmp_path).with_value("rate.consultative", value)  # type: ignore[arg-type]

    def test_an_unknown_parameter_is_refused(self, tmp_path: Path):
        with pytest.raises(LawError, match=r"rate\.consultatve"):
            law_of(GOOD, tmp_path).with_value("rate.consultatve", 1)
