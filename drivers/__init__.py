"""Hardware ports, their adapters and the simulators that ship with them.

Law of this room: drivers speak device, not ticket. They take bytes and give back what
the device really did. Each vendor library has one door: python-escpos and pyserial in
`transport`, gpiozero in `pins`. Nothing falls back to a fake because hardware is
missing; a fake is used only when the settings ask for it. `sim` shares no code with the
driver.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class DeviceError(Exception):
    """A device cannot be used; the sentence says what a technician should do."""


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAULT = "fault"
    UNKNOWN = "unknown"


class Paper(StrEnum):
    OK = "ok"
    NEAR_END = "near_end"
    END = "end"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a printer is not ready, or why a document did not come out."""

    NONE = ""
    PAPER_END = "paper_end"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter_jam"
    ERROR = "error"
    """An unrecoverable error: head, voltage, wiring; needs a power cycle."""
    OFFLINE = "offline"
    SILENT = "silent"
    """It takes bytes (or does not) and answers nothing: neither healthy nor faulty."""
    NO_LINK = "no_link"
    """It cannot be reached, or the connection broke."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """`since` is when level, cause or paper last changed."""

    level: Level
    cause: Cause
    paper: Paper
    since: datetime


class Outcome(StrEnum):
    """What became of a document, by the printer's own word."""

    PRINTED = "printed"
    PRINTED_UNCUT = "printed_uncut"
    HELD = "held"
    """A fault was seen after the first byte; the rest is in the printer's buffer."""
    UNKNOWN = "unknown"
    """Silence or a broken link after the first byte."""
    NOT_SENT = "not_sent"
    """Nothing was sent: no paper can have come out."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`grade` is the strength of the evidence, empty when there is none.

    `A-` fences and cutter, `A` the lines alone, `B` GS r, `C` no fault seen.
    """

    outcome: Outcome
    cause: Cause = Cause.NONE
    grade: str = ""


class Recovery(StrEnum):
    """Where a HELD document stands."""

    WAITING = "waiting"
    """The fault is still there (or the buffer could not yet be cleared)."""
    EMPTY = "empty"
    """The buffer is provably empty and the printer ready: print the whole again."""
    REMAINDER_PRINTED = "remainder_printed"
    """The rest was printed after all, before a clear; the paper may be torn."""
    UNKNOWN = "unknown"
    """The printer cannot say what is in its buffer; a person has to look."""


class Printer(Protocol):
    """A receipt printer. One thread calls it; `status` may be read by any."""

    @property
    def status(self) -> PrinterStatus:
        """The last known state; never blocks and never asks the device."""

    def check(self) -> PrinterStatus:
        """Open the link if need be and ask the device now; takes about a second."""

    def print(
        self, document: bytes, *, before_first_byte: Callable[[], None]
    ) -> Receipt:
        """Print, cut and confirm; returns within about 12 seconds.

        `document` is everything from the text to the last line, without prologue, cut
        and fences, which are the driver's. `before_first_byte` is called after the
        preflight and before anything of the document goes out; if it raises, nothing is
        sent.
        """

    def recover(self, *, patience: float) -> Recovery:
        """Bring a HELD document to an end; waits at most `patience` seconds."""

    def close(self) -> None: ...


class CallButton(Protocol):
    """The button that calls staff.

    `when_pressed` is set by its owner and called on any thread.
    """

    when_pressed: Callable[[], None] | None

    def close(self) -> None: ...


class MouthLamp(Protocol):
    """The lamp at the paper mouth."""

    def on(self) -> None: ...

    def off(self) -> None: ...

    def close(self) -> None: ...


class Scanner(Protocol):
    """A 2D scanner: `when_read` gets each whole code as bytes, called on any thread."""

    when_read: Callable[[bytes], None] | None

    @property
    def connected(self) -> bool: ...

    def close(self) -> None: ...
