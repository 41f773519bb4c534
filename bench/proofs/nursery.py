"""Where kiosks are born: a process without threads that has imported everything.

A life begins with a fork, which takes milliseconds; a new Python would take a second.
`python -m bench.proofs.nursery LOG` reads one order a line on standard input and
answers each with one line: `start {…}` with the child's pid, `reap PID` with how it
ended.
"""

import json
import logging
import os
import sys
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import monotonic, sleep

from bench.proofs.clock import ProofClock
from bench.proofs.kiosk import Kiosk, Setting, die_of_errors
from bench.proofs.links import Trickle
from bench.proofs.marks import Board
from bench.proofs.visitors import ORDINARY, Visitors
from drivers.transport import NetworkLink

DRAIN_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Life:
    """What a child is told. `tickets` None: serve until killed; else that many, drain
    everything and end. `pause` are seconds between two pieces on the printer's wire,
    `linger` those of a visitor in front of a result. `vitals` names a file for memory
    and open files over time.
    """

    data: str
    server: str
    printer: int
    board: str
    clock: str
    seed: int
    pause: float = 0.0
    linger: float = 0.0
    tickets: int | None = None
    procedures: tuple[str, ...] = ORDINARY
    vitals: str = ""

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, text: str) -> "Life":
        told = json.loads(text)
        return cls(**{**told, "procedures": tuple(told["procedures"])})


def main(arguments: list[str]) -> None:
    """Until standard input ends."""
    log = Path(arguments[0])
    for line in sys.stdin:
        order, _, rest = line.partition(" ")
        if order == "start":
            pid = os.fork()
            if pid == 0:
                _live(Life.parse(rest), log)
            print(pid, flush=True)
        else:
            _, status = os.waitpid(int(rest), 0)
            print(os.waitstatus_to_exitcode(status), flush=True)


def _live(life: Life, log: Path) -> None:
    """The child's whole life; never returns."""
    code = 1
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
        die_of_errors()
        _serve(life)
        code = 0
    finally:
        if code:
            traceback.print_exc()  # before the process is gone
        sys.stderr.flush()
        os._exit(code)


def _serve(life: Life) -> None:
    board = Board(Path(life.board))
    kiosk = Kiosk(
        Setting(
            data=Path(life.data),
            server=life.server,
            now=ProofClock.parse(life.clock).now,
            link=Trickle(NetworkLink("127.0.0.1", life.printer), life.pause),
            board=board,
        )
    )
    kiosk.start()
    visitors = Visitors(kiosk, Random(life.seed), life.procedures, linger=life.linger)
    if life.tickets is None:
        while True:
            visitors.act()
    vitals: list[str] = []
    while len(visitors.served) < life.tickets:
        visitors.act()
        if life.vitals:
            _note(vitals, len(visitors.served))
    if life.vitals:
        Path(life.vitals).write_text("\n".join(vitals), "utf-8")
    drain(kiosk)
    kiosk.close()


def drain(kiosk: Kiosk) -> None:
    """Until nothing is held at the printer and the server has heard everything."""
    end = monotonic() + DRAIN_PATIENCE
    while kiosk.store.held() or kiosk.store.pending():
        kiosk.turn(0.02)
        if monotonic() > end:
            raise TimeoutError(
                f"{len(kiosk.store.held())} held and {kiosk.store.pending()} unheard"
            )
        sleep(0.005)


def _note(vitals: list[str], tickets: int) -> None:
    """Memory (kB) and open files of this process, once for each ten tickets."""
    if tickets % 10 or (vitals and vitals[-1].startswith(f"{tickets} ")):
        return
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") // 1024
    files = len(os.listdir("/proc/self/fd"))
    vitals.append(f"{tickets} {memory} {files}")


if __name__ == "__main__":
    main(sys.argv[1:])
