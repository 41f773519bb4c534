"""A printer on a real socket, its driver, and everything the driver said meanwhile."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from threading import Event
from typing import Protocol

import pytest

from drivers import Outcome, PrinterStatus, Receipt
from drivers.commands import line
from drivers.printer import EscposPrinter
from drivers.profile import EPSON, Patience, Profile
from drivers.sim.faults import ORDINARY, Quirks
from drivers.sim.sim import PrinterSim
from drivers.transport import NetworkLink

NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HASTE = Patience(
    preflight=0.25,
    probe=0.4,
    mechanical=0.4,
    poll=0.1,
    warn=0.3,
    decide=0.6,
    cut=0.4,
)
TICKET = b"".join(line(f"{n} 番目の行　整理券") for n in range(8))


@dataclass
class Bench:
    """A simulated printer at the wire and the driver that speaks to it."""

    sim: PrinterSim
    printer: EscposPrinter
    heard: list[PrinterStatus] = field(default_factory=list)
    told: Event = field(default_factory=Event)
    """Set with every status in `heard`."""

    def print(
        self, document: bytes = TICKET, *, meanwhile: Callable[[], object] = bool
    ) -> Receipt:
        """Print; `meanwhile` happens after the preflight, before the first byte."""
        return self.printer.print(document, before_first_byte=lambda: meanwhile())

    @property
    def tickets(self) -> list[tuple[str, ...]]:
        """The lines of each sheet that came out whole, oldest first."""
        return [s.lines for s in self.sim.sheets if not s.torn and s.lines]


class Lay(Protocol):
    def __call__(
        self,
        profile: Profile = ...,
        quirks: Quirks = ...,
        *,
        sim: PrinterSim | None = ...,
        uncut: bool = ...,
    ) -> Bench: ...


@pytest.fixture
def lay() -> Iterator[Lay]:
    """Build benches; all are cleared away afterwards."""
    benches: list[Bench] = []
    sims: list[PrinterSim] = []

    def build(
        profile: Profile = EPSON,
        quirks: Quirks = ORDINARY,
        *,
        sim: PrinterSim | None = None,
        uncut: bool = False,
    ) -> Bench:
        if sim is None:
            sim = PrinterSim(speed=inf, quirks=quirks).start()
            sims.append(sim)
        heard: list[PrinterStatus] = []
        told = Event()

        def hear(status: PrinterStatus) -> None:
            heard.append(status)
            told.set()

        printer = EscposPrinter(
            NetworkLink("127.0.0.1", sim.port),
            profile=profile,
            patience=HASTE,
            now=lambda: NOON,
            monotonic=time.monotonic,
            on_change=hear,
            uncut=uncut,
        )
        benches.append(Bench(sim, printer, heard, told))
        return benches[-1]

    yield build
    for bench in benches:
        bench.printer.close()
    for sim in sims:
        sim.stop()


@pytest.fixture
def bench(lay: Lay) -> Bench:
    """A well-behaved printer that has printed its first ticket."""
    laid = lay()
    assert laid.print().outcome is Outcome.PRINTED
    return laid


@pytest.fixture
def noon() -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: NOON
