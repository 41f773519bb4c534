"""Sleep until something happens, and cost nothing meanwhile.

`pygame.event.wait()` polls a thousand times a second. Here one `select` sleeps on a
pipe (any thread may `wake`) and on the ears, whatever input comes through:

- X11 and Wayland: the connection to the display server. SDL does not tell its file
  descriptor, but it is among the sockets that appeared while the display was opened.
  SDL opens a second X11 connection whose events nobody takes: an ear that is still
  readable after the events were taken is left out of that sleep, or it would be none.
- kmsdrm: own read-only openings of `/dev/input/event*`, drained here. SDL has its own,
  so it loses nothing. To be confirmed on hardware.

Xlib may already have read an event into its own queue while it waited for an answer,
and `select` alone would sleep on it: events are always taken before sleeping. A slow
tick stays as a safety net; where no ear could be had, a fast one.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from select import select
from typing import Final, Generic, TypeVar

SAFETY_TICK: Final = 1.0
HALF_DEAF_TICK: Final = 0.25
DEAF_TICK: Final = 0.05
"""Seconds between looks at the events: with all ears, without one, without any."""
PATIENCE: Final = 3
"""So often the events are taken before an ear that is still readable is left out."""
INPUTS: Final = Path("/dev/input")

Event = TypeVar("Event")


class Waiter(Generic[Event]):
    """Sleeps until a finger, a thread, a signal or the clock has news."""

    def __init__(
        self,
        take: Callable[[], list[Event]],
        clock: Callable[[], float],
        *,
        ears: tuple[int, ...] = (),
        inputs: Path | None = None,
        expects_input: bool = True,
    ) -> None:
        """`take` takes the events there are; `inputs` is the folder of evdev nodes.

        `expects_input` is False for a display that has no fingers of its own.
        """
        self._take = take
        self._clock = clock
        self._ears = ears
        self._inputs = InputNodes(inputs) if inputs else None
        self._expects_input = expects_input
        self._wake, self._tap = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._signals_before: int | None = None
        if threading.current_thread() is threading.main_thread():
            self._signals_before = signal.set_wakeup_fd(
                self._tap, warn_on_full_buffer=False
            )
        self.sleeps = 0
        """How often it went to sleep; the idle budget is measured with it."""

    def wake(self) -> None:
        """End the sleep, from any thread."""
        # A full pipe means that a wake-up is on its way already.
        with suppress(BlockingIOError):
            os.write(self._tap, b".")

    def wait(self, until: float) -> list[Event]:
        """The next events; empty when woken, or when the clock reaches `until`."""
        while True:
            for _ in range(PATIENCE):
                events = self._take()
                if events:
                    return events
                ears = [ear for ear in self._ears if not _readable(ear)]
                if len(ears) == len(self._ears):
                    break
            left = until - self._clock()
            if left <= 0 or self._sleep(left, ears):
                return self._take()

    def close(self) -> None:
        if self._signals_before is not None:
            signal.set_wakeup_fd(self._signals_before)
        if self._inputs:
            self._inputs.close()
        os.close(self._wake)
        os.close(self._tap)

    def _sleep(self, left: float, ears: list[int]) -> bool:
        """Whether it was woken on purpose."""
        inputs = self._inputs.fds() if self._inputs else ()
        tick = SAFETY_TICK
        if len(ears) < len(self._ears):
            tick = HALF_DEAF_TICK
        elif self._expects_input and not ears and not inputs:
            tick = DEAF_TICK
        self.sleeps += 1
        ready, _, _ = select([self._wake, *ears, *inputs], [], [], min(left, tick))
        if self._inputs:
            self._inputs.drain(ready)
        if self._wake in ready:
            _drain(self._wake)
            return True
        return False


class InputNodes:
    """The evdev nodes of a folder, open for listening; follows plugging in and out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[Path, int] = {}

    def fds(self) -> tuple[int, ...]:
        present = set(self._folder.glob("event*"))
        for gone in self._open.keys() - present:
            os.close(self._open.pop(gone))
        for new in present - self._open.keys():
            # Not ours to read (group `input`): the tick serves instead.
            with suppress(OSError):
                flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
                self._open[new] = os.open(new, flags)
        return tuple(self._open.values())

    def drain(self, ready: list[int]) -> None:
        for path, fd in list(self._open.items()):
            if fd in ready and not _drain(fd):
                os.close(self._open.pop(path))

    def close(self) -> None:
        for fd in self._open.values():
            os.close(fd)
        self._open.clear()


def sockets() -> frozenset[int]:
    """The connected local sockets of this process."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        fd = int(name)
        with suppress(OSError):
            if os.readlink(f"/proc/self/fd/{fd}").startswith("socket:"):
                with socket.socket(fileno=os.dup(fd)) as copy:
                    if copy.family == socket.AF_UNIX and copy.getpeername() is not None:
                        found.add(fd)
    return frozenset(found)


def _readable(fd: int) -> bool:
    return bool(select([fd], [], [], 0)[0])


def _drain(fd: int) -> bool:
    """Read all there is; False if the other end is gone."""
    try:
        while data := os.read(fd, 65536):
            if len(data) < 65536:
                return True
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
