"""Numbers of a series: leased in turn, never twice at a time, round after round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.catalogue import Series
from server.rules.numbering import (
    Allocation,
    SeriesExhausted,
    allocate_reserve,
    allocate_run,
)
from tests.server.rules.samples import UNHURRIED

A = Series(id="certificates", prefix="A", first=1, last=20)


def test_a_run_begins_at_the_cursor() -> None:
    assert allocate_run(A, cursor=1, blocked=(), count=5) == Allocation(1, 5, 6, 0)
    assert allocate_run(A, cursor=6, blocked=(), count=5) == Allocation(6, 10, 11, 0)


def test_a_run_passes_over_numbers_in_use_and_ends_before_the_next() -> None:
    in_use: list[int | range] = [6, range(7, 10), 13]
    run = allocate_run(A, cursor=6, blocked=in_use, count=5)
    assert run == Allocation(10, 12, 13, 0)
    assert run.size == 3


def test_a_run_ends_with_the_series_and_the_next_comes_round() -> None:
    last = allocate_run(A, cursor=18, blocked=(), count=5)
    assert last == Allocation(18, 20, 21, 0)
    first = allocate_run(A, cursor=last.next_cursor, blocked=(), count=5)
    assert first == Allocation(1, 5, 6, 1)


def test_one_free_number_is_found_wherever_it_is() -> None:
    for free in range(A.first, A.last + 1):
        taken = set(range(A.first, A.last + 1)) - {free}
        for cursor in range(A.first, A.last + 2):
            run = allocate_run(A, cursor=cursor, blocked=taken, count=20)
            assert (run.first, run.last) == (free, free)
            assert run.rounds == (free < cursor)


def test_a_series_in_use_completely_is_refused_with_what_to_do() -> None:
    told = "all 20 numbers of series certificates are in use"
    with pytest.raises(SeriesExhausted, match=told):
        allocate_run(A, cursor=7, blocked=[range(1, 21)], count=1)
    with pytest.raises(SeriesExhausted, match=told):
        allocate_reserve(A, blocked=[range(30)], count=1)


@pytest.mark.parametrize("count", [0, -1])
def test_a_lease_of_nothing_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="cannot lease"):
        allocate_run(A, cursor=1, blocked=(), count=count)
    with pytest.raises(ValueError, match="cannot lease"):
        allocate_reserve(A, blocked=(), count=count)


@pytest.mark.parametrize("cursor", [0, 22])
def test_a_cursor_outside_the_series_is_refused(cursor: int) -> None:
    with pytest.raises(ValueError, match="is not in series"):
        allocate_run(A, cursor=cursor, blocked=(), count=1)


def test_a_reserve_is_taken_from_the_top() -> None:
    assert allocate_reserve(A, blocked=(), count=5) == Allocation(16, 20, 21, 0)
    second = allocate_reserve(A, blocked=[range(16, 21)], count=5)
    assert (second.first, second.last) == (11, 15)


def test_a_reserve_is_the_highest_place_where_all_of_it_fits() -> None:
    found = allocate_reserve(A, blocked=[18, 11], count=5)
    assert (found.first, found.last) == (13, 17)


def test_a_reserve_that_fits_nowhere_is_the_widest_piece_that_is_free() -> None:
    found = allocate_reserve(A, blocked=[5, 10, 16], count=9)
    assert (found.first, found.last) == (11, 15)
    equal = allocate_reserve(A, blocked=[5, 10, 15], count=9)
    assert (equal.first, equal.last) == (16, 20)


def test_a_kiosk_alone_may_have_the_whole_series() -> None:
    everything = allocate_run(A, cursor=1, blocked=(), count=999)
    assert (everything.first, everything.last) == (1, 20)


@UNHURRIED
@given(
    st.lists(
        st.tuples(st.integers(1, 7), st.integers(0, 12)), min_size=60, max_size=90
    ),
    st.sets(st.integers(1, 20), max_size=4),
)
def test_through_three_rounds_no_number_in_use_is_leased_again(
    leases: list[tuple[int, int]], reserved: set[int]
) -> None:
    """Each number is in use for some leases after its own."""
    in_use: dict[int, int] = {}  # number: until which lease
    cursor, cycle, seen = A.first, 1, set[tuple[int, int]]()
    for turn, (wanted, stays) in enumerate(leases):
        blocked = {n for n, until in in_use.items() if until > turn} | reserved
        if len(blocked) == A.size:
            with pytest.raises(SeriesExhausted):
                allocate_run(A, cursor=cursor, blocked=blocked, count=wanted)
            continue
        run = allocate_run(A, cursor=cursor, blocked=blocked, count=wanted)
        cycle += run.rounds
        numbers = set(range(run.first, run.last + 1))
        assert 1 <= len(numbers) <= wanted
        assert not numbers & blocked
        assert A.first <= run.first <= run.last <= A.last
        # Series, cycle and number identify a label of the day.
        assert not {(cycle, n) for n in numbers} & seen
        seen |= {(cycle, n) for n in numbers}
        in_use |= {n: turn + 1 + stays for n in numbers}
        cursor = run.next_cursor


def test_a_series_comes_round_three_times_in_order() -> None:
    cursor, cycle, numbers = A.first, 1, list[tuple[int, int]]()
    while cycle < 4:
        run = allocate_run(A, cursor=cursor, blocked=[13], count=4)
        cycle, cursor = cycle + run.rounds, run.next_cursor
        numbers += [(cycle, n) for n in range(run.first, run.last + 1)]
    one_round = [n for n in range(1, 21) if n != 13]
    expected = [(c, n) for c in (1, 2, 3) for n in one_round]
    assert numbers[: len(expected)] == expected
