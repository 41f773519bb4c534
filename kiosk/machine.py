"""The machine put together: devices, ledger, threads and the loop, from the settings.

The order of starting is what a visitor sees of it: ledger, first frame from the cached
catalogue, then printer, agent and network. Nothing waits for the network.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Event as Flag
from time import monotonic
from typing import Final
from uuid import uuid4

import requests

from drivers import Cause, Level, Paper, PrinterStatus
from drivers.profile import PROFILES
from kiosk import devices
from kiosk import identity as identities
from kiosk.clock import FLOOR, Clock, system_evidence
from kiosk.commands import CommandLine
from kiosk.core.events import StaffButtonPressed
from kiosk.devices import AtThePins
from kiosk.endpoint import Agent, AgentApp, Route
from kiosk.hands import Hands, Pin, ticket_of
from kiosk.identity import Identity
from kiosk.line import Line
from kiosk.orders import Orders
from kiosk.pin import is_right
from kiosk.printing import PrintDesk, PrintOrder, StopOrder
from kiosk.report import Reporter
from kiosk.runtime import Runtime, TouchedFrom, View
from kiosk.settings import Pins, Settings
from kiosk.slips import Slips
from kiosk.store import Store
from kiosk.surroundings import Known
from kiosk.sync import LeasesChanged, Sync
from kiosk.ui.measures import Panel
from kiosk.ui.window import VideoSettings, Window, video_of
from kiosk.vitals import Doctor, ask_vcgencmd
from kiosk.watchdog import Watchdog
from protocol.messages import Finding, KioskState

log = logging.getLogger(__name__)

TURN_OF_A_THREAD: Final = 0.0005
"""Seconds a thread may keep Python to itself while another waits. With the usual 5 ms
the screen being drawn would hold up the ticket at every step of its way."""
TOUCH_PATIENCE: Final = 5.0
"""Seconds until a touch from elsewhere counts as not handled."""
PRINT_PATIENCE: Final = 20.0
"""Seconds a print in hand has when the machine is told to stop."""


def system_now() -> datetime:
    """Here the clock enters the kiosk."""
    return datetime.now(UTC)  # noqa: TID251


class Face:
    """The running kiosk as the mirror sees it; safe on any thread."""

    def __init__(
        self, window: Window, runtime: Runtime, at_pins: AtThePins, pins: Pins
    ) -> None:
        self._window = window
        self._runtime = runtime
        self._simulator = at_pins.simulator
        self._pins = pins

    def view(self) -> View:
        return self._runtime.view

    def frame_png(self) -> bytes:
        return self._window.frame_png()

    def touch(self, x: float, y: float) -> bool:
        """A finger down and up there, in 0 to 1; whether the loop has handled it."""
        handled = Flag()
        self._runtime.post(TouchedFrom(x, y, handled))
        return handled.wait(TOUCH_PATIENCE)

    def lamp_is_lit(self) -> bool | None:
        """The lamp at the paper mouth; None if its pins are real or it has none."""
        if self._simulator is None:
            return None
        return self._simulator.is_lit(self._pins.mouth_lamp)

    def press_call_button(self) -> bool:
        """The button beside the screen; False if its pins are real or it has none."""
        if self._simulator is None:
            return False
        self._simulator.press(self._pins.call_button)
        return True


ExtraRoutes = Callable[[Face], Iterable[Route]]


def run(
    settings: Settings,
    *,
    findings: tuple[Finding, ...] = (),
    extra_routes: ExtraRoutes = lambda face: (),
    when_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT; returns when all is written down and closed."""
    sys.setswitchinterval(TURN_OF_A_THREAD)
    with ExitStack() as closing:
        _Machine(settings, findings, closing).run(extra_routes, when_ready)


