"""Single values of the ledger: the day, the next serial. On an open transaction."""

from datetime import date, datetime
from typing import Final

from kiosk.database import Connection

UNCUT: Final = "uncut"
"""Set from the first byte of a ticket until one was printed and cut: a kiosk that was
switched off in between finds it, and has the rest cut off before it prints again."""

OUT_OF_SERVICE: Final = "out_of_service"
"""Set while staff have taken the machine out of service."""


def get(db: Connection, name: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def need(db: Connection, name: str) -> str:
    """A value every ledger has."""
    value = get(db, name)
    if value is None:
        raise KeyError(name)
    return value


def drop(db: Connection, name: str) -> None:
    db.execute("DELETE FROM meta WHERE name = ?", (name,))


def put(db: Connection, name: str, value: str) -> None:
    db.execute(
        "INSERT INTO meta (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def day(db: Connection, name: str) -> date | None:
    value = get(db, name)
    return None if value is None else date.fromisoformat(value)


def first_serial(at: datetime) -> int:
    """The first serial of a ledger that knows of no other.

    Serials stand in the signed tokens and must never repeat, not even when every record
    is lost. Seconds since 1970 times 256 lies above whatever an earlier ledger can have
    reached (it would have had to issue 256 tickets in every second since its own start)
    and fits 40 bits until 2106.
    """
    return int(at.timestamp()) * 256
