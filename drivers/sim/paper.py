"""The roll, the paper between head and mouth, and the sheets that come out.

A strip is a line, or the part of it that really was printed before something happened.
A sheet is what came out of the mouth between two cuts, or a torn remainder. Pure.
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.sim.marks import DOTS_PER_MM, Line


class How(StrEnum):
    """How a sheet was parted from the roll."""

    CUT = "cut"
    PARTIAL = "partial"
    """Cut but for one point, which holds it in the mouth."""
    TORN = "torn"


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows `top` to `bottom` of a line, as they lie on the paper."""

    line: Line
    top: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def readable(self) -> bool:
        """Everything the line has to say is on this strip."""
        return self.top == 0 and self.bottom >= self.line.tallest


@dataclass(frozen=True, slots=True)
class Sheet:
    """`source` are the bytes that made it; `at` seconds since the epoch."""

    id: int
    strips: tuple[Strip, ...]
    how: How
    source: bytes
    at: float

    @property
    def torn(self) -> bool:
        return self.how is How.TORN

    @property
    def dots(self) -> int:
        return sum(strip.height for strip in self.strips)

    @property
    def length_mm(self) -> float:
        return round(self.dots / DOTS_PER_MM, 1)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of text that are whole on this sheet, empty ones left out."""
        return tuple(s.line.text for s in self.strips if s.readable and s.line.text)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def qr(self) -> tuple[str, ...]:
        """What the QR codes say that are whole on this sheet."""
        return tuple(qr for s in self.strips if s.readable for qr in s.line.qr)


class Path:
    """The paper from the print head forward; the last `to_cutter` dots are inside."""

    def __init__(self, to_cutter: int) -> None:
        self.to_cutter = to_cutter
        self.load()

    def load(self) -> None:
        """A new roll: its beginning lies between head and mouth, blank."""
        self.strips: list[Strip] = [Strip(Line(self.to_cutter), 0, self.to_cutter)]

    def advance(self, strip: Strip) -> None:
        if strip.height > 0:
            self.strips.append(strip)

    @property
    def printed(self) -> bool:
        return any(strip.line.ink for strip in self.strips)

    @property
    def hanging(self) -> tuple[Strip, ...]:
        """What is past the knife, uncut."""
        return self._parted()[0]

    def part(self) -> tuple[Strip, ...]:
        """Take off what is past the knife; the rest stays, to begin the next sheet."""
        gone, self.strips = self._parted()
        return gone

    def _parted(self) -> tuple[tuple[Strip, ...], list[Strip]]:
        inside = self.to_cutter
        outside = list(self.strips)
        kept: list[Strip] = []
        while outside and inside > 0:
            last = outside.pop()
            if last.height > inside:
                middle = last.bottom - inside
                outside.append(Strip(last.line, last.top, middle))
                last = Strip(last.line, middle, last.bottom)
            kept.insert(0, last)
            inside -= last.height
        return tuple(outside), kept

    def pull_out(self) -> tuple[Strip, ...]:
        """Take off everything, as when the end of a roll is drawn out of the mouth."""
        gone = tuple(self.strips)
        self.strips = []
        return gone
