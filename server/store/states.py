"""The last state of every kiosk, asked for or sent by the kiosk itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from server.store import help
from server.store.database import Transaction
from server.store.kiosks import Kiosk, all_kiosks
from server.tables import dead_letters, kiosk_states, kiosks

SENT_HOLDS: Final = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Seen:
    """One attempt: the state document, or why there is none."""

    state: dict[str, Any] | None
    error: str | None
    round_trip_ms: float | None
    sent: bool = False
    """The kiosk sent it by itself; nobody can ask it."""


@dataclass(frozen=True, slots=True)
class FleetRow:
    """A kiosk with its last attempt and its last known state.

    `state_at` is when `state` was true; `error` why the last attempt brought none.
    """

    kiosk: Kiosk
    asked_at: datetime | None
    reachable: bool
    error: str
    round_trip_ms: float | None
    state: dict[str, Any] | None
    state_at: datetime | None


def keep(tx: Transaction, kiosk: Kiosk, seen: Seen) -> None:
    """Keep the attempt; an old state stays known while a kiosk does not answer.

    A fault that was not in the state before calls for help.

    A kiosk that cannot be asked but sends its state by itself counts as reachable.
    """
    mine = kiosk_states.c.kiosk == kiosk.id
    if seen.state is None and _sends(tx, kiosk.id):
        return
    columns: dict[str, Any] = {
        "asked_at": tx.now,
        "reachable": seen.state is not None,
        "error": seen.error or "",
        "round_trip_ms": seen.round_trip_ms,
        "sent": seen.sent,
    }
    if seen.state is not None:
        columns |= {"state": seen.state, "state_at": tx.now}
        tx.connection.execute(
            update(kiosks).where(kiosks.c.id == kiosk.id).values(last_seen_at=tx.now)
        )
        before = tx.connection.execute(select(kiosk_states.c.state).where(mine))
        help.follow_state(tx, kiosk, before.scalar_one_or_none(), seen.state)
    done = tx.connection.execute(update(kiosk_states).where(mine).values(columns))
    if done.rowcount == 0:
        tx.connection.execute(insert(kiosk_states), {"kiosk": kiosk.id, **columns})


def _sends(tx: Transaction, kiosk: str) -> bool:
    row = tx.connection.execute(
        select(kiosk_states.c.sent, kiosk_states.c.state_at).where(
            kiosk_states.c.kiosk == kiosk
        )
    ).one_or_none()
    return (
        row is not None
        and row.sent
        and row.state_at is not None
        and tx.now - row.state_at <= SENT_HOLDS
    )


def fleet(connection: Connection) -> list[FleetRow]:
    """Every enrolled kiosk, by office and name."""
    rows = {
        row["kiosk"]: row for row in connection.execute(select(kiosk_states)).mappings()
    }
    return [_row(kiosk, rows.get(kiosk.id)) for kiosk in all_kiosks(connection)]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A refused event, for staff to settle by hand."""

    id: int
    kiosk: str
    office: str
    seq: int
    received_at: datetime
    title: str
    event: dict[str, Any]


def open_dead_letters(connection: Connection) -> list[DeadLetter]:
    """What nobody has settled yet, oldest first."""
    rows = connection.execute(
        select(dead_letters)
        .where(dead_letters.c.settled_at.is_(None))
        .order_by(dead_letters.c.id)
    )
    return [
        DeadLetter(
            row.id,
            row.kiosk,
            row.office,
            row.seq,
            row.received_at,
            row.title,
            row.event,
        )
        for row in rows
    ]


def settle(tx: Transaction, id: int) -> bool:
    """Somebody has seen to it; false if there is no such open letter."""
    done = tx.connection.execute(
        update(dead_letters)
        .where(dead_letters.c.id == id, dead_letters.c.settled_at.is_(None))
        .values(settled_at=tx.now)
    )
    return done.rowcount == 1


def _row(kiosk: Kiosk, row: Any) -> FleetRow:
    if row is None:
        return FleetRow(kiosk, None, False, "not asked yet", None, None, None)
    return FleetRow(
        kiosk,
        row["asked_at"],
        row["reachable"],
        row["error"],
        row["round_trip_ms"],
        row["state"],
        row["state_at"],
    )
