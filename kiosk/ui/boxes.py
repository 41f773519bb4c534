"""What a layout is made of: boxes to draw, back to front, and targets to press."""

from dataclasses import dataclass
from typing import Literal

from kiosk.ui.measures import Rect
from kiosk.ui.palette import Colour

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Plate:
    """A filled rectangle with round corners; `lip` is a darker edge at its foot.

    While the target of the same id is pressed it is filled with `pressed`.
    """

    rect: Rect
    fill: Colour
    radius: int = 0
    border: Colour | None = None
    border_px: int = 0
    lip: Colour | None = None
    lip_px: int = 0
    target: str = ""
    pressed: Colour | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; `x`, `y` is the upper left corner of its em box."""

    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Text:
    """Lines in one size, colour and weight; `ground` is what they are written on."""

    rect: Rect
    lines: tuple[Line, ...]
    size_px: int
    bold: bool
    colour: Colour
    ground: Colour


@dataclass(frozen=True, slots=True)
class Picture:
    """A pictogram of `assets/pictograms`, in two colours."""

    rect: Rect
    name: str
    ink: Colour
    tint: Colour


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code with its quiet zone inside `rect`; modules are whole pixels."""

    rect: Rect
    data: str


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar that shrinks with the time that is left, `fraction` 0 to 1."""

    rect: Rect
    fraction: float
    colour: Colour
    ground: Colour


Box = Plate | Text | Picture | QrCode | Meter


@dataclass(frozen=True, slots=True)
class Target:
    """Where a finger may press; `label` is the text a person reads there."""

    id: str
    label: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class Layout:
    """One screen. `too_long` lists texts that did not fit even in the smallest size."""

    screen: str
    language: str
    width: int
    height: int
    ground: Colour
    boxes: tuple[Box, ...]
    targets: tuple[Target, ...]
    too_long: tuple[str, ...] = ()


def hit(layout: Layout, x: float, y: float) -> str | None:
    """The target under the pixel `x`, `y`; None if nothing is to be pressed there."""
    for target in reversed(layout.targets):
        if target.rect.contains(x, y):
            return target.id
    return None
