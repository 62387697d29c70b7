"""Both sides of every threshold and date of the semester maximum, by the toolkit and the reference.

The small programme asks for 2020/2021-1 (01.09.2020–18.12.2020): partner A has agreement L for
institution S, one plan gives 100 euros, general grades 5–12 and vocational courses 1–4 are in the
target group.
"""

from typing import Any

import pytest

from tests.programmes import SEMESTERS, Programme, Row, Value, allocated, as_json, expected, row

SEMESTER = "2020/2021-1"
LONG_AGO = "2017-03-16"
Outcome = tuple[str, str]
"""The one row's partner and maximum, or "" and the rule that refuses it."""


def small() -> Programme:
    registered = [
        row("partners", code, code, "municipality", "", "2009-07-01", "") for code in "ABCD"
    ]
    tables = {
        "semesters": [row("semesters", code, *days) for code, days in SEMESTERS.items()],
        "partners": registered,
        "institutions": [
            row("institutions", code, code, "general", "2009-07-01", "") for code in ("S", "T")
        ],
        "memberships": [member("A")],
        "agreements": [agreement()],
        "coverage": [covers("S")],
        "counts": [plans("3")],
    }
    law = {
        "share.esf": [Value(LONG_AGO, "0.85")],
        "target.general": [Value(LONG_AGO, '"5-12"'), Value("2021-09-01", '"1-12"')],
        "target.vocational": [Value(LONG_AGO, '"1-4"')],
        "rate.consultative": [Value(LONG_AGO, "100.00")],
    }
    return Programme(SEMESTER, tables, law)


def agreement(begins: str = "2018-01-01", ends: str = "2022-12-31", name: str = "L") -> Row:
    return row("agreements", name, "A", begins, begins, ends)


def covers(
    institution: str, begins: str = "2017/2018-1", ends: str = "", grades: str = "", name: str = "L"
) -> Row:
    return row("coverage", name, institution, begins, ends, grades)


def plans(
    number: str,
    institution: str = "S",
    programme: str = "general",
    grade: str = "7",
    semester: str = SEMESTER,
) -> Row:
    return row("counts", semester, institution, programme, grade, "consultative", number)


def member(partner: str, begins: str = "2009-07-01", ends: str = "") -> Row:
    return row("memberships", "S", partner, begins, ends)


def succession(kind: str, before: str, after: str, on: str) -> Row:
    return row("successions", kind, before, after, on, "")


def amendment(number: str, on: str, kind: str, value: str) -> Row:
    return row("amendments", "L", number, on, on, kind, value, "")


def both(programme: Programme) -> dict[str, Any]:
    """The result that the toolkit and the reference agree on."""
    result = as_json(allocated(programme))
    assert result == expected(programme)
    return result


def outcome(programme: Programme) -> Outcome:
    result = both(programme)
    if result["refused"]:
        return "", result["refused"][0]["rule"].removeprefix("counts.")
    return result["lines"][0]["partner"], result["lines"][0]["maximum"]


PAID: Outcome = ("A", "300.00")
UNCOVERED: Outcome = ("", "not_covered")
OUTSIDE: Outcome = ("", "outside_target_group")
UNDECIDED: Outcome = ("", "ambiguous_partner")


@pytest.mark.parametrize(
    ("programme", "grade", "semester", "result"),
    [
        pytest.param("general", "4", SEMESTER, OUTSIDE, id="grade 4 is below the target group"),
        pytest.param("general", "5", SEMESTER, PAID, id="grade 5 is the first of the target group"),
        pytest.param("general", "12", SEMESTER, PAID, id="grade 12 is the last"),
        pytest.param("general", "13", SEMESTER, OUTSIDE, id="there is no grade 13"),
        pytest.param("general", "0", SEMESTER, OUTSIDE, id="there is no grade 0"),
        pytest.param("vocational", "1", SEMESTER, PAID, id="course 1 is the first"),
        pytest.param("vocational", "4", SEMESTER, PAID, id="course 4 is the last"),
        pytest.param("vocational", "5", SEMESTER, OUTSIDE, id="course 5 never is in it"),
        pytest.param("vocational", "5", "2021/2022-1", OUTSIDE, id="course 5 neither in 2021"),
        pytest.param("general", "3", "2020/2021-2", OUTSIDE, id="grade 3 not in spring 2021"),
        pytest.param("general", "3", "2021/2022-1", PAID, id="grade 3 from autumn 2021"),
        pytest.param("sports", "7", SEMESTER, OUTSIDE, id="no target group for another programme"),
    ],
)
def test_grade_at_the_edge_of_the_target_group(
    programme: str, grade: str, semester: str, result: Outcome
) -> None:
    counts = [plans("3", programme=programme, grade=grade, semester=semester)]
    asked = Programme(semester, small().tables, small().law).with_rows(counts=counts)

    assert outcome(asked) == result


