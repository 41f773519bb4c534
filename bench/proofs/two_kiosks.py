"""Two kiosks on one series under load, against one server over HTTP.

Both press the same button as fast as paper comes out. No number is printed twice, and
the queue's order is the order of issue, whichever machine a visitor stood at.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from bench.proofs import judge, paper
from bench.proofs.central import Central
from bench.proofs.clock import ProofClock, at
from bench.proofs.lives import Lives
from bench.proofs.marks import Board
from bench.proofs.nursery import Life
from bench.proofs.paper import Paper
from bench.proofs.paper_tray import Tray
from drivers.sim.sim import PrinterSim

DAY: Final = "2026-11-24"
ROLL: Final = 1_000_000.0
"""Millimetres: nobody has to change it."""
HURRY: Final = 30.0
BUTTON: Final = "moving"
LOOK: Final = 0.1
_TIME: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class TwoKiosks:
    """`per_kiosk`: tickets by kiosk; `turns`: how often the kiosk changes along the
    queue, so that one sees they really were mixed. `faults` empty: all was kept."""

    tickets: int
    per_kiosk: Counter[str]
    turns: int
    seconds: float
    faults: tuple[str, ...]


def two_kiosks(directory: Path, *, tickets: int) -> TwoKiosks:
    """Each kiosk serves half of `tickets` visitors."""
    clock = ProofClock.from_now(at(DAY, "09:00"), HURRY)
    with (
        Central(directory, clock) as central,
        PrinterSim(speed=inf, roll=ROLL) as one,
        PrinterSim(speed=inf, roll=ROLL) as other,
        Lives(directory / "kiosk.log") as lives,
    ):
        central.start(clock)
        printers = {"one": one, "other": other}
        for name in printers:
            central.enrol(directory / name, clock)
        began = monotonic()
        trays = [Tray(printer) for printer in printers.values()]
        pids = [
            lives.start(_life(directory, name, central, printer, clock, tickets // 2))
            for name, printer in printers.items()
        ]
        for pid in pids:
            while not lives.ended(pid):
                sleep(LOOK)
                for tray in trays:
                    tray.collect()
            lives.finish(pid)
        seconds = monotonic() - began
        for tray in trays:
            tray.collect()
        papers = [paper.read_all(tray.sheets) for tray in trays]
        queue = central.clerk().tickets("waiting")
        known = central.known(date.fromisoformat(DAY))
        dead = central.dead_letters()
    everything = [sheet for some in papers for sheet in some]
    return TwoKiosks(
        tickets=len(known),
        per_kiosk=Counter(str(one.ticket.kiosk) for one in known),
        turns=sum(a["kiosk"] != b["kiosk"] for a, b in pairwise(queue)),
        seconds=seconds,
        faults=(
            *judge.faults(everything, known),
            *_doubled(everything),
            *_out_of_order(queue, everything),
            *(f"the server refused: {title}" for title in dead),
        ),
    )


def _life(
    directory: Path,
    name: str,
    central: Central,
    printer: PrinterSim,
    clock: ProofClock,
    tickets: int,
) -> Life:
    board = directory / f"{name}.board"
    Board(board).close()
    return Life(
        data=str(directory / name),
        server=central.url,
        printer=printer.port,
        board=str(board),
        clock=clock.as_text(),
        seed=1,
        tickets=tickets,
        procedures=(BUTTON,),
    )


def _doubled(papers: list[Paper]) -> tuple[str, ...]:
    counted = Counter(label for sheet in papers for label in sheet.labels)
    return tuple(f"{label} came out {n} times" for label, n in counted.items() if n > 1)


def _out_of_order(queue: list[dict[str, Any]], papers: list[Paper]) -> tuple[str, ...]:
    """The server's order against its own times, and against those on the paper."""
    found = []
    issued = [ticket["issued_at"] for ticket in queue]
    if issued != sorted(issued):
        found.append("the queue is not in the order of issue")
    printed = {sheet.labels[0]: _seconds(sheet) for sheet in papers if sheet.labels}
    times = [printed.get(ticket["label"], -1) for ticket in queue]
    if times != sorted(times) or -1 in times:
        found.append("the queue is not in the order of the times on paper")
    return tuple(found)


def _seconds(sheet: Paper) -> int:
    """The time of issue on the sheet, in seconds of the day; -1 if there is none."""
    parts = [int(part) for part in _TIME.findall(sheet.time)]
    return parts[0] * 3600 + parts[1] * 60 + parts[2] if len(parts) == 3 else -1
