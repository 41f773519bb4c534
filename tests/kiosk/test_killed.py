"""kill -9 at any instant: no number twice, no ticket lost, no gap in the news."""

import random
import select
import signal
import subprocess
import sys
from uuid import uuid5

import pytest

from kiosk.store import Store
from kiosk.tickets import TicketState
from tests.kiosk.office import at, stocked, touch

ISSUE_FOR_EVER = """
import sys
from pathlib import Path
from uuid import uuid4
from drivers import Outcome
from kiosk.store import Store
from tests.kiosk.office import at

store = Store.open(Path(sys.argv[1]), now=at())
while True:
    ticket = store.issue("moving", uuid4(), language="ja", now=at())
    store.mark_sent(ticket.ticket_id, at())
    # What a printer would have got by now: the number is on paper.
    sys.stdout.write(f"{ticket.number} {ticket.serial}\\n")
    sys.stdout.flush()
    store.record_outcome(ticket.ticket_id, Outcome.PRINTED, at())
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A ledger whose kiosk was killed again and again; what came out on paper."""
    directory = tmp_path_factory.mktemp("killed")
    stocked(directory, run=(1, 900), reserve=None).close()
    chance = random.Random(20261124)
    paper = []
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", ISSUE_FOR_EVER, str(directory)],
            stdout=subprocess.PIPE,
        )
        with process:
            out = process.stdout
            for _ in range(chance.randrange(1, 12)):
                paper.append(out.readline())
            # Then at whatever instant it happens to be in.
            select.select([], [], [], chance.random() / 100)
            process.send_signal(signal.SIGKILL)
            paper += out.readlines()
    return directory, [line.split() for line in paper if line.endswith(b"\n")]


def test_no_number_came_out_twice(killed):
    _, paper = killed
    numbers = [number for number, _ in paper]
    assert len(numbers) > 20
    assert len(set(numbers)) == len(numbers)
    serials = [serial for _, serial in paper]
    assert len(set(serials)) == len(serials)


def test_every_number_on_paper_is_in_the_ledger_and_every_doubt_is_visible(killed):
    directory, paper = killed
    store = Store.open(directory, now=at("10:30"))
    events = store.unsent(100_000)
    issued = {
        e["number"]: e["ticket_id"] for e in events if e["kind"] == "ticket_issued"
    }
    assert {int(number) for number, _ in paper} <= set(issued)
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    settled = {
        e["ticket_id"]
        for e in events
        if e["kind"] in {"print_outcome", "ticket_voided"}
    }
    assert settled == set(issued.values())
    assert store.found.recovery is None
    assert not store.counts_today(at()).keys() - {
        TicketState.PRINTED,
        TicketState.UNKNOWN,
        "VOIDED",
    }
    ticket = store.issue(
        "moving", uuid5(touch(0), "after"), language="ja", now=at("10:31")
    )
    assert ticket.number == max(issued) + 1
    store.close()
