"""A scene as a picture, without a window: for tests, documentation and the mirror."""

from io import BytesIO

import pygame

from kiosk.ui.draw import Painter
from kiosk.ui.layout import lay_out
from kiosk.ui.scene import Scene


def render(scene: Scene, painter: Painter, pressed: str | None = None) -> bytes:
    """The scene as PNG, in the pixels of its panel."""
    surface = pygame.Surface((scene.panel.width_px, scene.panel.height_px), depth=32)
    painter.draw(surface, lay_out(scene), pressed)
    return png(surface)


def png(surface: pygame.Surface) -> bytes:
    out = BytesIO()
    pygame.image.save(surface, out, "frame.png")
    return out.getvalue()
