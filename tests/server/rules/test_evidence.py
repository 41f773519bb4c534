"""A ticket stands for the best that any attempt to print it proved."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.messages import CALLABLE_PRINT, PrintState
from server.rules.evidence import best
from server.rules.lifecycle import print_outcome
from tests.server.rules.samples import UNHURRIED, ticket

STATES: tuple[PrintState, ...] = get_args(PrintState)
IN_ORDER = (
    "pending", "not_sent", "held", "unknown", "not_required", "printed_uncut",
    "printed",
)  # fmt: skip
NEWS = st.tuples(st.sampled_from(STATES), st.integers(0, 3))


@UNHURRIED
@given(st.sampled_from(STATES), st.lists(NEWS, max_size=8))
def test_a_ticket_that_was_callable_stays_callable_whatever_the_printer_says(
    known: PrintState, news: list[tuple[PrintState, int]]
) -> None:
    one, was = ticket(print=known), False
    for said, copy_number in news:
        was = was or one.callable
        one = print_outcome(one, said, copy_number=copy_number).ticket
        assert one.callable or not was


@UNHURRIED
@given(st.sampled_from(STATES), st.lists(st.sampled_from(STATES), max_size=8))
def test_the_order_in_which_reprints_are_reported_does_not_matter(
    known: PrintState, said: list[PrintState]
) -> None:
    forward = backward = known
    for one in said:
        forward = best(forward, one, 1)
    for one in reversed(said):
        backward = best(backward, one, 2)
    assert forward == backward == max([known, *said], key=IN_ORDER.index)


@pytest.mark.parametrize("known", sorted(CALLABLE_PRINT))
@pytest.mark.parametrize("said", ["not_sent", "held", "pending"])
def test_a_reprint_that_fails_leaves_the_first_paper_its_worth(
    known: PrintState, said: PrintState
) -> None:
    assert best(known, said, 1) == known


@pytest.mark.parametrize("said", STATES)
def test_the_first_paper_may_correct_what_it_said_before(said: PrintState) -> None:
    for known in set(STATES) - CALLABLE_PRINT:
        assert best(known, said, 0) == said


def test_an_accepted_number_on_screen_stays_until_paper_came() -> None:
    assert best("not_required", "unknown", 1) == "not_required"
    assert best("not_required", "printed", 1) == "printed"


def test_a_reprint_of_a_ticket_without_paper_makes_it_callable() -> None:
    for known in ("pending", "not_sent", "held"):
        one = print_outcome(ticket(print=known), "printed", copy_number=1).ticket
        assert one.callable
