"""Cents: reading, showing, splitting between fund and state, and apportioning."""

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import money
from toolkit.errors import MoneyError

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"
STRATEGIES: tuple[money.Strategy, ...] = ("fund_floor_cent", "fund_floor_euro", "fund_half_up")
NORMAL = settings(deadline=None, derandomize=True, max_examples=200)

amounts = st.integers(-(10**13), 10**13)
shares = st.fractions(0, 1, max_denominator=10**6)
strategies = st.sampled_from(STRATEGIES)
weights = st.dictionaries(st.text(max_size=3), st.integers(0, 10**9), max_size=8)
small_weights = st.dictionaries(st.text("ab", max_size=3), st.integers(0, 4), min_size=1)


# Cents of an exact amount.


@pytest.mark.parametrize(
    ("amount", "result"),
    [
        pytest.param(Decimal("270.50"), 27050, id="a decimal"),
        pytest.param(Decimal("270.500"), 27050, id="zeros behind the cent say nothing new"),
        pytest.param(3, 300, id="whole euros"),
        pytest.param("0.01", 1, id="a cent"),
        pytest.param("-0.01", -1, id="a cent owed"),
        pytest.param("100000000000000.00", 10**16, id="the largest amount held"),
    ],
)
def test_cents_of_an_exact_amount(amount: Decimal | int | str, result: int) -> None:
    assert money.cents(amount) == result


@pytest.mark.parametrize(
    "amount",
    [
        pytest.param("0.001", id="finer than a cent"),
        pytest.param(Decimal("12.345"), id="finer than a cent as a decimal"),
        pytest.param(0.5, id="a float, even an exact one"),
        pytest.param("100000000000000.01", id="larger than we hold"),
        pytest.param("-100000000000000.01", id="owed and larger than we hold"),
    ],
)
def test_cents_refuses_what_it_cannot_hold(amount: Decimal | str) -> None:
    with pytest.raises(MoneyError):
        money.cents(amount)


# Amounts as people write them.


@pytest.mark.parametrize(
    ("written", "result"),
    [
        pytest.param("21473,15", 2147315, id="a decimal comma"),
        pytest.param("344 875,46", 34487546, id="a space between thousands"),
        pytest.param(f"344{NBSP}875,46", 34487546, id="a no-break space"),
        pytest.param(f"344{NARROW}875,46", 34487546, id="a narrow no-break space"),
        pytest.param(f"344{THIN}875,46", 34487546, id="a thin space"),
        pytest.param("4600.00", 460000, id="a decimal point"),
        pytest.param("31 794", 3179400, id="whole euros with a space"),
        pytest.param("4 600", 460000, id="one digit before the space"),
        pytest.param("1 234 567,8", 123456780, id="two groups and one digit of cents"),
        pytest.param("EUR21473,15", 2147315, id="the currency in front"),
        pytest.param("EUR 21 473,15", 2147315, id="the currency and a space in front"),
        pytest.param(f"21 473,15{NBSP}€", 2147315, id="the sign of the euro behind"),
        pytest.param("€4600", 460000, id="the sign of the euro in front"),
        pytest.param("4 600 euro", 460000, id="the word behind"),
        pytest.param("4 600 EUR", 460000, id="the code behind"),
        pytest.param("4600 eiro", 460000, id="the Latvian word behind"),
        pytest.param("  12,30  ", 1230, id="spaces around"),
        pytest.param("0", 0, id="a written zero"),
        pytest.param("0,00", 0, id="a written zero with cents"),
        pytest.param("-5,25", -525, id="a minus"),
        pytest.param("−5,25", -525, id="a typographic minus"),
        pytest.param("007", 700, id="zeros in front"),
    ],
)
def test_amount_written_by_a_person_is_read(written: str, result: int) -> None:
    assert money.read_euros(written) == result


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces only"),
        pytest.param("abc", id="letters"),
        pytest.param("EUR", id="a currency without an amount"),
        pytest.param("-", id="a dash"),
        pytest.param("—", id="a long dash"),
        pytest.param("12.345", id="thousands or a fraction, nobody knows"),
        pytest.param("12,345", id="the same with a comma"),
        pytest.param("1,2,3", id="two commas"),
        pytest.param("1.234,56", id="two different marks"),
        pytest.param("1 23", id="a group of two digits"),
        pytest.param("1 2345", id="a group of four digits"),
        pytest.param("1234 567", id="four digits before a group"),
        pytest.param("1  234", id="two spaces between thousands"),
        pytest.param("12,", id="a comma with nothing behind"),
        pytest.param(",50", id="a comma with nothing in front"),
        pytest.param("5 - 6", id="a range"),
        pytest.param("--5", id="two minuses"),
        pytest.param("+5", id="a plus"),
        pytest.param("5 USD", id="another currency"),
        pytest.param("1e3", id="an exponent"),
        pytest.param("nan", id="not a number"),
        pytest.param("#VALUE!", id="an error of a spreadsheet"),
        pytest.param("=A1", id="a formula"),
        pytest.param("5 apmēram", id="a word behind"),
        pytest.param("100000000000000,01", id="more than we hold"),
    ],
)
def test_amount_that_cannot_be_read_is_refused_and_never_0(written: str) -> None:
    with pytest.raises(MoneyError):
        money.read_euros(written)


