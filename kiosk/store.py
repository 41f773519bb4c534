"""The kiosk's memory: numbers, tickets and what the server still has to hear.

Each method is one transaction. A number, its ledger row and its `ticket_issued` in the
journal are written together or not at all; the number book follows before any byte goes
to the printer (`kiosk.book` says why in this order).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Self
from uuid import UUID, uuid4

from drivers import Outcome
from kiosk import days, errands, journal, leases, meta, tickets
from kiosk.book import NumberBook
from kiosk.clock import Moment
from kiosk.core import numbers
from kiosk.database import (
    Connection,
    Database,
    LedgerLock,
    StorageTrouble,
)
from kiosk.outbox import Shared
from kiosk.pool import NumberPool
from kiosk.recovery import Recovery, open_ledger
from kiosk.tickets import SHOWN, IssuedTicket, TicketState
from protocol.evidence import outweighs
from protocol.label import label
from protocol.messages import (
    AnyEvent,
    PrintOutcome,
    PrintState,
    TicketIssued,
    TicketVoided,
)

_OUTCOME: dict[Outcome, tuple[TicketState, PrintState]] = {
    Outcome.PRINTED: (TicketState.PRINTED, "printed"),
    Outcome.PRINTED_UNCUT: (TicketState.PRINTED_UNCUT, "printed_uncut"),
    Outcome.HELD: (TicketState.HELD, "held"),
    Outcome.UNKNOWN: (TicketState.UNKNOWN, "unknown"),
    Outcome.NOT_SENT: (TicketState.NOT_SENT, "not_sent"),
}


class NoNumbers(Exception):
    """No number of this series is left, not even in the reserve."""

    def __init__(self, series: str) -> None:
        super().__init__(
            f"no number of series {series} is left: reach the server, or call staff"
        )
        self.series = series


class NoCatalogue(Exception):
    """The kiosk has never heard what the office offers."""


class NotOffered(NoCatalogue):
    """The catalogue has no such procedure (any more), or it issues no tickets."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the last run left behind, settled when the ledger was opened.

    `unknown` were being sent, `voided` had a number and no byte sent, `held` wait for
    the printer and are printed again whole. `uncut`: paper of theirs may still hang
    from the printer's mouth, and the next ticket must not come out joined to it.
    """

    unknown: tuple[IssuedTicket, ...] = ()
    voided: tuple[IssuedTicket, ...] = ()
    held: tuple[IssuedTicket, ...] = ()
    recovery: Recovery | None = None
    uncut: bool = False


class Store(NumberPool):
    """The ledger. `found` says what the last run left behind.

    Any thread may use it; a thread that works much takes a connection of its own with
    `beside`.
    """

    def __init__(self, database: Database, shared: Shared, found: Found) -> None:
        super().__init__(database, shared)
        self.found = found

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        now: Moment,
        new_id: Callable[[], UUID] = uuid4,
        reserve: int | None = None,
        open_book: Callable[[Path], NumberBook] = NumberBook,
    ) -> Self:
        """Open or begin the ledger there, recover it if need be, settle what was left.

        `reserve`: numbers to ask for as each series' reserve (None: as many as usual).
        LedgerInUse if another process has it, LedgerTooNew, StorageFull, LedgerBroken.
        """
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = LedgerLock(directory)
        try:
            book = open_book(directory)
            database, recovery = open_ledger(directory, book, now)
        except BaseException:
            lock.release()
            raise
        store = cls(database, Shared(lock, book, new_id, reserve), Found())
        try:
            store.found = store._settle(recovery, now)
        except BaseException:
            store.close()
            raise
        return store

    def beside(self) -> "Store":
        """The same ledger through a connection of its own, for another thread."""
        return Store(self._database.beside(), self._shared, self.found)

    def close(self) -> None:
        """Close the ledger and let another process have it."""
        self._database.close()
        self._shared.book.close()
        self._shared.lock.release()

    def close_beside(self) -> None:
        """Close this connection only."""
        self._database.close()

    # Tickets

    def issue(
        self,
        procedure: str,
        touch_id: UUID,
        *,
        language: str,
        now: Moment,
        shown: tuple[int, int] | None = None,
        verified: bool = False,
    ) -> IssuedTicket:
        """Take the next number and queue the news of it: both, or neither.

        The same touch gives the same ticket; `touch_id` becomes its `ticket_id`.
        `shown`: minutes from, to, as they stood on the screen. NoNumbers, StorageFull,
        NoCatalogue, NotOffered, TicketEnded (that touch's ticket was given back).
        """
        with self._shared.issuing:
            with self._database.transaction() as db:
                if tickets.find(db, touch_id) is not None:
                    return tickets.get_live(db, touch_id)
                day = days.begin(db, self._shelf.timezone(db), now)
                issued = self._next(
                    db, day, procedure, touch_id, language, now, shown, verified
                )
                tickets.insert(db, issued, day, TicketState.INTENT)
                seq = journal.append(db, issued)
                ticket = tickets.get(db, touch_id)
            self._note(day, seq, issued, now)
        self._journalled()
        return ticket

    def mark_sent(self, ticket_id: UUID, now: Moment) -> None:
        """Bytes go out from now on. TicketEnded if it was given back meanwhile."""
        with self._database.transaction() as db:
            ticket = tickets.get_live(db, ticket_id)
            if outweighs("unknown", SHOWN[ticket.state]):
                # Once there may be paper, a reprint leaves the state as it is.
                tickets.move(db, ticket_id, TicketState.SENT, now.at)
            meta.put(db, meta.UNCUT, "1")

    def paper_hangs(self, hangs: bool) -> None:
        """Whether paper without a ticket, a test slip, may hang from the printer."""
        with self._database.transaction() as db:
            if hangs:
                meta.put(db, meta.UNCUT, "1")
            else:
                meta.drop(db, meta.UNCUT)

    def record_outcome(
        self,
        ticket_id: UUID,
        outcome: Outcome,
        now: Moment,
        *,
        cause: str = "",
        grade: str = "",
        copy_number: int = 0,
    ) -> None:
        """What became of the paper; `copy_number` counts the reprints from 1."""
        state, wire = _OUTCOME[outcome]
        event = PrintOutcome(
            at=now.at,
            clock_trust=now.trust,
            ticket_id=ticket_id,
            outcome=wire,
            cause=cause,
            grade=grade,
            copy_number=copy_number,
        )
        with self._database.transaction() as db:
            ticket = tickets.get(db, ticket_id)
            day = ticket.day
            better = outweighs(wire, SHOWN[ticket.state])
            if better or outcome is not Outcome.NOT_SENT:
                tickets.move(
                    db,
                    ticket_id,
                    state if better else ticket.state,
                    now.at,
                    cause=cause,
                    copy_number=copy_number,
                )
            if outcome is Outcome.PRINTED:
                meta.drop(db, meta.UNCUT)
            journal.append(db, event)
        self._note_later(day, event)
        self._journalled()

    def accept_on_screen(self, ticket_id: UUID, now: Moment) -> None:
        """The visitor takes the number without paper. TicketEnded if given back."""
        event = PrintOutcome(
            at=now.at,
            clock_trust=now.trust,
            ticket_id=ticket_id,
            outcome="not_required",
        )
        with self._database.transaction() as db:
            ticket = tickets.get_live(db, ticket_id)
            tickets.move(db, ticket_id, TicketState.ON_SCREEN, now.at)
            journal.append(db, event)
        self._note_later(ticket.day, event)
        self._journalled()

    def void(
        self,
        ticket_id: UUID,
        reason: Literal["visitor", "not_sent", "staff"],
        now: Moment,
    ) -> None:
        """The ticket no longer counts. Twice is once."""
        with self._database.transaction() as db:
            ticket = tickets.get(db, ticket_id)
            if ticket.voided is not None:
                return
            event = _void(db, ticket, reason, now)
        self._note_later(ticket.day, event)
        self._journalled()

    def ticket(self, ticket_id: UUID) -> IssuedTicket:
        """UnknownTicket if there is none."""
        with self._database.reading() as db:
            return tickets.get(db, ticket_id)

    def held(self) -> tuple[IssuedTicket, ...]:
        """Tickets whose whole is to be printed when the printer is well again."""
        with self._database.reading() as db:
            return tickets.in_state(db, TicketState.HELD)

    def last_ticket(self, now: Moment) -> IssuedTicket | None:
        """The youngest ticket of the business day that was not given back."""
        with self._database.reading() as db:
            return tickets.last(db, days.at(db, self._shelf.timezone(db), now))

    def is_over(self, ticket_id: UUID, now: Moment) -> bool:
        """Whether nobody waits with it any more: given back, or its day is past."""
        with self._database.reading() as db:
            ticket = tickets.get(db, ticket_id)
            today = days.at(db, self._shelf.timezone(db), now)
            return ticket.voided is not None or ticket.day < today

    def out_of_service(self) -> bool:
        """Whether staff took the machine out of service; a restart does not end it."""
        with self._database.reading() as db:
            return meta.get(db, meta.OUT_OF_SERVICE) is not None

    def put_out_of_service(self, out: bool) -> None:
        with self._database.transaction() as db:
            if out:
                meta.put(db, meta.OUT_OF_SERVICE, "1")
            else:
                meta.drop(db, meta.OUT_OF_SERVICE)

    def counts_today(self, now: Moment) -> dict[str, int]:
        """Tickets of the business day by state, those given back as `VOIDED`."""
        with self._database.reading() as db:
            return tickets.counts(db, days.at(db, self._shelf.timezone(db), now))

    def tickets_today(self, now: Moment) -> int:
        """How many numbers were given out on this business day."""
        return sum(self.counts_today(now).values())

    # Inside

    def _next(
        self,
        db: Connection,
        day: date,
        procedure: str,
        touch_id: UUID,
        language: str,
        now: Moment,
        shown: tuple[int, int] | None,
        verified: bool,
    ) -> TicketIssued:
        catalogue = self._shelf.catalogue(db)
        if catalogue is None:
            raise NoCatalogue("no catalogue yet: reach the server once")
        offered = {p.id: p for p in catalogue.issuable()}
        wanted = offered.get(procedure)
        if wanted is None or wanted.series is None:
            raise NotOffered(f"the office offers no {procedure} any more")
        series = catalogue.series_of(wanted.series)
        held = leases.holdings(db, series.id, day)
        # A series may have been changed since the lease was granted.
        inside = [h for h in held if series.first <= h.first and h.last <= series.last]
        holding = numbers.choose(inside, day, trust=now.trust)
        if holding is None:
            raise NoNumbers(series.id)
        serial = int(meta.need(db, "next_serial"))
        meta.put(db, "next_serial", str(serial + 1))
        low, high = shown if shown is not None else (None, None)
        return TicketIssued(
            at=now.at,
            clock_trust=now.trust,
            ticket_id=touch_id,
            serial=serial,
            series=series.id,
            number=holding.next,
            label=label(series, holding.next),
            procedure=procedure,
            preapplied=wanted.preapplied,
            verified=verified,
            language=language,
            lease=holding.lease,
            shown_low=low,
            shown_high=high,
        )

    def _note(self, day: date, seq: int, issued: TicketIssued, now: Moment) -> None:
        """Write the ticket into the book, or void it: then nobody gets the number."""
        book = self._shared.book
        try:
            if not book.is_open_for(day):
                with self._database.reading() as db:
                    held = leases.holdings(db, None, day)
                self._note_leases(day, held)
            book.note_ticket(day, seq, issued)
        except StorageTrouble:
            # Without room even for this, the next start voids it: no byte was sent.
            with suppress(StorageTrouble), self._database.transaction() as db:
                _void(db, tickets.get(db, issued.ticket_id), "not_sent", now)
            raise

    def _note_later(self, day: date, event: PrintOutcome | TicketVoided) -> None:
        # The ledger has it; the book only helps if the ledger is lost.
        with suppress(StorageTrouble):
            if self._shared.book.is_open_for(day):
                self._shared.book.note_later(day, event)

    def _settle(self, recovery: Recovery | None, now: Moment) -> Found:
        """What the last run left: decided now, before anybody touches the screen."""
        with self._database.transaction() as db:
            day = days.begin(db, self._shelf.timezone(db), now)
            unknown = tickets.in_state(db, TicketState.SENT)
            for ticket in unknown:
                tickets.move(
                    db, ticket.ticket_id, TicketState.UNKNOWN, now.at, cause="restart"
                )
                journal.append(db, _unknown(ticket, now))
            unsent = (
                *tickets.in_state(db, TicketState.INTENT),
                *tickets.in_state(db, TicketState.NOT_SENT),
            )
            for ticket in unsent:
                _void(db, ticket, "not_sent", now)
            errands.give_up_begun(db, now)
            kept = leases.holdings(db, None, day)
            found = Found(
                tuple(tickets.get(db, t.ticket_id) for t in unknown),
                tuple(tickets.get(db, t.ticket_id) for t in unsent),
                tickets.in_state(db, TicketState.HELD, day),
                recovery,
                meta.get(db, meta.UNCUT) is not None,
            )
        if kept:
            # A crash may have come between the ledger and the book.
            self._note_leases(day, kept)
        return found


def _void(
    db: Connection,
    ticket: IssuedTicket,
    reason: Literal["visitor", "not_sent", "staff"],
    now: Moment,
) -> TicketVoided:
    tickets.void(db, ticket.ticket_id, reason, now.at)
    event = TicketVoided(
        at=now.at, clock_trust=now.trust, ticket_id=ticket.ticket_id, reason=reason
    )
    journal.append(db, event)
    return event


def _unknown(ticket: IssuedTicket, now: Moment) -> AnyEvent:
    return PrintOutcome(
        at=now.at,
        clock_trust=now.trust,
        ticket_id=ticket.ticket_id,
        outcome="unknown",
        cause="restart",
        copy_number=ticket.copy_number,
    )