@pytest.mark.parametrize(
    ("grades", "grade", "result"),
    [
        pytest.param("5-9", "9", PAID, id="the last covered grade"),
        pytest.param("5-9", "10", UNCOVERED, id="the grade after the last covered"),
        pytest.param("6-9", "5", UNCOVERED, id="the grade before the first covered"),
        pytest.param("6-9", "6", PAID, id="the first covered grade"),
        pytest.param("5,8-9", "7", UNCOVERED, id="a grade in the gap of a list"),
        pytest.param("1-12", "4", OUTSIDE, id="coverage does not widen the target group"),
        pytest.param("", "12", PAID, id="no grades cover all of the target group"),
    ],
)
def test_grade_at_the_edge_of_the_coverage(grades: str, grade: str, result: Outcome) -> None:
    asked = small().with_rows(
        coverage=[covers("S", grades=grades)], counts=[plans("3", grade=grade)]
    )

    assert outcome(asked) == result


@pytest.mark.parametrize(
    ("limit", "amount", "total", "binding"),
    [
        pytest.param("cap.institution", "300.01", "500.00", "none", id="institution below its cap"),
        pytest.param("cap.institution", "300.00", "500.00", "none", id="institution at its cap"),
        pytest.param(
            "cap.institution", "299.99", "499.99", "institution", id="institution a cent above"
        ),
        pytest.param("cap.partner", "500.01", "500.00", "none", id="partner below its cap"),
        pytest.param("cap.partner", "500.00", "500.00", "none", id="partner at its cap"),
        pytest.param("cap.partner", "499.99", "499.99", "partner", id="partner a cent above"),
        pytest.param("envelope", "500.01", "500.00", "none", id="total below the envelope"),
        pytest.param("envelope", "500.00", "500.00", "none", id="total at the envelope"),
        pytest.param("envelope", "499.99", "499.99", "envelope", id="total a cent above"),
        pytest.param("envelope", "0.00", "0.00", "envelope", id="an empty envelope gives nothing"),
        pytest.param("cap.partner", "0.00", "0.00", "partner", id="a cap of nothing gives nothing"),
    ],
)
def test_sum_at_a_limit(limit: str, amount: str, total: str, binding: str) -> None:
    asked = two_institutions().with_law(limit, Value(LONG_AGO, amount))

    result = both(asked)

    assert (result["total"], result["partners"][0]["binding"]) == (total, binding)


def two_institutions() -> Programme:
    """S earns 300 euros and T 200, both of partner A."""
    return small().with_rows(
        coverage=[covers("S"), covers("T")], counts=[plans("3"), plans("2", institution="T")]
    )


@pytest.mark.parametrize(
    ("by_hand", "total"),
    [
        pytest.param(None, "400.00", id="without one by hand the law's envelope holds"),
        pytest.param(300_00, "300.00", id="a lower one by hand goes before the law's"),
        pytest.param(450_00, "450.00", id="a higher one by hand goes before the law's"),
        pytest.param(0, "0.00", id="zero by hand is an envelope, not none"),
        pytest.param(500_00, "500.00", id="the exact sum by hand does not bind"),
    ],
)
def test_envelope_by_hand_goes_before_the_law(by_hand: int | None, total: str) -> None:
    asked = two_institutions().with_law("envelope", Value(LONG_AGO, "400.00"))

    assert both(asked.with_envelope(by_hand))["total"] == total


