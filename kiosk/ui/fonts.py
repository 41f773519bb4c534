"""The screen's fonts: opened once per size and kept, since opening one costs."""

from functools import lru_cache
from typing import Final

import pygame.font

import assets

FILES: Final = {
    False: "fonts/BIZUDPGothic-Regular.ttf",
    True: "fonts/BIZUDPGothic-Bold.ttf",
}
KEPT: Final = 64
"""Fonts kept open; a panel uses about thirty sizes."""
LARGE_PX: Final = 100
"""Texts larger than this are drawn anew each time: it is a number, another for every
visitor, whose picture takes a megabyte to keep and a tenth of a millisecond to draw."""


class Fonts:
    """BIZ UDPGothic in every size, and the widths and pictures of texts in it."""

    def __init__(self) -> None:
        pygame.font.init()
        self.font = lru_cache(maxsize=KEPT)(self._open)
        self.width = lru_cache(maxsize=4096)(self._width)
        self._kept = lru_cache(maxsize=256)(self._render)

    def rendered(
        self, text: str, size_px: int, bold: bool, colour: tuple[int, int, int]
    ) -> pygame.Surface:
        """The text as a picture with a clear ground."""
        draw = self._render if size_px > LARGE_PX else self._kept
        return draw(text, size_px, bold, colour)

    def _open(self, size_px: int, bold: bool) -> pygame.font.Font:
        return pygame.font.Font(assets.find(FILES[bold]), size_px)

    def _width(self, text: str, size_px: int, bold: bool) -> int:
        """Pixels."""
        return self.font(size_px, bold).size(text)[0]

    def _render(
        self, text: str, size_px: int, bold: bool, colour: tuple[int, int, int]
    ) -> pygame.Surface:
        return self.font(size_px, bold).render(text, True, colour)
