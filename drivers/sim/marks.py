"""What the print head is asked to do: lines of ink, cuts, marks in the queue.

Everything is measured in dots (203 dpi, 8 to the millimetre). Values only.
"""

from dataclasses import dataclass
from typing import Final

DOTS_PER_MM: Final = 8


@dataclass(frozen=True, slots=True)
class Style:
    """How a character is printed; `width` and `height` multiply its cell."""

    width: int = 1
    height: int = 1
    bold: bool = False
    underline: int = 0
    inverse: bool = False
    smooth: bool = False


PLAIN: Final = Style()


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character in its cell, at `x` in its line."""

    x: int
    char: str
    cell_width: int
    cell_height: int
    style: Style = PLAIN
    own_shape: bytes = b""
    """外字: 24 columns of three bytes, registered by the host."""
    gap: int = 0
    """What stays free to its right."""

    @property
    def width(self) -> int:
        return self.cell_width * self.style.width

    @property
    def height(self) -> int:
        return self.cell_height * self.style.height


@dataclass(frozen=True, slots=True)
class Picture:
    """Dots: `rows` is packed, first dot in the highest bit, whole bytes a row."""

    x: int
    width: int
    height: int
    rows: bytes
    qr: str | None = None
    """What a QR code drawn by the printer itself says."""


Ink = Glyph | Picture


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of the paper with what is printed on the way.

    `height` is how far the paper moves, `left` where the ink's x = 0 lies. `begin` and
    `end` are places in the stream of received bytes: what was sent to make this line.
    """

    height: int
    ink: tuple[Ink, ...] = ()
    left: int = 0
    text: str = ""
    upside_down: bool = False
    begin: int = 0
    end: int = 0

    @property
    def tallest(self) -> int:
        return max((ink.height for ink in self.ink), default=0)

    @property
    def whole(self) -> bool:
        """A line of characters is finished even when the paper's end is seen."""
        return any(isinstance(ink, Glyph) for ink in self.ink)

    @property
    def qr(self) -> tuple[str, ...]:
        pictures = (ink for ink in self.ink if isinstance(ink, Picture))
        return tuple(picture.qr for picture in pictures if picture.qr is not None)


@dataclass(frozen=True, slots=True)
class Cut:
    """The knife; `partial` leaves one point uncut."""

    partial: bool
    begin: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Fence:
    """GS ( H fn 48: answered when everything before it is on paper."""

    name: bytes
    begin: int = 0
    end: int = 0


Motion = Line | Cut | Fence
