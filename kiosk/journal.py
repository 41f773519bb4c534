"""The journal: what the server has to hear, in the order it happened.

Functions on an open transaction of the ledger, so that a fact and its news are written
together or not at all.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from kiosk.database import Connection
from protocol.messages import Acknowledged, AnyEvent

KEPT = 20_000
"""Acknowledged events kept: some busy days, about 10 MB."""

_OPEN = "acked_at IS NULL"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event the server refused; it blocked nothing and waits for a technician."""

    seq: int
    kind: str
    title: str
    at: datetime


def append(db: Connection, event: AnyEvent) -> int:
    """Add an event; gives its sequence number."""
    done = db.execute(
        "INSERT INTO journal (kind, body, at) VALUES (?, ?, ?)",
        (event.kind, event.model_dump_json(), event.at.isoformat()),
    )
    assert done.lastrowid is not None
    return done.lastrowid


def unsent(db: Connection, limit: int) -> tuple[dict[str, JsonValue], ...]:
    """The oldest events not yet acknowledged, each with its `seq`, for a Batch."""
    rows = db.execute(
        f"SELECT seq, body FROM journal WHERE {_OPEN} ORDER BY seq LIMIT ?", (limit,)
    )
    return tuple({"seq": row["seq"], **json.loads(row["body"])} for row in rows)


def acknowledge(db: Connection, answer: Acknowledged, at: datetime) -> None:
    """The server has dealt with everything up to `ack`; refused ones are dead."""
    for refused in answer.refused:
        db.execute(
            "UPDATE journal SET acked_at = ?, refused = ? WHERE seq = ?",
            (at.isoformat(), refused.title, refused.seq),
        )
    db.execute(
        f"UPDATE journal SET acked_at = ? WHERE seq <= ? AND {_OPEN}",
        (at.isoformat(), answer.ack),
    )


def tell_again(db: Connection, after: int, before: int) -> int:
    """Take back what was acknowledged between the two: the server has forgotten it.

    Gives how many events that are. Refused ones stay refused.
    """
    return db.execute(
        "UPDATE journal SET acked_at = NULL"
        " WHERE seq > ? AND seq < ? AND acked_at IS NOT NULL AND refused IS NULL",
        (after, before),
    ).rowcount


def continue_after(db: Connection, ack: int) -> None:
    """Move all unsent events behind `ack`, the highest number the server has seen.

    For a new journal only, of which nothing was sent: it cannot know how far an older
    one had come, and the server would take a repeated number for a repetition.
    """
    lowest = db.execute(f"SELECT min(seq) FROM journal WHERE {_OPEN}").fetchone()[0]
    shift = 0 if lowest is None or lowest > ack else ack + 1 - int(lowest)
    # In two steps, for SQLite checks the primary key row by row.
    db.execute(f"UPDATE journal SET seq = -(seq + ?) WHERE {_OPEN}", (shift,))
    db.execute("UPDATE journal SET seq = -seq WHERE seq < 0")
    db.execute(
        "UPDATE sqlite_sequence SET seq = max(seq + ?, ?) WHERE name = 'journal'",
        (shift, ack),
    )


def prune(db: Connection) -> None:
    """Forget old acknowledged events, not dead letters. Counted, as clocks may jump."""
    db.execute(
        "DELETE FROM journal WHERE acked_at IS NOT NULL AND refused IS NULL"
        " AND seq <= (SELECT max(seq) FROM journal) - ?",
        (KEPT,),
    )


def pending(db: Connection) -> int:
    """How many events the server has not acknowledged."""
    return int(db.execute(f"SELECT count(*) FROM journal WHERE {_OPEN}").fetchone()[0])


def highest(db: Connection) -> int:
    """The highest sequence number ever given; 0 before the first."""
    row = db.execute(
        "SELECT seq FROM sqlite_sequence WHERE name = 'journal'"
    ).fetchone()
    return 0 if row is None else int(row["seq"])


def dead_letters(db: Connection) -> tuple[DeadLetter, ...]:
    """Every event the server refused, oldest first."""
    rows = db.execute("SELECT * FROM journal WHERE refused IS NOT NULL ORDER BY seq")
    return tuple(
        DeadLetter(r["seq"], r["kind"], r["refused"], datetime.fromisoformat(r["at"]))
        for r in rows
    )
