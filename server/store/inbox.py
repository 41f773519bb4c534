"""What kiosks report, applied once each: in the order of their journal, or refused.

A refused event goes to the dead letters, where staff see it, and blocks nothing behind
it. The paper is already out when the news comes, so what can be accepted is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from protocol.messages import (
    CALLABLE_PRINT,
    Acknowledged,
    AnyEvent,
    BadMessage,
    Batch,
    CommandDone,
    LeaseReturned,
    PrintOutcome,
    Refused,
    StaffCalled,
    TicketIssued,
    TicketVoided,
    decode_event,
)
from server.offices import Office
from server.rules import lifecycle
from server.rules.lifecycle import Action, Actor, IllegalEdge
from server.rules.ticket import State, Ticket
from server.store import help, orders
from server.store.database import Transaction
from server.store.issuing import Forecast, NotIssuable, issue, known_already
from server.store.kiosks import Kiosk
from server.store.leasing import LeaseRefused, take_back
from server.store.log import Cause, UnknownTicket, append, read_ticket, record
from server.tables import dead_letters, kiosk_events, kiosks


class BadBatch(ValueError):
    """An event has no sequence number, so nothing about it could be acknowledged."""


class EventRefused(Exception):
    """This event cannot be applied; the sentence is for the dead letters."""


_REFUSALS = (
    BadMessage,
    EventRefused,
    IllegalEdge,
    LeaseRefused,
    NotIssuable,
    UnknownTicket,
    orders.UnknownCommand,
)


_PROGRESS = (
    update(kiosks)
    .where(kiosks.c.id == bindparam("of_kiosk"))
    .values(
        last_ack=bindparam("ack"),
        last_seen_at=bindparam("seen_at"),
        last_issued_at=bindparam("issued_at"),
    )
)
_DEALT_WITH = insert(kiosk_events)


@dataclass(slots=True)
class Sender:
    """The kiosk whose events are applied, its office, and who forecasts deadlines."""

    kiosk: Kiosk
    office: Office
    forecast: Forecast
    key: str
    last_issued_at: datetime | None = None

    def __post_init__(self) -> None:
        self.last_issued_at = self.kiosk.last_issued_at

    def cause(self, event: AnyEvent, reason: str = "") -> Cause:
        name = f"kiosk:{self.kiosk.id}"
        return Cause(name, self.kiosk.id, event.at, self.key, reason)


def take(tx: Transaction, sender: Sender, batch: Batch) -> Acknowledged:
    """Apply every event not seen before, oldest first; BadBatch if one has no number.

    Acknowledged is the end of the unbroken row of numbers that begins with the batch's
    first: a gap inside it is sent again rather than forgotten.
    """
    numbered = sorted((_number(event), i) for i, event in enumerate(batch.events))
    seqs = [seq for seq, _ in numbered]
    seen = _seen(tx, sender.kiosk, seqs)
    for seq, index in numbered:
        if seq not in seen:
            seen[seq] = _deal_with(tx, sender, seq, batch.events[index])
    tx.connection.execute(
        _PROGRESS,
        {
            "of_kiosk": sender.kiosk.id,
            "ack": max([sender.kiosk.last_ack, *seqs]),
            "seen_at": tx.now,
            "issued_at": sender.last_issued_at,
        },
    )
    return Acknowledged(
        ack=_unbroken(seqs, sender.kiosk.last_ack),
        refused=tuple(
            Refused(seq=seq, title=title)
            for seq in dict.fromkeys(seqs)
            if (title := seen[seq]) is not None
        ),
    )


def _number(event: dict[str, JsonValue]) -> int:
    seq = event.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 1 <= seq < 1 << 62:
        raise BadBatch("every event needs a whole number `seq` from 1 on")
    return seq


def _unbroken(seqs: list[int], otherwise: int) -> int:
    if not seqs:
        return otherwise
    ack = seqs[0]
    for seq in seqs:
        if seq > ack + 1:
            break
        ack = seq
    return ack


def _seen(tx: Transaction, kiosk: Kiosk, seqs: list[int]) -> dict[int, str | None]:
    """Those dealt with before, with the title of their refusal if they were refused."""
    if not seqs or seqs[0] > kiosk.last_ack:
        return {}
    rows = tx.connection.execute(
        select(kiosk_events.c.seq, kiosk_events.c.refused).where(
            kiosk_events.c.kiosk == kiosk.id, kiosk_events.c.seq.in_(seqs)
        )
    )
    return {row.seq: row.refused for row in rows}


def _deal_with(
    tx: Transaction, sender: Sender, seq: int, event: dict[str, JsonValue]
) -> str | None:
    """Apply one event; the title of its refusal, or None."""
    title: str | None = None
    try:
        _try(tx, sender, decode_event(event))
    except _REFUSALS as exc:
        title = str(exc)
    if title is not None:
        tx.connection.execute(
            insert(dead_letters),
            {
                "kiosk": sender.kiosk.id,
                "office": sender.office.id,
                "seq": seq,
                "received_at": tx.now,
                "title": title,
                "event": event,
            },
        )
        tx.offices_changed.add(sender.office.id)
    tx.connection.execute(
        _DEALT_WITH,
        {
            "kiosk": sender.kiosk.id,
            "seq": seq,
            "received_at": tx.now,
            "refused": title,
        },
    )
    return title


def _try(tx: Transaction, sender: Sender, event: AnyEvent) -> None:
    try:
        with tx.savepoint():
            _apply(tx, sender, event)
    except IntegrityError as exc:
        # Asked only now: a ticket reported twice is rare, the look at the table not.
        if isinstance(event, TicketIssued) and known_already(tx, sender.kiosk, event):
            return
        raise EventRefused(
            "its ticket id, serial or number is that of another ticket"
        ) from exc


def _apply(tx: Transaction, sender: Sender, event: AnyEvent) -> None:
    match event:
        case TicketIssued():
            sender.last_issued_at = issue(
                tx,
                sender.office,
                sender.kiosk,
                event,
                sender.cause(event),
                last=sender.last_issued_at,
                forecast=sender.forecast,
            )
        case PrintOutcome():
            _print_outcome(tx, sender, event)
        case TicketVoided():
            _void(tx, sender, event)
        case LeaseReturned():
            take_back(tx, sender.kiosk.id, event)
        case CommandDone():
            orders.done(tx, sender.kiosk.id, event)
        case StaffCalled():
            _note(tx, sender, event)
            trusted = event.clock_trust not in ("none", "saved")
            at = min(event.at, tx.now) if trusted else tx.now
            help.call(tx, sender.office.id, sender.kiosk.id, event.reason, at)
        case _:
            _note(tx, sender, event)


def _note(tx: Transaction, sender: Sender, event: AnyEvent) -> None:
    append(
        tx,
        event.kind,
        sender.cause(event),
        office=sender.office.id,
        day=sender.office.day(tx.now),
        payload=event.model_dump(mode="json", exclude={"at", "kind"}),
    )


def _own(tx: Transaction, sender: Sender, id: UUID) -> Ticket:
    ticket = read_ticket(tx.connection, id)
    if ticket.kiosk != sender.kiosk.id:
        raise EventRefused(f"ticket {ticket.label} is not of this kiosk")
    return ticket


def _print_outcome(tx: Transaction, sender: Sender, event: PrintOutcome) -> None:
    ticket = _own(tx, sender, event.ticket_id)
    extra = {
        "outcome": event.outcome,
        "cause": event.cause,
        "grade": event.grade,
        "copy_number": event.copy_number,
    }
    change = lifecycle.print_outcome(
        ticket, event.outcome, copy_number=event.copy_number
    )
    record(tx, ticket, change, sender.cause(event), extra=extra)


def _void(tx: Transaction, sender: Sender, event: TicketVoided) -> None:
    """Judged by the moment of the touch: later calls do not make it too late."""
    ticket = _own(tx, sender, event.ticket_id)
    if ticket.state is State.CANCELLED:
        return
    if event.reason == "not_sent" and ticket.print in CALLABLE_PRINT:
        raise EventRefused(
            f"ticket {ticket.label} is {ticket.print}: a paper that failed later "
            "does not void it; cancel it at the counter if nobody holds it"
        )
    touched = min(event.at, tx.now)
    kiosk = Actor("kiosk", sender.kiosk.id)
    change = lifecycle.apply(ticket, Action.VOID, actor=kiosk, at=touched)
    record(tx, ticket, change, sender.cause(event, event.reason))
