"""A morning without network, a day of tickets, and the evening when the server is back.

`make prove` issues 2,500 and reports how long they take to be told.
"""

import pytest

from bench.proofs.offline_day import DEMAND, a_day_offline

VISITORS = 300


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    return a_day_offline(tmp_path_factory.mktemp("office"), tickets=VISITORS)


def test_every_visitor_got_a_ticket_and_the_server_heard_of_all_in_order(day):
    assert day.faults == ()
    assert day.tickets == day.sheets == VISITORS


def test_every_window_was_asked_for(day):
    assert set(day.by_procedure) == set(DEMAND)


def test_everything_was_told_at_once_when_the_server_was_back(day):
    assert day.events == 2 * VISITORS  # each issued, each printed
    assert day.drain_s < 10
