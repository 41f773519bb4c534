"""A day without network, told afterwards: 2,500 tickets and what became of their paper.

The ledger is filled beforehand by the kiosk's own store, with numbers leased by the
server; then the kiosk's own round (`kiosk.exchange`) sends all of it to the server's
process. The time is that of the round, from the greeting to the last acknowledgement.
"""

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from time import monotonic
from typing import Final

import requests

from bench.measures.central import Central
from bench.measures.figures import Measure, against, most
from bench.measures.house import CannotMeasure
from drivers import Outcome
from kiosk.clock import Moment
from kiosk.exchange import Memory, push_all
from kiosk.line import Line
from kiosk.machine import system_now
from kiosk.store import Store
from protocol.messages import Enrolled

TICKETS: Final = 2500
_OFFICE: Final = "wakaba"
_GOAL: Final = most(10, "s")


def measure(
    central: Central, folder: Path, tickets: int = TICKETS
) -> Iterator[Measure]:
    """`folder` becomes the kiosk's data directory."""
    enrolled = central.enrol(_OFFICE)
    store = Store.open(folder, now=_now())
    try:
        _fill(store, central, enrolled, tickets)
        events = store.pending()
        with requests.Session() as session:
            line = Line(session, central.url, enrolled.credential)
            begun = monotonic()
            push_all(store, line, Memory(), _now, [])
            took = monotonic() - begun
        if store.pending() or store.dead_letters():
            raise CannotMeasure(
                f"{store.pending()} events were not taken,"
                f" {len(store.dead_letters())} refused"
            )
    finally:
        store.close()
    note = f"{tickets:,} tickets, {events:,} events, {events / took:,.0f}/s"
    yield against(_GOAL, "a day offline, drained", took, note)


def _fill(store: Store, central: Central, enrolled: Enrolled, tickets: int) -> None:
    catalogue = central.offices()[_OFFICE]
    store.belong_to(enrolled.kiosk_id, _now())
    store.keep_catalogue(catalogue, catalogue.version, _now())
    wanted = {str(p.series): p.id for p in catalogue.issuable()}
    each = -(-tickets // len(wanted))
    for series in wanted:
        lease, request = central.lease(enrolled, series, each)
        store.add_lease(lease, request.request_id, _now())
    for procedure in islice(cycle(wanted.values()), tickets):
        ticket = store.issue(procedure, store.new_id(), language="ja", now=_now())
        store.mark_sent(ticket.ticket_id, _now())
        store.record_outcome(ticket.ticket_id, Outcome.PRINTED, _now(), grade="A-")


def _now() -> Moment:
    return Moment(system_now(), "ntp")
