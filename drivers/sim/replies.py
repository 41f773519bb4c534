"""Answers on their way to the host: late, twice, or not at all.

Each answer is one thing (a status byte, a report, a fence), so that losing or doubling
one leaves the others whole. Time and chance are handed in.
"""

from collections import deque
from collections.abc import Iterable
from random import Random
from typing import Final

LATE_SECONDS: Final = 2.0
LOST_SHARE: Final = 0.5


class Replies:
    """`chance` decides which answers are lost; order is kept."""

    def __init__(self, chance: Random) -> None:
        self.late = self.double = self.lossy = False
        self._chance = chance
        self._waiting: deque[tuple[float, bytes]] = deque()

    def send(self, answers: Iterable[bytes], now: float) -> None:
        """Put answers on their way."""
        due = now + LATE_SECONDS if self.late else now
        for answer in answers:
            if self.lossy and self._chance.random() < LOST_SHARE:
                continue
            self._waiting.extend([(due, answer)] * (2 if self.double else 1))

    def arrived(self, now: float) -> bytes:
        """What has come to the printer's end of the wire by now."""
        out = b""
        while self._waiting and self._waiting[0][0] <= now:
            out += self._waiting.popleft()[1]
        return out

    def next_at(self) -> float | None:
        """When the next answer is due."""
        return self._waiting[0][0] if self._waiting else None

    def forget(self) -> None:
        """The connection broke: what was on its way is lost."""
        self._waiting.clear()
