"""From fingers to touches: a press counts when it ends where it began.

Pure. One finger at a time: a palm or a second hand changes nothing. A press that began
on one screen never presses what the next screen puts under the finger.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from kiosk.ui.boxes import Layout, hit

LOST_AFTER: Final = 10.0
"""Seconds after which a finger whose lifting was never reported is forgotten."""


@dataclass(frozen=True, slots=True)
class Finger:
    """One report of the panel; `x`, `y` are 0 to 1 of it. `quit` closes the window."""

    kind: Literal["down", "move", "up", "quit"]
    x: float = 0.0
    y: float = 0.0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Press:
    """The finger on the panel: where it went down, and whether it still is there."""

    finger: int
    screen: str
    target: str | None
    inside: bool
    since: float


@dataclass(frozen=True, slots=True)
class Touch:
    """A completed press: on `target`, or outside every target (None)."""

    target: str | None


def follow(
    press: Press | None, finger: Finger, layout: Layout, at: float
) -> tuple[Press | None, Touch | None]:
    """The press after this report, and the touch it completed, if it did.

    `at` is in seconds of a clock that only runs forward.
    """
    below = hit(layout, finger.x * layout.width, finger.y * layout.height)
    if finger.kind == "quit":
        return press, None
    if finger.kind == "down":
        if press and press.finger != finger.id and at - press.since < LOST_AFTER:
            return press, None
        return Press(finger.id, layout.screen, below, True, at), None
    if press is None or press.finger != finger.id:
        return press, None
    inside = below == press.target and layout.screen == press.screen
    if finger.kind == "move":
        return replace(press, inside=inside), None
    return None, Touch(press.target) if inside else None


def pressed(press: Press | None, layout: Layout) -> str | None:
    """The target to draw as pressed."""
    if press is None or not press.inside or press.screen != layout.screen:
        return None
    return press.target
