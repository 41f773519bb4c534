"""The real kiosk without a window: flow, hands, ledger, print desk, driver and line.

What `kiosk.machine` puts together, but for pygame and the agent; what stands in for the
screen is `screen`, and a touch is an event that is posted. Time, links and marks are
handed in.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Final
from uuid import uuid4

import requests

from bench.proofs.marks import Board, Mark, MarkedRecords, MarkedStore
from drivers import Cause, Level, Paper, PrinterStatus
from drivers.fakes import FakeLamp
from drivers.printer import EscposPrinter
from drivers.profile import EPSON, Patience
from drivers.transport import Link
from kiosk import identity as identities
from kiosk.clock import Clock
from kiosk.core import flow
from kiosk.core.events import Event, Issued, Waited, WorldChanged
from kiosk.core.screens import Screen
from kiosk.hands import Hands, Pin, ticket_of
from kiosk.line import Line
from kiosk.news import CatalogueChanged, FiguresChanged, News, OnlineChanged
from kiosk.printing import PrintDesk, PrintOrder
from kiosk.slips import Slips
from kiosk.surroundings import Known, world_of
from kiosk.sync import Sync

BRISK: Final = Patience(preflight=2.0, probe=2.0, mechanical=1.0, poll=0.05)
"""For a printer that answers at once, on a machine that may be busy with other work."""
DESK_TURN: Final = 0.05
"""Seconds the print desk waits for an order before it looks after the printer."""

Letter = Event | News | PrinterStatus


@dataclass(frozen=True, slots=True)
class Setting:
    """Where one kiosk lives and what it is connected to. `reserve` as in `Store`."""

    data: Path
    server: str
    now: Callable[[], datetime]
    link: Link
    board: Board
    reserve: int = 400
    patience: Patience = BRISK


class NoNews(Exception):
    """The kiosk waited for an answer that did not come."""


class Kiosk:
    """One process' life of a kiosk. `start` runs desk and line on their threads."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._letters: SimpleQueue[Letter] = SimpleQueue()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        # The machine has a clock chip: the day is known without network.
        self.clock = Clock(
            setting.now, monotonic, setting.data / "clock.json", lambda: "rtc"
        )
        self.now = self.clock.now
        self.store = MarkedStore.at(
            setting.data, setting.board, now=self.now(), reserve=setting.reserve
        )
        identity = identities.load(setting.data)
        assert identity is not None, "the kiosk of a proof is enrolled first"
        self._identity = identity
        self.known = Known(
            catalogue=self.store.catalogue(),
            figures=None,
            online=False,
            printer=PrinterStatus(Level.OK, Cause.NONE, Paper.UNKNOWN, setting.now()),
            trouble="",
            enrolled=True,
            numbers=self.store.remaining(self.now()),
        )
        self.screen: Screen = flow.start(world_of(self.known, setting.now()))
        self.desk = self._open_desk()
        self.sync = self._open_sync()
        self._hands = self._open_hands()

    def start(self, *, online: bool = True) -> None:
        """Let the print desk work, and the line to the server if there is one."""
        self._on_thread("print desk", self._work_at_the_desk)
        if online:
            self.store.when_journalled(self.sync.nudge)
            self._on_thread("sync", self.sync.run)
        self._setting.board.put(Mark.READY)

    def close(self) -> None:
        """End the threads and let another life have the ledger."""
        self._stopping.set()
        self.sync.stop()
        for thread in self._threads:
            thread.join()
        self._printer.close()
        self.store.close()

    def post(self, letter: Letter) -> None:
        """Any thread."""
        self._letters.put(letter)

    def turn(self, patience: float) -> bool:
        """Take in one letter; False if none came within `patience` seconds."""
        try:
            letter = self._letters.get(timeout=patience)
        except Empty:
            return False
        match letter:
            case PrinterStatus():
                self._learn(printer=letter)
            case OnlineChanged(online):
                self._learn(online=online)
            case CatalogueChanged(catalogue):
                self._learn(catalogue=catalogue)
                self.count_numbers()
            case FiguresChanged(figures):
                self._learn(figures=figures)
            case Issued():
                self.step(letter)
                self.count_numbers()
            case _ if isinstance(letter, Event):
                self.step(letter)
            case _:
                self.count_numbers()
        return True

    def until(self, true: Callable[[Screen], bool], patience: float = 15.0) -> None:
        """Turn until the screen is so; NoNews if it does not become so in time."""
        end = monotonic() + patience
        while not true(self.screen):
            if not self.turn(max(0.0, end - monotonic())):
                raise NoNews(f"still {type(self.screen).__name__}")

    def step(self, event: Event) -> None:
        """What happens on the loop's thread: the flow's step and its effects."""
        self.screen, effects = flow.step(self.screen, event)
        for effect in effects:
            self._hands.carry_out(effect)

    def second_passes(self) -> None:
        """The patience of the screen is over: time is the proof's to give."""
        self.step(Waited())

    def count_numbers(self) -> None:
        self._learn(numbers=self.store.remaining(self.now()))

    def _learn(self, **facts: object) -> None:
        self.known = replace(self.known, **facts)  # type: ignore[arg-type]
        world = world_of(self.known, self._setting.now())
        if world != self.screen.world:
            self.step(WorldChanged(world))

    def _url_of(self, serial: int) -> str:
        catalogue = self.known.catalogue
        assert catalogue is not None
        return self._identity.ticket_url(catalogue.public_url, serial)

    def _open_desk(self) -> PrintDesk:
        setting = self._setting
        self._printer = EscposPrinter(
            setting.link,
            profile=EPSON,
            now=setting.now,
            monotonic=monotonic,
            on_change=self.post,
            patience=setting.patience,
            uncut=self.store.found.uncut,
        )
        slips = Slips(
            catalogue=lambda: self.known.catalogue,
            kiosk_id=self._identity.kiosk_id,
            profile=EPSON,
            now=self.now,
        )
        return PrintDesk(
            self._printer,
            MarkedRecords(self.store.beside(), setting.board),
            ticket_document=slips.ticket,
            test_document=slips.test,
            now=self.now,
            post=self.post,
            held=tuple(
                PrintOrder(
                    ticket_of(ticket, self._url_of(ticket.serial)),
                    ticket.language,
                    ticket.copy_number,
                )
                for ticket in self.store.found.held
            ),
        )

    def _open_sync(self) -> Sync:
        line = Line(
            requests.Session(),
            self._setting.server,
            self._identity.enrolled.credential,
            self.clock.learn,
        )
        return Sync(self.store.beside(), line, self.clock, self.post)

    def _open_hands(self) -> Hands:
        return Hands(
            store=self.store,
            desk=self.desk,
            lamp=FakeLamp(),
            pin=Pin(lambda digits: False, monotonic),
            now=self.now,
            new_id=uuid4,
            url_of=self._url_of,
            turn_service=lambda: False,
            wait=lambda seconds: None,
            post=self.post,
        )

    def _on_thread(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _work_at_the_desk(self) -> None:
        while not self._stopping.is_set():
            self.desk.turn(DESK_TURN)


def die_of_errors() -> None:
    """A thread that fails ends the process: a proof must not go on without it."""

    def die(what: threading.ExceptHookArgs) -> None:
        threading.__excepthook__(what)
        os._exit(70)

    threading.excepthook = die
