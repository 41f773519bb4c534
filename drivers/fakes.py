"""The same devices without hardware, for a laptop and for tests: they behave.

They pass the tests of their originals (tests/drivers/test_ports.py). A fake is used
only where the settings ask for it.
"""

from collections.abc import Callable
from datetime import datetime

from drivers import (
    Cause,
    Level,
    Outcome,
    Paper,
    PrinterStatus,
    Receipt,
    Recovery,
)

_NOT_KNOWING = (Cause.SILENT, Cause.NO_LINK)


class FakePrinter:
    """A printer in memory with a roll, a cover, a cutter and a buffer.

    `paper` holds what came out whole, in order; `torn` what came out in part.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        on_change: Callable[[PrinterStatus], None],
        can_clear: bool = True,
    ) -> None:
        self._now, self._on_change, self._can_clear = now, on_change, can_clear
        self._status = PrinterStatus(
            Level.UNKNOWN, Cause.NO_LINK, Paper.UNKNOWN, since=now()
        )
        self._fault, self._next_fault = Cause.NONE, Cause.NONE
        self._refused = Cause.NONE
        self._near_end = False
        self._rest: bytes | None = None
        self._rest_came_out = False
        self.paper: list[bytes] = []
        self.torn: list[bytes] = []

    @property
    def status(self) -> PrinterStatus:
        return self._status

    def check(self) -> PrinterStatus:
        self._look()
        return self._status

    def print(
        self, document: bytes, *, before_first_byte: Callable[[], None]
    ) -> Receipt:
        self._look()
        refused = self._refused or self._fault
        self._refused = Cause.NONE
        if refused is not Cause.NONE:
            return Receipt(Outcome.NOT_SENT, refused)
        before_first_byte()
        self._rest_came_out = False
        if self._next_fault is Cause.NONE:
            self.paper.append(document)
            return Receipt(Outcome.PRINTED, grade="A-")
        self._fault, self._next_fault = self._next_fault, Cause.NONE
        self._look()
        if self._fault in _NOT_KNOWING:
            return Receipt(Outcome.UNKNOWN, self._fault)
        if self._fault is Cause.CUTTER:
            self.paper.append(document)
            return Receipt(Outcome.PRINTED_UNCUT, self._fault, grade="A")
        self._rest = document
        return Receipt(Outcome.HELD, self._fault)

    def recover(self, *, patience: float) -> Recovery:
        """Its answer is known at once; it never waits."""
        if self._rest_came_out:
            self._rest_came_out = False
            return Recovery.REMAINDER_PRINTED
        if self._rest is not None and self._can_clear:
            self.torn.append(self._rest)
            self._rest = None
        self._look()
        if self._fault is not Cause.NONE:
            return Recovery.WAITING
        return Recovery.EMPTY if self._can_clear else Recovery.UNKNOWN

    def close(self) -> None:
        """Nothing to let go of."""

    def fail(self, cause: Cause) -> None:
        """It has this fault from now on, and says so where a real one would."""
        self._fault = cause
        if cause not in _NOT_KNOWING:
            self._look()

    def fail_in_next(self, cause: Cause) -> None:
        """The fault comes in the middle of the next document."""
        self._next_fault = cause

    def refuse_next(self, cause: Cause) -> None:
        """It takes not a byte of the next document, and is well again after that."""
        self._refused = cause

    def near_end(self, near: bool) -> None:
        """The roll is nearly used up, or a new one is in."""
        self._near_end = near
        self._look()

    def repair(self) -> None:
        """Paper in, cover closed, cutter free, power on: a rest comes out by itself."""
        self._fault = self._next_fault = Cause.NONE
        if self._rest is not None:
            self.paper.append(self._rest)
            self._rest, self._rest_came_out = None, True
        self._look()

    def _look(self) -> None:
        seen = self._seen()
        old = self._status
        if (old.level, old.cause, old.paper) != seen:
            self._status = PrinterStatus(*seen, since=self._now())
            self._on_change(self._status)

    def _seen(self) -> tuple[Level, Cause, Paper]:
        if self._fault in _NOT_KNOWING:
            return Level.UNKNOWN, self._fault, Paper.UNKNOWN
        paper = Paper.NEAR_END if self._near_end else Paper.OK
        if self._fault is Cause.PAPER_END:
            paper = Paper.END
        if self._fault is not Cause.NONE:
            return Level.FAULT, self._fault, paper
        return Level.WARN if self._near_end else Level.OK, Cause.NONE, paper


class FakeButton:
    """A call button that is pressed by calling `press`."""

    def __init__(self) -> None:
        self.when_pressed: Callable[[], None] | None = None

    def press(self) -> None:
        if self.when_pressed is not None:
            self.when_pressed()

    def close(self) -> None:
        self.when_pressed = None


class FakeLamp:
    """A lamp one can look at: `lit`."""

    def __init__(self) -> None:
        self.lit = False

    def on(self) -> None:
        self.lit = True

    def off(self) -> None:
        self.lit = False

    def close(self) -> None:
        self.lit = False


class FakeScanner:
    """A scanner whose codes come from `scan`."""

    def __init__(self, when_read: Callable[[bytes], None] | None = None) -> None:
        self.when_read = when_read
        self._connected = True

    @property
    def connected(self) -> bool:
        return self._connected

    def scan(self, code: bytes) -> None:
        if self._connected and self.when_read is not None:
            self.when_read(code)

    def unplug(self) -> None:
        self._connected = False

    def plug_in(self) -> None:
        self._connected = True

    def close(self) -> None:
        self._connected = False
