"""kill -9 at any instant of issuing and printing, and what is left of it.

One office: a server and a virtual printer that are never killed, and one kiosk that is
killed again and again, each new life opening what the last one left. In the end a last
life tells the server everything, and paper and list are judged.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from math import inf
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Final

from bench.proofs import judge, paper
from bench.proofs.aims import REISSUE, TROUBLES, Aim, at_least_hit, at_random
from bench.proofs.central import Central
from bench.proofs.clock import ProofClock, at
from bench.proofs.ledger import NONE, Youngest, youngest
from bench.proofs.lives import Lives
from bench.proofs.marks import Board, Mark
from bench.proofs.nursery import Life
from bench.proofs.paper_tray import Tray
from drivers.sim.sim import PrinterSim

DAY: Final = "2026-11-24"
HURRY: Final = 30.0
"""The office's clock runs so many times faster, so that a ticket takes its second."""
PAUSE: Final = 0.001
"""Seconds between two pieces on the printer's wire: tickets can be torn in between."""
LINGER: Final = 0.004
"""Seconds a visitor looks at a result; ended tickets stand still for so long."""
MISS: Final = 3.0
"""Seconds after which a kill is made although its aim was not met."""
LOOK: Final = 0.0002
CAPTURE: Final = "printer.bin"

SIDES: Final = {
    "issue": (Mark.ISSUING, Mark.ISSUED),
    "number book": (Mark.ISSUED, Mark.NOTED),
    "mark_sent": (Mark.SENDING, Mark.SENT),
    "record_outcome": (Mark.ENDING, Mark.ENDED),
}
"""Each durable write with the marks of kills before and after it."""
STATES: Final = (NONE, "INTENT", "SENT", "PRINTED", *TROUBLES, REISSUE)


@dataclass(slots=True)
class Tally:
    """Kills counted, and what came of them. `faults` empty: every promise was kept."""

    kills: int = 0
    marks: Counter[Mark] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    tickets: int = 0
    sheets: int = 0
    whole: int = 0
    parts: int = 0
    reissued: int = 0
    prints: Counter[str] = field(default_factory=Counter)
    faults: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def never_hit(self) -> tuple[str, ...]:
        """Phases and states in which no kill fell: then the proof proves less."""
        return (
            *(mark.name for mark in Mark if not self.marks[mark]),
            *(state for state in STATES if not self.states[state]),
        )

    def add(self, other: "Tally") -> None:
        """Another office's tally on top."""
        self.kills += other.kills
        self.marks += other.marks
        self.states += other.states
        self.tickets += other.tickets
        self.sheets += other.sheets
        self.whole += other.whole
        self.parts += other.parts
        self.reissued += other.reissued
        self.prints += other.prints
        self.faults += other.faults
        self.seconds += other.seconds


def kill_again_and_again(directory: Path, *, kills: int, seed: int) -> Tally:
    """One office, `kills` kills and up to a half more until every phase was hit."""
    began = monotonic()
    clock = ProofClock.from_now(at(DAY, "09:00"), HURRY)
    with (
        Central(directory, clock) as central,
        PrinterSim(speed=inf, capture=directory / CAPTURE) as printer,
        Lives(directory / "kiosk.log") as lives,
    ):
        central.start(clock)
        central.enrol(directory / "kiosk", clock)
        office = _Office(directory, central, printer, lives, clock, Random(seed))
        while office.tally.kills < kills:
            office.one_kill(aimed=office.chance.random() < 0.5)
        while office.tally.never_hit and office.tally.kills < kills * 3 // 2:
            office.one_kill(aimed=True)
        office.last_life()
        office.judge()
        office.tally.seconds = monotonic() - began
        return office.tally