@NORMAL
@given(st.text(alphabet="0123456789 ,.-€EUR\u00a0x", max_size=12))
def test_whatever_is_written_is_read_exactly_or_refused(written: str) -> None:
    digits = "".join(sign for sign in written if sign.isdigit())

    try:
        read = money.read_euros(written)
    except MoneyError:
        return

    assert digits.lstrip("0") in padded(read)


def padded(cents: int) -> list[str]:
    """The digits a person may have written for the cents: with both, one or no digit of cents."""
    whole = str(abs(cents)).lstrip("0")
    return [whole[: len(whole) - cut] for cut in (0, 1, 2) if abs(cents) % 10**cut == 0]


@NORMAL
@given(amounts)
def test_shown_amount_reads_back(cents: int) -> None:
    assert money.read_euros(money.euros(cents)) == cents
    assert money.cents(money.euros(cents)) == cents


@NORMAL
@given(amounts, st.sampled_from([NBSP, NARROW, THIN, " "]), st.sampled_from([",", "."]))
def test_grouped_amount_reads_back(cents: int, space: str, mark: str) -> None:
    shown = f"{Decimal(cents) / 100:,.2f}".replace(".", mark if mark == "." else ";")

    written = shown.replace(",", space).replace(";", mark)

    assert money.read_euros(written) == cents


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        pytest.param(0, "0.00", id="nothing"),
        pytest.param(1, "0.01", id="a cent"),
        pytest.param(-1, "-0.01", id="a cent owed"),
        pytest.param(-100, "-1.00", id="a euro owed"),
        pytest.param(2147315, "21473.15", id="no mark between thousands"),
    ],
)
def test_euros_for_machines(cents: int, shown: str) -> None:
    assert money.euros(cents) == shown


# Fund and state.

EIGHTY_FIVE = Fraction(85, 100)


@pytest.mark.parametrize(
    ("euros", "fund", "state"),
    [
        pytest.param(39_812_376, 33_840_519, 5_971_857, id="the whole of 8.3.4"),
        pytest.param(15_951_890, 13_559_106, 2_392_784, id="the first stage"),
        pytest.param(900_000, 765_000, 135_000, id="no cents to cut"),
        pytest.param(38_912_376, 33_075_519, 5_836_857, id="the part without initiatives"),
    ],
)
def test_published_figures_split_to_the_whole_euro(euros: int, fund: int, state: int) -> None:
    parts = money.split(euros * 100, EIGHTY_FIVE, "fund_floor_euro")

    assert parts == (fund * 100, state * 100)


@pytest.mark.parametrize(
    ("cents", "strategy", "parts"),
    [
        pytest.param(199_99, "fund_floor_cent", (16999, 3000), id="169.9915 cut to the cent"),
        pytest.param(199_99, "fund_floor_euro", (16900, 3099), id="169.9915 cut to the euro"),
        pytest.param(199_99, "fund_half_up", (16999, 3000), id="169.9915 to the nearest cent"),
        pytest.param(10, "fund_floor_cent", (8, 2), id="half a cent is cut"),
        pytest.param(10, "fund_half_up", (9, 1), id="half a cent goes up"),
        pytest.param(-10, "fund_floor_cent", (-8, -2), id="cut towards zero when negative"),
        pytest.param(-10, "fund_half_up", (-9, -1), id="half a cent goes away from zero"),
        pytest.param(-199_99, "fund_floor_euro", (-16900, -3099), id="whole euros, negative"),
        pytest.param(0, "fund_half_up", (0, 0), id="nothing"),
    ],
)
def test_split_by_strategy(cents: int, strategy: money.Strategy, parts: tuple[int, int]) -> None:
    assert money.split(cents, EIGHTY_FIVE, strategy) == parts


