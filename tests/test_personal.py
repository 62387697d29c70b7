"""Personal codes of both kinds, and that none of them is ever shown."""

from __future__ import annotations

import secrets

import pytest

from tests.invented_plans import code
from toolkit.personal import MASK, fault, holds_code, masked, pseudonyms

KEY = bytes(32)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("161175-19997", "", id="old kind, with its hyphen"),
        pytest.param("16117519997", "", id="old kind, without"),
        pytest.param("161175-19996", "check_digit", id="one digit off is a warning"),
        pytest.param("161375-19997", "wrong_date", id="no thirteenth month"),
        pytest.param("290201-20000", "wrong_date", id="no 29 February in 2001"),
        pytest.param("161175-39997", "wrong_date", id="no fourth century digit"),
        pytest.param("310105-20001", "check_digit", id="31 is a day, so of the old kind"),
        pytest.param("320000-00000", "", id="new kind has neither date nor check digit"),
        pytest.param("39999999999", "", id="the last of the new kind"),
        pytest.param("401234-56789", "wrong_date", id="40 is neither a day nor of the new kind"),
        pytest.param("000175-19997", "wrong_date", id="no day 0"),
        pytest.param("161175-1999", "not_code", id="a digit too few"),
        pytest.param("161175-199970", "not_code", id="a digit too many"),
        pytest.param("161175 19997", "not_code", id="a space is no hyphen"),
        pytest.param("x161175-19997", "not_code", id="something before it"),
        pytest.param("Jānis", "not_code", id="a name"),
        pytest.param("", "not_code", id="nothing"),
        pytest.param("0f" * 16, "", id="a pseudonym in its place"),
    ],
)
def test_fault_of_a_code(written: str, expected: str):
    assert fault(written) == expected


@pytest.mark.parametrize("number", [0, 1, 4_999, 5_000, 93_496])
def test_invented_codes_are_as_good_as_real_ones(number: int):
    assert fault(code(number)) == ""


def test_both_spellings_give_one_pseudonym_and_another_key_another():
    own, other = pseudonyms(lambda: KEY), pseudonyms(lambda: secrets.token_bytes(32))

    assert own("161175-19997") == own("16117519997")
    assert own("161175-19997") != other("161175-19997")
    assert own("161175-19997") != own("161175-19989")
    assert own(str(own("161175-19997"))) == own("161175-19997")


def test_the_key_is_asked_for_only_when_a_code_is_met():
    asked = []

    def key() -> bytes:
        asked.append(1)
        return KEY

    pseudonym = pseudonyms(key)
    pseudonym("Jānis")
    assert asked == []
    pseudonym("161175-19997")
    pseudonym("161175-19989")
    assert asked == [1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("161175-19997", MASK),
        ("16117519997", MASK),
        ("161175 19997", MASK),
        ("Jānis 161175–19997, 7. klase", f"Jānis {MASK}, 7. klase"),
        ("321234-56789", MASK),
        ("161175\u00a019997", MASK),
        ("161175 - 19997", MASK),
        ("161175.19997", MASK),
        ("161175/19997", MASK),
        ("161175-\u200b19997", MASK),
        ("1010301110", MASK),
        ("90000054572", "90000054572"),
        ("P6-13/08-2019", "P6-13/08-2019"),
        ("2022-01-10T12:00", "2022-01-10T12:00"),
        ("1611751999712345", "1611751999712345"),
    ],
)
def test_what_may_be_a_code_is_masked_and_nothing_else(text: str, shown: str):
    assert masked(text) == shown


def test_registration_numbers_of_organisations_are_no_personal_codes():
    assert not holds_code("90009116276")
    assert holds_code("māte 161175-19997")
