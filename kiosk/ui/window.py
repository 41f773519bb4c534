"""The one door to the panel: frames go out, fingers come in.

Everything but `wake` and `frame_png` belongs to the thread that made the window. SDL is
told to install no signal handlers, so the process's own stay in force.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

import pygame

from kiosk.ui.boxes import Layout
from kiosk.ui.draw import Painter
from kiosk.ui.fonts import Fonts
from kiosk.ui.measures import Panel, Rect
from kiosk.ui.press import Finger
from kiosk.ui.render import png
from kiosk.ui.waiter import INPUTS, Waiter, sockets

Video = Literal["kmsdrm", "wayland", "x11", "dummy"]
Turn = Literal[0, 90, 180, 270]
MOUSE = -1
"""The finger id of a mouse."""
_TAKEN = (
    pygame.FINGERDOWN,
    pygame.FINGERMOTION,
    pygame.FINGERUP,
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEMOTION,
    pygame.MOUSEBUTTONUP,
    pygame.QUIT,
    pygame.WINDOWEXPOSED,
)


def video_of(wanted: str, environ: Mapping[str, str]) -> Video:
    """`auto` takes the display that is there, and draws offscreen without one."""
    match wanted:
        case "kmsdrm" | "wayland" | "x11" | "dummy":
            return wanted
        case _ if environ.get("DISPLAY"):
            return "x11"
        case _ if environ.get("WAYLAND_DISPLAY"):
            return "wayland"
        case _:
            return "dummy"


class NoDisplay(RuntimeError):
    """The display could not be opened; says which driver and why."""


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """`turn`: degrees the picture is turned clockwise for a panel mounted on its side.

    `scale` shrinks a window that stands on a desk's screen; 1 on the real panel.
    """

    video: Video
    panel: Panel
    fullscreen: bool = True
    turn: Turn = 0
    scale: float = 1.0
    title: str = "整理券"


class Window:
    """The panel; `fonts` and `painter` are its own, to be shared in its thread."""

    def __init__(
        self, settings: VideoSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self.fonts = Fonts()
        self.painter = Painter(self.fonts)
        panel = settings.panel
        self._frame = pygame.Surface((panel.width_px, panel.height_px), depth=32)
        self._frame_lock = Lock()
        before = sockets()
        self._display = _open(settings)
        _listen()
        on_server = settings.video in ("x11", "wayland")
        self._waiter: Waiter[Finger] = Waiter(
            self._fingers,
            clock,
            ears=tuple(sockets() - before) if on_server else (),
            inputs=_inputs(settings.video),
            expects_input=settings.video != "dummy",
        )

    @property
    def sleeps(self) -> int:
        """How often the loop went to sleep so far."""
        return self._waiter.sleeps

    def wait(self, until: float) -> list[Finger]:
        """Fingers, or nothing when woken or when the clock reaches `until`."""
        return self._waiter.wait(until)

    def wake(self) -> None:
        """Let `wait` return; from any thread, after putting news on a queue."""
        self._waiter.wake()

    def present(self, layout: Layout, pressed: str | None = None) -> None:
        """Draw and show; call it when something changed, not otherwise."""
        with self._frame_lock:
            self.painter.draw(self._frame, layout, pressed)
        self._show()

    def frame_png(self) -> bytes:
        """The frame on the panel, unturned; from any thread, encoded when asked."""
        with self._frame_lock:
            copy = self._frame.copy()
        return png(copy)

    def close(self) -> None:
        self._waiter.close()
        pygame.display.quit()

    def _show(self) -> None:
        picture = self._frame
        if self._settings.turn:
            picture = pygame.transform.rotate(picture, -self._settings.turn)
        place = fitted(picture.get_size(), self._display.get_size())
        if picture.get_size() != (place.w, place.h):
            picture = pygame.transform.smoothscale(picture, (place.w, place.h))
        self._display.blit(picture, (place.x, place.y))
        pygame.display.flip()

    def _fingers(self) -> list[Finger]:
        fingers = []
        exposed = False
        size, turn = self._display.get_size(), self._settings.turn
        frame = self._frame.get_size()
        place = fitted(frame[::-1] if turn in (90, 270) else frame, size)
        for event in pygame.event.get():
            exposed = exposed or event.type == pygame.WINDOWEXPOSED
            finger = finger_of(event, size, place, turn)
            if finger is not None:
                fingers.append(finger)
        if exposed:
            self._show()
        return fingers


def fitted(picture: tuple[int, int], display: tuple[int, int]) -> Rect:
    """Where a picture stands on a display: as large as it goes, in the middle."""
    scale = min(display[0] / picture[0], display[1] / picture[1])
    w, h = round(picture[0] * scale), round(picture[1] * scale)
    return Rect((display[0] - w) // 2, (display[1] - h) // 2, w, h)


def finger_of(
    event: pygame.Event, size: tuple[int, int], place: Rect, turn: Turn = 0
) -> Finger | None:
    """What an event says about a finger; a mouse counts as one, its left button only.

    `size` is that of the display, `place` where the picture stands on it. SDL makes
    mouse events of touches too: those are dropped, or one tap would be two.
    """
    said = _reported(event, size)
    if said is None or said.kind == "quit":
        return said
    x = (said.x * size[0] - place.x) / place.w
    y = (said.y * size[1] - place.y) / place.h
    return _turned(said.kind, x, y, said.id, turn)


def _reported(event: pygame.Event, size: tuple[int, int]) -> Finger | None:
    match event.type:
        case pygame.QUIT:
            return Finger("quit")
        case pygame.FINGERDOWN:
            return Finger("down", event.x, event.y, event.finger_id)
        case pygame.FINGERMOTION:
            return Finger("move", event.x, event.y, event.finger_id)
        case pygame.FINGERUP:
            return Finger("up", event.x, event.y, event.finger_id)
        case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP if (
            event.button == 1 and not event.touch
        ):
            kind: Literal["down", "up"] = (
                "down" if event.type == pygame.MOUSEBUTTONDOWN else "up"
            )
            return Finger(kind, event.pos[0] / size[0], event.pos[1] / size[1], MOUSE)
        case pygame.MOUSEMOTION if event.buttons[0] and not event.touch:
            return Finger("move", event.pos[0] / size[0], event.pos[1] / size[1], MOUSE)
        case _:
            return None


def _turned(
    kind: Literal["down", "move", "up"], x: float, y: float, id: int, turn: Turn
) -> Finger:
    """From the panel's own coordinates to those of the turned picture."""
    match turn:
        case 90:
            x, y = y, 1 - x
        case 180:
            x, y = 1 - x, 1 - y
        case 270:
            x, y = 1 - y, x
    return Finger(kind, x, y, id)