@pytest.mark.parametrize("share", [Fraction(-1, 100), Fraction(101, 100)])
def test_split_refuses_a_share_outside_0_and_1(share: Fraction) -> None:
    with pytest.raises(MoneyError):
        money.split(100, share, "fund_floor_cent")


@NORMAL
@given(amounts, shares, strategies)
def test_split_adds_up_and_mirrors_its_sign(
    amount: int, share: Fraction, strategy: money.Strategy
) -> None:
    fund, state = money.split(amount, share, strategy)

    assert fund + state == amount
    assert money.split(-amount, share, strategy) == (-fund, -state)
    assert abs(fund) <= abs(amount)


@NORMAL
@given(st.integers(0, 10**13), shares)
def test_split_is_the_exact_share_rounded_as_its_strategy_says(
    amount: int, share: Fraction
) -> None:
    exact = amount * share

    cut, cut_euro, half_up = (money.split(amount, share, strategy)[0] for strategy in STRATEGIES)

    assert cut <= exact < cut + 1
    assert cut_euro <= exact < cut_euro + 100
    assert cut_euro % 100 == 0
    assert half_up - Fraction(1, 2) <= exact < half_up + Fraction(1, 2)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("share", "fund"), [(Fraction(0), 0), (Fraction(1), 12300)])
def test_split_of_all_or_nothing(strategy: money.Strategy, share: Fraction, fund: int) -> None:
    assert money.split(12300, share, strategy) == (fund, 12300 - fund)


def test_cumulative_split_loses_no_cent_over_many_payments() -> None:
    parts = money.split_cumulative([10] * 20, EIGHTY_FIVE, "fund_floor_cent")

    assert sum(fund for fund, _ in parts) == 170
    assert {fund for fund, _ in parts} == {8, 9}


@NORMAL
@given(st.lists(amounts, max_size=8), shares, strategies)
def test_cumulative_split_is_the_split_of_each_running_total(
    payments: list[int], share: Fraction, strategy: money.Strategy
) -> None:
    parts = money.split_cumulative(payments, share, strategy)

    assert [fund + state for fund, state in parts] == payments
    so_far = list(accumulate(fund for fund, _ in parts))
    assert so_far == [money.split(t, share, strategy)[0] for t in accumulate(payments)]


# Apportioning.


@pytest.mark.parametrize(
    ("total", "given_weights", "parts"),
    [
        pytest.param(100, {"a": 1, "b": 1}, {"a": 50, "b": 50}, id="equal parts"),
        pytest.param(
            101, {"b": 1, "a": 1}, {"a": 51, "b": 50}, id="on a tie the smaller key gets the cent"
        ),
        pytest.param(
            2, {"a": 1, "b": 3}, {"a": 0, "b": 2}, id="on a tie the larger weight gets the cent"
        ),
        pytest.param(
            10, {"a": 1, "b": 1, "c": 1}, {"a": 4, "b": 3, "c": 3}, id="thirds of ten cents"
        ),
        pytest.param(
            5, {"a": 2, "b": 3, "c": 6}, {"a": 1, "b": 1, "c": 3}, id="the largest remainders win"
        ),
        pytest.param(-101, {"a": 1, "b": 1}, {"a": -51, "b": -50}, id="a negative total mirrors"),
        pytest.param(7, {"a": 0, "b": 2}, {"a": 0, "b": 7}, id="no weight, no part"),
        pytest.param(0, {"a": 0, "b": 0}, {"a": 0, "b": 0}, id="nothing over no weights"),
        pytest.param(0, {}, {}, id="nothing over nobody"),
        pytest.param(
            300000,
            {"KARSAVA": 165000, "OGRE-TEHN": 19999, "RUGAJI": 159997},
            {"KARSAVA": 143480, "OGRE-TEHN": 17391, "RUGAJI": 139129},
            id="the envelope of the worked case",
        ),
    ],
)
def test_apportion(total: int, given_weights: dict[str, int], parts: dict[str, int]) -> None:
    assert money.apportion(total, given_weights) == parts


