"""A wire and what is wrong with it: slow, cut, dead; its journal and its capture.

Between a `Link` and the machine: how much may be read when, and what becomes of it.
"""

from collections.abc import Iterable
from typing import BinaryIO, Final

from drivers.sim.journal import Journal
from drivers.sim.link import Link
from drivers.sim.replies import Replies

SLOW_BYTES_PER_SECOND: Final = 960
"""The fault `slow`: a serial line at 9600 baud."""
_CHUNK: Final = 4096


class Wire:
    """`rate` in bytes a second when slow; `epoch` is added to `now` in the journal."""

    def __init__(
        self,
        link: Link,
        *,
        replies: Replies,
        capture: BinaryIO | None,
        rate: float,
        epoch: float,
    ) -> None:
        self.link = link
        self.replies = replies
        self.journal = Journal()
        self.received = 0
        self.slow = False
        self._capture = capture
        self._rate = rate
        self._epoch = epoch
        self._busy_until = 0.0
        self._out = bytearray()
        self._cut_after: int | None = None
        self._cut_once = False
        self._cut = False
        self._powered = True

    @property
    def cut(self) -> bool:
        """The connection is cut, or will be after some more bytes."""
        return self._cut or self._cut_after is not None

    @property
    def speaking(self) -> bool:
        """There is something the host has not taken yet."""
        return bool(self._out)

    def readable(self, room: int, now: float) -> int:
        """How many bytes may be read now; the buffer, the line and faults limit it."""
        limit = min(room, _CHUNK)
        if self.slow:
            limit = min(limit, max(int(self._rate / 50), 1))
            limit = 0 if now < self._busy_until else limit
        return limit if self._cut_after is None else min(limit, self._cut_after)

    def wake_at(self, now: float) -> float | None:
        """When a slow line is free again or a late answer due; None if neither."""
        free = self._busy_until if self.slow and self._busy_until > now else None
        times = [at for at in (free, self.replies.next_at()) if at is not None]
        return min(times, default=None)

    def read(self, room: int, now: float) -> bytes:
        """What came; it is captured before anyone acts upon it."""
        data = self.link.read(self.readable(room, now))
        if data:
            if self._capture is not None:
                self._capture.write(data)
            self.received += len(data)
            self.journal.note(now + self._epoch, "in", data)
            self._busy_until = now + len(data) / self._rate
            if self._cut_after is not None:
                self._cut_after -= len(data)
        return data

    def break_if_due(self) -> None:
        """Break the connection when the last byte of `cut_after` has been read."""
        if self._cut_after == 0:
            self._cut_after = None
            self._cut = not self._cut_once
            self._break(refuse=not self._cut_once)

    def say(self, answers: Iterable[bytes], now: float) -> None:
        """Send, and later what the host does not take at once; nobody there: lost."""
        self.replies.send(answers, now)
        due = self.replies.arrived(now)
        if due and self.link.connected:
            self.journal.note(now + self._epoch, "out", due)
            self._out += due
        if self._out:
            del self._out[: self.link.write(bytes(self._out))]

    def cut_after(self, count: int, *, once: bool) -> None:
        """Break after so many more bytes; `once`: hosts get in again afterwards."""
        self._cut_after, self._cut_once = count, once
        self.break_if_due()

    def mend(self) -> None:
        """Put the cable back."""
        self._cut_after, self._cut = None, False
        self._restore()

    def power(self, *, on: bool) -> None:
        self._powered = on
        if on:
            self._restore()
        else:
            self._break(refuse=True)

    def _break(self, *, refuse: bool) -> None:
        self._out.clear()
        self.replies.forget()
        self.link.drop(refuse=refuse)

    def _restore(self) -> None:
        if self._powered and not self._cut:
            self.link.restore()