@pytest.mark.parametrize(
    ("amounts", "binding"),
    [
        pytest.param(("299.99", "400.00", "399.99"), "envelope", id="the envelope if it bound"),
        pytest.param(("299.99", "400.00", "400.00"), "partner", id="else the partner's cap"),
        pytest.param(("299.99", "499.99", "499.99"), "institution", id="else an institution's"),
        pytest.param(("300.00", "500.00", "500.00"), "none", id="at all limits none binds"),
    ],
)
def test_the_outermost_limit_that_bound_is_named(
    amounts: tuple[str, str, str], binding: str
) -> None:
    asked = two_institutions()
    for name, amount in zip(("cap.institution", "cap.partner", "envelope"), amounts, strict=True):
        asked = asked.with_law(name, Value(LONG_AGO, amount))

    assert both(asked)["partners"][0]["binding"] == binding


@pytest.mark.parametrize(
    ("row_of_agreement", "result"),
    [
        pytest.param(agreement(ends="2020-08-31"), UNCOVERED, id="ends the day before the first"),
        pytest.param(agreement(ends="2020-09-01"), PAID, id="ends on the first day"),
        pytest.param(agreement("2020-12-18"), PAID, id="begins on the last day"),
        pytest.param(agreement("2020-12-19"), UNCOVERED, id="begins after the last day"),
        pytest.param(agreement("2020-10-01", "2020-10-01"), PAID, id="one day inside is enough"),
        pytest.param(agreement(ends=""), PAID, id="without an end it is open"),
    ],
)
def test_agreement_valid_on_some_day_of_the_semester(
    row_of_agreement: Row, result: Outcome
) -> None:
    assert outcome(small().with_rows(agreements=[row_of_agreement])) == result


TERM = ("term", "2022-12-31")
LATER_TERM = ("term", "2020-09-01")
CUT = ("termination", "2020-08-31")


@pytest.mark.parametrize(
    ("ends", "amendments", "result"),
    [
        pytest.param(
            "2020-06-30",
            [amendment("1", "2019-01-01", *TERM), amendment("2", "2020-01-01", *CUT)],
            UNCOVERED,
            id="a termination after a longer term brings it forward",
        ),
        pytest.param(
            "2020-06-30",
            [amendment("1", "2019-01-01", *CUT), amendment("2", "2020-01-01", *TERM)],
            PAID,
            id="a term after a termination sets the end anew",
        ),
        pytest.param(
            "2020-06-30",
            [amendment("1", "2019-01-01", *LATER_TERM)],
            PAID,
            id="a term to the first day is just enough",
        ),
        pytest.param(
            "2022-12-31",
            [amendment("1", "2019-01-01", *CUT)],
            UNCOVERED,
            id="a termination the day before the first ends it",
        ),
        pytest.param(
            "2022-12-31",
            [amendment("1", "2019-01-01", "termination", "2020-09-01")],
            PAID,
            id="a termination on the first day leaves that day",
        ),
        pytest.param(
            "",
            [amendment("1", "2019-01-01", *CUT)],
            UNCOVERED,
            id="a termination ends an open agreement",
        ),
        pytest.param(
            "2020-08-31",
            [amendment("1", "2019-01-01", "termination", "2022-12-31")],
            UNCOVERED,
            id="a termination later than the end prolongs nothing",
        ),
        pytest.param(
            "2022-12-31",
            [amendment("1", "2019-01-01", "term", "2020-08-31")],
            UNCOVERED,
            id="a term may shorten",
        ),
        pytest.param(
            "2020-06-30",
            [amendment("10", "2019-01-01", *TERM), amendment("2", "2019-01-01", *CUT)],
            PAID,
            id="on one day amendment 10 comes after 2",
        ),
        pytest.param(
            "2020-06-30",
            [amendment("1", "2020-01-01", *TERM), amendment("2", "2019-01-01", *CUT)],
            PAID,
            id="the day goes before the number",
        ),
        pytest.param(
            "2020-06-30",
            [amendment("1", "2021-09-01", *TERM)],
            PAID,
            id="an amendment effective after the semester counts as well",
        ),
        pytest.param(
            "2022-12-31",
            [amendment("1", "2019-01-01", "institutions", "2020-01-01")],
            PAID,
            id="other kinds leave the end",
        ),
    ],
)
def test_amendments_move_the_end(ends: str, amendments: list[Row], result: Outcome) -> None:
    asked = small().with_rows(agreements=[agreement(ends=ends)], amendments=amendments)

    assert outcome(asked) == result


