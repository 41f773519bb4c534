"""The estimate: exact where everything is known, honest where it is not."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.calling import GroupRule, choose_next
from server.rules.estimate import (
    NEIGHBOURS,
    OfficeState,
    estimate,
    fifo_forecast,
    outlook,
    shown,
    spread,
)
from server.rules.play import CAP
from server.rules.pools import ENOUGH, Knowledge, PastForecast, PastService, learn
from server.rules.staffing import CounterState, Serving, desks, paces
from server.rules.ticket import Ticket
from tests.server.rules.samples import NINE, UNHURRIED, fast, minutes, ticket

NOW = NINE + minutes(60)
BOTH = frozenset({"moving", "preapplied"})
GROUPS = {"moving": "resident", "preapplied": "resident", "insurance": "insurance"}
RULES = {"resident": GroupRule(), "insurance": GroupRule()}
NEVER = 10_000.0


@cache
def clockwork(gap: float = 0, resumed: float = 0) -> Knowledge:
    """An office where moving takes 10 minutes, preapplied 5, insurance 20, always.

    One who wrongly said 事前申請 takes 9.
    """
    services = [
        PastService(procedure, lane, length)
        for procedure, lane, length in (
            ("moving", False, 10.0),
            ("preapplied", True, 5.0),
            ("preapplied", False, 9.0),
            ("insurance", False, 20.0),
        )
        for _ in range(ENOUGH)
    ]
    again = [PastService("moving", False, resumed, True)] * (ENOUGH if resumed else 0)
    known = learn(
        {"moving": 10, "preapplied": 5, "insurance": 20},
        services + again,
        gaps=[gap] * ENOUGH,
        lateness=[3.0] * 1000,
    )
    return replace(known, more_work=1, lateness=3)


def counter(name: str = "c1", *, at: float | None = None, **own: Any) -> CounterState:
    """An open counter for moving; busy since `at` minutes ago, if said."""
    serving = None if at is None else Serving("moving", False, NOW - minutes(at))
    given: dict[str, Any] = {"procedures": BOTH, "open": True, "serving": serving}
    return CounterState(name, **{**given, **own})


def state(
    *waiting: Ticket, counters: tuple[CounterState, ...] = (), **own: Any
) -> OfficeState:
    given: dict[str, Any] = {
        "as_of": NOW,
        "groups": GROUPS,
        "counters": counters or (counter(),),
        "waiting": waiting,
        "runs": {},
        "rules": RULES,
        "fast_rate": {},
    }
    return OfficeState(**{**given, **own})


def calls(office: OfficeState, known: Knowledge | None = None) -> list[float | None]:
    """Minutes until the call of each waiting ticket, then of the next to come."""
    found = outlook(office, known or clockwork(), NOW)
    return [*found.tickets.values(), found.tail["moving", "ordinary"]]


THREE = tuple(ticket(n, 50 + n, cap=NEVER) for n in (1, 2, 3))


def test_one_counter_with_fixed_durations_gives_exact_times() -> None:
    assert calls(state(*THREE)) == [0, 10, 20, 30]
    assert calls(state(*THREE), clockwork(gap=2)) == [0, 12, 24, 36]


def test_two_counters_share_the_queue() -> None:
    two = (counter("c1"), counter("c2", at=4))
    assert calls(state(*THREE, counters=two)) == [0, 6, 10, 16]


def test_a_running_service_lasts_as_long_as_is_usual() -> None:
    busy = state(*THREE, counters=(counter(at=4),))
    assert calls(busy) == [6, 16, 26, 36]
    assert calls(busy, clockwork(gap=2)) == [8, 20, 32, 44]


def test_a_service_longer_than_ever_is_given_three_tenths_more() -> None:
    (wait, *_) = calls(state(ticket(1, 50), counters=(counter(at=20),)))
    assert wait == pytest.approx(6)


def test_after_a_finish_the_usual_pause_is_still_to_come_if_anyone_waited() -> None:
    ago = NOW - minutes(1.5)
    pausing = counter(last_finish=ago, waited_then=True)
    idle = counter(last_finish=ago, waited_then=False)
    known = clockwork(gap=4)
    assert calls(state(THREE[0], counters=(pausing,)), known)[0] == 2.5
    assert calls(state(THREE[0], counters=(idle,)), known)[0] == 0


def test_a_held_ticket_comes_back_to_its_counter_first() -> None:
    keeper = counter(held=("moving", "moving"))
    assert calls(state(*THREE, counters=(keeper,)), clockwork(resumed=6))[0] == 12


def test_work_resumed_later_makes_every_service_longer() -> None:
    known = replace(clockwork(), more_work=1.2)
    assert calls(state(*THREE), known) == [0, 12, 24, 36]


# Pace


def test_a_slow_day_lengthens_what_is_to_come() -> None:
    done = (PastService("moving", False, 15.0),) * 18
    slow = counter(done=done)
    pace = paces([slow, counter("c2")], clockwork(), NOW)
    # Office (270 + 180) / (180 + 180); this counter (270 + 90 · that) / (180 + 90).
    assert pace == pytest.approx({"c1": 382.5 / 270, "c2": 1.25})
    assert calls(state(*THREE, counters=(slow,)))[1] == pytest.approx(10 * 382.5 / 270)


def test_a_service_that_drags_on_counts_for_what_it_cost_so_far() -> None:
    pace = paces([counter(at=40)], clockwork(), NOW)
    office = (40 + 180) / (10 + 180)
    assert pace == pytest.approx({"c1": (40 + 90 * office) / (10 + 90)})
    assert paces([counter(at=10)], clockwork(), NOW) == {"c1": 1}


# Closures


def lunch(start: float, end: float, **own: Any) -> CounterState:
    return counter(closures=((NOW + minutes(start), NOW + minutes(end)),), **own)


def test_nobody_is_called_during_a_planned_closure() -> None:
    # The second call falls into it: back at 40, three minutes late as usual.
    assert calls(state(*THREE, counters=(lunch(5, 40),))) == [0, 43, 53, 63]
    busy = lunch(5, 40, serving=Serving("moving", False, NOW - minutes(4)))
    assert calls(state(*THREE, counters=(busy,))) == [43, 53, 63, 73]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(-10, 30, 33), (15, 60, 63), (-45, -5, 3)],
)
def test_a_counter_closed_for_lunch_comes_back_as_planned(
    start: float, end: float, expected: float
) -> None:
    closed = lunch(start, end, open=False, closed_since=NOW - minutes(1))
    assert calls(state(THREE[0], counters=(closed,)))[0] == expected


def test_a_counter_closed_without_a_plan_returns_later_the_longer_it_is_gone() -> None:
    here = counter("c0", at=0, procedures=frozenset({"insurance"}))
    for ago, expected in ((2, 8), (60, 30)):
        gone = counter(open=False, closed_since=NOW - minutes(ago))
        known = clockwork()
        pace = paces([here, gone], known, NOW)
        assert [desk.free for desk in desks([gone], known, NOW, pace)] == [expected]


def test_before_opening_the_first_call_is_a_minute_after_it() -> None:
    early = counter(open=False, opens_at=NOW + minutes(30))
    assert calls(state(*THREE, counters=(early,))) == [31, 41, 51, 61]


def test_a_counter_that_was_not_open_today_is_not_counted_on() -> None:
    shut = counter("c2", open=False)
    assert calls(state(*THREE, counters=(counter(), shut))) == [0, 10, 20, 30]


# Lanes


def test_the_forecast_calls_by_the_real_rule() -> None:
    hall = (
        ticket(1, 50, cap=NEVER),
        *(fast(n, 50 + n, cap=NEVER) for n in range(2, 6)),
    )
    found = outlook(state(*hall), clockwork(), NOW).tickets
    order = sorted(found, key=lambda id: found[id] or 0)
    # Two fast, one ordinary, then the fast that are left.
    assert [UUID(int=n) for n in (2, 3, 1, 4, 5)] == order
    assert [found[id] for id in order] == [0, 5, 10, 20, 25]


def test_a_deadline_that_passes_on_the_way_is_kept() -> None:
    late = ticket(1, 50, cap=10 + 14)
    hall = (*(fast(n, 30 + n, cap=NEVER) for n in range(2, 8)), late)
    run_of_nine = {"resident": GroupRule(fast_per_ordinary=9)}
    office = state(*hall, rules={**RULES, **run_of_nine})
    assert outlook(office, clockwork(), NOW).tickets[late.id] == 15


def test_who_comes_now_waits_less_in_the_fast_lane() -> None:
    tail = outlook(state(*THREE), clockwork(), NOW).tail
    assert tail["moving", "fast"] == 0
    assert tail["moving", "ordinary"] == 30


def test_fast_tickets_still_to_come_lengthen_the_ordinary_wait() -> None:
    """One every ten minutes, five minutes each: at 10, at 25 and at 30."""
    rush = state(*THREE, fast_rate={"preapplied": 0.1})
    assert calls(rush) == [0, 15, 35, 45]


def test_those_to_come_stand_behind_those_who_are_here() -> None:
    here = tuple(fast(n, 50 + n, cap=NEVER) for n in (1, 2, 3))
    found = outlook(state(*here, fast_rate={"preapplied": 0.5}), clockwork(), NOW)
    assert list(found.tickets.values()) == [0, 5, 10]


def test_an_idle_counter_takes_those_who_come_later() -> None:
    helper = counter("c2", procedures=frozenset({"preapplied"}))
    rush = state(*THREE, counters=(counter(), helper), fast_rate={"preapplied": 1 / 8})
    assert calls(rush) == [0, 10, 20, 30]
    assert calls(replace(rush, counters=(counter(),)))[1] == 15


def test_all_lanes_as_one_queue_give_the_forecast_behind_the_deadline() -> None:
    hall = (*THREE, fast(4, 55), fast(5, 56))
    assert fifo_forecast(state(*hall), clockwork(), NOW) == {
        "moving": 40,
        "preapplied": 40,
        "insurance": None,
    }


def test_a_newcomer_may_be_called_by_the_deadline_alone() -> None:
    """Nine fast per ordinary, one after another; the cap ends it after 45 minutes."""
    rules = {**RULES, "resident": GroupRule(9, cap=minutes(45))}
    hall = [fast(n, 50, cap=NEVER) for n in range(1, 5)]
    crowd = state(*hall, rules=rules, fast_rate={"preapplied": 0.2})
    tail = outlook(crowd, clockwork(), NOW).tail
    assert tail["moving", "ordinary"] == 45


# Unknown


def test_nothing_is_foretold_for_what_no_open_counter_serves() -> None:
    found = estimate(state(*THREE), clockwork(), NOW)
    assert found["insurance", "ordinary"] is None
    assert found["moving", "ordinary"] == (15, 50)


@pytest.mark.parametrize(("ahead", "known"), [(149, True), (151, False)])
def test_a_counter_planned_to_open_counts_within_its_horizon(
    ahead: float, known: bool
) -> None:
    early = counter(open=False, opens_at=NOW + minutes(ahead))
    tail = outlook(state(counters=(early,)), clockwork(), NOW).tail
    assert (tail["moving", "ordinary"] is not None) == known


def test_a_counter_away_without_a_plan_promises_nothing() -> None:
    gone = counter(open=False, closed_since=NOW - minutes(3))
    assert calls(state(*THREE, counters=(gone,))) == [None] * 4


def test_old_news_foretell_nothing() -> None:
    ten, more = NOW - timedelta(minutes=10), NOW - timedelta(minutes=10, seconds=1)
    assert calls(state(*THREE, as_of=ten)) == [0, 10, 20, 30]
    assert calls(state(*THREE, as_of=more)) == [None] * 4


def test_beyond_four_hours_there_is_no_figure() -> None:
    crowd = [ticket(n, 0, cap=NEVER) for n in range(1, 41)]
    waits = calls(state(*crowd))
    assert waits[:24] == [10 * n for n in range(24)]
    assert waits[24:] == [None] * 17
    assert fifo_forecast(state(*crowd), clockwork(), NOW)["moving"] == CAP


def test_a_ticket_without_paper_is_neither_counted_nor_foretold() -> None:
    jammed = replace(THREE[1], print="held")
    assert calls(state(THREE[0], jammed, THREE[2])) == [0, 10, 20]


# The range


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (0, (0, 5)),
        (2, (0, 5)),
        (9.9, (0, 20)),
        (12, (0, 20)),
        (20, (10, 35)),
        (30, (15, 50)),
        (40, (30, 55)),
        (100, (75, 130)),
        (None, None),
    ],
)
def test_the_range_is_rounded_outwards_to_five_minutes(
    point: float | None, expected: tuple[int, int] | None
) -> None:
    assert shown(point) == expected


def test_the_range_comes_from_past_errors_once_there_are_enough() -> None:
    """Errors of -12 … +12 around 30 minutes; at 90 it was always 40 more."""
    near = [PastForecast(30, 30 + error / 10) for error in range(-124, 126)]
    far = [PastForecast(90, 130)] * NEIGHBOURS
    past = tuple([*near, *far])
    low, high = spread(30, past)
    assert (low, high) == pytest.approx((20, 40), abs=0.2)
    assert spread(95, past) == (135, 135)
    assert spread(30, past[: NEIGHBOURS - 1]) == (18, 48)
    assert shown(95, past) == (135, 135)


@UNHURRIED
@given(
    st.integers(0),
    st.floats(0, 240),
    st.sampled_from([0, 249, 250, 400]),
)
def test_a_range_is_never_negative_nor_upside_down(
    seed: int, point: float, size: int
) -> None:
    random = Random(seed)
    past = [
        PastForecast(random.uniform(0, 200), random.expovariate(1 / 40))
        for _ in range(size)
    ]
    known = learn({}, past=past).past
    low, high = spread(point, known)
    assert 0 <= low <= high


# Purity

MIXED = (
    *THREE,
    *(fast(n, 45 + n) for n in range(4, 8)),
    *(
        ticket(n, 40 + n, procedure="insurance", group="insurance")
        for n in range(8, 12)
    ),
)
SKILLS = (
    counter("c1", at=3),
    counter("c2", at=8, procedures=BOTH | {"insurance"}),
    counter("c3", procedures=frozenset({"insurance"})),
)


def test_the_same_input_gives_the_same_figures_and_is_left_as_it_was() -> None:
    office = state(*MIXED, counters=SKILLS, fast_rate={"preapplied": 0.07})
    before = deepcopy(office)
    first = outlook(office, clockwork(), NOW)
    assert first == outlook(office, clockwork(), NOW)
    assert office == before


def test_asking_for_newcomers_changes_nobodys_forecast() -> None:
    """With one procedure more to ask about, everybody's minute stays the same."""
    office = state(*MIXED, counters=SKILLS, fast_rate={"preapplied": 0.07})
    more = replace(office, groups={**GROUPS, "consult": "insurance"})
    known = clockwork()
    assert outlook(office, known, NOW).tickets == outlook(more, known, NOW).tickets


def test_the_first_forecast_call_is_the_one_the_counter_would_make() -> None:
    office = state(*MIXED, counters=SKILLS)
    found = outlook(office, clockwork(), NOW).tickets
    free = SKILLS[2]
    choice = choose_next(MIXED, served=free.procedures, runs={}, rules=RULES, now=NOW)
    assert choice is not None
    assert found[choice.ticket.id] == 0
