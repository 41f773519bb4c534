"""The server's rush: tickets durably issued over HTTP, one in each request.

Each client is an enrolled kiosk on one kept connection, which sends the next ticket
when the one before is answered, that is committed (SQLite, synchronous=FULL): a power
cut would not lose it. The clients run in this process, on the same processors.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from time import monotonic
from typing import Final

from sqlalchemy import text

from bench.measures.central import Central
from bench.measures.figures import Measure, against, least, most, percentile
from bench.measures.tickets import Kiosk, kiosk
from bench.measures.wire import Wire

SECONDS: Final = 5.0
_MADE: Final = 2880
"""Tickets made beforehand for each client: 480 of each of its office's six series."""
_RATE: Final = least(550, "tickets/s")
_PATIENCE: Final = most(50, "ms")
_TWICE: Final = most(0, "tickets")


def measure(central: Central, seconds: float = SECONDS) -> Iterator[Measure]:
    """1 client, then 8; then the database is counted."""
    sent = 0
    for clients in (1, 8):
        names = list(central.offices())
        # The single one in the last office: then none has three, and numbers suffice.
        offices = names[-1:] if clients == 1 else islice(cycle(names), clients)
        kiosks = [kiosk(central, office, _MADE) for office in offices]
        times, took = run(central.port, kiosks, seconds)
        sent += len(times)
        who = f"{clients} client{'s' if clients > 1 else ''}"
        note = f"{len(times):,} tickets in {took:.1f} s"
        yield against(_RATE, f"durable issue, {who}", len(times) / took, note)
        slowest = 1000 * percentile(times, 0.99)
        what = f"durable issue, {who}, p99"
        if clients == 8:
            yield against(_PATIENCE, what, slowest)
        else:
            yield Measure(what, slowest, "ms")
    yield against(_TWICE, "issued twice, or lost", *_judge(central, sent))


def run(port: int, kiosks: list[Kiosk], seconds: float) -> tuple[list[float], float]:
    """Seconds of every request, and how long all of it took."""
    times: list[float] = []
    begun = monotonic()
    end = begun + seconds

    def client(kiosk: Kiosk, wire: Wire) -> None:
        for request in kiosk.requests:
            wire.ask(request)
            at = monotonic()
            times.append(at - wire.sent_at)
            if at > end:
                return

    with ExitStack() as stack:
        threads = [
            threading.Thread(target=client, args=(one, stack.enter_context(Wire(port))))
            for one in kiosks
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return times, monotonic() - begun


def _judge(central: Central, sent: int) -> tuple[int, str]:
    """Tickets that are missing or more than were sent, and numbers given twice."""
    database = central.database()
    with database.read() as connection:
        there = int(
            connection.execute(text("SELECT count(*) FROM tickets")).scalar_one()
        )
        twice = int(
            connection.execute(
                text(
                    "SELECT count(*) FROM (SELECT 1 FROM tickets"
                    " GROUP BY office, day, series, number HAVING count(*) > 1)"
                )
            ).scalar_one()
        )
    database.close()
    return abs(there - sent) + twice, f"of {sent:,} sent, {there:,} are there"
