"""Which number comes next, whatever leases there are."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from kiosk.core.backoff import CAP_S, delay
from kiosk.core.numbers import MOST, TRUSTED, Holding, choose, day_at, left, needs

TODAY = date(2026, 11, 24)
DAYS = some.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2))
TRUST = some.sampled_from(["none", "saved", "server", "ntp", "rtc"])


@some.composite
def holdings(draw):
    held = []
    for index in range(draw(some.integers(0, 6))):
        first = draw(some.integers(1, 900))
        last = first + draw(some.integers(0, 40))
        kind = draw(some.sampled_from(["run", "reserve"]))
        used = draw(some.none() | some.integers(first, last))
        day = draw(DAYS) if kind == "run" else None
        held.append(Holding(UUID(int=index), "moving", kind, first, last, day, used))
    return held


@given(holdings(), DAYS, TRUST)
def test_the_chosen_number_is_one_that_may_be_given_out(held, day, trust):
    chosen = choose(held, day, trust=trust)
    if chosen is None:
        assert left(held, day) == 0
        return
    assert chosen.first <= chosen.next <= chosen.last
    assert chosen.used is None or chosen.next > chosen.used
    assert chosen.kind == "reserve" or chosen.day == day


@given(holdings(), DAYS, TRUST)
def test_a_run_goes_before_the_reserve_if_the_day_is_known(held, day, trust):
    chosen = choose(held, day, trust=trust)
    runs = [h for h in held if h.kind == "run" and h.day == day and h.left]
    if trust in TRUSTED and runs:
        assert chosen == runs[0]


@given(holdings(), DAYS)
def test_asking_and_getting_ends_the_need(held, day):
    asked = list(needs("moving", 900, held, day))
    granted = [
        Holding(
            UUID(int=100 + index),
            "moving",
            need.kind,
            1,
            need.count,
            day if need.kind == "run" else None,
        )
        for index, need in enumerate(asked)
    ]
    assert list(needs("moving", 900, held + granted, day)) == []


def test_numbers_are_asked_for_before_the_run_is_spent():
    run = Holding(UUID(int=1), "moving", "run", 1, 30, TODAY, used=19)
    reserve = Holding(UUID(int=2), "moving", "reserve", 501, 550)
    [need] = needs("moving", 900, [run, reserve], TODAY)
    assert (need.kind, need.count) == ("run", 30)
    assert run.left == 11


def test_one_kiosk_cannot_dry_out_a_small_series():
    asked = list(needs("fast", 16, [], TODAY))
    assert [need.count for need in asked] == [2, 2]
    assert [n.count for n in needs("tiny", 1, [], TODAY)] == [1, 1]


def test_an_office_may_say_how_large_its_reserves_are():
    asked = {n.kind: n.count for n in needs("moving", 9999, [], TODAY, reserve=400)}
    assert asked == {"run": 30, "reserve": 400}
    asked = {n.kind: n.count for n in needs("moving", 9999, [], TODAY, reserve=5000)}
    assert asked["reserve"] == MOST


@given(DAYS, some.none() | DAYS, some.none() | DAYS, TRUST)
def test_the_day_never_runs_back_behind_one_that_was_real(said, last, trusted, trust):
    if trusted is not None and (last is None or last < trusted):
        last = trusted
    day = day_at(said, trust=trust, last=last, trusted=trusted)
    assert day >= said
    assert trusted is None or day >= trusted
    assert trust in TRUSTED or last is None or day >= last
    assert day in {said, last, trusted}


@given(some.integers(-1, 10_000))
def test_no_pause_is_longer_than_five_seconds(failures):
    assert 0 <= delay(failures) <= CAP_S
    assert delay(failures) <= delay(failures + 1)


def test_the_pause_doubles_from_half_a_second():
    assert [delay(n) for n in range(6)] == [0, 0.5, 1, 2, 4, 5]