def _open(settings: VideoSettings) -> pygame.Surface:
    os.environ["SDL_VIDEODRIVER"] = settings.video
    # One finger must not be a mouse as well, and a mouse no finger.
    os.environ["SDL_TOUCH_MOUSE_EVENTS"] = "0"
    os.environ["SDL_MOUSE_TOUCH_EVENTS"] = "0"
    os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"
    if settings.video == "x11":
        # Frames are drawn here, so OpenGL would only copy them: without a graphics card
        # that took 6 ms a frame and 95 MB.
        os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "0"
    panel = settings.panel
    wide = round(panel.width_px * settings.scale)
    high = round(panel.height_px * settings.scale)
    size = (high, wide) if settings.turn in (90, 270) else (wide, high)
    if settings.fullscreen and settings.video != "dummy":
        size = (0, 0)  # whatever the display has
    try:
        pygame.display.init()
        pygame.display.set_caption(settings.title)
        flags = pygame.FULLSCREEN if settings.fullscreen else 0
        display = pygame.display.set_mode(size, flags)
    except pygame.error as exc:
        raise NoDisplay(
            f"the display driver {settings.video} cannot show a window: {exc}; "
            "check the cable, or set video in the kiosk's settings"
        ) from exc
    if settings.fullscreen:
        _hide_cursor()
    return display


def _hide_cursor() -> None:
    """An empty cursor: a hidden one reports wrong coordinates on some drivers."""
    empty = pygame.Surface((8, 8), pygame.SRCALPHA)
    pygame.mouse.set_cursor(pygame.Cursor((0, 0), empty))


def _listen() -> None:
    pygame.event.set_blocked(None)
    pygame.event.set_allowed(list(_TAKEN))


def _inputs(video: Video) -> Path | None:
    return INPUTS if video == "kmsdrm" and INPUTS.is_dir() else None
