"""A ticket enters the queue: from a kiosk's report to a row, an event and a place."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from protocol.label import label
from protocol.messages import TicketIssued
from server.offices import Office
from server.rules import calling, lifecycle
from server.rules.lifecycle import Action
from server.rules.ticket import Ticket
from server.store.database import Transaction
from server.store.days import SYSTEM
from server.store.kiosks import Kiosk
from server.store.leasing import use_number
from server.store.log import Cause, record
from server.store.rows import ticket_of
from server.tables import tickets

Forecast = Callable[[str, str], float | None]
"""(office, procedure) to the wait in minutes if all lanes were one; None: unknown."""

LIVE_WITHIN: Final = timedelta(seconds=60)
"""News older than this came late: the forecast of now says nothing about it."""


class NotIssuable(Exception):
    """The office's catalogue has no place for such a ticket."""


def issue(
    tx: Transaction,
    office: Office,
    kiosk: Kiosk,
    event: TicketIssued,
    cause: Cause,
    *,
    last: datetime | None,
    forecast: Forecast,
) -> datetime:
    """Put the ticket into the queue, wherever its day lies; when it counts as issued.

    `last` is when this kiosk's ticket before it was issued. IntegrityError if the
    ticket, its serial or its number is there already: see `known_already`.
    """
    issued_at = place_in_time(office, event, last, tx.now)
    ticket = _ticket(office, kiosk, event, issued_at, tx.now, forecast)
    leased = use_number(tx, kiosk.id, ticket.series, ticket.number)
    extra = {
        "shown_low": event.shown_low,
        "shown_high": event.shown_high,
        "clock_trust": event.clock_trust,
        "leased": leased,
    }
    record(tx, None, lifecycle.issue(ticket), cause, extra=extra)
    if ticket.day < office.day(tx.now):
        # Its day ended before the news came.
        gone = lifecycle.apply(ticket, Action.EXPIRE, actor=SYSTEM, at=tx.now)
        record(tx, ticket, gone, Cause("system", reason="reported after its day"))
    return issued_at


def known_already(tx: Transaction, kiosk: Kiosk, event: TicketIssued) -> bool:
    """Whether this very ticket is known; NotIssuable if it was reported otherwise."""
    row = tx.connection.execute(
        select(tickets).where(tickets.c.id == event.ticket_id)
    ).mappings()
    found = row.one_or_none()
    if found is None:
        return False
    ticket = ticket_of(found)
    told = (event.series, event.number, event.serial, kiosk.id)
    if told != (ticket.series, ticket.number, ticket.serial, ticket.kiosk):
        raise NotIssuable(
            f"ticket {event.ticket_id} is already known as {ticket.label} of "
            f"{ticket.kiosk}"
        )
    return True


def _ticket(
    office: Office,
    kiosk: Kiosk,
    event: TicketIssued,
    issued_at: datetime,
    now: datetime,
    forecast: Forecast,
) -> Ticket:
    catalogue = office.catalogue
    try:
        procedure = catalogue.procedure(event.procedure)
        series = catalogue.series_of(event.series)
        right = label(series, event.number)
    except KeyError as exc:
        raise NotIssuable(f"office {office.id} does not know {exc}") from exc
    except ValueError as exc:
        raise NotIssuable(str(exc)) from exc
    if procedure.group is None:
        raise NotIssuable(f"no tickets are issued for {procedure.id}")
    if event.label != right:
        raise NotIssuable(f"number {event.number} reads {right}, not {event.label}")
    live = now - issued_at <= LIVE_WITHIN
    minutes = forecast(office.id, procedure.id) if live else None
    return Ticket(
        id=event.ticket_id,
        office=office.id,
        day=office.day(issued_at),
        procedure=procedure.id,
        group=procedure.group,
        series=series.id,
        number=event.number,
        label=event.label,
        issued_at=issued_at,
        order_key=issued_at,
        deadline=calling.deadline(issued_at, office.rules[procedure.group], minutes),
        language=event.language,
        kiosk=kiosk.id,
        key_id=kiosk.key_id,
        serial=event.serial,
        preapplied=event.preapplied,
        verified=event.verified,
    )


def place_in_time(
    office: Office, event: TicketIssued, last: datetime | None, now: datetime
) -> datetime:
    """When the ticket counts as issued: never later than its news, nor out of turn.

    A clock nobody set (`none`, `saved`) may show another day; then the news itself is
    the best witness. Within a kiosk the journal gives the order, not the clock.
    """
    at = min(event.at, now)
    unset = event.clock_trust in {"none", "saved"}
    if unset and office.day(at) != office.day(now):
        at = now
    if last is not None and at <= last and office.day(at) == office.day(last):
        at = last + timedelta(microseconds=1)
    return at