@pytest.mark.parametrize(
    ("first", "last", "result"),
    [
        pytest.param(SEMESTER, "", PAID, id="from this semester on"),
        pytest.param("2020/2021-2", "", UNCOVERED, id="from the next semester on"),
        pytest.param("2017/2018-1", SEMESTER, PAID, id="up to this semester"),
        pytest.param("2017/2018-1", "2019/2020-2", UNCOVERED, id="up to the semester before"),
        pytest.param(SEMESTER, SEMESTER, PAID, id="this semester only"),
        pytest.param("1999/2000-1", "2030/2031-2", PAID, id="semesters no calendar knows"),
    ],
)
def test_coverage_holds_between_its_semesters(first: str, last: str, result: Outcome) -> None:
    assert outcome(small().with_rows(coverage=[covers("S", first, last)])) == result


@pytest.mark.parametrize(
    ("agreements", "coverage", "result"),
    [
        pytest.param("L", [covers("S"), covers("S")], PAID, id="two rows of one agreement"),
        pytest.param(
            "LM",
            [covers("S"), covers("S", name="M")],
            ("", "ambiguous_coverage"),
            id="two agreements",
        ),
        pytest.param(
            "LM",
            [covers("S", grades="5-7"), covers("S", grades="8-12", name="M")],
            PAID,
            id="two agreements that share the grades out",
        ),
        pytest.param(
            "LM",
            [covers("S", grades="5-7"), covers("S", grades="7-12", name="M")],
            ("", "ambiguous_coverage"),
            id="two agreements that meet in one grade",
        ),
        pytest.param("L", [covers("S", name="NONE")], UNCOVERED, id="an agreement nobody knows"),
    ],
)
def test_one_agreement_covers_a_row(agreements: str, coverage: list[Row], result: Outcome) -> None:
    asked = small().with_rows(
        agreements=[agreement(name=name) for name in agreements], coverage=coverage
    )

    assert outcome(asked) == result


@pytest.mark.parametrize(
    ("since", "maximum"),
    [
        pytest.param("2020-08-31", "330.00", id="a new rate from the day before the first"),
        pytest.param("2020-09-01", "330.00", id="a new rate from the first day"),
        pytest.param("2020-09-02", "300.00", id="a new rate from the second day comes too late"),
    ],
)
def test_rate_is_taken_on_the_first_day(since: str, maximum: str) -> None:
    values = Value(LONG_AGO, "100.00"), Value(since, "110.00")

    assert outcome(small().with_law("rate.consultative", *values)) == ("A", maximum)


@pytest.mark.parametrize(
    ("since", "maximum"),
    [
        pytest.param("2020-09-01", "300.00", id="ended on the first day it no longer cuts"),
        pytest.param("2020-09-02", "250.00", id="ended on the second day it still cuts"),
    ],
)
@pytest.mark.parametrize("limit", ["cap.institution", "cap.partner", "envelope"])
def test_ended_limit_is_none(limit: str, since: str, maximum: str) -> None:
    values = Value(LONG_AGO, "250.00"), Value(since, None)

    assert outcome(small().with_law(limit, *values)) == ("A", maximum)


@pytest.mark.parametrize("kind", ["merge", "rename", "takeover"])
@pytest.mark.parametrize(
    ("on", "partner"),
    [
        pytest.param("2020-08-31", "B", id="effective the day before the first"),
        pytest.param("2020-09-01", "B", id="effective on the first day"),
        pytest.param("2020-09-02", "A", id="effective after the first day"),
    ],
)
def test_succession_moves_the_partner_by_the_first_day(kind: str, on: str, partner: str) -> None:
    asked = small().with_rows(successions=[succession(kind, "A", "B", on)])

    assert outcome(asked) == (partner, "300.00")


