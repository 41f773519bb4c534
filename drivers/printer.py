"""A receipt printer that says what it really did.

The order of a ticket: four questions (nothing is sent to a printer that cannot print),
the lines and a fence, the cut and a fence, the four questions again. What fences and
faults say becomes the outcome:

    both fences, no cutter error            PRINTED
    the lines' fence, not the cut's         PRINTED_UNCUT
    a fault before the lines' fence         HELD: the rest waits in the printer's buffer
    silence, or the link broke              UNKNOWN
    refused by the questions                NOT_SENT

`recover` brings a HELD document to an end. The rest in the buffer and a reprint never
both come out: the buffer is emptied first, and the printer says so itself.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from drivers import Cause, Outcome, PrinterStatus, Receipt, Recovery
from drivers.delivery import Delivery
from drivers.line import PrinterLine
from drivers.profile import Fence, Patience, Profile
from drivers.session import Mark
from drivers.transport import Link, LinkBroken

_log = logging.getLogger(__name__)


class EscposPrinter:
    """The port `drivers.Printer` for an ESC/POS printer behind any link.

    `on_change` is called with each new status, also unasked and then on the listening
    thread: it must only pass the news on. The link is kept open and opened again when
    it broke; calling `check` every 30 s keeps it awake. `uncut`: paper of an earlier
    life may hang from the mouth; it is cut off before anything else is printed.
    """

    def __init__(
        self,
        link: Link,
        *,
        profile: Profile,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        on_change: Callable[[PrinterStatus], None],
        patience: Patience = Patience(),  # noqa: B008  # frozen
        uncut: bool = False,
    ) -> None:
        self._profile, self._patience, self._monotonic = profile, patience, monotonic
        self._line = PrinterLine(
            link,
            profile=profile,
            patience=patience,
            now=now,
            monotonic=monotonic,
            on_change=on_change,
            uncut=uncut,
        )
        self._held: Mark | None = None
        """The fence behind the lines of a document that has not come to an end."""
        self._recovering = False

    @property
    def status(self) -> PrinterStatus:
        return self._line.status

    def check(self) -> PrinterStatus:
        line = self._line
        if not line.may_try:
            return line.status
        try:
            cause = line.ask()
            if cause is Cause.CUTTER:
                line.try_cutter_again()
                cause = line.ask()
            if cause is not Cause.NO_LINK and not self._recovering and line.settled:
                self._make_ready(healthy=cause is Cause.NONE)
        except LinkBroken as exc:
            line.broke(exc)
        return line.status

    def print(
        self, document: bytes, *, before_first_byte: Callable[[], None]
    ) -> Receipt:
        ready = self._preflight()
        if isinstance(ready, Cause):
            return Receipt(Outcome.NOT_SENT, ready)
        try:
            delivery = Delivery(self._line, ready, monotonic=self._monotonic)
        except LinkBroken:
            return Receipt(Outcome.NOT_SENT, Cause.NO_LINK)
        before_first_byte()
        receipt = delivery.send(document)
        self._conclude(receipt)
        self._held = delivery.lines
        return receipt

    def recover(self, *, patience: float) -> Recovery:
        until = self._monotonic() + patience
        self._recovering = True
        while True:
            try:
                end = self._try_to_recover()
            except LinkBroken as exc:
                self._line.broke(exc)
                end = Recovery.WAITING
            if end is not Recovery.WAITING:
                self._recovering, self._held = False, None
                _log.info("%s: recovered, %s", self._line.name, end)
                return end
            rest = until - self._monotonic()
            if rest <= 0:
                return Recovery.WAITING
            threading.Event().wait(min(rest, self._patience.poll))

    def close(self) -> None:
        self._line.drop()

    def _preflight(self) -> Fence | Cause:
        """How a document sent now will be confirmed, or why none may be sent."""
        line = self._line
        try:
            cause = line.ask()
            if cause is not Cause.NONE:
                return cause
            if line.in_doubt:
                line.settle()
            return line.prepare() or line.status.cause or Cause.SILENT
        except LinkBroken as exc:
            line.broke(exc)
            return Cause.NO_LINK

    def _make_ready(self, *, healthy: bool) -> None:
        """While nobody waits: empty a doubtful buffer now, not when paper comes."""
        if healthy:
            self._line.prepare()
        elif self._line.in_doubt:
            self._line.clear()

    def _conclude(self, receipt: Receipt) -> None:
        """What the outcome means for the line and the next document."""
        line = self._line
        self._recovering = receipt.outcome is Outcome.HELD
        if receipt.outcome is Outcome.PRINTED:
            line.in_doubt = False
        elif receipt.cause is Cause.SILENT:
            line.drop()  # a late answer must not meet the next question
        elif receipt.cause is Cause.PAPER_END:
            line.uncut = False  # the old roll goes out by hand, and this paper with it
        _log.info("%s: %s %s", line.name, receipt.outcome, receipt.cause)

    def _try_to_recover(self) -> Recovery:
        """One round; LinkBroken when the link ended in it."""
        line = self._line
        if not line.may_try:
            return Recovery.WAITING
        session = line.connect()
        if line.in_doubt and not self._came_out():
            line.clear()
        if self._came_out():
            line.in_doubt, line.uncut = False, True
            return Recovery.REMAINDER_PRINTED if line.prepare() else Recovery.WAITING
        cause = line.ask()
        if cause is Cause.CUTTER:
            line.try_cutter_again()
        if cause is not Cause.NONE or line.connect() is not session:
            return Recovery.WAITING
        if not line.in_doubt:
            return Recovery.EMPTY if line.prepare() else Recovery.WAITING
        # It cannot clear its buffer: the rest comes out by itself now, or is lost.
        session.wait(self._came_out, self._patience.mechanical)
        if self._came_out():
            return Recovery.WAITING  # the next round concludes
        line.uncut = True  # whatever came out of it hangs from the new roll
        return Recovery.UNKNOWN if line.prepare() else Recovery.WAITING

    def _came_out(self) -> bool:
        """Whether the lines of the document being recovered are on paper after all."""
        return self._held is not None and self._held.reached()