def test_apportion_orders_numbers_as_numbers_on_a_tie() -> None:
    assert money.apportion(1, {10: 1, 9: 1}) == {9: 1, 10: 0}


@pytest.mark.parametrize(
    ("total", "given_weights"),
    [
        pytest.param(1, {"a": 0}, id="money without any weight"),
        pytest.param(1, {}, id="money and nobody"),
        pytest.param(1, {"a": 2, "b": -1}, id="a negative weight"),
    ],
)
def test_apportion_refuses(total: int, given_weights: dict[str, int]) -> None:
    with pytest.raises(MoneyError):
        money.apportion(total, given_weights)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [
        pytest.param({"a": "5", "b": "-7"}, {"a": 5, "b": -7}, id="whole amounts stay"),
        pytest.param({"a": "1/3", "b": "2/3"}, {"a": 0, "b": 1}, id="the larger remainder"),
        pytest.param({"a": "1/2", "b": "5/2"}, {"a": 0, "b": 3}, id="a tie: the larger amount"),
        pytest.param({"b": "1/2", "a": "1/2"}, {"a": 1, "b": 0}, id="a tie: the smaller key"),
        pytest.param(
            {"a": "-0.3", "b": "0.3", "c": "0"}, {"a": 0, "b": 0, "c": 0},
            id="parts of a cent against each other are nothing",
        ),
        pytest.param(
            {"a": "-10.2", "b": "10.2", "c": "0"}, {"a": -10, "b": 10, "c": 0},
            id="who gives and who takes agree",
        ),
        pytest.param({}, {}, id="nobody"),
    ],
)  # fmt: skip
def test_whole_cents_keep_the_total(exact: dict[str, str], cents: dict[str, int]) -> None:
    assert money.whole_cents({key: Fraction(amount) for key, amount in exact.items()}) == cents


def test_whole_cents_of_a_broken_total_are_refused() -> None:
    with pytest.raises(MoneyError):
        money.whole_cents({"a": Fraction(1, 2)})


def divisible(total: int, given_weights: Mapping[str, int]) -> int:
    """The total, or nothing where there is no weight to divide it by."""
    return total if sum(given_weights.values()) else 0


@NORMAL
@given(amounts, weights)
def test_parts_add_up_and_lie_within_a_cent_of_the_exact_share(
    amount: int, given_weights: dict[str, int]
) -> None:
    total, whole = divisible(amount, given_weights), sum(given_weights.values())

    parts = money.apportion(total, given_weights)

    assert sum(parts.values()) == total
    assert parts.keys() == given_weights.keys()
    for key, weight in given_weights.items():
        exact = Fraction(total * weight, whole) if whole else Fraction(0)
        assert abs(parts[key] - exact) < 1


@NORMAL
@given(amounts, small_weights, st.randoms(use_true_random=False))
def test_the_order_of_weights_is_irrelevant(
    amount: int, given_weights: dict[str, int], chance: random.Random
) -> None:
    total = divisible(amount, given_weights)
    keys = chance.sample(list(given_weights), len(given_weights))

    parts = money.apportion(total, {key: given_weights[key] for key in keys})

    assert parts == money.apportion(total, given_weights)


