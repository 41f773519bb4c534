"""Two kiosks on one series: no number twice, one queue in the order of issue."""

import pytest

from bench.proofs.two_kiosks import two_kiosks

VISITORS = 120


@pytest.fixture(scope="module")
def rush(tmp_path_factory):
    return two_kiosks(tmp_path_factory.mktemp("office"), tickets=VISITORS)


def test_no_number_comes_out_twice_and_the_queue_is_in_the_order_of_issue(rush):
    assert rush.faults == ()
    assert rush.tickets == VISITORS


def test_the_queue_really_mixes_both_machines(rush):
    assert len(rush.per_kiosk) == 2
    assert rush.turns > VISITORS / 8
