"""A layout becomes pixels. Everything costly is kept, in caches with an end."""

from functools import lru_cache

import pygame
import qrcode
import qrcode.constants

from kiosk.ui import pictograms
from kiosk.ui.boxes import Box, Layout, Meter, Picture, Plate, QrCode, Text
from kiosk.ui.fonts import Fonts
from kiosk.ui.measures import Rect
from kiosk.ui.palette import WHITE, Colour

QUIET: int = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""


class Painter:
    """Draws layouts; one per process, from one thread."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._pictogram = lru_cache(maxsize=96)(pictograms.load)
        self._corners = lru_cache(maxsize=48)(pictograms.rounded)
        self._qr = lru_cache(maxsize=2)(qr_picture)
        self._veil = lru_cache(maxsize=2)(_veil)

    def draw(
        self, surface: pygame.Surface, layout: Layout, pressed: str | None = None
    ) -> None:
        """Draw all of it; the plates of the target `pressed` look pressed."""
        surface.fill(layout.ground)
        for box in layout.boxes:
            self._box(surface, box, pressed)

    def _box(self, surface: pygame.Surface, box: Box, pressed: str | None) -> None:
        match box:
            case Plate():
                self._plate(surface, box, bool(box.target) and box.target == pressed)
            case Text(size_px=size, bold=bold, colour=colour):
                for line in box.lines:
                    picture = self._fonts.rendered(line.text, size, bold, colour[:3])
                    surface.blit(picture, (line.x, line.y))
            case Picture(rect=rect, name=name, ink=ink, tint=tint):
                surface.blit(self._pictogram(name, rect.w, ink, tint), (rect.x, rect.y))
            case QrCode(rect=rect, data=data):
                picture = self._qr(data, min(rect.w, rect.h))
                x = rect.x + (rect.w - picture.get_width()) // 2
                y = rect.y + (rect.h - picture.get_height()) // 2
                surface.blit(picture, (x, y))
            case Meter(rect=rect, fraction=fraction):
                self._rounded(surface, rect, rect.h // 2, box.ground)
                left = Rect(rect.x, rect.y, round(rect.w * fraction), rect.h)
                if left.w >= left.h:
                    self._rounded(surface, left, rect.h // 2, box.colour)

    def _plate(self, surface: pygame.Surface, plate: Plate, pressed: bool) -> None:
        rect, lip = plate.rect, plate.lip_px
        if len(plate.fill) == 4:
            surface.blit(self._veil(rect.w, rect.h, plate.fill), (rect.x, rect.y))
            return
        fill = plate.pressed if pressed and plate.pressed else plate.fill
        if plate.lip and not pressed:
            low = Rect(rect.x, rect.y + lip, rect.w, rect.h - lip)
            self._rounded(surface, low, plate.radius, plate.lip)
            rect = Rect(rect.x, rect.y, rect.w, rect.h - lip)
        self._rounded(surface, rect, plate.radius, fill, plate.border, plate.border_px)

    def _rounded(
        self,
        surface: pygame.Surface,
        rect: Rect,
        radius: int,
        fill: Colour,
        border: Colour | None = None,
        border_px: int = 0,
    ) -> None:
        """Four smooth corners from one small picture, straight edges between them."""
        radius = min(radius, rect.w // 2, rect.h // 2)
        edge = border or fill
        surface.fill(edge, (rect.x + radius, rect.y, rect.w - 2 * radius, rect.h))
        surface.fill(edge, (rect.x, rect.y + radius, rect.w, rect.h - 2 * radius))
        if border:
            inner = max(radius, border_px)
            thick = border_px
            surface.fill(
                fill,
                (
                    rect.x + inner,
                    rect.y + thick,
                    rect.w - 2 * inner,
                    rect.h - 2 * thick,
                ),
            )
            surface.fill(
                fill,
                (
                    rect.x + thick,
                    rect.y + inner,
                    rect.w - 2 * thick,
                    rect.h - 2 * inner,
                ),
            )
        if radius < 1:
            return
        corners = self._corners(2 * radius, radius, fill, border, border_px)
        far_x, far_y = rect.x + rect.w - radius, rect.y + rect.h - radius
        for x, y, from_x, from_y in (
            (rect.x, rect.y, 0, 0),
            (far_x, rect.y, radius, 0),
            (rect.x, far_y, 0, radius),
            (far_x, far_y, radius, radius),
        ):
            surface.blit(corners, (x, y), (from_x, from_y, radius, radius))


def _veil(width: int, height: int, fill: Colour) -> pygame.Surface:
    """One opacity for the whole surface: much faster to lay over than one per pixel."""
    veil = pygame.Surface((width, height), depth=32)
    veil.fill(fill[:3])
    veil.set_alpha(fill[3] if len(fill) == 4 else 255)
    return veil


def qr_picture(data: str, side_px: int) -> pygame.Surface:
    """The code with its quiet zone, as large as whole modules fit `side_px`."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET
    )
    code.add_data(data)
    code.make(fit=True)
    matrix = code.get_matrix()
    module = max(1, side_px // len(matrix))
    picture = pygame.Surface((module * len(matrix), module * len(matrix)))
    picture.fill(WHITE)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                picture.fill((0, 0, 0), (column * module, row * module, module, module))
    return picture