class _Machine:
    """One start of one kiosk; `closing` undoes everything in reverse order."""

    def __init__(
        self, settings: Settings, findings: tuple[Finding, ...], closing: ExitStack
    ) -> None:
        self._settings = settings
        self._closing = closing
        data = settings.data_dir
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        evidence = system_evidence(rtc=settings.clock.rtc)
        self._clock = Clock(system_now, monotonic, data / FLOOR, evidence)
        self._now = self._clock.now
        self._store = Store.open(
            data, now=self._now(), reserve=settings.numbers.reserve
        )
        closing.callback(self._store.close)
        self._identity = identities.load(data)
        if self._identity is not None:
            self._store.belong_to(self._identity.kiosk_id, self._now())
        self._findings = (*findings, *self._found())
        self._window, self._runtime = self._open_window()
        self._desk = self._open_desk()
        self._sync = self._open_sync()
        self._scanner = devices.scanner(settings.scanner, monotonic=monotonic)
        self._at_pins = self._open_pins()
        self._runtime.carry_out = self._hands().carry_out
        self._reporter = self._open_reporter()
        self._watchdog = Watchdog(os.environ)

    def run(self, extra_routes: ExtraRoutes, when_ready: Callable[[], None]) -> None:
        pins = self._settings.pins
        face = Face(self._window, self._runtime, self._at_pins, pins)
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, lambda *_: self._runtime.stop())
        self._serve(extra_routes(face))
        self._runtime.after_turn = self._after_turn
        self._runtime.turn([])
        self._start_threads()
        self._watchdog.ready()
        when_ready()
        self._runtime.run()
        self._watchdog.stopping()

    # Putting together

    def _found(self) -> tuple[Finding, ...]:
        """What the last run left, for a technician to know."""
        at, found = self._now().at, self._store.found
        texts: list[tuple[str, str]] = []
        if found.recovery is not None:
            texts.append(("ledger_recovered", "the ledger was damaged and rebuilt"))
        if found.unknown:
            labels = ", ".join(ticket.label for ticket in found.unknown)
            texts.append(("print_unknown", f"stopped while printing {labels}"))
        if self._identity is None:
            texts.append(("not_enrolled", "run seiriken-kiosk provision"))
        elif self._identity.restored:
            texts.append(("identity_restored", "identity.json was damaged"))
        return tuple(
            Finding(code=code, level="warn", text=text, since=at)
            for code, text in texts
        )

    def _open_window(self) -> tuple[Window, Runtime]:
        screen = self._settings.screen
        panel = Panel(screen.width, screen.height, screen.px_per_mm)
        video = VideoSettings(
            video_of(screen.video, os.environ), panel, screen.fullscreen, screen.turn
        )
        window = Window(video, monotonic)
        self._closing.callback(window.close)
        known = Known(
            catalogue=self._store.catalogue(),
            figures=None,
            online=False,
            # Until it has been asked nothing speaks against it: a press will tell.
            printer=PrinterStatus(Level.OK, Cause.NONE, Paper.UNKNOWN, self._now().at),
            trouble="staff" if self._store.out_of_service() else "",
            enrolled=self._identity is not None,
            numbers=self._store.remaining(self._now()),
        )
        runtime = Runtime(
            window=window,
            panel=panel,
            ruler=window.fonts,
            store=self._store,
            known=known,
            now=self._now,
            monotonic=monotonic,
        )
        return window, runtime

    def _open_desk(self) -> PrintDesk:
        printing = self._settings.printer
        printer = devices.printer(
            printing,
            now=lambda: self._now().at,
            monotonic=monotonic,
            on_change=self._runtime.post,
            uncut=self._store.found.uncut,
        )
        self._closing.callback(printer.close)
        slips = Slips(
            catalogue=lambda: self._runtime.known.catalogue,
            kiosk_id=self._identity.kiosk_id if self._identity else "",
            profile=PROFILES[printing.profile],
            now=self._now,
        )
        held = tuple(
            PrintOrder(
                ticket_of(ticket, self._url_of(ticket.serial)),
                ticket.language,
                ticket.copy_number,
            )
            for ticket in self._store.found.held
        )
        return PrintDesk(
            printer,
            self._store_beside(),
            ticket_document=slips.ticket,
            test_document=slips.test,
            now=self._now,
            post=self._runtime.post,
            held=held,
        )

    def _open_sync(self) -> Sync | None:
        if self._identity is None:
            return None
        sync = Sync(
            self._store_beside(),
            self._line(self._identity),
            self._clock,
            self._runtime.post,
            self._state if self._settings.server.push_state else None,
        )
        self._store.when_journalled(sync.nudge)
        return sync

    def _open_pins(self) -> AtThePins:
        at_pins = devices.at_the_pins(self._settings.pins, monotonic=monotonic)
        self._closing.callback(at_pins.lamp.close)
        if at_pins.button is not None:
            pressed = partial(self._runtime.post, StaffButtonPressed())
            at_pins.button.when_pressed = pressed
            self._closing.callback(at_pins.button.close)
        return at_pins

    def _hands(self) -> Hands:
        pin = partial(is_right, kept=self._settings.staff.pin)
        return Hands(
            store=self._store,
            desk=self._desk,
            lamp=self._at_pins.lamp,
            pin=Pin(pin, monotonic),
            now=self._now,
            new_id=uuid4,
            url_of=self._url_of,
            turn_service=self._turn_service,
            wait=self._runtime.wait_for,
            post=self._runtime.post,
        )

    def _open_reporter(self) -> Reporter:
        doctor = Doctor(self._settings.data_dir, monotonic, ask_vcgencmd)
        return Reporter(
            runtime=self._runtime,
            store=self._store,
            identity=self._identity,
            boot_id=_boot_id(),
            version=version("seiriken"),
            scanner=self._scanner_state,
            vitals=doctor.read,
            now=self._now,
            monotonic=monotonic,
            findings=self._findings,
        )

    # Running

    def _serve(self, extra_routes: Iterable[Route]) -> None:
        """The agent; without enrolment there is no token, so nobody may ask."""
        token = self._identity.enrolled.state_token if self._identity else uuid4().hex
        app = AgentApp(self._reporter.snapshot, token, monotonic, extra_routes)
        agent = Agent(app, self._settings.agent.host, self._settings.agent.port)
        agent.start()
        self._closing.callback(agent.close)

    def _start_threads(self) -> None:
        desk = threading.Thread(target=self._desk.run, name="print desk", daemon=True)
        desk.start()
        self._closing.callback(desk.join, PRINT_PATIENCE)
        self._closing.callback(self._desk.submit, StopOrder())
        if self._sync is None or self._identity is None:
            return
        sync = threading.Thread(target=self._sync.run, name="sync", daemon=True)
        sync.start()
        self._closing.callback(sync.join, PRINT_PATIENCE)
        self._closing.callback(self._sync.stop)
        store = self._store_beside()
        orders = Orders(
            store=store,
            desk=self._desk,
            url_of=self._url_of,
            now=self._now,
            refresh=self._sync.refresh,
            numbers_changed=partial(self._runtime.post, LeasesChanged()),
        )
        commands = CommandLine(
            store, self._line(self._identity), self._clock, orders.carry_out
        )
        # Its poll may stay open for half a minute: it is not waited for.
        threading.Thread(target=commands.run, name="commands", daemon=True).start()
        self._closing.callback(commands.stop)

    def _after_turn(self) -> None:
        self._reporter.update()
        self._watchdog.turned(self._runtime.screen_name)

    # What the parts ask of each other

    def _store_beside(self) -> Store:
        """A connection of its own for a thread of its own."""
        store = self._store.beside()
        self._closing.callback(store.close_beside)
        return store

    def _state(self) -> KioskState:
        return self._reporter.snapshot().state

    def _line(self, identity: Identity) -> Line:
        return Line(
            requests.Session(),
            self._settings.server.url,
            identity.enrolled.credential,
            self._clock.learn,
        )

    def _url_of(self, serial: int) -> str:
        """The ticket page; a ticket is issued only by an enrolled kiosk."""
        catalogue = self._runtime.known.catalogue
        if self._identity is None or catalogue is None:
            return ""
        return self._identity.ticket_url(catalogue.public_url, serial)

    def _turn_service(self) -> bool:
        out = not self._store.out_of_service()
        self._store.put_out_of_service(out)
        self._runtime.in_trouble("staff" if out else "")
        return out

    def _scanner_state(self) -> str:
        if self._scanner is None:
            return devices.NO_SCANNER
        return "ok" if self._scanner.connected else "fault"


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
