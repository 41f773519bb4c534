"""A look at the ledger from outside: nothing is locked, nothing is changed.

For a technician's commands, which have to work while the kiosk serves visitors and when
it does not start any more.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from kiosk import journal, meta
from kiosk.database import Connection, LedgerBroken, looking
from kiosk.journal import DeadLetter

LEDGER: Final = "ledger.db"


@dataclass(frozen=True, slots=True)
class Counts:
    """What the ledger holds; no ticket can be told from another in it.

    `tickets`: by business day, then by state, those given back as `VOIDED`. `events`:
    in the journal, by kind. `leases`: numbers held and not ended, by series and kind.
    """

    day: date | None
    tickets: dict[date, dict[str, int]]
    events: dict[str, int]
    leases: dict[str, int]
    pending: int
    dead: tuple[DeadLetter, ...]
    last_ack_at: datetime | None
    uncut: bool


def is_there(directory: Path) -> bool:
    """Whether a kiosk ever kept a ledger in that directory."""
    path = directory / LEDGER
    return path.exists() and path.stat().st_size > 0


def prove_sound(directory: Path) -> None:
    """Read all of it; LedgerBroken with the first thing that is wrong, LedgerTooNew."""
    path = directory / LEDGER
    with looking(path) as db:
        verdict = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
        if verdict == "ok" and db.execute("PRAGMA foreign_key_check").fetchone():
            verdict = "a row points at nothing"
        if verdict == "ok" and meta.get(db, "next_serial") is None:
            verdict = "it does not say which serial comes next"
    if verdict != "ok":
        what = " ".join(verdict.split())
        raise LedgerBroken(f"{path}: {what}; restart the kiosk to recover it")


def counts(directory: Path) -> Counts:
    """LedgerBroken, LedgerTooNew."""
    with looking(directory / LEDGER) as db:
        at = meta.get(db, "last_ack_at")
        return Counts(
            day=meta.day(db, "day"),
            tickets=_tickets(db),
            events=_events(db),
            leases=_leases(db),
            pending=journal.pending(db),
            dead=journal.dead_letters(db),
            last_ack_at=None if at is None else datetime.fromisoformat(at),
            uncut=meta.get(db, meta.UNCUT) is not None,
        )


def ticket_ids(directory: Path) -> frozenset[str]:
    """Every ticket the ledger knows. LedgerBroken, LedgerTooNew."""
    with looking(directory / LEDGER) as db:
        rows = db.execute("SELECT ticket_id FROM tickets")
        return frozenset(row["ticket_id"] for row in rows)


def _tickets(db: Connection) -> dict[date, dict[str, int]]:
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for row in db.execute(
        "SELECT day, iif(voided IS NULL, state, 'VOIDED') AS what, count(*) AS n"
        " FROM tickets GROUP BY day, what ORDER BY day, what"
    ):
        found[date.fromisoformat(row["day"])][row["what"]] = row["n"]
    return dict(found)


def _events(db: Connection) -> dict[str, int]:
    rows = db.execute(
        "SELECT kind, count(*) AS n FROM journal GROUP BY kind ORDER BY kind"
    )
    return {row["kind"]: row["n"] for row in rows}


def _leases(db: Connection) -> dict[str, int]:
    rows = db.execute(
        "SELECT series || ' ' || kind AS what, sum(last - first + 1) AS n"
        " FROM leases WHERE ended IS NULL GROUP BY what ORDER BY what"
    )
    return {row["what"]: row["n"] for row in rows}
