"""Reading the queue: today's tickets, the groups' `run`, who is at which counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, insert, select, update

from server.rules.ticket import OPEN, Ticket
from server.store.database import Run, Transaction
from server.store.rows import ticket_of
from server.tables import events, group_runs, tickets

OPEN_STATES: Final = tuple(sorted(state.value for state in OPEN))
AT_COUNTER: Final = ("called", "serving")
CALL_TYPES: Final = ("next", "call", "resume")


@dataclass(frozen=True, slots=True)
class Listed:
    """A ticket with the rule by which call-next chose it, empty if it did not."""

    ticket: Ticket
    rule: str


def open_tickets(connection: Connection, office: str, day: date) -> list[Ticket]:
    """Everybody who has not ended, in no particular order."""
    rows = connection.execute(
        select(tickets).where(
            tickets.c.office == office,
            tickets.c.day == day,
            tickets.c.state.in_(OPEN_STATES),
        )
    ).mappings()
    return [ticket_of(row) for row in rows]


def waiting_tickets(connection: Connection, office: str, day: date) -> list[Ticket]:
    rows = connection.execute(
        select(tickets).where(
            tickets.c.office == office,
            tickets.c.day == day,
            tickets.c.state == "waiting",
        )
    ).mappings()
    return [ticket_of(row) for row in rows]


def listed(
    connection: Connection, office: str, day: date, states: Iterable[str] | None
) -> list[Listed]:
    """The day's tickets in these states (all if None), by issue."""
    wanted = select(tickets).where(tickets.c.office == office, tickets.c.day == day)
    if states is not None:
        wanted = wanted.where(tickets.c.state.in_(tuple(states)))
    rows = connection.execute(wanted.order_by(tickets.c.issued_at)).mappings()
    return [Listed(ticket_of(row), row["rule"]) for row in rows]


def as_listed(connection: Connection, ticket: Ticket) -> Listed:
    """The ticket with its rule."""
    rule = connection.execute(select(tickets.c.rule).where(tickets.c.id == ticket.id))
    return Listed(ticket, rule.scalar_one())


def by_serial(connection: Connection, key_id: int, serial: int) -> Ticket | None:
    """The ticket a token speaks of, once its kiosk has reported it."""
    row = (
        connection.execute(
            select(tickets).where(
                tickets.c.key_id == key_id, tickets.c.serial == serial
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else ticket_of(row)


def at_counter(connection: Connection, counter: str) -> Ticket | None:
    """Who is being called or served there."""
    row = (
        connection.execute(
            select(tickets).where(
                tickets.c.counter == counter, tickets.c.state.in_(AT_COUNTER)
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else ticket_of(row)


def runs(connection: Connection, office: str, day: date) -> dict[str, int]:
    """Each group's fast calls since its last ordinary one, today."""
    rows = connection.execute(
        select(group_runs.c.group, group_runs.c.run).where(
            group_runs.c.office == office, group_runs.c.day == day
        )
    )
    return {row.group: row.run for row in rows}


def set_run(tx: Transaction, office: str, group: str, day: date, run: int) -> None:
    mine = (group_runs.c.office == office) & (group_runs.c.group == group)
    done = tx.connection.execute(
        update(group_runs).where(mine).values(day=day, run=run)
    )
    if done.rowcount == 0:
        tx.connection.execute(
            insert(group_runs),
            {"office": office, "group": group, "day": day, "run": run},
        )
    tx.runs_changed.append(Run(office, group, day, run))


def last_called(connection: Connection, office: str, day: date) -> dict[str, str]:
    """By procedure, the label of the last call event in event order."""
    rows = connection.execute(
        select(tickets.c.label, events.c.payload)
        .join(tickets, tickets.c.id == events.c.ticket_id)
        .where(
            events.c.office == office,
            events.c.business_day == day,
            events.c.type.in_(CALL_TYPES),
        )
        .order_by(events.c.seq)
    )
    return {row.payload["procedure"]: row.label for row in rows}
