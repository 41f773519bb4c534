"""Pictograms: SVG files in two colours, drawn sharp in any size."""

from io import BytesIO
from typing import Final

import pygame.image

import assets
from kiosk.ui.palette import Colour

INK: Final = "#000e7a"
TINT: Final = "#e3ecfe"
"""The two colours the files are drawn in; they are exchanged for those asked for."""


def load(name: str, side_px: int, ink: Colour, tint: Colour) -> pygame.Surface:
    """The pictogram of that name as a square; FileNotFoundError if there is none."""
    svg = assets.find(f"pictograms/{name}.svg").read_text(encoding="utf-8")
    svg = svg.replace(INK, hexadecimal(ink)).replace(TINT, hexadecimal(tint))
    return rasterise(svg, side_px, side_px)


def rounded(
    side_px: int, radius: int, fill: Colour, border: Colour | None, border_px: int
) -> pygame.Surface:
    """A square with round corners and, inside its edge, a border; smooth."""
    inset = border_px / 2
    side = side_px - border_px
    stroke = (
        f' stroke="{hexadecimal(border)}" stroke-width="{border_px}"' if border else ""
    )
    return rasterise(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side_px} {side_px}">'
        f'<rect x="{inset}" y="{inset}" width="{side}" height="{side}" '
        f'rx="{max(0.0, radius - inset)}" fill="{hexadecimal(fill)}"{stroke}/></svg>',
        side_px,
        side_px,
    )


def rasterise(svg: str, width: int, height: int) -> pygame.Surface:
    return pygame.image.load_sized_svg(BytesIO(svg.encode()), (width, height))


def hexadecimal(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour[:3])
