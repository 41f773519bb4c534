"""How a crowd of times becomes one figure, and how it stands beside its goal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.measures.figures import (
    Measure,
    against,
    figure,
    least,
    median,
    most,
    percentile,
)

TIMES = st.lists(st.floats(0, 1e6), min_size=1, max_size=60)


def test_of_three_hundred_tickets_three_may_take_longer_than_the_p99():
    times = [float(n) for n in range(1, 301)]
    assert percentile(times, 0.99) == 297
    assert median(times) == 150


def test_the_slowest_of_few_is_their_p99():
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0


@given(TIMES, st.floats(0, 1))
def test_a_percentile_was_really_measured_and_enough_are_no_longer(times, part):
    found = percentile(times, part)
    assert found in times
    within = sum(1 for time in times if time <= found)
    assert within >= part * len(times) * (1 - 1e-9)


@given(TIMES, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_percentile_is_never_shorter(times, one, other):
    low, high = sorted((one, other))
    assert percentile(times, low) <= percentile(times, high)


def test_nothing_measured_has_no_percentile():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("goal", "found", "verdict"),
    [
        (most(30, "ms"), 30.0, "met"),
        (most(30, "ms"), 30.1, "MISSED"),
        (least(550, "tickets/s"), 550.0, "met"),
        (least(550, "tickets/s"), 549.0, "MISSED"),
        (most(0, "tickets"), 0.0, "met"),
        (most(0, "tickets"), 1.0, "MISSED"),
    ],
)
def test_a_goal_is_met_up_to_its_limit(goal, found, verdict):
    assert against(goal, "anything", found).verdict == verdict


def test_without_a_goal_there_is_nothing_to_miss():
    assert Measure("a ticket made", 1.2, "ms").verdict == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0123, "0.012"),
        (0.00042, "0.00042"),
        (0.5, "0.5"),
        (1.5, "1.5"),
        (9.876, "9.88"),
        (12.34, "12.3"),
        (450, "450"),
        (150.4, "150"),
        (5210.7, "5,211"),
        (100000, "100,000"),
    ],
)
def test_a_figure_has_the_digits_that_matter(value, text):
    assert figure(value) == text
