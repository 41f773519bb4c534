"""Tickets as kiosks report them, made before the clock runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from uuid import uuid4

from bench.measures.central import MOST_LEASED, Central
from bench.measures.wire import post
from kiosk.machine import system_now
from protocol.catalogue import Catalogue, Procedure
from protocol.label import label
from protocol.messages import (
    AnyEvent,
    Batch,
    Enrolled,
    Lease,
    PrintOutcome,
    TicketIssued,
)

EVENTS = "/api/kiosk/v1/events"

_Number = tuple[Procedure, Lease, int]


@dataclass(frozen=True, slots=True)
class Kiosk:
    """An enrolled kiosk with the requests it will make, each one `ticket_issued`."""

    id: str
    office: str
    requests: tuple[bytes, ...]


def kiosk(
    central: Central,
    office: str,
    count: int,
    *,
    only: tuple[str, ...] = (),
    printed: bool = False,
) -> Kiosk:
    """A kiosk that will report `count` tickets, as far as the office has numbers.

    `only` of these procedures, else of all; with `printed` each request also tells that
    the paper is out, so that the ticket can be called.
    """
    catalogue = central.offices()[office]
    enrolled = central.enrol(office)
    wanted = _one_for_each_series(catalogue, only)
    each = min(MOST_LEASED, -(-count // len(wanted)))
    numbers = [
        _numbers(central.lease(enrolled, str(procedure.series), each)[0], procedure)
        for procedure in wanted
    ]
    taken = islice(_in_turn(numbers), count)
    told = (
        _issued(catalogue, serial, *number) for serial, number in enumerate(taken, 1)
    )
    requests = (
        _request(enrolled, index, (issued, _printed(issued)) if printed else (issued,))
        for index, issued in enumerate(told)
    )
    return Kiosk(enrolled.kiosk_id, office, tuple(requests))


def _one_for_each_series(
    catalogue: Catalogue, only: tuple[str, ...]
) -> list[Procedure]:
    found: dict[str, Procedure] = {}
    for procedure in catalogue.issuable():
        if not only or procedure.id in only:
            found.setdefault(str(procedure.series), procedure)
    return list(found.values())


def _numbers(lease: Lease, procedure: Procedure) -> list[_Number]:
    return [(procedure, lease, n) for n in range(lease.first, lease.last + 1)]


def _in_turn(numbers: list[list[_Number]]) -> Iterator[_Number]:
    return chain.from_iterable(zip(*numbers, strict=False))


def _issued(
    catalogue: Catalogue, serial: int, procedure: Procedure, lease: Lease, number: int
) -> TicketIssued:
    return TicketIssued(
        at=system_now(),
        clock_trust="ntp",
        ticket_id=uuid4(),
        serial=serial,
        series=lease.series,
        number=number,
        label=label(catalogue.series_of(lease.series), number),
        procedure=procedure.id,
        preapplied=procedure.preapplied,
        verified=False,
        language="ja",
        lease=lease.lease,
    )


def _printed(issued: TicketIssued) -> PrintOutcome:
    return PrintOutcome(
        at=issued.at, clock_trust="ntp", ticket_id=issued.ticket_id, outcome="printed"
    )


def _request(kiosk: Enrolled, index: int, events: tuple[AnyEvent, ...]) -> bytes:
    first = index * len(events) + 1
    batch = Batch(
        events=tuple(
            {"seq": seq, **event.model_dump(mode="json")}
            for seq, event in enumerate(events, first)
        )
    )
    body = batch.model_dump_json().encode()
    return post(EVENTS, body, key=f"events-{first}", bearer=kiosk.credential)