class _Office:
    """The campaign under way."""

    def __init__(
        self,
        directory: Path,
        central: Central,
        printer: PrinterSim,
        lives: Lives,
        clock: ProofClock,
        chance: Random,
    ) -> None:
        self._directory, self._central, self._printer = directory, central, printer
        self._lives, self._clock, self.chance = lives, clock, chance
        self._data = directory / "kiosk"
        self._board = Board(directory / "board")
        self._tray = Tray(printer)
        self._capture = directory / CAPTURE
        self._before = Youngest(0, NONE)
        self._repair_at: float | None = None
        self.tally = Tally()

    def one_kill(self, *, aimed: bool) -> None:
        """A life, a kill, a count."""
        tally = self.tally
        aim = (
            at_least_hit(self.chance, tally.marks, tally.states)
            if aimed
            else at_random(self.chance)
        )
        self._board.begin_life()
        pid = self._lives.start(self._life())
        if aim.state:
            self._make_trouble(aim.state)
        if aim.mended:
            self._wait_for(aim.first)
            self._repair()
        met = self._wait_for(aim)
        self._lives.kill(pid)
        self._count(reissued=met and aim.mended)
        self._tray.collect()
        if aim.state and not aim.mended:
            self._repair_at = monotonic() + self.chance.uniform(0.0, 0.6)

    def last_life(self) -> None:
        """Everything mended, a few more tickets, everything told."""
        self._repair()
        self._board.begin_life()
        self._lives.finish(self._lives.start(self._life(tickets=5)))
        self._tray.collect()

    def judge(self) -> None:
        tally = self.tally
        papers = paper.read_all(self._tray.sheets)
        known = self._central.known(date.fromisoformat(DAY))
        tally.tickets, tally.sheets = len(known), len(self._tray.sheets)
        tally.whole = sum(one.whole for one in papers)
        tally.parts = len(papers) - tally.whole
        tally.reissued = sum(one.whole and one.marked for one in papers)
        tally.prints = Counter(
            "voided" if one.voided else one.ticket.print for one in known
        )
        tally.faults = (
            *judge.faults(papers, known),
            *judge.strange_bytes(self._capture.read_bytes(), known),
            *(f"the server refused: {title}" for title in self._central.dead_letters()),
        )

    def _life(self, tickets: int | None = None) -> Life:
        return Life(
            data=str(self._data),
            server=self._central.url,
            printer=self._printer.port,
            board=str(self._directory / "board"),
            clock=self._clock.as_text(),
            seed=self.chance.randrange(1 << 30),
            pause=PAUSE,
            linger=LINGER,
            tickets=tickets,
        )

    def _wait_for(self, aim: Aim) -> bool:
        """Whether the aim was reached; ends in any case."""
        end = monotonic() + MISS
        while not (met := aim.reached(self._board, self._printer)):
            if monotonic() > end:
                return False
            self._repair_if_due()
            sleep(LOOK)
        end = monotonic() + aim.delay
        while monotonic() < end:
            self._repair_if_due()
            sleep(min(LOOK, max(0.0, end - monotonic())))
        return met

    def _count(self, *, reissued: bool) -> None:
        tally = self.tally
        tally.kills += 1
        tally.marks[self._board.mark] += 1
        last = youngest(self._data, self._directory / "copy")
        own = last.serial > self._before.serial
        state = last.state if own else NONE
        tally.states[REISSUE if reissued and state == "SENT" else state] += 1
        self._before = last

    def _make_trouble(self, state: str) -> None:
        """The printer fails behind a good ticket; somebody comes after the kill."""
        self._repair()
        trouble = TROUBLES[state]
        after = trouble.after and self.chance.randint(*trouble.after)
        once = trouble.fault == "cut_link"
        self._wait_for(Aim(0.0, Mark.ENDED, 1))
        self._printer.fault(trouble.fault, after_bytes=after, once=once)

    def _repair_if_due(self) -> None:
        if self._repair_at is not None and monotonic() >= self._repair_at:
            self._repair()

    def _repair(self) -> None:
        self._repair_at = None
        for trouble in TROUBLES.values():
            if self._printer_has(trouble.fault):
                self._printer.fault(trouble.fault, on=False)

    def _printer_has(self, fault: str) -> bool:
        faults = self._printer.state()["faults"]
        assert isinstance(faults, dict)
        return bool(faults[fault])
