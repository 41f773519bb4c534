"""The office played forward calls whom the counters would call."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.rules.calling import GroupRule, choose_next
from server.rules.play import Line, newcomer
from server.rules.ticket import Ticket
from tests.server.rules.samples import NINE, UNHURRIED, minutes, ticket

RULES = {"resident": GroupRule(2), "insurance": GroupRule(1)}
GROUPS = {"moving": "resident", "preapplied": "resident", "insurance": "insurance"}
SERVED = st.frozensets(st.sampled_from(sorted(GROUPS)), min_size=1)

LOOKS = st.tuples(
    st.sampled_from(sorted(GROUPS.items())),
    st.booleans(),
    st.floats(0, 40),
    st.sampled_from([5.0, 20.0, 45.0]),
    st.integers(0, 9),
)


def hall(looks: list[tuple[tuple[str, str], bool, float, float, int]]) -> list[Ticket]:
    return [
        ticket(
            number,
            at,
            cap=cap,
            procedure=procedure,
            group=group,
            preapplied=preapplied,
            urgent=urgent == 0,
        )
        for number, ((procedure, group), preapplied, at, cap, urgent) in enumerate(
            looks, 1
        )
    ]


def line(waiting: list[Ticket], **own: Any) -> Line:
    given: dict[str, Any] = {
        "probes": (),
        "short": (),
        "runs": {},
        "rules": RULES,
        "groups": GROUPS,
        "rates": {},
    }
    return Line(NINE + minutes(30), waiting, **{**given, **own})


@UNHURRIED
@given(
    st.lists(LOOKS, max_size=25),
    st.lists(st.tuples(SERVED, st.floats(0, 9)), max_size=40),
)
def test_looking_at_the_heads_of_the_lanes_alone_changes_no_call(
    looks: list[tuple[tuple[str, str], bool, float, float, int]],
    turns: list[tuple[frozenset[str], float]],
) -> None:
    waiting = hall(looks)
    played, runs, clock = line(waiting), dict[str, int](), 0.0
    for served, pause in turns:
        clock += pause
        played.advance(clock)
        choice = choose_next(
            waiting,
            served=served,
            runs=runs,
            rules=RULES,
            now=NINE + minutes(30) + minutes(clock),
        )
        called = played.call(served)
        assert called == (choice and choice.ticket)
        if choice is not None:
            waiting.remove(choice.ticket)
            if choice.run is not None:
                runs[choice.ticket.group] = choice.run


def test_fractions_of_visitors_add_up_to_whole_ones() -> None:
    empty, both = line([], rates={"preapplied": 0.25}), frozenset(GROUPS)
    assert empty.quiet(both) == 4
    empty.advance(3)
    assert empty.call(both) is None
    assert empty.quiet(both) == 1
    empty.advance(8)
    came = [empty.call(both), empty.call(both)]
    assert [one and one.procedure for one in came] == ["preapplied", "preapplied"]
    assert empty.call(both) is None
    assert empty.quiet(frozenset({"moving"})) is None


def test_a_newcomer_stands_behind_all_of_the_same_instant() -> None:
    at = NINE + minutes(30)
    tail = newcomer(1, "moving", "resident", at, at + minutes(45), fast=False)
    last = ticket(9999, 30, id=UUID(int=2**128 - 1), series="zzz")
    played = line([tail, last], probes={tail.id})
    both = [played.call(frozenset({"moving"})) for _ in range(2)]
    assert both == [last, tail]
