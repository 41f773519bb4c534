"""From the finger to the printer: the time a visitor's hand waits for the machine.

Begins just before the finger is lifted: before a pointer's button is let go in a real
window, or before the mirror's `POST /touch` goes out (which adds an HTTP request).
Ends when the piece with the ticket's own ESC @ arrives at a tap in the printer's cable.
In between lie the event, the number taken durably (ledger and number book, two fsync),
the ticket marked as being sent (a third), four questions to the printer and its
answers, and the ticket made.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from random import Random
from time import sleep
from typing import Final

from bench.measures.figures import Measure, against, median, most, percentile
from bench.measures.house import CannotMeasure, House, touch, until
from bench.measures.pointer import Pointer
from bench.measures.tap import CUT, Passed, Tap, without_questions
from bench.measures.wire import Wire

GOAL: Final = most(30, "ms")
_BUTTONS: Final = ("certificates", "moving", "insurance", "preapplied", "consult")
_PAUSE: Final = (0.03, 0.09)
"""Seconds at home before the next visitor, by chance: no beat of ours meets one of
the kiosk's."""
_PATIENCE: Final = 20.0

Tapper = Callable[[float, float], float]
"""A finger at x, y (0 to 1); gives the moment just before it was lifted."""


@dataclass(frozen=True, slots=True)
class Presses:
    """`seconds` from finger to ticket, `sizes` of the tickets in bytes."""

    seconds: tuple[float, ...]
    sizes: tuple[int, ...]


class Visitor:
    """Presses the home screen's buttons in turn, and gives every ticket back."""

    def __init__(self, house: House, mirror: Wire, chance: Random) -> None:
        self._tap: Tap = house.tap
        self._mirror = mirror
        self._chance = chance
        self._buttons = cycle(_middles(house))
        self._cancel: bytes | None = None
        self._house = house

    def tickets(self, count: int, finger: Tapper) -> Presses:
        seconds, sizes = [], []
        for _ in range(count):
            lifted, passed = self._ticket(finger)
            if passed.begun != 1 or CUT not in passed.data:
                raise CannotMeasure(f"not one whole ticket was sent: {passed.data!r}")
            seconds.append(passed.at - lifted)
            sizes.append(len(without_questions(passed.data)))
        return Presses(tuple(seconds), tuple(sizes))

    def warm_up(self) -> None:
        """The first ticket of a start also makes the printer ready."""
        for _ in range(5):
            self._ticket(self.mirrored)

    def mirrored(self, x: float, y: float) -> float:
        """A touch through the mirror."""
        self._mirror.ask(touch(x, y))
        return self._mirror.sent_at

    def _ticket(self, finger: Tapper) -> tuple[float, Passed]:
        """When the finger was lifted, and what went to the printer for it."""
        sleep(self._chance.uniform(*_PAUSE))
        self._tap.arm()
        lifted = finger(*next(self._buttons))
        if not self._tap.begun(_PATIENCE):
            screen = self._house.screen()["screen"]
            raise CannotMeasure(f"a finger was lifted, no ticket came; on {screen}")
        self._go_home()
        return lifted, self._tap.passed()

    def _go_home(self) -> None:
        """Give the ticket back, touch the message away."""
        cancel = self._cancel or self._find_cancel()
        until(
            lambda: self._mirror.ask_json(cancel)["screen"] == "home",
            "the kiosk is at home again",
            _PATIENCE,
        )

    def _find_cancel(self) -> bytes:
        until(lambda: self._house.screen()["screen"] == "done", "the ticket is out")
        targets = {t["id"]: t for t in self._house.screen()["targets"]}
        self._cancel = touch(*_middle(targets["cancel"]))
        return self._cancel


@contextmanager
def visitor(house: House, chance: Random) -> Iterator[Visitor]:
    """A visitor at a kiosk whose printer is ready."""
    with Wire(house.where.kiosk_port) as mirror:
        visitor = Visitor(house, mirror, chance)
        visitor.warm_up()
        yield visitor


@dataclass(frozen=True, slots=True)
class Measured:
    """The rows, and what every ticket weighed in the cable."""

    rows: tuple[Measure, ...]
    sizes: tuple[int, ...]


def measure(house: House, visitor: Visitor, count: int) -> Measured:
    """`count` tickets with each kind of finger there is."""
    taken: dict[str, Presses] = {}
    if house.display:
        with Pointer(house.display) as pointer:
            taken["pointer in a window"] = visitor.tickets(count, pointer.tap)
    taken["touch by HTTP"] = visitor.tickets(count, visitor.mirrored)
    return Measured(
        tuple(
            row for finger, presses in taken.items() for row in _rows(finger, presses)
        ),
        tuple(size for presses in taken.values() for size in presses.sizes),
    )


def _rows(finger: str, presses: Presses) -> Iterator[Measure]:
    times = [1000 * seconds for seconds in presses.seconds]
    what, crowd = f"{finger} → ticket's first byte", f"of {len(times)} tickets"
    yield Measure(f"{what}, p50", median(times), "ms")
    worst = f"{crowd}; the longest {max(times):.0f} ms"
    yield against(GOAL, f"{what}, p99", percentile(times, 0.99), worst)


def _middles(house: House) -> list[tuple[float, float]]:
    targets = {t["id"]: t for t in house.screen()["targets"]}
    return [_middle(targets[f"procedure:{name}"]) for name in _BUTTONS]


def _middle(target: dict[str, float]) -> tuple[float, float]:
    return target["x"] + target["w"] / 2, target["y"] + target["h"] / 2
