"""What the server has to hear and what it told: the part of the ledger sync works on.

Each method is one transaction.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from kiosk import days, errands, journal, leases, meta
from kiosk.book import NumberBook
from kiosk.catalogues import Shelf, write_copy
from kiosk.clock import Moment
from kiosk.database import Connection, Database, LedgerLock, storing
from kiosk.journal import DeadLetter
from protocol.catalogue import Catalogue
from protocol.messages import Acknowledged, Command, StaffCalled, SyncState


@dataclass(slots=True)
class Shared:
    """What all connections of this process to one ledger share."""

    lock: LedgerLock
    book: NumberBook
    new_id: Callable[[], UUID]
    reserve: int | None = None
    """Numbers to ask for as each series' reserve; None: as many as usual."""
    issuing: threading.Lock = field(default_factory=threading.Lock)
    when_journalled: Callable[[], None] | None = None


class Outbox:
    """The journal, the commands and the catalogue of one ledger."""

    def __init__(self, database: Database, shared: Shared) -> None:
        self._database = database
        self._shared = shared
        self._shelf = Shelf()

    def new_id(self) -> UUID:
        """An id nothing else has."""
        return self._shared.new_id()

    def when_journalled(self, call: Callable[[], None]) -> None:
        """`call` is called after each new event, on the thread that wrote it."""
        self._shared.when_journalled = call

    def unsent(self, limit: int) -> tuple[dict[str, JsonValue], ...]:
        """The oldest events not yet acknowledged, ready for a Batch."""
        with self._database.reading() as db:
            return journal.unsent(db, limit)

    def acknowledge(self, answer: Acknowledged, now: Moment) -> None:
        """The server has dealt with everything up to `ack`; refused ones are dead."""
        with self._database.transaction() as db:
            journal.acknowledge(db, answer, now.at)
            meta.put(db, "last_ack_at", now.at.isoformat())

    def tell_again(self, ack: int, before: int) -> int:
        """The server knows events only up to `ack`, behind what it had acknowledged:
        send again what lies between. Gives how many events that are."""
        with self._database.transaction() as db:
            again = journal.tell_again(db, ack, before)
            if again:
                _next_generation(db)
            return again

    def aligned(self) -> bool:
        """Whether the journal's numbers continue where the server stands."""
        with self._database.reading() as db:
            return meta.get(db, "unaligned") is None

    def align(self, ack: int) -> None:
        """A new journal continues behind `ack`, the highest number the server knows."""
        with self._database.transaction() as db:
            journal.continue_after(db, ack)
            meta.drop(db, "unaligned")
            _next_generation(db)

    def highest(self) -> int:
        """The highest sequence number ever given."""
        with self._database.reading() as db:
            return journal.highest(db)

    def generation(self) -> int:
        """Grows whenever sequence numbers get a new meaning or are told again."""
        with self._database.reading() as db:
            return int(meta.get(db, "generation") or 0)

    def pending(self) -> int:
        """How many events the server has not acknowledged."""
        with self._database.reading() as db:
            return journal.pending(db)

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """Every event the server refused."""
        with self._database.reading() as db:
            return journal.dead_letters(db)

    def sync_state(self, *, online: bool) -> SyncState:
        """What the kiosk state says of the journal."""
        with self._database.reading() as db:
            at = meta.get(db, "last_ack_at")
            return SyncState(
                online=online,
                pending=journal.pending(db),
                dead=len(journal.dead_letters(db)),
                last_ack_at=None if at is None else datetime.fromisoformat(at),
            )

    def belong_to(self, kiosk_id: str, now: Moment) -> bool:
        """Note whose ledger this is; True if it was another kiosk's until now.

        A kiosk that was enrolled anew is another one to the server: its old numbers are
        not its own any more, and its events are counted from the beginning.
        """
        with self._database.transaction() as db:
            before = meta.get(db, "kiosk_id")
            if before == kiosk_id:
                return False
            meta.put(db, "kiosk_id", kiosk_id)
            if before is None:
                return False
            day = days.begin(db, self._shelf.timezone(db), now)
            for holding in leases.holdings(db, None, day):
                leases.end(db, holding.lease, "past", day)
            meta.put(db, "unaligned", "1")
            return True

    def staff_called(self, reason: str, now: Moment) -> None:
        """Somebody at the kiosk wants help."""
        event = StaffCalled(at=now.at, clock_trust=now.trust, reason=reason)
        with self._database.transaction() as db:
            journal.append(db, event)
        self._journalled()

    def begin_command(self, command: Command, now: Moment) -> bool:
        """False if it was begun before: each command is carried out once."""
        with self._database.transaction() as db:
            return errands.begin(db, command.command_id, now)

    def command_done(
        self, command_id: UUID, now: Moment, *, ok: bool, detail: str = ""
    ) -> None:
        """Answer a command. Twice is once."""
        with self._database.transaction() as db:
            errands.done(db, command_id, now, ok=ok, detail=detail)
        self._journalled()

    def keep_catalogue(self, catalogue: Catalogue, etag: str, now: Moment) -> None:
        """Keep it for lonely mornings."""
        with self._database.transaction() as db:
            self._shelf.keep(db, catalogue, etag, now)
        directory = self._database.path.parent
        with storing(directory):
            write_copy(directory, catalogue, etag)

    def catalogue(self) -> Catalogue | None:
        """What the office offers, as far as the kiosk has ever heard."""
        with self._database.reading() as db:
            return self._shelf.catalogue(db)

    def catalogue_etag(self) -> str | None:
        with self._database.reading() as db:
            return self._shelf.etag(db)

    def _journalled(self) -> None:
        if self._shared.when_journalled is not None:
            self._shared.when_journalled()


def _next_generation(db: Connection) -> None:
    meta.put(db, "generation", str(int(meta.get(db, "generation") or 0) + 1))
