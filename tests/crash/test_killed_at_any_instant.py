"""kill -9 across issuing and printing: no number twice, none lost, doubt visible.

Judged from paper and list alone. `make prove` does it a thousand times.
"""

import pytest

from bench.proofs.crash import SIDES, STATES, kill_again_and_again

KILLS = 50


@pytest.fixture(scope="module")
def tally(tmp_path_factory):
    directory = tmp_path_factory.mktemp("office")
    return kill_again_and_again(directory, kills=KILLS, seed=20261124)


def test_no_promise_is_broken(tally):
    assert tally.kills >= KILLS
    assert tally.faults == ()


def test_there_was_something_to_break(tally):
    assert tally.whole > KILLS
    assert tally.tickets > tally.whole
    assert tally.prints["unknown"]
    assert tally.prints["voided"]


@pytest.mark.parametrize("state", STATES)
def test_kills_fell_in_every_state_of_the_ledger(tally, state):
    assert tally.states[state] > 0


@pytest.mark.parametrize("write", SIDES)
def test_kills_fell_before_and_after_every_commit(tally, write):
    before, after = SIDES[write]
    assert tally.marks[before] > 0
    assert tally.marks[after] > 0
