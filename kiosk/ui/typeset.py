"""Text that fits: broken between phrases, smaller by defined steps, never too small."""

from dataclasses import dataclass
from typing import Final

from kiosk.ui.measures import Panel
from kiosk.ui.scene import Ruler
from language.breaking import break_lines

STEPS: Final = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62, 0.57, 0.52, 0.47, 0.42)
LEADING: Final = 1.3


@dataclass(frozen=True, slots=True)
class Style:
    """`em` in mm; `leading` is the distance of two lines in em."""

    em: float
    bold: bool = False
    leading: float = LEADING


@dataclass(frozen=True, slots=True)
class Setting:
    """A text set in lines of `size_px`; `fits` is False if it overflows."""

    lines: tuple[str, ...]
    widths: tuple[int, ...]
    size_px: int
    bold: bool
    leading_px: int
    fits: bool

    @property
    def width_px(self) -> int:
        return max(self.widths, default=0)

    @property
    def height_px(self) -> int:
        return self.size_px + self.leading_px * (len(self.lines) - 1)


@dataclass(frozen=True, slots=True)
class Room:
    """How much a text may take: pixels, and lines."""

    width_px: int
    height_px: int
    lines: int


def set_text(
    text: str, language: str, style: Style, room: Room, panel: Panel, ruler: Ruler
) -> Setting:
    """The largest setting of `text` that fits `room`, down to the smallest size."""
    setting = None
    for size in _sizes(style, panel):
        setting = _set(text, language, style, size, room, ruler)
        if setting.fits:
            return setting
    assert setting is not None  # there is at least one size
    return setting


def _sizes(style: Style, panel: Panel) -> list[int]:
    sizes = {panel.em_px(style.em * step) for step in STEPS}
    return sorted(sizes | {panel.em_px(0)}, reverse=True)


def _set(
    text: str, language: str, style: Style, size: int, room: Room, ruler: Ruler
) -> Setting:
    def measure(part: str) -> float:
        return ruler.width(part, size, style.bold)

    if room.lines == 1:
        lines: tuple[str, ...] = (text,)
    else:
        lines = break_lines(text, language, measure, room.width_px)
    widths = tuple(ruler.width(line, size, style.bold) for line in lines)
    leading = round(size * style.leading)
    height = size + leading * (len(lines) - 1)
    fits = (
        len(lines) <= room.lines
        and max(widths, default=0) <= room.width_px
        and height <= room.height_px
    )
    return Setting(lines, widths, size, style.bold, leading, fits)
