"""A bounded soak: one kiosk process, many tickets, and whether it grows.

Memory is judged by the slope over the second half, when everything was loaded once.
"""

from dataclasses import dataclass
from datetime import date
from math import inf
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from bench.proofs import judge, paper
from bench.proofs.central import Central
from bench.proofs.clock import ProofClock, at
from bench.proofs.lives import Lives
from bench.proofs.marks import Board
from bench.proofs.nursery import Life
from bench.proofs.paper_tray import Tray
from drivers.sim.sim import PrinterSim

DAY: Final = "2026-11-24"
ROLL: Final = 1_000_000.0
"""Millimetres: nobody has to change it."""
HURRY: Final = 10.0
LOOK: Final = 0.2
MOST_KB_A_TICKET: Final = 2.0
"""2,500 tickets a day must not cost 5 MB; the kiosk restarts for updates only."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """After so many tickets: resident memory in kB, open files."""

    tickets: int
    memory: int
    files: int


@dataclass(frozen=True, slots=True)
class Soak:
    """`slope` in kB a ticket. `faults` empty: it stays as it is."""

    tickets: int
    seconds: float
    start: Vitals
    end: Vitals
    slope: float
    faults: tuple[str, ...]


def soak(directory: Path, *, tickets: int) -> Soak:
    """One kiosk issues `tickets` tickets without a pause, the server listening."""
    clock = ProofClock.from_now(at(DAY, "08:00"), HURRY)
    with (
        Central(directory, clock) as central,
        PrinterSim(speed=inf, roll=ROLL) as printer,
        Lives(directory / "kiosk.log") as lives,
    ):
        central.start(clock)
        central.enrol(directory / "kiosk", clock)
        Board(directory / "board").close()
        vitals = directory / "vitals"
        life = Life(
            data=str(directory / "kiosk"),
            server=central.url,
            printer=printer.port,
            board=str(directory / "board"),
            clock=clock.as_text(),
            seed=1,
            tickets=tickets,
            vitals=str(vitals),
        )
        began, tray = monotonic(), Tray(printer)
        pid = lives.start(life)
        while not lives.ended(pid):
            sleep(LOOK)
            tray.collect()
        lives.finish(pid)
        seconds = monotonic() - began
        tray.collect()
        known = central.known(date.fromisoformat(DAY))
        judged = judge.faults(paper.read_all(tray.sheets), known)
    seen = read_vitals(vitals.read_text())
    half = seen[len(seen) // 2 :]
    slope = memory_slope(half)
    return Soak(
        tickets=len(known),
        seconds=seconds,
        start=seen[0],
        end=seen[-1],
        slope=slope,
        faults=(*judged, *growth(half, slope)),
    )


def read_vitals(text: str) -> tuple[Vitals, ...]:
    """The lines a life left: tickets, memory, files."""
    return tuple(Vitals(*map(int, line.split())) for line in text.splitlines())


def memory_slope(seen: tuple[Vitals, ...]) -> float:
    """kB a ticket, by least squares."""
    n = len(seen)
    mean_t = sum(one.tickets for one in seen) / n
    mean_m = sum(one.memory for one in seen) / n
    spread = sum((one.tickets - mean_t) ** 2 for one in seen)
    joint = sum((one.tickets - mean_t) * (one.memory - mean_m) for one in seen)
    return joint / spread


def growth(seen: tuple[Vitals, ...], slope: float) -> tuple[str, ...]:
    """What must not grow and did."""
    found = []
    if slope > MOST_KB_A_TICKET:
        found.append(f"memory grows by {slope:.2f} kB a ticket")
    files = {one.files for one in seen}
    # A round with the server may be under way or not, so one socket may come and go.
    if max(files) - min(files) > 2:
        found.append(f"open files went from {min(files)} to {max(files)}")
    return tuple(found)
