"""A whole day without the server: every ticket issued, then everything told at once.

The day before, the kiosk leased its reserves. In the morning it starts from its data
directory, finds no network, and serves until closing by a clock that is handed in. Then
the server is back.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import inf
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

from bench.proofs import judge, paper
from bench.proofs.central import Central, Known
from bench.proofs.clock import ProofClock, at
from bench.proofs.kiosk import Kiosk, Setting
from bench.proofs.marks import Board
from bench.proofs.paper import Paper
from bench.proofs.paper_tray import Tray
from bench.proofs.visitors import Visitors
from drivers.sim.sim import PrinterSim
from drivers.transport import NetworkLink
from kiosk.core.world import World

EVE: Final = "2026-11-24"
DAY: Final = "2026-11-25"
OPENS, CLOSES = at(DAY, "09:00"), at(DAY, "17:00")
RESERVE: Final = 999
A_ROLL: Final = 400
"""Tickets after which a new roll is put in."""
DEMAND: Final = {
    "certificates": 36,
    "moving": 20,
    "mynumber_pickup": 10,
    "mynumber_renewal": 10,
    "insurance": 18,
    "consult": 6,
}
"""Visitors of a hundred; certificates are every ward office's busiest window."""


class _Wall:
    """A clock on the wall that somebody moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class OfflineDay:
    """What the day gave. `drain_s`: seconds from the server's return to the last ack;
    `events` told in it. `faults` empty: complete, in order, nothing doubled."""

    tickets: int
    sheets: int
    issue_s: float
    drain_s: float
    events: int
    by_procedure: Counter[str]
    faults: tuple[str, ...]


def a_day_offline(directory: Path, *, tickets: int) -> OfflineDay:
    """Serve `tickets` visitors from 09:00 to 17:00 with the server down."""
    eve = ProofClock.from_now(at(EVE, "16:00"))
    with (
        Central(directory, eve, opening="hours") as central,
        PrinterSim(speed=inf) as printer,
    ):
        central.start(eve)
        central.enrol(directory / "kiosk", eve)
        _lease(directory, central, printer)
        central.stop()

        wall = _Wall(OPENS)
        kiosk = Kiosk(_setting(directory, central, printer, wall))
        kiosk.start(online=False)
        kiosk.sync.turn()
        assert not kiosk.sync.online, "the server was to be down"
        began, tray = monotonic(), Tray(printer)
        _serve(kiosk, wall, printer, tray, tickets)
        issued = monotonic() - began

        wall.at = CLOSES
        central.start(ProofClock.from_now(CLOSES + timedelta(minutes=5)))
        events = kiosk.store.pending()
        began = monotonic()
        kiosk.sync.turn()
        drained = monotonic() - began
        left = kiosk.store.pending()
        kiosk.close()
        tray.collect()
        papers = paper.read_all(tray.sheets)
        known = central.known(date.fromisoformat(DAY))
        dead = central.dead_letters()
    return OfflineDay(
        tickets=len(known),
        sheets=len(papers),
        issue_s=issued,
        drain_s=drained,
        events=events,
        by_procedure=Counter(one.ticket.procedure for one in known),
        faults=(
            *judge.faults(papers, known),
            *_incomplete(papers, known, tickets),
            *(f"{left} events were not told" for _ in range(bool(left))),
            *(f"the server refused: {title}" for title in dead),
        ),
    )


def _lease(directory: Path, central: Central, printer: PrinterSim) -> None:
    """The day before: catalogue and reserves come over the network."""
    wall = _Wall(at(EVE, "16:00"))
    kiosk = Kiosk(_setting(directory, central, printer, wall))
    for _ in range(2):  # the first round brings the catalogue, the second the numbers
        kiosk.sync.turn()
    kiosk.close()


def _setting(
    directory: Path, central: Central, printer: PrinterSim, wall: _Wall
) -> Setting:
    return Setting(
        data=directory / "kiosk",
        server=central.url,
        now=wall.now,
        link=NetworkLink("127.0.0.1", printer.port),
        board=Board(directory / "board"),
        reserve=RESERVE,
    )


def _serve(
    kiosk: Kiosk, wall: _Wall, printer: PrinterSim, tray: Tray, tickets: int
) -> None:
    """Visitors in a mixed but fixed order, evenly over the opening hours.

    A roll has paper for some 480 tickets; the clerk changes it before it ends.
    """
    wanted = [name for name, share in DEMAND.items() for _ in range(share)]
    Random(20261125).shuffle(wanted)
    visitors = Visitors(kiosk, Random(1), tuple(wanted))
    assert _open(kiosk.screen.world), "an enrolled kiosk serves without network"
    for number in range(tickets):
        wall.at = OPENS + (CLOSES - OPENS) * number / tickets
        visitors.leave_with(number + 1)
        if number % A_ROLL == A_ROLL - 1:
            tray.collect()
            printer.fault("near_end", on=False)


def _open(world: World) -> bool:
    return world.office_state == "open" and not world.online and not world.trouble


def _incomplete(
    papers: tuple[Paper, ...], known: tuple[Known, ...], tickets: int
) -> tuple[str, ...]:
    """What is missing of a perfect day: every ticket, whole, told, in its order."""
    found = []
    if len(known) != tickets:
        found.append(f"{len(known)} of {tickets} tickets arrived")
    if len(papers) != tickets or not all(one.whole for one in papers):
        found.append(f"{len(papers)} sheets came out for {tickets} visitors")
    on_paper = [one.labels[0] for one in papers if one.labels]
    listed = [one.ticket.label for one in known]
    if on_paper != listed:
        found.append("the server's order is not the order in which paper came out")
    times = [one.ticket.issued_at for one in known]
    if any(one >= other for one, other in pairwise(times)):
        found.append("the times of issue are not in order")
    outside = sum(not OPENS <= time <= CLOSES for time in times)
    if outside:
        found.append(f"{outside} tickets lie outside 09:00 to 17:00")
    return tuple(found)