@NORMAL
@given(st.integers(0, 60), small_weights)
def test_cents_left_over_go_to_remainder_then_weight_then_key(
    amount: int, given_weights: dict[str, int]
) -> None:
    total, whole = divisible(amount, given_weights), sum(given_weights.values()) or 1

    parts = money.apportion(total, given_weights)

    extra = {key: parts[key] - total * weight // whole for key, weight in given_weights.items()}
    claims = {k: (-(total * w % whole), -w, k) for k, w in given_weights.items()}
    ranked = sorted(claims, key=claims.__getitem__)
    assert [extra[key] for key in ranked] == sorted(extra.values(), reverse=True)
    assert set(extra.values()) <= {0, 1}


@NORMAL
@given(amounts, weights)
def test_a_negative_total_mirrors_the_positive(amount: int, given_weights: dict[str, int]) -> None:
    total = divisible(amount, given_weights)

    parts = money.apportion(total, given_weights)

    assert money.apportion(-total, given_weights) == {key: -part for key, part in parts.items()}


@NORMAL
@given(weights)
def test_the_sum_of_the_weights_gives_each_its_own(given_weights: dict[str, int]) -> None:
    assert money.apportion(sum(given_weights.values()), given_weights) == given_weights


# The same in polars.

groups = st.dictionaries(
    st.text("XYŽ", min_size=1, max_size=2),
    st.tuples(st.integers(0, 10**10), st.one_of(small_weights, weights.filter(bool))),
    min_size=1,
)


@NORMAL
@given(groups, st.randoms(use_true_random=False))
def test_apportioned_groups_are_each_apportioned(
    drawn: dict[str, tuple[int, dict[str, int]]], chance: random.Random
) -> None:
    rows = [
        (group, key, total, weight)
        for group, (total, given_weights) in drawn.items()
        for key, weight in given_weights.items()
    ]
    columns = {"group": pl.String, "key": pl.String, "total": pl.Int64, "weight": pl.Int64}
    frame = pl.LazyFrame(chance.sample(rows, len(rows)), schema=columns, orient="row")
    whole = frame.with_columns(whole=pl.col("weight").sum().over("group"))

    parts = money.apportioned(
        whole, total="total", weight="weight", whole="whole", group="group", key=["key"], out="part"
    ).collect()

    found = {(group, key): part for group, key, part in parts[["group", "key", "part"]].rows()}
    assert found == {
        (group, key): part
        for group, (total, given_weights) in drawn.items()
        for key, part in money.apportion(divisible(total, given_weights), given_weights).items()
    }


@NORMAL
@given(st.integers(0, 10**15), small_weights)
def test_apportioned_without_groups_divides_over_all_rows(
    amount: int, given_weights: dict[str, int]
) -> None:
    frame = pl.LazyFrame({"key": list(given_weights), "weight": list(given_weights.values())})
    with_total = frame.with_columns(
        total=pl.lit(amount, pl.Int64), whole=pl.col("weight").sum().cast(pl.Int64)
    )

    parts = money.apportioned(
        with_total, total="total", weight="weight", whole="whole", key=["key"], out="part"
    ).collect()

    wanted = money.apportion(divisible(amount, given_weights), given_weights)
    assert dict(parts.select("key", "part").rows()) == wanted


@NORMAL
@given(st.integers(0, money.LARGEST_CENTS), st.decimals(0, 1, places=6))
def test_floor_share_of_a_column_is_split(amount: int, written: Decimal) -> None:
    share = Fraction(written)

    column = pl.select(money.floor_share(pl.lit(amount, pl.Int64), share)).item()

    assert column == money.split(amount, share, "fund_floor_cent")[0]


def test_sum_beyond_64_bits_is_an_error_and_never_wraps() -> None:
    frame = pl.DataFrame({"paid_cents": [2**62, 2**62, 2**62]})

    with pytest.raises(pl.exceptions.InvalidOperationError):
        frame.select(money.total("paid_cents"))


def test_product_beyond_64_bits_is_an_error_and_never_wraps() -> None:
    frame = pl.DataFrame({"plans": [2**40], "rate_cents": [2**40]})

    with pytest.raises(pl.exceptions.InvalidOperationError):
        frame.select(money.product("plans", "rate_cents"))


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("abc", id="a word"),
        pytest.param("", id="nothing"),
        pytest.param("NaN", id="no number"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("1.00000000000000000000000000000001", id="past the digits Decimal keeps"),
        pytest.param("1e-999999", id="a tiny exponent"),
        pytest.param("1e999999", id="a huge exponent"),
        pytest.param("9" * 5000, id="more digits than a number of Python may have"),
    ],
)
def test_cents_of_what_is_no_amount_are_refused(written: str) -> None:
    with pytest.raises(MoneyError):
        money.cents(written)


@pytest.mark.parametrize("written", ["٣", "9" * 5000, "1 2", "1,234,5"])
def test_euros_of_what_is_no_amount_are_refused(written: str) -> None:
    with pytest.raises(MoneyError):
        money.read_euros(written)


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1E+2", 10_000), ("-0.10", -10), ("0", 0), ("0.000", 0), ("12.3", 1230)],
)
def test_cents_are_exact_in_every_form(written: str, amount: int) -> None:
    assert money.cents(written) == amount
