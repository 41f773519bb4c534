"""When to kill: at any instant, or in one chosen phase of a ticket plus a moment.

Phases that were hit least are aimed at most, so that every one of them is hit.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from bench.proofs.marks import Board, Mark
from drivers.sim.sim import PrinterSim

LIFE: Final = 0.6
"""Seconds of life within which a uniformly random instant lies."""

_LASTS: Final[Mapping[Mark, float]] = {
    Mark.STARTING: 0.15,
    Mark.READY: 0.001,
    Mark.ISSUING: 0.002,
    Mark.ISSUED: 0.0015,
    Mark.NOTED: 0.003,
    Mark.SENDING: 0.0015,
    Mark.SENT: 0.012,
    Mark.ENDING: 0.0015,
    Mark.ENDED: 0.004,
}
"""About how many seconds each phase lasts; the moment within it is drawn from these."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of the printer; `after` says at which byte of what follows it begins.

    `there` tells from the printer's own state that it has begun.
    """

    fault: str
    after: tuple[int, int] | None
    there: Callable[[Mapping[str, object]], bool]


TROUBLES: Final[Mapping[str, Trouble]] = {
    "HELD": Trouble("paper_end", (60, 330), lambda s: s["paper"] == "end"),
    "UNKNOWN": Trouble("cut_link", (60, 330), lambda s: not _expected(s, "cut_link")),
    "PRINTED_UNCUT": Trouble("cutter_jam", None, lambda s: s["cutter"] == "error"),
    "NOT_SENT": Trouble("cover_open", None, lambda s: s["cover"] == "open"),
}
"""By the state in which the ledger then has the ticket."""
SECOND: Final = 2
"""The trouble begins with the second ticket of a life, when the first came out well."""
REISSUE: Final = "SENT again"
"""New paper is in, and the held ticket goes out once more, marked 再発行."""


@dataclass(frozen=True, slots=True)
class Aim:
    """`mark` None: `delay` seconds after the birth. Else: once the mark is there, that
    many tickets of this life were issued and the trouble has begun, `delay` more.
    `mended`: the trouble begins and ends first, and the mark is waited for then.
    """

    delay: float
    mark: Mark | None = None
    tickets: int = 0
    state: str = ""
    mended: bool = False

    @property
    def first(self) -> "Aim":
        """What has to be reached before the trouble is mended."""
        return Aim(0.0, Mark.ENDED, self.tickets, self.state)

    def reached(self, board: Board, printer: PrinterSim) -> bool:
        if self.mark is None:
            return True
        if board.mark is not self.mark or board.tickets < self.tickets:
            return False
        trouble = self.state and not self.mended
        return not trouble or TROUBLES[self.state].there(printer.state())


def at_random(chance: Random) -> Aim:
    """Any instant of a short life."""
    return Aim(chance.uniform(0.0, LIFE))


def at_least_hit(chance: Random, marks: Counter[Mark], states: Counter[str]) -> Aim:
    """Aim at the phase or the troubled state that was hit least so far."""
    wanted: list[tuple[int, Mark, str]] = [(marks[mark], mark, "") for mark in Mark]
    wanted += [(states[state], Mark.ENDED, state) for state in TROUBLES]
    wanted += [(states[REISSUE], Mark.SENT, REISSUE)]
    fewest = min(hits for hits, _, _ in wanted)
    _, mark, state = chance.choice([one for one in wanted if one[0] == fewest])
    delay = chance.uniform(0.0, _LASTS[mark])
    if state == REISSUE:
        return Aim(delay, mark, SECOND, "HELD", mended=True)
    if state:
        return Aim(delay, mark, SECOND, state)
    early = mark in (Mark.STARTING, Mark.READY)
    return Aim(delay, mark, 0 if early else chance.randrange(3))


def _expected(state: Mapping[str, object], fault: str) -> bool:
    faults = state["faults"]
    assert isinstance(faults, dict)
    return bool(faults[fault])
