"""Everything a picture of the kiosk depends on, as one value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.core.screens import Screen
from kiosk.ui.measures import Panel
from language.words import Words
from protocol.catalogue import Catalogue, Procedure


class Ruler(Protocol):
    """Tells how wide a text is."""

    def width(self, text: str, size_px: int, bold: bool) -> int:
        """Pixels."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """`words` are those of the screen's language; `now` is local, None if not trusted.

    `catalogue` is None until the kiosk has one.
    """

    screen: Screen
    catalogue: Catalogue | None
    words: Words
    now: datetime | None
    panel: Panel
    ruler: Ruler

    def procedure(self, id: str) -> Procedure | None:
        """None if a new catalogue no longer knows it."""
        if self.catalogue is None:
            return None
        return next((p for p in self.catalogue.procedures if p.id == id), None)
