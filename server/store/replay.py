"""The tickets once more, from nothing but their events."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from server.store.database import Transaction
from server.store.rows import FIELDS, changed
from server.tables import events, tickets


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many tickets the events tell of, and which rows say something else."""

    tickets: int
    different: tuple[UUID, ...]


def fold(connection: Connection) -> dict[UUID, dict[str, Any]]:
    """Every ticket's row as its events make it."""
    told: dict[UUID, dict[str, Any]] = {}
    for id, payload in _payloads(connection):
        row = changed(told.get(id, {"rule": ""}), payload)
        row["rule"] = payload.get("rule", row["rule"])
        told[id] = row
    return told


def replay(tx: Transaction, *, replace: bool) -> Replayed:
    """Compare the rows with the fold; with `replace` the fold is right."""
    told = fold(tx.connection)
    kept = {
        row["id"]: {name: row[name] for name in (*FIELDS, "rule")}
        for row in tx.connection.execute(
            select(tickets).where(tickets.c.id.in_(select(events.c.ticket_id)))
        ).mappings()
    }
    different = tuple(
        sorted(id for id in told.keys() | kept.keys() if told.get(id) != kept.get(id))
    )
    if replace and different:
        # All out first: rows in between may claim one number or one counter twice.
        for id in different:
            tx.connection.execute(delete(tickets).where(tickets.c.id == id))
        for id in different:
            if id in told:
                tx.connection.execute(insert(tickets), told[id])
    return Replayed(len(told), different)


def _payloads(connection: Connection) -> Iterator[tuple[UUID, dict[str, Any]]]:
    rows = connection.execute(
        select(events.c.ticket_id, events.c.payload)
        .where(events.c.ticket_id.is_not(None))
        .order_by(events.c.seq)
    )
    for row in rows:
        yield row.ticket_id, row.payload