@pytest.mark.parametrize(
    ("second", "partner"),
    [
        pytest.param("2020-09-01", "C", id="a chain is followed to its end"),
        pytest.param("2020-09-02", "B", id="a chain stops at the first day"),
        pytest.param("2020-07-01", "C", id="two steps on the same day are both taken"),
    ],
)
def test_chain_of_successions(second: str, partner: str) -> None:
    steps = [succession("rename", "B", "C", second), succession("merge", "A", "B", "2020-07-01")]

    assert outcome(small().with_rows(successions=steps)) == (partner, "300.00")


SPLIT = [succession("split", "A", heir, "2020-09-01") for heir in "BC"]
LONE = [succession("split", "A", "B", "2020-09-01")]
TWO_MERGES = [
    succession("merge", "A", "B", "2019-07-01"),
    succession("merge", "A", "C", "2020-07-01"),
]
BECAME_D = [*SPLIT, succession("rename", "B", "D", "2020-09-01")]


@pytest.mark.parametrize(
    ("steps", "members", "result"),
    [
        pytest.param(SPLIT, [member("B")], ("B", "300.00"), id="the membership names one heir"),
        pytest.param(SPLIT, [member("A")], UNDECIDED, id="it still names the one that split"),
        pytest.param(SPLIT, [], UNDECIDED, id="there is no membership"),
        pytest.param(SPLIT, [member("B"), member("C")], UNDECIDED, id="it names both heirs"),
        pytest.param(
            SPLIT, [member("B", ends="2020-08-31")], UNDECIDED, id="it ended the day before"
        ),
        pytest.param(
            SPLIT, [member("B", ends="2020-09-01")], ("B", "300.00"), id="it ends on the day"
        ),
        pytest.param(
            SPLIT, [member("C", "2020-09-01")], ("C", "300.00"), id="it begins on the day"
        ),
        pytest.param(SPLIT, [member("C", "2020-09-02")], UNDECIDED, id="it begins the day after"),
        pytest.param(
            SPLIT,
            [member("B", ends="2020-08-31"), member("C", "2020-09-01")],
            ("C", "300.00"),
            id="it changes from one heir to the other on the day",
        ),
        pytest.param(LONE, [member("B")], ("B", "300.00"), id="a lone heir named"),
        pytest.param(LONE, [member("A")], UNDECIDED, id="a lone heir not named"),
        pytest.param(TWO_MERGES, [member("C")], ("C", "300.00"), id="two merges are a split"),
        pytest.param(TWO_MERGES, [member("A")], UNDECIDED, id="two merges, neither heir named"),
        pytest.param(BECAME_D, [member("D")], ("D", "300.00"), id="the heir's new name"),
        pytest.param(BECAME_D, [member("B")], ("D", "300.00"), id="the heir's name of before"),
        pytest.param(BECAME_D, [member("C")], ("C", "300.00"), id="the other heir"),
    ],
)
def test_membership_on_the_first_day_chooses_the_heir(
    steps: list[Row], members: list[Row], result: Outcome
) -> None:
    assert outcome(small().with_rows(successions=steps, memberships=members)) == result


RESTORED = [
    succession("merge", "A", "B", "2009-07-01"),
    succession("split", "B", "A", "2015-01-01"),
    succession("split", "B", "C", "2015-01-01"),
]
MERGED_AND_RESTORED = [
    succession("merge", "B", "A", "2009-07-01"),
    succession("split", "A", "B", "2015-01-01"),
    succession("split", "A", "C", "2015-01-01"),
]
RENAMED_BACK = [
    succession("rename", "A", "B", "2018-01-01"),
    succession("rename", "B", "A", "2020-01-01"),
]
A_PART_LEAVES = [
    succession("split", "A", "A", "2020-01-01"),
    succession("split", "A", "B", "2020-01-01"),
]
MERGED_AGAIN = [*RESTORED, succession("merge", "A", "B", "2020-07-01")]
LEFT_AND_MERGED = [*A_PART_LEAVES, succession("merge", "A", "D", "2020-07-01")]


