"""The best that any attempt has shown is what a ticket stands for."""

from itertools import permutations
from typing import get_args

import pytest

from protocol.evidence import outweighs
from protocol.messages import PrintState

ALL = get_args(PrintState)


@pytest.mark.parametrize(
    "before", ["printed", "printed_uncut", "unknown", "not_required"]
)
def test_a_reprint_that_was_not_sent_takes_no_paper_away(before):
    assert not outweighs("not_sent", before)


def test_paper_that_came_out_ends_every_doubt():
    for before in set(ALL) - {"printed"}:
        assert outweighs("printed", before)


def test_of_two_outcomes_one_says_more_and_an_equal_one_is_no_news():
    for one, other in permutations(ALL, 2):
        assert outweighs(one, other) != outweighs(other, one)
    for one in ALL:
        assert not outweighs(one, one)
