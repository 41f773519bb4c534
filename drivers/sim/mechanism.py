"""The mechanism: print head, paper feed, knife, cover and what can go wrong with them.

It works through a short queue of movements at its own speed. Time is handed in; when it
has to be looked at again is told by `wake_at`. What it reached comes back as values.
Pure.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from drivers.sim.marks import DOTS_PER_MM, Cut, Fence, Line, Motion
from drivers.sim.paper import How, Path, Strip
from drivers.sim.status import Condition
from drivers.sim.typesetter import TO_CUTTER

AHEAD: Final = 4
"""Movements taken from the receive buffer before the head gets to them."""
NEAR_END_MM: Final = 2500
CUT_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Passed:
    """The engine reached this fence."""

    fence: Fence


@dataclass(frozen=True, slots=True)
class Parted:
    """Paper came off: cut by the knife or torn."""

    strips: tuple[Strip, ...]
    how: How
    end: int
    """Place in the stream of bytes up to which it was printed."""


Reached = Passed | Parted


class Mechanism:
    """`speed` in millimetres a second (inf is allowed), `roll` in millimetres."""

    def __init__(self, *, speed: float, roll: float) -> None:
        self._speed = speed * DOTS_PER_MM
        self._cutting = CUT_SECONDS if speed != float("inf") else 0.0
        self._roll = int(roll * DOTS_PER_MM)
        self.left = self._roll
        self.path = Path(TO_CUTTER)
        self.queue: deque[Motion] = deque()
        self.cover_open = False
        self.cutter_blocked = False
        self.cutter_error = False
        self.opened_while_printing = False
        self.near_end_forced = False
        self._ends_at: int | None = None
        self._row = 0  # where the first movement of the queue goes on
        self._began: float | None = None
        self._free_at = 0.0
        self._printed_to = 0
        self._reached: list[Reached] = []

    @property
    def paper_end(self) -> bool:
        return self.left <= 0

    @property
    def end_expected(self) -> bool:
        """The roll will end at a place in the stream of bytes."""
        return self._ends_at is not None

    @property
    def condition(self) -> Condition:
        return Condition(
            cover_open=self.cover_open,
            near_end=self.near_end_forced or self.left < NEAR_END_MM * DOTS_PER_MM,
            paper_end=self.paper_end,
            cutter_error=self.cutter_error,
            opened_while_printing=self.opened_while_printing,
        )

    @property
    def full(self) -> bool:
        return len(self.queue) >= AHEAD

    @property
    def moving(self) -> bool:
        return self._began is not None

    def push(self, motion: Motion, now: float) -> None:
        if not self.queue:
            self._free_at = max(self._free_at, now)
        self.queue.append(motion)

    def wake_at(self) -> float | None:
        """When the movement under way ends; None when nothing moves."""
        if self._began is None:
            return None
        return self._began + self._duration(self.queue[0])

    def advance(self, now: float) -> list[Reached]:
        """Do what there was time for until `now`; what was reached, in order."""
        while self._step(now):
            pass
        reached, self._reached = self._reached, []
        return reached

    def _step(self, now: float) -> bool:
        """One movement; False when none can begin or the one under way is not done."""
        if not self.queue:
            return False
        motion = self.queue[0]
        if self._began is None:
            if self._ends_at is not None and motion.begin >= self._ends_at:
                self._run_out()
            if not self.condition.online:
                return False
            self._began = self._free_at
        done_at = self._began + self._duration(motion)
        if done_at > now:
            return False
        self._began, self._free_at = None, done_at
        self._complete(motion)
        if self._ends_at is not None and motion.end >= self._ends_at:
            self._run_out()
        return True

    def _duration(self, motion: Motion) -> float:
        match motion:
            case Line():
                return (self._last_row(motion) - self._row) / self._speed
            case Cut():
                return self._cutting
            case Fence():
                return 0.0

    def _last_row(self, line: Line) -> int:
        """Up to which row the paper reaches; characters are always finished."""
        if line.whole:
            return line.height
        last = min(line.height, self._row + max(self.left, 0))
        if self._ends_at is not None and line.begin < self._ends_at < line.end:
            share = (self._ends_at - line.begin) / (line.end - line.begin)
            last = min(last, max(self._row, int(line.height * share)))
        return last

    def _complete(self, motion: Motion) -> None:
        match motion:
            case Line():
                self._print(motion, self._last_row(motion))
            case Cut():
                if self.cutter_blocked:
                    self.cutter_error = True
                    return
                self.queue.popleft()
                how = How.PARTIAL if motion.partial else How.CUT
                self._reached.append(Parted(self.path.part(), how, motion.end))
            case Fence():
                self.queue.popleft()
                self._reached.append(Passed(motion))

    def _print(self, line: Line, last: int) -> None:
        self.path.advance(Strip(line, self._row, last))
        self.left -= last - self._row
        self._printed_to = line.end
        if last < line.height:  # a picture stops inside and goes on later
            self._row = last
            self.left = 0
        else:
            self.queue.popleft()
            self._row = 0

    def _run_out(self) -> None:
        self.left = 0
        self._ends_at = None

    def _stop(self, now: float) -> None:
        """Leave the movement under way; what is printed of it lies on the paper."""
        if self._began is None:
            return
        motion = self.queue[0]
        if isinstance(motion, Line):
            rows = int((now - self._began) * self._speed + 1e-6)
            last = min(self._row + rows, self._last_row(motion))
            self.path.advance(Strip(motion, self._row, last))
            self.left -= last - self._row
            self._printed_to = motion.end
            self._row = 0 if motion.whole else last
        self._began = None

    def open_cover(self, now: float) -> None:
        """Printing stops at once; the line under way begins again after closing."""
        self.opened_while_printing = self.moving or self.opened_while_printing
        self._stop(now)
        self.cover_open = True

    def close_cover(self, now: float) -> None:
        self.cover_open = self.opened_while_printing = False
        self._free_at = now

    def end_paper(self, now: float, *, at: int | None, after_mm: float | None) -> None:
        """Now, at a place in the stream of bytes, or after some millimetres."""
        if at is not None:
            self._ends_at = at
        elif after_mm is not None:
            self.left = int(after_mm * DOTS_PER_MM)
        elif self.moving and isinstance(self.queue[0], Line) and self.queue[0].whole:
            self.left = 0  # the characters under the head are finished
        else:
            self._stop(now)
            self._run_out()

    def load(self, now: float) -> list[Reached]:
        """A new roll, cover closed; the end of the old one is torn paper."""
        self._stop(now)
        if self.path.printed:
            torn = Parted(self.path.pull_out(), How.TORN, self._printed_to)
            self._reached.append(torn)
        self.path.load()
        self.left = self._roll
        self.near_end_forced = False
        self._ends_at = None
        self._free_at = now
        reached, self._reached = self._reached, []
        return reached

    def tear(self) -> list[Reached]:
        """Someone pulls at what hangs out uncut: it tears at the edge of the mouth."""
        if not any(strip.line.ink for strip in self.path.hanging):
            return []
        return [Parted(self.path.part(), How.TORN, self._printed_to)]

    def retry(self, now: float) -> None:
        """After a cutter error: raise the knife and try the cut again."""
        self.cutter_error = False
        self._free_at = now

    def clear(self, now: float) -> None:
        """Forget every movement that has not been made."""
        self._stop(now)
        self.queue.clear()
        self._row = 0
