"""What an office learned of its own durations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.pools import (
    ENOUGH,
    TABLE,
    Knowledge,
    PastForecast,
    PastService,
    Pool,
    learn,
)
from tests.server.rules.samples import UNHURRIED


def of(known: Knowledge, *, fast: bool = False) -> Pool:
    return known.services["moving", fast]


def moves(
    *minutes: float, fast: bool = False, resumed: bool = False
) -> list[PastService]:
    return [PastService("moving", fast, one, resumed) for one in minutes]


def test_without_history_the_catalogue_speaks() -> None:
    known = learn({"moving": 20})
    assert of(known).mean == pytest.approx(20, rel=0.03)
    assert of(known, fast=True).mean == pytest.approx(16, rel=0.03)
    assert known.resumed["moving"].mean == pytest.approx(10, rel=0.03)
    assert known.gap.mean == pytest.approx(1, rel=0.06)
    assert known.lateness == 3
    assert known.more_work == 1


def test_a_little_history_is_mixed_with_the_catalogue() -> None:
    few = learn({"moving": 20}, moves(*[40.0] * 10))
    assert 29 < of(few).mean < 31
    assert len(of(few).values) == 20


def test_with_enough_history_the_catalogue_is_forgotten() -> None:
    known = learn({"moving": 20}, moves(*[40.0] * ENOUGH))
    assert of(known).values == (40.0,) * TABLE
    assert of(known).mean == 40


def test_the_table_keeps_the_quantiles_of_a_long_history() -> None:
    known = learn({"moving": 20}, moves(*(float(n) for n in range(1000, 0, -1))))
    values = of(known).values
    assert values == tuple(sorted(values))
    assert values[0] == 4
    assert values[TABLE // 2] == 504
    assert of(known).mean == pytest.approx(500, abs=1)


def test_lanes_and_resumed_visits_are_learned_apart() -> None:
    services = [
        *moves(*[10.0] * ENOUGH),
        *moves(*[4.0] * ENOUGH, fast=True),
        *moves(*[7.0] * ENOUGH, resumed=True),
    ]
    known = learn({"moving": 20}, services)
    assert (of(known).mean, of(known, fast=True).mean) == (10, 4)
    assert known.resumed["moving"].mean == 7
    # 7 resumed minutes follow every 10 + 4 first ones.
    assert known.more_work == 1.5


def test_a_pause_beyond_ninety_minutes_is_no_pause_between_two_visitors() -> None:
    assert learn({}, gaps=[500.0] * ENOUGH).gap.mean == 90


def test_lateness_after_a_closure_is_drawn_towards_three_minutes() -> None:
    assert learn({}, lateness=[10.0, 10.0]).lateness == 6.5


def test_past_forecasts_stand_in_order_of_the_forecast() -> None:
    past = [PastForecast(30, 40), PastForecast(5, 1), PastForecast(12, 12)]
    assert [one.forecast for one in learn({}, past=past).past] == [5, 12, 30]


POOL = learn({"moving": 20}, moves(*[10.0] * 100, *[30.0] * 100)).services[
    "moving", False
]


def test_what_remains_follows_from_what_has_passed() -> None:
    assert POOL.remaining(0) == 20
    assert POOL.remaining(10) == 20
    assert POOL.remaining(25) == 5


def test_a_service_longer_than_all_before_lasts_three_tenths_longer() -> None:
    assert POOL.remaining(60) == 18
    assert learn({"moving": 1}).services["moving", False].remaining(4) == 1.5


def test_what_should_have_been_done_by_now_is_censored_by_now() -> None:
    assert POOL.within(5) == 5
    assert POOL.within(20) == 15
    assert POOL.within(100) == 20


@UNHURRIED
@given(
    st.lists(st.floats(0.1, 120), max_size=300),
    st.floats(0, 200),
    st.floats(0, 50),
)
def test_no_pool_ever_foretells_the_past(
    observed: list[float], elapsed: float, more: float
) -> None:
    pool = of(learn({"moving": 12}, moves(*observed)))
    assert pool.remaining(elapsed) >= -1e-9
    assert pool.within(elapsed) <= min(elapsed, pool.mean) + 1e-9
    assert pool.within(elapsed + more) >= pool.within(elapsed) - 1e-9
