"""Random programmes: the toolkit and the reference written from the contract text agree."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.programmes import Programme, allocated, as_json, expected, programmes

NORMAL = settings(
    max_examples=240, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@NORMAL
@given(programmes())
def test_toolkit_gives_what_the_contract_says(programme: Programme) -> None:
    result = allocated(programme)

    assert as_json(result) == expected(programme)


@settings(NORMAL, max_examples=60)
@given(programmes(bad_rows=False), st.sampled_from([-1, 0, 1]))
def test_toolkit_agrees_at_the_edge_of_the_envelope(programme: Programme, step: int) -> None:
    total = Decimal(expected(programme.with_envelope(10**12))["total"])
    edge = programme.with_envelope(max(0, int(total * 100) + step))

    result = allocated(edge)

    assert as_json(result) == expected(edge)
