"""Opening the ledger, and rebuilding it from the number book when it cannot be trusted.

A ledger is set aside when SQLite finds it damaged, when it is empty or gone while there
is a book, and when it lacks a ticket the book has: then it lost its last hours (a lost
write-ahead log, an old copy put back), and going on would give out numbers twice.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path

from kiosk import journal, leases, meta, tickets
from kiosk.book import Contents, Noted, NumberBook
from kiosk.catalogues import Shelf, forget, read_copy
from kiosk.clock import Moment
from kiosk.database import Connection, Database, IntegrityError, LedgerBroken, is_sound
from kiosk.files import sync_directory
from kiosk.tickets import TicketState
from protocol.messages import (
    Lease,
    LedgerRecovered,
    PrintOutcome,
    TicketVoided,
)

EVERYTHING = -1
"""As a LIMIT."""

_STATE = {
    "printed": TicketState.PRINTED,
    "printed_uncut": TicketState.PRINTED_UNCUT,
    "held": TicketState.HELD,
    "unknown": TicketState.UNKNOWN,
    "not_sent": TicketState.NOT_SENT,
    "not_required": TicketState.ON_SCREEN,
    "pending": TicketState.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was done: the file set aside (empty if it was gone), what the book gave.

    `garbled` counts damaged lines of the book. If `leases` is 0 the book was lost too:
    then there are no numbers until the server leases new ones.
    """

    quarantined: str
    tickets: int
    leases: int
    garbled: int


def open_ledger(
    directory: Path, book: NumberBook, now: Moment
) -> tuple[Database, Recovery | None]:
    """The ledger of that directory, rebuilt if need be."""
    path = directory / "ledger.db"
    contents = book.read()
    exists = path.exists() and path.stat().st_size > 0
    if exists and is_sound(path):
        database = Database(path)
        if _makes_sense(database) and not _behind(database, contents):
            _mend_catalogue(database, directory, now)
            return database, None
        database.close()
    elif not exists and not contents.tickets and not contents.leases:
        path.unlink(missing_ok=True)
        database = Database(path)
        with database.transaction() as db:
            _begin(db, contents, now)
        return database, None
    quarantined = _set_aside(path, now)
    database = Database(path)
    recovery = Recovery(
        quarantined, len(contents.tickets), len(contents.leases), contents.garbled
    )
    with database.transaction() as db:
        _begin(db, contents, now)
        _rebuild(db, contents, recovery, now)
        if (kept := read_copy(directory)) is not None:
            Shelf().keep(db, *kept, now)
    return database, recovery


def _makes_sense(database: Database) -> bool:
    """Whether what the kiosk lives by can be read: noise inside a text is no fault to
    SQLite."""
    try:
        with database.reading() as db:
            day = meta.day(db, "day")
            meta.day(db, "trusted_day")
            int(meta.need(db, "next_serial"))
            if day is not None:
                leases.holdings(db, None, day)
                tickets.of_day(db, day)
            for state in (TicketState.INTENT, TicketState.SENT, TicketState.HELD):
                tickets.in_state(db, state)
            journal.unsent(db, EVERYTHING)
    except (LedgerBroken, ValueError, KeyError):
        return False
    return True


def _behind(database: Database, contents: Contents) -> bool:
    """Whether the ledger lacks a ticket of the book. It keeps at least as many days."""
    noted = {str(n.issued.ticket_id) for n in contents.tickets}
    with database.reading() as db:
        known = {
            row["ticket_id"] for row in db.execute("SELECT ticket_id FROM tickets")
        }
    return not noted <= known


def _mend_catalogue(database: Database, directory: Path, now: Moment) -> None:
    """A catalogue that cannot be read is taken from its copy, or fetched again.

    It may be damaged, or of another version: no reason to set the ledger aside.
    """
    try:
        with database.reading() as db:
            Shelf().catalogue(db)
    except (LedgerBroken, ValueError):
        with database.transaction() as db:
            forget(db)
            if (kept := read_copy(directory)) is not None:
                Shelf().keep(db, *kept, now)


def _set_aside(path: Path, now: Moment) -> str:
    """Rename the ledger and its companions; nothing is deleted."""
    stamp = now.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    name, turn = f"ledger-corrupt-{stamp}.db", 1
    while path.with_name(name).exists():
        turn += 1
        name = f"ledger-corrupt-{stamp}-{turn}.db"
    quarantined = ""
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(path.with_name(name + suffix))
            quarantined = name
    sync_directory(path.parent)
    return quarantined


def _begin(db: Connection, contents: Contents, now: Moment) -> None:
    """Counters of a new ledger: above everything an earlier one may have used.

    `unaligned`: the journal starts anew, so the server is asked first where it is.
    """
    serials = [n.issued.serial + 1 for n in contents.tickets]
    serial = max([meta.first_serial(now.at), *serials])
    meta.put(db, "next_serial", str(serial))
    meta.put(db, "unaligned", "1")
    highest = max([n.seq for n in contents.tickets], default=0)
    db.execute(
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('journal', ?)", (highest,)
    )


def _rebuild(
    db: Connection, contents: Contents, recovery: Recovery, now: Moment
) -> None:
    journal.append(
        db,
        LedgerRecovered(
            at=now.at,
            clock_trust=now.trust,
            quarantined=recovery.quarantined,
            restored_tickets=recovery.tickets,
        ),
    )
    # What hung from the printer's mouth stood in the ledger only.
    meta.put(db, meta.UNCUT, "1")
    for lease in contents.leases:
        leases.add(db, lease)
    if contents.last_day is not None:
        # Not as a trusted one: the book does not say what clock claimed it.
        meta.put(db, "day", contents.last_day.isoformat())
    for noted in contents.tickets:
        # A number noted twice must not stop a start: the first one has it.
        with suppress(IntegrityError):
            _restore(db, noted, tell=noted.day == contents.last_day, now=now)


def _restore(db: Connection, noted: Noted, *, tell: bool, now: Moment) -> None:
    """One ticket as the book has it. The server may know it: it goes by ticket id."""
    issued, outcome, voided = noted.issued, noted.outcome, noted.voided
    _keep_lease(db, noted)
    if outcome is None:
        # Whether paper came out stood in the ledger only.
        outcome = PrintOutcome(
            at=now.at,
            clock_trust=now.trust,
            ticket_id=issued.ticket_id,
            outcome="unknown",
            cause="ledger_recovered",
        )
    tickets.insert(db, issued, noted.day, _STATE[outcome.outcome])
    tickets.move(
        db,
        issued.ticket_id,
        _STATE[outcome.outcome],
        outcome.at,
        cause=outcome.cause,
        copy_number=outcome.copy_number,
    )
    if voided is not None:
        tickets.void(db, issued.ticket_id, voided.reason, voided.at)
    if tell:
        news: tuple[PrintOutcome | TicketVoided, ...] = (outcome,)
        for event in (issued, *(news if voided is None else (*news, voided))):
            journal.append(db, event)


def _keep_lease(db: Connection, noted: Noted) -> None:
    """A ticket may come from a lease that has ended and is no longer in the list."""
    issued = noted.issued
    if issued.lease is None:
        return
    known = db.execute(
        "SELECT 1 FROM leases WHERE lease = ?", (str(issued.lease),)
    ).fetchone()
    if known is None:
        day: date = noted.day
        lease = Lease(
            lease=issued.lease,
            series=issued.series,
            kind="run",
            first=issued.number,
            last=issued.number,
            day=day,
        )
        leases.add(db, lease)
        leases.end(db, lease.lease, "past", day)
