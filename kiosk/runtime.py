"""The loop: events in, effects carried out, patience timed, the screen shown.

It runs on the main thread and sleeps until a finger, a device thread, a signal or the
clock has news. It is the only thread that touches the screen; everyone else posts.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event as Flag
from typing import Final
from zoneinfo import ZoneInfo

from drivers import PrinterStatus
from kiosk.clock import Moment
from kiosk.core import flow
from kiosk.core.effects import Effect
from kiosk.core.events import Event, Issued, Touched, Waited, WorldChanged
from kiosk.core.screens import Screen, name_of
from kiosk.core.world import Trouble
from kiosk.store import Store
from kiosk.surroundings import Known, world_of
from kiosk.sync import (
    CatalogueChanged,
    FiguresChanged,
    FindingsChanged,
    News,
    OnlineChanged,
)
from kiosk.ui.boxes import Layout, Target, hit
from kiosk.ui.layout import lay_out
from kiosk.ui.measures import Panel, Rect
from kiosk.ui.press import Finger, Press, follow, pressed
from kiosk.ui.scene import Ruler, Scene
from kiosk.ui.window import Window
from language.words import load
from protocol.messages import Finding

log = logging.getLogger(__name__)

HEARTBEAT: Final = 5.0
"""The loop turns at least this often, so that its silence means something."""


@dataclass(frozen=True, slots=True)
class TouchedFrom:
    """A touch from elsewhere than the glass (the demo's mirror), in 0 to 1."""

    x: float
    y: float
    handled: Flag


Letter = Event | News | PrinterStatus | TouchedFrom


@dataclass(frozen=True, slots=True)
class View:
    """What stands on the screen now; `revision` grows with every new picture."""

    revision: int
    layout: Layout

    @property
    def screen(self) -> str:
        return self.layout.screen

    @property
    def language(self) -> str:
        return self.layout.language

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.layout.targets


@dataclass(frozen=True, slots=True)
class _Pressed:
    """The last procedure button that was pressed, for the rule of the same press."""

    target: str
    rect: Rect
    at: float


class Runtime:
    """One kiosk. `post` may be called by any thread, everything else by the loop's."""

    def __init__(
        self,
        *,
        window: Window,
        panel: Panel,
        ruler: Ruler,
        store: Store,
        known: Known,
        now: Callable[[], Moment],
        monotonic: Callable[[], float],
    ) -> None:
        self._window = window
        self._panel = panel
        self._ruler = ruler
        self._store = store
        self._known = known
        self._now = now
        self._monotonic = monotonic
        self._letters: deque[Letter] = deque()
        self._screen: Screen = flow.start(world_of(known, now().at))
        self._press: Press | None = None
        self._last_button: _Pressed | None = None
        self._timer: float | None = None
        self._minute = monotonic()
        self._stopping = False
        self._view = View(0, self._lay_out())
        self._shown: tuple[Layout, str | None] | None = None
        self._touches: list[TouchedFrom] = []
        self.carry_out: Callable[[Effect], None] = lambda effect: None
        self.after_turn: Callable[[], None] = lambda: None
        self.findings: tuple[Finding, ...] = ()
        self.turned_at = monotonic()

    # Any thread

    def post(self, letter: Letter) -> None:
        """Leave something for the loop and wake it."""
        self._letters.append(letter)
        self._window.wake()

    def stop(self) -> None:
        """End after the turn in hand; also from a signal handler."""
        self._stopping = True
        self._window.wake()

    @property
    def view(self) -> View:
        """What stands on the screen, as one value."""
        return self._view

    @property
    def screen_name(self) -> str:
        return name_of(self._screen)

    @property
    def known(self) -> Known:
        return self._known

    # The loop's thread

    def run(self) -> None:
        """Turn until `stop`."""
        self._show()
        while not self._stopping:
            self.turn(self._window.wait(self._next_instant()))

    def turn(self, fingers: list[Finger]) -> None:
        """Take in what has happened, and show what came of it."""
        self.turned_at = self._monotonic()
        for finger in fingers:
            self._finger(finger)
        self._read_letters()
        self._tell_the_time()
        self._show()
        self.after_turn()

    def wait_for(self, seconds: float) -> None:
        """The effect `Wait`: the one timer starts anew."""
        self._timer = self._monotonic() + seconds

    def in_trouble(self, trouble: Trouble) -> None:
        """The machine itself has found something wrong, or found it mended."""
        self._learn(trouble=trouble)

    def numbers_changed(self) -> None:
        """Count again what can still be issued."""
        self._learn(numbers=self._store.remaining(self._now()))

    # Inside

    def _next_instant(self) -> float:
        instants = [self.turned_at + HEARTBEAT, self._minute]
        if self._timer is not None:
            instants.append(self._timer)
        return min(instants)

    def _finger(self, finger: Finger) -> None:
        if finger.kind == "quit":
            self._stopping = True
            return
        layout = self._view.layout
        self._press, touch = follow(self._press, finger, layout, self._monotonic())
        if touch is not None:
            x, y = finger.x * layout.width, finger.y * layout.height
            self._touch(x, y, touch.target)

    def _touch(self, x: float, y: float, target: str | None) -> None:
        """A finger left the glass at that pixel; `target` is what it pressed."""
        at = self._monotonic()
        last = self._last_button
        if (
            last is not None
            and last.rect.contains(x, y)
            and flow.same_press(self._screen, at - last.at)
        ):
            target = last.target
        elif target is not None and target.startswith("procedure:"):
            rect = next(t.rect for t in self._view.targets if t.id == target)
            self._last_button = _Pressed(target, rect, at)
        self._step(Touched(target, at))

    def _read_letters(self) -> None:
        while self._letters:
            letter = self._letters.popleft()
            match letter:
                case TouchedFrom():
                    self._touch_from(letter)
                case PrinterStatus():
                    self._learn(printer=letter)
                case OnlineChanged(online):
                    self._learn(online=online)
                case CatalogueChanged(catalogue):
                    self._learn(catalogue=catalogue)
                    self.numbers_changed()
                case FiguresChanged(figures):
                    self._learn(figures=figures)
                case FindingsChanged(findings):
                    self.findings = findings
                case Issued():
                    self._step(letter)
                    self.numbers_changed()
                case _ if isinstance(letter, Event):
                    self._step(letter)
                case _:
                    self.numbers_changed()

    def _touch_from(self, touch: TouchedFrom) -> None:
        """Handled once the screen shows what came of it; drawing is for the turn's end,
        when a ticket is already on its way to the printer."""
        self._look()
        layout = self._view.layout
        x, y = touch.x * layout.width, touch.y * layout.height
        self._touch(x, y, hit(layout, x, y))
        self._touches.append(touch)

    def _tell_the_time(self) -> None:
        now = self._monotonic()
        if self._timer is not None and now >= self._timer:
            self._timer = None
            self._step(Waited())
        if now >= self._minute:
            # Offices open, close and change their day on a full minute.
            at = self._now().at
            following = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
            self._minute = now + max(0.05, (following - at).total_seconds())
            self._learn()

    def _learn(self, **facts: object) -> None:
        """Know something new, and let the flow see the world it makes."""
        self._known = replace(self._known, **facts)  # type: ignore[arg-type]
        world = world_of(self._known, self._now().at)
        if world != self._screen.world:
            self._step(WorldChanged(world))

    def _step(self, event: Event) -> None:
        before = name_of(self._screen)
        self._screen, effects = flow.step(self._screen, event)
        if name_of(self._screen) != before:
            log.info("screen %s", name_of(self._screen))
        for effect in effects:
            self.carry_out(effect)

    def _show(self) -> None:
        self._look()
        frame = (self._view.layout, pressed(self._press, self._view.layout))
        if frame != self._shown:
            self._window.present(*frame)
            self._shown = frame
        while self._touches:
            self._touches.pop().handled.set()

    def _look(self) -> None:
        """See what the screen has become, without drawing it yet."""
        layout = self._lay_out()
        if layout != self._view.layout:
            self._view = View(self._view.revision + 1, layout)

    def _lay_out(self) -> Layout:
        return lay_out(
            Scene(
                self._screen,
                self._known.catalogue,
                load(self._screen.language),
                self._local_time(),
                self._panel,
                self._ruler,
            )
        )

    def _local_time(self) -> datetime | None:
        """To the minute, so that nothing is drawn anew each second; None if unsure."""
        moment = self._now()
        if not moment.printable or self._known.catalogue is None:
            return None
        zone = ZoneInfo(self._known.catalogue.timezone)
        return moment.at.astimezone(zone).replace(second=0, microsecond=0)
