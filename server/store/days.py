"""The end of a business day: whoever is still in the queue has missed it.

Done by the first write of the new day as much as by the clock, so that no ticket of
today meets one of yesterday. Runs, cursors and figures begin anew by themselves: they
carry their day.
"""

import threading
from datetime import date

from sqlalchemy import insert, select, update

from server.rules.lifecycle import Action, Actor, apply
from server.store.database import Transaction
from server.store.log import Cause, record
from server.store.queue import OPEN_STATES
from server.store.rows import ticket_of
from server.tables import closed_days, leases, tickets

SYSTEM = Actor("system", "system")


class Days:
    """Remembers which day each office is in, so that asking costs nothing."""

    def __init__(self) -> None:
        self._begun: dict[str, date] = {}
        self._lock = threading.Lock()

    def begun(self, office: str) -> date | None:
        """The day the office is known to be in; None before the first write."""
        with self._lock:
            return self._begun.get(office)

    def begin(self, tx: Transaction, office: str, today: date) -> None:
        """Close every day of the office before `today`, unless that is done."""
        if self.begun(office) != today:
            close_before(tx, office, today)
            tx.days_begun.append((office, today))

    def follow(self, tx: Transaction) -> None:
        """Remember what a transaction began, now that it is committed."""
        with self._lock:
            self._begun.update(tx.days_begun)


def close_before(tx: Transaction, office: str, today: date) -> int:
    """Expire the open tickets of earlier days and end their runs; how many expired."""
    rows = tx.connection.execute(
        select(tickets).where(
            tickets.c.office == office,
            tickets.c.day < today,
            tickets.c.state.in_(OPEN_STATES),
        )
    ).mappings()
    left = [ticket_of(row) for row in rows]
    for ticket in left:
        change = apply(ticket, Action.EXPIRE, actor=SYSTEM, at=tx.now)
        record(tx, ticket, change, Cause("system", reason="end of the business day"))
    tx.connection.execute(
        update(leases)
        .where(
            leases.c.office == office,
            leases.c.kind == "run",
            leases.c.day < today,
            leases.c.ended_at.is_(None),
        )
        .values(ended_at=tx.now)
    )
    for day in {ticket.day for ticket in left}:
        _mark_closed(tx, office, day)
    return len(left)


def _mark_closed(tx: Transaction, office: str, day: date) -> None:
    mine = (closed_days.c.office == office) & (closed_days.c.day == day)
    if tx.connection.execute(select(closed_days).where(mine)).first() is None:
        tx.connection.execute(
            insert(closed_days), {"office": office, "day": day, "closed_at": tx.now}
        )