@pytest.mark.parametrize(
    ("steps", "member_of", "partner"),
    [
        pytest.param(RESTORED, "A", "A", id="merged, then restored by a split"),
        pytest.param(RESTORED, "C", "C", id="merged, then an heir of the split"),
        pytest.param(
            MERGED_AND_RESTORED, "B", "B", id="the one it had taken over is restored by its split"
        ),
        pytest.param(MERGED_AND_RESTORED, "C", "C", id="the other heir beside it"),
        pytest.param(RENAMED_BACK, "A", "A", id="renamed and renamed back"),
        pytest.param(A_PART_LEAVES, "A", "A", id="it stays itself beside its heir"),
        pytest.param(A_PART_LEAVES, "B", "B", id="the part that left it"),
        pytest.param(MERGED_AGAIN, "B", "B", id="merged, restored by a split and merged again"),
        pytest.param(MERGED_AGAIN, "C", "C", id="the heir that stayed out the second time"),
        pytest.param(LEFT_AND_MERGED, "D", "D", id="the rest of it merged later"),
        pytest.param(LEFT_AND_MERGED, "B", "B", id="the part that left before the rest merged"),
    ],
)
def test_partner_that_comes_back(steps: list[Row], member_of: str, partner: str) -> None:
    asked = small().with_rows(successions=steps, memberships=[member(member_of)])

    assert outcome(asked) == (partner, "300.00")


@pytest.mark.parametrize(
    ("number", "result"),
    [
        pytest.param("0", ("A", "0.00"), id="no plans are a row"),
        pytest.param("003", PAID, id="zeros in front do not matter"),
        pytest.param("1000000", ("A", "100000000.00"), id="a million plans is the most"),
        pytest.param("1000001", ("", "too_many_plans"), id="one more is a slip"),
        pytest.param("9" * 40, ("", "too_many_plans"), id="a number no machine holds"),
        pytest.param("", ("", "plans_not_whole"), id="an empty cell is not 0"),
        pytest.param(" 3", ("", "plans_not_whole"), id="a space is no digit"),
        pytest.param("+3", ("", "plans_not_whole"), id="a sign is no digit"),
        pytest.param("-3", ("", "plans_not_whole"), id="nor is a minus"),
        pytest.param("2.5", ("", "plans_not_whole"), id="half a plan"),
        pytest.param("٣", ("", "plans_not_whole"), id="an Arabic three is outside 0–9"),
    ],
)
def test_plans_are_digits(number: str, result: Outcome) -> None:
    assert outcome(small().with_rows(counts=[plans(number)])) == result


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        pytest.param(
            [plans("1"), plans("2")], ["duplicate", "duplicate"], id="both rows of one key"
        ),
        pytest.param(
            [plans("1"), plans("x")], ["duplicate", "plans_not_whole"], id="the other one unread"
        ),
        pytest.param(
            [plans("1"), plans("1", grade="07")], ["duplicate"] * 2, id="grade 07 is grade 7"
        ),
        pytest.param([plans("1"), {}, plans("1")], ["duplicate"] * 2, id="across an empty line"),
        pytest.param([plans("1"), plans("1", grade="8")], [], id="another grade is another row"),
        pytest.param(
            [plans("1"), plans("1", semester="2020/2021-2")], [], id="so is another semester"
        ),
        pytest.param(
            [plans("x", "NOWHERE", semester="2019/2020-9")],
            ["unknown_semester"],
            id="the first rule broken is the one shown",
        ),
        pytest.param(
            [plans("1", "NOWHERE", grade="3")], ["unknown_institution"], id="before the grade"
        ),
        pytest.param([plans("1", "T", grade="3")], ["outside_target_group"], id="before coverage"),
    ],
)
def test_each_row_shows_its_first_broken_rule(rows: list[Row], rules: list[str]) -> None:
    result = both(small().with_rows(counts=rows))

    assert [found["rule"] for found in result["refused"]] == [f"counts.{rule}" for rule in rules]


def test_row_numbers_stay_those_of_the_file_across_empty_lines() -> None:
    rows = [{}, plans("1"), {}, plans("x", grade="8"), dict.fromkeys("abcdef", ""), plans("-", "T")]

    result = both(small().with_rows(counts=rows))

    assert [found["row"] for found in result["refused"]] == [5, 7]
