"""The print desk: one thread owns the printer and notes what became of each ticket.

The order of things is what makes a power cut harmless: the ledger says SENT before
the first byte, and the outcome after the printer's own word. A HELD ticket stays on
the desk: the printer's buffer is emptied, and when paper is back the whole ticket is
printed again with its number, marked 再発行. The rest in the buffer and a reprint
never both come out.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Final, Protocol
from uuid import UUID

from drivers import Cause, Outcome, Printer, PrinterStatus, Receipt, Recovery
from kiosk.clock import Moment
from kiosk.core.events import Event, PrintEnded, StaffAnswered
from kiosk.core.screens import Ticket
from kiosk.database import StorageTrouble
from kiosk.tickets import TicketEnded

log = logging.getLogger(__name__)

IDLE_CHECK: Final = 30.0
"""Seconds between questions to a healthy, idle printer."""
TROUBLE_CHECK: Final = 1.0
"""Seconds between questions while something is wrong or held."""


class Records(Protocol):
    """What the desk writes down; each call is durable when it returns."""

    def mark_sent(self, ticket_id: UUID, now: Moment) -> None: ...

    def record_outcome(
        self,
        ticket_id: UUID,
        outcome: Outcome,
        now: Moment,
        *,
        cause: str,
        grade: str,
        copy_number: int,
    ) -> None: ...

    def paper_hangs(self, hangs: bool) -> None: ...

    def is_over(self, ticket_id: UUID, now: Moment) -> bool: ...

    def command_done(
        self, command_id: UUID, now: Moment, *, ok: bool, detail: str = ""
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """Print this ticket. `copy_number` 0 is the first paper, more are 再発行.

    `for_staff` at the machine and `command_id` of the server say who waits for the
    outcome; otherwise it is the visitor.
    """

    ticket: Ticket
    language: str
    copy_number: int = 0
    for_staff: bool = False
    command_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DropOrder:
    """Nobody wants paper for this ticket any more; a held part must not come out."""

    ticket_id: UUID


@dataclass(frozen=True, slots=True)
class TrialOrder:
    """A test slip: never a ticket, never counted."""

    language: str


@dataclass(frozen=True, slots=True)
class StopOrder:
    """Finish what is in hand and end."""


Order = PrintOrder | DropOrder | TrialOrder | StopOrder


@dataclass(frozen=True, slots=True)
class _Held:
    """Something the printer has a part of. Without an order nobody wants it whole."""

    order: PrintOrder | None


@dataclass(frozen=True, slots=True)
class _Result:
    order: PrintOrder
    receipt: Receipt
    at: Moment


class PrintDesk:
    """Takes orders from any thread; `run` is the body of its own."""

    def __init__(
        self,
        printer: Printer,
        records: Records,
        *,
        ticket_document: Callable[[Ticket, str, int], bytes],
        test_document: Callable[[str], bytes],
        now: Callable[[], Moment],
        post: Callable[[Event], None],
        held: tuple[PrintOrder, ...] = (),
    ) -> None:
        self._printer = printer
        self._records = records
        self._ticket_document = ticket_document
        self._test_document = test_document
        self._now = now
        self._post = post
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._held = tuple(_Held(order) for order in held)
        self._unwritten: tuple[_Result, ...] = ()

    @property
    def status(self) -> PrinterStatus:
        return self._printer.status

    def submit(self, order: Order) -> None:
        """Put an order on the desk; returns at once."""
        self._orders.put(order)

    def run(self) -> None:
        """Work until a `StopOrder`; a fault of one turn does not end the next."""
        while True:
            try:
                if not self.turn(self._patience()):
                    return
            except Exception:
                log.exception("the print desk goes on after a fault")

    def turn(self, patience: float) -> bool:
        """Carry out the next order, waiting at most `patience` seconds for one.

        Returns False once it was told to stop.
        """
        self._write_down_the_rest()
        try:
            order = self._orders.get(timeout=patience)
        except Empty:
            self._look_after_the_printer()
            return True
        match order:
            case PrintOrder():
                self._carry_out(order)
            case DropOrder(ticket_id):
                self._drop(ticket_id)
            case TrialOrder(language):
                self._test(language)
            case StopOrder():
                return False
        if self._held:
            # At once: the buffer must be empty before anybody can put paper in.
            self._recover(patience=0.0)
        return True

    def _patience(self) -> float:
        well = self._printer.status.cause is Cause.NONE
        if well and not self._held and not self._unwritten:
            return IDLE_CHECK
        return TROUBLE_CHECK

    def _look_after_the_printer(self) -> None:
        if self._held:
            self._recover(patience=TROUBLE_CHECK)
        else:
            self._printer.check()

    def _carry_out(self, order: PrintOrder) -> None:
        if self._held:
            self._recover(patience=0.0)
        if self._held:
            # The printer still holds another ticket's rest: nothing may follow it.
            receipt = Receipt(Outcome.NOT_SENT, self._printer.status.cause)
            self._finish(order, receipt)
            return
        self._print(order)

    def _print(self, order: PrintOrder, held: PrintOrder | None = None) -> None:
        """Print it. `held`: the order to keep if not even a byte of it can be sent."""
        ticket = order.ticket
        document = self._ticket_document(ticket, order.language, order.copy_number)
        try:
            receipt = self._printer.print(
                document,
                before_first_byte=lambda: self._records.mark_sent(
                    ticket.ticket_id, self._now()
                ),
            )
        except StorageTrouble:
            log.exception("ticket %s was not printed: no storage", ticket.label)
            receipt = Receipt(Outcome.NOT_SENT)
        except TicketEnded:
            # Given back while it waited here; whoever did that knows.
            self._tell_staff(order, ok=False, answer="nothing")
            return
        if held is not None and receipt.outcome is Outcome.NOT_SENT:
            self._held += (_Held(held),)
            return
        self._finish(order, receipt)

    def _finish(self, order: PrintOrder, receipt: Receipt) -> None:
        if receipt.outcome is Outcome.HELD:
            self._held += (_Held(order),)
        self._write(_Result(order, receipt, self._now()))
        self._tell(order, receipt)

    def _tell(self, order: PrintOrder, receipt: Receipt) -> None:
        done = receipt.outcome in (Outcome.PRINTED, Outcome.PRINTED_UNCUT)
        if not self._tell_staff(order, ok=done, answer=receipt.outcome.value):
            self._post(
                PrintEnded(
                    order.ticket.ticket_id,
                    receipt.outcome.value,
                    receipt.cause.value,
                    reprint=order.copy_number > 0,
                )
            )

    def _tell_staff(self, order: PrintOrder, *, ok: bool, answer: str) -> bool:
        """Whether it was the staff, here or at the counter, who waited for it."""
        if order.command_id is not None:
            self._records.command_done(
                order.command_id, self._now(), ok=ok, detail=answer
            )
        elif order.for_staff:
            self._post(StaffAnswered(answer))
        return order.command_id is not None or order.for_staff

    def _write(self, result: _Result) -> None:
        """Durable, or kept to be written as soon as the disk takes it again."""
        try:
            self._records.record_outcome(
                result.order.ticket.ticket_id,
                result.receipt.outcome,
                result.at,
                cause=result.receipt.cause.value,
                grade=result.receipt.grade,
                copy_number=result.order.copy_number,
            )
        except StorageTrouble:
            log.exception("an outcome waits for storage")
            self._unwritten += (result,)

    def _write_down_the_rest(self) -> None:
        waiting, self._unwritten = self._unwritten, ()
        for result in waiting:
            self._write(result)

    def _recover(self, *, patience: float) -> None:
        match self._printer.recover(patience=patience):
            case Recovery.WAITING:
                return
            case Recovery.EMPTY:
                held, self._held = self._held, ()
                for one in held:
                    if one.order is not None:
                        self._print_whole(one.order)
            case Recovery.REMAINDER_PRINTED | Recovery.UNKNOWN:
                # Perhaps all of it is on paper, in two parts: a person has to look.
                self._settle(Receipt(Outcome.UNKNOWN, self._printer.status.cause))

    def _print_whole(self, order: PrintOrder) -> None:
        """The buffer is empty: print the held ticket again, if it still counts."""
        ticket_id = order.ticket.ticket_id
        if self._records.is_over(ticket_id, self._now()):
            log.info("ticket %s is over and stays unprinted", order.ticket.label)
            return
        self._print(replace(order, copy_number=order.copy_number + 1), held=order)

    def _settle(self, receipt: Receipt) -> None:
        held, self._held = self._held, ()
        for one in held:
            if one.order is not None:
                self._finish(one.order, receipt)

    def _drop(self, ticket_id: UUID) -> None:
        self._held = tuple(
            _Held(None)
            if one.order is not None and one.order.ticket.ticket_id == ticket_id
            else one
            for one in self._held
        )

    def _test(self, language: str) -> None:
        if self._held:
            self._recover(patience=0.0)
        if self._held:
            self._post(StaffAnswered(Outcome.NOT_SENT.value))
            return
        try:
            receipt = self._printer.print(
                self._test_document(language),
                before_first_byte=lambda: self._records.paper_hangs(True),
            )
            if receipt.outcome is Outcome.PRINTED:
                self._records.paper_hangs(False)
        except StorageTrouble:
            log.exception("the test slip was not noted")
            receipt = Receipt(Outcome.NOT_SENT)
        if receipt.outcome is Outcome.HELD:
            self._held += (_Held(None),)
        self._post(StaffAnswered(receipt.outcome.value))
