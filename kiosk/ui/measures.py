"""Millimetres and pixels: the panel, areas to lay out in, and the sizes people need.

Screens are laid out in millimetres: fingers and eyes do not know pixels. Sources: Colle
& Hiszem 2004 and Duff 2010 for targets, Section 508 402.4 for the smallest text.
"""

from dataclasses import dataclass
from typing import Final

TARGET_MM: Final = 20.0
"""The smallest side of anything to press."""
PROCEDURE_MM: Final = 30.0
"""The smallest height of a procedure's button."""
GAP_MM: Final = 3.0
"""Between two targets."""
APART_MM: Final = 8.0
"""Between a target that gives a number back and one that keeps it."""
STAFF_CORNER_MM: Final = 15.0
"""The hidden corner; smaller than a button since only staff look for it."""
CAP_MM: Final = 4.8
"""The smallest capital letter on any screen."""
CAP_OF_EM: Final = 0.765
"""Height of a capital in BIZ UDPGothic, of its em (1567 of 2048 units)."""


@dataclass(frozen=True, slots=True)
class Rect:
    """Whole pixels of the screen."""

    x: int
    y: int
    w: int
    h: int

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    def within(self, other: "Rect") -> bool:
        return (
            other.x <= self.x
            and other.y <= self.y
            and self.x + self.w <= other.x + other.w
            and self.y + self.h <= other.y + other.h
        )

    def meets(self, other: "Rect") -> bool:
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )


@dataclass(frozen=True, slots=True)
class Panel:
    """One display, upright or lying: its pixels, and how many of them make 1 mm."""

    width_px: int
    height_px: int
    px_per_mm: float

    @property
    def width(self) -> float:
        """Millimetres."""
        return self.width_px / self.px_per_mm

    @property
    def height(self) -> float:
        """Millimetres."""
        return self.height_px / self.px_per_mm

    @property
    def upright(self) -> bool:
        return self.height_px > self.width_px

    @property
    def unit(self) -> float:
        """How much larger than on the smallest panel everything is: 1 to 1.65."""
        return min(1.65, max(1.0, min(self.width, self.height) / 135))

    def px(self, mm: float) -> int:
        return round(mm * self.px_per_mm)

    def em_px(self, em: float) -> int:
        """The font size for an em of that many mm, never below the smallest text."""
        smallest = CAP_MM / CAP_OF_EM * self.px_per_mm
        return max(round(em * self.px_per_mm), int(smallest) + 1)


PORTRAIT_21: Final = Panel(1080, 1920, 4.03)
"""A 21.5-inch panel, upright."""
LANDSCAPE_10: Final = Panel(1280, 800, 5.9)
"""A 10.1-inch panel."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in millimetres that can be cut into smaller ones."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def inset(self, dx: float, dy: float | None = None) -> "Area":
        dy = dx if dy is None else dy
        return Area(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)

    def top(self, h: float) -> "Area":
        return Area(self.x, self.y, self.w, h)

    def below(self, h: float) -> "Area":
        """What is left when `h` is cut off the top."""
        return Area(self.x, self.y + h, self.w, self.h - h)

    def foot(self, h: float) -> "Area":
        return Area(self.x, self.bottom - h, self.w, h)

    def above(self, h: float) -> "Area":
        """What is left when `h` is cut off the bottom."""
        return Area(self.x, self.y, self.w, self.h - h)

    def left(self, w: float) -> "Area":
        return Area(self.x, self.y, w, self.h)

    def after(self, w: float) -> "Area":
        """What is left when `w` is cut off the left."""
        return Area(self.x + w, self.y, self.w - w, self.h)

    def centred(self, w: float, h: float) -> "Area":
        return Area(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    def grid(self, columns: int, rows: int, gap: float) -> tuple["Area", ...]:
        """Equal cells, row by row."""
        w = (self.w - gap * (columns - 1)) / columns
        h = (self.h - gap * (rows - 1)) / rows
        return tuple(
            Area(self.x + column * (w + gap), self.y + row * (h + gap), w, h)
            for row in range(rows)
            for column in range(columns)
        )

    def on(self, panel: Panel) -> Rect:
        """The same in pixels; neighbours share their edges."""
        x, y = panel.px(self.x), panel.px(self.y)
        return Rect(x, y, panel.px(self.right) - x, panel.px(self.bottom) - y)
