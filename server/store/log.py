"""The event log and its projection: written together, so they never disagree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from server.rules.lifecycle import Change, Step
from server.rules.ticket import Ticket
from server.store.database import News, Transaction
from server.store.rows import FIELDS, changes, row_of, ticket_of
from server.tables import events, tickets


class Stale(Exception):
    """Somebody else changed the ticket first: read it again and decide anew."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(f"ticket {ticket.label} is now at version {ticket.version}")
        self.ticket = ticket


class UnknownTicket(LookupError):
    """No ticket has this id."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Who did it, with what, when by their own clock, and why.

    `actor` is `user:NAME`, `kiosk:ID`, `visitor` or `system`.
    """

    actor: str
    device: str | None = None
    device_at: datetime | None = None
    key: str | None = None
    reason: str = ""


_NEW_TICKET = insert(tickets)
_NEW_EVENT = insert(events)
_BY_ID = select(tickets).where(tickets.c.id == bindparam("ticket"))
_CHANGED_ROW = (
    update(tickets)
    .where(
        tickets.c.id == bindparam("of_id"), tickets.c.version == bindparam("of_version")
    )
    .values({tickets.c[name]: bindparam(f"new_{name}") for name in FIELDS})
)
_CHANGED = _CHANGED_ROW.values({tickets.c.rule: bindparam("new_rule")})


def record(
    tx: Transaction,
    before: Ticket | None,
    change: Change,
    cause: Cause,
    *,
    counter: str | None = None,
    rule: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Ticket:
    """Append the change's steps as events and bring the ticket's row up to it.

    The update is conditional on the version read, so a lost race raises Stale instead
    of overwriting. `rule` says why call-next chose the ticket, `counter` where it
    happened if the ticket no longer says so. The last event carries all changed fields.
    """
    after = change.ticket
    columns = row_of(after)
    if rule is not None or before is None:
        columns["rule"] = rule or ""
    if before is None:
        tx.connection.execute(_NEW_TICKET, columns)
    else:
        _update(tx.connection, before, columns)
    payload = changes(before, after)
    if rule is not None:
        payload["rule"] = rule
    payload |= extra or {}
    where = counter or after.counter or (before.counter if before else None)
    *implied, last = change.steps
    for step in implied:
        _append_step(tx, step, after, cause, where, {})
    seq = _append_step(tx, last, after, cause, where, payload)
    tx.news.append(News(seq, last.action, after, before, tx.now))
    return after


def _append_step(
    tx: Transaction,
    step: Step,
    ticket: Ticket,
    cause: Cause,
    counter: str | None,
    payload: Mapping[str, Any],
) -> int:
    return append(
        tx,
        step.action.value,
        cause,
        office=ticket.office,
        day=ticket.day,
        ticket_id=ticket.id,
        leg=ticket.leg,
        before=step.before.value if step.before else None,
        after=step.after.value,
        counter=counter,
        payload=payload,
    )


def append(
    tx: Transaction,
    type: str,
    cause: Cause,
    *,
    office: str,
    day: date,
    ticket_id: UUID | None = None,
    leg: int = 1,
    before: str | None = None,
    after: str | None = None,
    counter: str | None = None,
    payload: Mapping[str, Any],
) -> int:
    """Append one event; its `seq` is the order in which everything happened."""
    result = tx.connection.execute(
        _NEW_EVENT,
        {
            "office": office,
            "business_day": day,
            "ticket_id": ticket_id,
            "leg": leg,
            "type": type,
            "from_state": before,
            "to_state": after,
            "actor": cause.actor,
            "device": cause.device,
            "counter": counter,
            "at": tx.now,
            "device_at": cause.device_at,
            "idempotency_key": cause.key,
            "reason": cause.reason,
            "payload": dict(payload),
        },
    )
    tx.offices_changed.add(office)
    key = result.inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave the event no sequence number")
    return int(key[0])


def read_ticket(connection: Connection, id: UUID) -> Ticket:
    """The ticket of that id; UnknownTicket if there is none."""
    row = connection.execute(_BY_ID, {"ticket": id}).mappings()
    found = row.one_or_none()
    if found is None:
        raise UnknownTicket(f"there is no ticket {id}")
    return ticket_of(found)


def _update(connection: Connection, before: Ticket, columns: dict[str, Any]) -> None:
    done = connection.execute(
        _CHANGED if "rule" in columns else _CHANGED_ROW,
        {f"new_{name}": value for name, value in columns.items()}
        | {"of_id": before.id, "of_version": before.version},
    )
    if done.rowcount != 1:
        raise Stale(read_ticket(connection, before.id))
