"""Tickets as rows of the ledger. Functions on an open transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kiosk.database import Connection, Row
from protocol.messages import ClockTrust, PrintState, TicketIssued

KEPT_DAYS = 7


class TicketState(StrEnum):
    """How far a ticket came on its way to paper."""

    INTENT = "INTENT"
    """The number is taken; no byte has gone out."""
    SENT = "SENT"
    """Bytes are going out; no outcome yet."""
    PRINTED = "PRINTED"
    PRINTED_UNCUT = "PRINTED_UNCUT"
    HELD = "HELD"
    """A part may be in the printer; the whole is printed when it is well again."""
    UNKNOWN = "UNKNOWN"
    """Paper may or may not have come out; never printed again without a person."""
    NOT_SENT = "NOT_SENT"
    """No paper can have come out."""
    ON_SCREEN = "ON_SCREEN"
    """The visitor took the number from the screen."""


SHOWN: dict[TicketState, PrintState] = {
    TicketState.INTENT: "pending",
    TicketState.SENT: "pending",
    TicketState.PRINTED: "printed",
    TicketState.PRINTED_UNCUT: "printed_uncut",
    TicketState.HELD: "held",
    TicketState.UNKNOWN: "unknown",
    TicketState.NOT_SENT: "not_sent",
    TicketState.ON_SCREEN: "not_required",
}
"""What each state says of the paper, in the words of the wire."""


class TicketEnded(Exception):
    """The ticket was given back; it must not be printed or taken."""


class UnknownTicket(Exception):
    """This ledger has no such ticket."""


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket as the ledger has it. `voided`: why it no longer counts, else None.

    `copy_number` counts the reprints. `shown_low`, `shown_high`: the minutes that stood
    on the screen at the touch.
    """

    ticket_id: UUID
    serial: int
    day: date
    series: str
    number: int
    label: str
    procedure: str
    preapplied: bool
    verified: bool
    language: str
    issued_at: datetime
    clock_trust: ClockTrust
    shown_low: int | None
    shown_high: int | None
    state: TicketState
    copy_number: int
    voided: str | None


def insert(db: Connection, issued: TicketIssued, day: date, state: TicketState) -> None:
    """A new row; IntegrityError if the lease gave this number on this day already."""
    db.execute(
        "INSERT INTO tickets (ticket_id, serial, lease, day, series, number, label,"
        " procedure, preapplied, verified, language, issued_at, clock_trust, shown_low,"
        " shown_high, state, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            str(issued.ticket_id),
            issued.serial,
            str(issued.lease),
            day.isoformat(),
            issued.series,
            issued.number,
            issued.label,
            issued.procedure,
            issued.preapplied,
            issued.verified,
            issued.language,
            issued.at.isoformat(),
            issued.clock_trust,
            issued.shown_low,
            issued.shown_high,
            state,
            issued.at.isoformat(),
        ),
    )


def find(db: Connection, ticket_id: UUID) -> IssuedTicket | None:
    """The ticket, or None."""
    row = db.execute(
        "SELECT * FROM tickets WHERE ticket_id = ?", (str(ticket_id),)
    ).fetchone()
    return None if row is None else _ticket(row)


def get(db: Connection, ticket_id: UUID) -> IssuedTicket:
    """The ticket; UnknownTicket if there is none."""
    ticket = find(db, ticket_id)
    if ticket is None:
        raise UnknownTicket(f"the ledger has no ticket {ticket_id}")
    return ticket


def get_live(db: Connection, ticket_id: UUID) -> IssuedTicket:
    """The ticket; TicketEnded if it was given back."""
    ticket = get(db, ticket_id)
    if ticket.voided is not None:
        raise TicketEnded(f"ticket {ticket.label} was given back ({ticket.voided})")
    return ticket


def in_state(
    db: Connection, state: TicketState, day: date | None = None
) -> tuple[IssuedTicket, ...]:
    """The tickets in that state that were not given back, oldest first; of that day."""
    rows = db.execute(
        "SELECT * FROM tickets WHERE state = :state AND voided IS NULL"
        " AND (:day IS NULL OR day = :day) ORDER BY serial",
        {"state": state, "day": day and day.isoformat()},
    )
    return tuple(_ticket(row) for row in rows)


def of_day(db: Connection, day: date) -> tuple[IssuedTicket, ...]:
    """Every ticket of that day, oldest first."""
    rows = db.execute(
        "SELECT * FROM tickets WHERE day = ? ORDER BY serial", (day.isoformat(),)
    )
    return tuple(_ticket(row) for row in rows)


def last(db: Connection, day: date) -> IssuedTicket | None:
    """The youngest ticket of that day that was not given back."""
    row = db.execute(
        "SELECT * FROM tickets WHERE voided IS NULL AND day = ?"
        " ORDER BY serial DESC LIMIT 1",
        (day.isoformat(),),
    ).fetchone()
    return None if row is None else _ticket(row)


def move(
    db: Connection,
    ticket_id: UUID,
    state: TicketState,
    at: datetime,
    *,
    cause: str = "",
    copy_number: int | None = None,
) -> None:
    """The ticket's new state; without `copy_number` that stays as it is."""
    db.execute(
        "UPDATE tickets SET state = ?, changed_at = ?, cause = ?,"
        " copy_number = coalesce(?, copy_number) WHERE ticket_id = ?",
        (state, at.isoformat(), cause, copy_number, str(ticket_id)),
    )


def void(db: Connection, ticket_id: UUID, reason: str, at: datetime) -> None:
    """The ticket no longer counts."""
    db.execute(
        "UPDATE tickets SET voided = ?, changed_at = ? WHERE ticket_id = ?",
        (reason, at.isoformat(), str(ticket_id)),
    )


def prune(db: Connection) -> None:
    """Forget all but the last days that had tickets. Counted, as clocks may jump."""
    db.execute(
        "DELETE FROM tickets WHERE day NOT IN"
        " (SELECT DISTINCT day FROM tickets ORDER BY day DESC LIMIT ?)",
        (KEPT_DAYS,),
    )


def counts(db: Connection, day: date) -> dict[str, int]:
    """Tickets of that day by state, those given back as `VOIDED`."""
    rows = db.execute(
        "SELECT iif(voided IS NULL, state, 'VOIDED') AS what, count(*) AS n"
        " FROM tickets WHERE day = ? GROUP BY what",
        (day.isoformat(),),
    )
    return {row["what"]: row["n"] for row in rows}


def _ticket(row: Row) -> IssuedTicket:
    return IssuedTicket(
        UUID(row["ticket_id"]),
        row["serial"],
        date.fromisoformat(row["day"]),
        row["series"],
        row["number"],
        row["label"],
        row["procedure"],
        bool(row["preapplied"]),
        bool(row["verified"]),
        row["language"],
        datetime.fromisoformat(row["issued_at"]),
        row["clock_trust"],
        row["shown_low"],
        row["shown_high"],
        TicketState(row["state"]),
        row["copy_number"],
        row["voided"],
    )
