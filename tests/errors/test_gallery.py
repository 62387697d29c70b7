"""Every finding there can be, as a person reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from tests.errors.gallery import as_read, cases, expected, findings, laid_out
from toolkit import texts
from toolkit.errors import Finding
from toolkit.rules.amendments import Reason
from toolkit.texts import LANGUAGES, has

CODE = Path(texts.__file__).parents[1]
ROOMS = ("intake", "rules", "services")
GROUPS = (
    "file", "sheet", "table", "row", "value", "input", "amendments", "counts", "reference",
    "plans", "measures", "agreements", "successions", "succession", "coverage", "unspent",
)  # fmt: skip
PARTS = ("title", "problem", "expected", "remedy")
RULE = re.compile(rf'"((?:{"|".join(GROUPS)})\.(?!csv"|parquet")[a-z0-9_]+)"')
NAMED_BY_KIND = {
    *(f"value.not_{kind}" for kind in ("day", "grades", "codes", "money", "whole")),
    *(f"amendments.{reason}" for reason in get_args(Reason)),
    *(f"person.{fault}" for fault in ("not_code", "wrong_date", "check_digit")),
}


def rules_of_the_code() -> set[str]:
    modules = [path for room in ROOMS for path in (CODE / room).rglob("*.py")]
    found = {rule for path in modules for rule in RULE.findall(path.read_text(encoding="utf-8"))}
    return found | NAMED_BY_KIND


def rules_of_the_catalogue() -> set[str]:
    catalogue = (texts.FOLDER / "lv.po").read_text(encoding="utf-8")
    return set(re.findall(r'msgid "finding\.(.+)\.\w+"', catalogue))


def test_every_rule_has_its_case() -> None:
    assert set(cases()) == rules_of_the_code() | rules_of_the_catalogue()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_of_the_code_has_its_sentences(lang: str) -> None:
    keys = {f"finding.{rule}.{part}" for rule in rules_of_the_code() for part in PARTS}

    assert {key for key in keys if not has(key, lang)} == set()


@dataclass(frozen=True)
class Case:
    """A case of the gallery and what the toolkit finds in it."""

    rule: str
    found: tuple[Finding, ...]


@pytest.fixture(scope="module", params=cases())
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    rule: str = request.param
    return Case(rule, findings(laid_out(rule, tmp_path_factory.mktemp(rule)), rule))


def test_finding_reads_as_expected(case: Case) -> None:
    assert case.rule in {finding.rule for finding in case.found}
    assert {lang: as_read(case.found, lang) for lang in LANGUAGES} == {
        lang: expected(case.rule, lang).read_text(encoding="utf-8") for lang in LANGUAGES
    }


def test_no_finding_leaves_anything_unsaid(case: Case) -> None:
    for finding in case.found:
        assert finding.file
        for lang in LANGUAGES:
            sentences = [finding.problem(lang), finding.expected(lang), finding.remedy(lang)]
            assert all(sentence.endswith(".") for sentence in sentences), sentences
            assert not any("{" in sentence for sentence in sentences), sentences


def test_the_good_tables_have_no_finding(tmp_path: Path) -> None:
    assert findings(laid_out("base", tmp_path)) == ()
