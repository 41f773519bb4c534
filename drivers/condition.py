"""What a printer's status bytes mean: one condition, whether asked for or unasked.

Law of this file: pure. Bits as in Epson's DLE EOT and GS a; where models differ the
profile's word decides (`presenter`).
"""

from dataclasses import dataclass

from drivers import Cause, Level, Paper
from drivers.replies import Asb


@dataclass(frozen=True, slots=True)
class Condition:
    """What the printer last said of itself."""

    offline: bool = False
    cover_open: bool = False
    paper: Paper = Paper.OK
    cutter: bool = False
    """The autocutter stopped: recoverable, by hand and then DLE ENQ."""
    broken: bool = False
    """Unrecoverable: power-cycle it."""
    error: bool = False
    """Some error, of a kind not told, or one that passes by itself (a hot head)."""

    @property
    def cause(self) -> Cause:
        """The one thing to tell staff first. An open cover explains a missing paper."""
        if self.cover_open:
            return Cause.COVER_OPEN
        if self.broken:
            return Cause.ERROR
        if self.cutter:
            return Cause.CUTTER
        if self.paper is Paper.END:
            return Cause.PAPER_END
        if self.error or self.offline:
            return Cause.OFFLINE
        return Cause.NONE

    @property
    def level(self) -> Level:
        if self.cause is not Cause.NONE:
            return Level.FAULT
        return Level.WARN if self.paper is Paper.NEAR_END else Level.OK

    @property
    def needs_hands(self) -> bool:
        """A fault that does not pass by itself: what is in the buffer stays there."""
        return self.cause not in (Cause.NONE, Cause.OFFLINE)


@dataclass(frozen=True, slots=True)
class RealTime:
    """The four answers to DLE EOT 1 to 4, in order."""

    printer: int
    offline_cause: int
    error_cause: int
    paper: int


def told(answers: RealTime, *, presenter: bool = False) -> Condition:
    """The condition by DLE EOT. On a presenter b6 of the fourth is "not yet taken"."""
    end = 0x20 if presenter else 0x60
    return Condition(
        offline=bool(answers.printer & 0x08),
        cover_open=bool(answers.offline_cause & 0x04),
        paper=_paper(
            end=bool(answers.paper & end) or bool(answers.offline_cause & 0x20),
            near=bool(answers.paper & 0x0C),
        ),
        cutter=bool(answers.error_cause & 0x08),
        broken=bool(answers.error_cause & 0x20),
        error=bool(answers.offline_cause & 0x40) or bool(answers.error_cause & 0x44),
    )


def reported(asb: Asb, *, presenter: bool = False) -> Condition:
    """The condition by an unasked report. On a presenter b3 of byte 3 is the ticket."""
    first, second, third, _ = asb.raw
    return Condition(
        offline=bool(first & 0x08),
        cover_open=bool(first & 0x20),
        paper=_paper(
            end=bool(third & (0x04 if presenter else 0x0C)), near=bool(third & 0x03)
        ),
        cutter=bool(second & 0x08),
        broken=bool(second & 0x20),
        error=bool(second & 0x44),
    )


def _paper(*, end: bool, near: bool) -> Paper:
    if end:
        return Paper.END
    return Paper.NEAR_END if near else Paper.OK
