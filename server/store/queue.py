"""Reading the queue: today's tickets, the groups' `run`, who is at which counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

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


class Called:
    """The calls of one day that stand: an undone one was never heard."""

    def __init__(self) -> None:
        self._calls: dict[str, list[tuple[UUID, str]]] = {}
        self._where: dict[UUID, str] = {}

    def call(self, procedure: str, ticket: UUID, label: str) -> None:
        self._calls.setdefault(procedure, []).append((ticket, label))
        self._where[ticket] = procedure

    def undo(self, ticket: UUID) -> None:
        """Take the ticket's last call back; others may have been called since."""
        calls = self._calls.get(self._where.get(ticket, ""), [])
        for index in range(len(calls) - 1, -1, -1):
            if calls[index][0] == ticket:
                del calls[index]
                return

    def last(self) -> dict[str, str]:
        """By procedure, the label of the last call in event order."""
        return {id: calls[-1][1] for id, calls in self._calls.items() if calls}


def called(connection: Connection, office: str, day: date) -> Called:
    """The day's calls as the event log has them."""
    rows = connection.execute(
        select(tickets.c.id, tickets.c.label, events.c.type, events.c.payload)
        .join(tickets, tickets.c.id == events.c.ticket_id)
        .where(
            events.c.office == office,
            events.c.business_day == day,
            events.c.type.in_((*CALL_TYPES, "undo")),
        )
        .order_by(events.c.seq)
    )
    found = Called()
    for row in rows:
        if row.type == "undo":
            found.undo(row.id)
        else:
            found.call(row.payload["procedure"], row.id, row.label)
    return found
