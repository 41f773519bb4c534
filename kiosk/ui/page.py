"""A page being laid out: areas in mm go in, boxes in pixels come out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kiosk.core.screens import name_of
from kiosk.ui.boxes import (
    Align,
    Box,
    Layout,
    Line,
    Meter,
    Picture,
    Plate,
    QrCode,
    Target,
    Text,
)
from kiosk.ui.measures import Area, Panel, Rect
from kiosk.ui.palette import INK, MIST, WHITE, Colour
from kiosk.ui.scene import Scene
from kiosk.ui.typeset import Room, Setting, Style, set_text

CORNER: Final = 2.4
EDGE: Final = 0.5
LIP: Final = 0.9
"""Radius, border and foot of what can be pressed: mm on the smallest panel."""

Stand = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a plate to press looks."""

    fill: Colour
    pressed: Colour
    border: Colour
    ink: Colour
    lip: Colour


class Page:
    """Collects the boxes and targets of one screen, back to front."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.panel: Panel = scene.panel
        self.whole = Area(0, 0, scene.panel.width, scene.panel.height)
        self.unit = scene.panel.unit
        self._boxes: list[Box] = []
        self._targets: list[Target] = []
        self._too_long: list[str] = []

    def say(self, key: str, **values: object) -> str:
        """The text `kiosk.<key>` in the screen's language."""
        return self.scene.words.text(f"kiosk.{key}", **values)

    def style(
        self, em: float, *, bold: bool = False, leading: float | None = None
    ) -> Style:
        """A style whose `em` (mm on the smallest panel) grows with the panel."""
        if leading is None:
            return Style(em * self.unit, bold)
        return Style(em * self.unit, bold, leading)

    def plate(
        self,
        area: Area,
        fill: Colour,
        *,
        radius: float = 0,
        border: Colour | None = None,
        border_mm: float = 0,
    ) -> None:
        self._boxes.append(
            Plate(
                area.on(self.panel),
                fill,
                self.panel.px(radius),
                border,
                max(1, self.panel.px(border_mm)) if border else 0,
            )
        )

    def press(self, area: Area, id: str, label: str, look: Look) -> None:
        """A plate that answers to the finger."""
        rect = area.on(self.panel)
        px = self.panel.px
        self._boxes.append(
            Plate(
                rect,
                look.fill,
                px(CORNER * self.unit),
                look.border,
                max(2, px(EDGE * self.unit)),
                look.lip,
                px(LIP * self.unit),
                id,
                look.pressed,
            )
        )
        self._targets.append(Target(id, label, rect))

    def target(self, area: Area, id: str, label: str) -> None:
        """A target that shows nothing."""
        self._targets.append(Target(id, label, area.on(self.panel)))

    def picture(
        self, area: Area, name: str, ink: Colour = INK, tint: Colour = WHITE
    ) -> None:
        """A pictogram as large as fits, in the middle of `area`."""
        side = min(area.w, area.h)
        rect = area.centred(side, side).on(self.panel)
        self._boxes.append(Picture(rect, name, ink, tint))

    def qr(self, area: Area, data: str) -> None:
        self._boxes.append(QrCode(area.on(self.panel), data))

    def meter(
        self, area: Area, fraction: float, colour: Colour, ground: Colour
    ) -> None:
        bounded = min(1.0, max(0.0, fraction))
        self._boxes.append(Meter(area.on(self.panel), bounded, colour, ground))

    def set(
        self, text: str, style: Style, width: float, height: float, lines: int = 1
    ) -> Setting:
        """Set `text` to fit `width` × `height` mm and that many lines."""
        # Settings are tried and thrown away: only what is put can be too long.
        room = Room(self.panel.px(width), self.panel.px(height), lines)
        scene = self.scene
        return set_text(
            text, scene.words.language, style, room, self.panel, scene.ruler
        )

    def put(
        self,
        setting: Setting,
        area: Area,
        *,
        colour: Colour = INK,
        ground: Colour = MIST,
        align: Align = "left",
        stand: Stand = "middle",
    ) -> Area:
        """Place a set text in `area`; answers the area the lines take."""
        rect = area.on(self.panel)
        free = rect.h - setting.height_px
        top = rect.y + {"top": 0, "middle": free // 2, "bottom": free}[stand]
        lines = []
        for index, (line, width) in enumerate(
            zip(setting.lines, setting.widths, strict=True)
        ):
            room = rect.w - width
            x = rect.x + {"left": 0, "centre": room // 2, "right": room}[align]
            lines.append(Line(line, x, top + index * setting.leading_px))
        # Two areas may round to a pixel less than one.
        if not setting.fits or free < -1:
            self._too_long.append("".join(setting.lines))
        left = min((line.x for line in lines), default=rect.x)
        taken = Rect(left, top, setting.width_px, setting.height_px)
        self._boxes.append(
            Text(taken, tuple(lines), setting.size_px, setting.bold, colour, ground)
        )
        mm = self.panel.px_per_mm
        return Area(taken.x / mm, taken.y / mm, taken.w / mm, taken.h / mm)

    def fill(self, text: str, width: float, height: float) -> Setting:
        """One bold line as large as `width` × `height` mm allow."""
        room = Room(self.panel.px(width), self.panel.px(height), 1)
        size = room.height_px
        wide = self.scene.ruler.width(text, size, True)
        if wide > room.width_px:
            size = size * room.width_px // wide
        # Hinting rounds: one size below may be needed.
        while self.scene.ruler.width(text, size, True) > room.width_px:
            size -= 1
        wide = self.scene.ruler.width(text, size, True)
        fits = size >= self.panel.em_px(0)
        return Setting((text,), (wide,), size, True, size, fits)

    def text(
        self,
        area: Area,
        text: str,
        style: Style,
        *,
        lines: int = 1,
        colour: Colour = INK,
        ground: Colour = MIST,
        align: Align = "left",
        stand: Stand = "middle",
    ) -> Area:
        """Set and place in one go."""
        setting = self.set(text, style, area.w, area.h, lines)
        return self.put(
            setting, area, colour=colour, ground=ground, align=align, stand=stand
        )

    def height(self, setting: Setting) -> float:
        """Millimetres."""
        return setting.height_px / self.panel.px_per_mm

    def width(self, setting: Setting) -> float:
        """Millimetres."""
        return setting.width_px / self.panel.px_per_mm

    def over(self, boxes: Sequence[Box]) -> None:
        """Start from another picture, without its targets."""
        self._boxes.extend(boxes)

    def layout(self) -> Layout:
        return Layout(
            name_of(self.scene.screen),
            self.scene.words.language,
            self.panel.width_px,
            self.panel.height_px,
            MIST,
            tuple(self._boxes),
            tuple(self._targets),
            tuple(self._too_long),
        )
