"""What went over the wire lately, both ways: a ring of limited size."""

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

KEPT_BYTES: Final = 64 * 1024

Way = Literal["in", "out"]
"""Seen from the printer: `in` came from the host."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`at` in seconds since the epoch."""

    at: float
    way: Way
    data: bytes


class Journal:
    """The newest entries, at most `KEPT_BYTES` of data in all."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._size = 0

    def note(self, at: float, way: Way, data: bytes) -> None:
        data = data[-KEPT_BYTES:]
        self._entries.append(Entry(at, way, data))
        self._size += len(data)
        while self._size > KEPT_BYTES:
            self._size -= len(self._entries.popleft().data)

    def entries(self) -> tuple[Entry, ...]:
        """Oldest first."""
        return tuple(self._entries)
