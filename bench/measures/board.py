"""From the clerk's call to the boards: what the waiting room waits for.

Viewers are open streams of one office (server-sent events), as boards and phones have
them. A clerk asks for the next ticket; the time runs from just before that request goes
out until the event `call` has arrived at a viewer, and every viewer of every call
counts. All viewers are read by one thread of this process: with many of them the last
ones also wait for that thread.
"""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Final
from uuid import uuid4

from bench.measures.central import Central
from bench.measures.figures import Measure, against, most, percentile
from bench.measures.house import CannotMeasure
from bench.measures.tickets import kiosk
from bench.measures.wire import Wire, get, post

CALLS: Final = 40
VIEWERS: Final = (200, 1000)
_OFFICE: Final = "chuo"
_GOAL: Final = most(150, "ms")
_PAUSE: Final = 0.15
"""Seconds between calls: twenty times as often as a busy office calls."""
_PATIENCE: Final = 20.0
_CALL: Final = b"event: call\n"


def measure(central: Central, calls: int = CALLS) -> Iterator[Measure]:
    """With 200 viewers, then with 1,000."""
    counter = central.offices()[_OFFICE].counters[0]
    waiting = kiosk(
        central,
        _OFFICE,
        calls * len(VIEWERS),
        only=counter.procedures,
        printed=True,
    )
    with Wire(central.port) as wire:
        for request in waiting.requests:
            wire.ask(request)
    for viewers in VIEWERS:
        times = [1000 * t for t in _times(central, counter.id, viewers, calls)]
        note = f"{calls} calls, p50 {percentile(times, 0.5):.0f} ms"
        what = f"call → board, p99, {viewers:,} viewers"
        yield against(_GOAL, what, percentile(times, 0.99), note)


def _times(central: Central, counter: str, viewers: int, calls: int) -> list[float]:
    """Seconds from the clerk's request to each viewer, for every call."""
    bearer = central.log_in()
    with ExitStack() as stack:
        audience = stack.enter_context(_Audience(central.port, viewers))
        clerk = stack.enter_context(Wire(central.port))
        times = []
        for _ in range(calls):
            sleep(_PAUSE)
            audience.listen()
            called = clerk.ask_json(
                post(
                    f"/api/staff/v1/counters/{counter}/next",
                    b"{}",
                    key=uuid4().hex,
                    bearer=bearer,
                )
            )
            if called["ticket"] is None:
                raise CannotMeasure("nobody is left to be called")
            times += [at - clerk.sent_at for at in audience.heard()]
        return times


@dataclass(slots=True)
class _Viewer:
    line: socket.socket
    tail: bytes = b""
    heard_at: float | None = None


@dataclass
class _Audience:
    """Open streams, read by one thread; `heard` gives when each got the last call."""

    port: int
    size: int
    _viewers: list[_Viewer] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _missing: int = 0
    _gone: bool = False

    def __enter__(self) -> "_Audience":
        self._eyes = selectors.DefaultSelector()
        path = f"/api/public/v1/offices/{_OFFICE}/stream"
        for _ in range(self.size):
            line = Wire(self.port).begin(get(path))
            viewer = _Viewer(line)
            self._viewers.append(viewer)
            self._eyes.register(line, selectors.EVENT_READ, viewer)
        self._thread = threading.Thread(target=self._watch, name="audience")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone = True
        for viewer in self._viewers:
            viewer.line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for viewer in self._viewers:
            viewer.line.close()
        self._eyes.close()

    def listen(self) -> None:
        """Wait for a new call from now on."""
        with self._news:
            self._missing = self.size
            for viewer in self._viewers:
                viewer.heard_at = None

    def heard(self) -> list[float]:
        """When each of them heard it; CannotMeasure if some do not."""
        with self._news:
            if not self._news.wait_for(lambda: self._missing == 0, _PATIENCE):
                raise CannotMeasure(f"{self._missing} viewers did not hear the call")
            return [v.heard_at for v in self._viewers if v.heard_at is not None]

    def _watch(self) -> None:
        while not self._gone:
            for key, _ in self._eyes.select(1.0):
                viewer: _Viewer = key.data
                piece = viewer.line.recv(262144)
                at = monotonic()
                if not piece:
                    self._eyes.unregister(viewer.line)
                    continue
                self._look(viewer, piece, at)

    def _look(self, viewer: _Viewer, piece: bytes, at: float) -> None:
        seen = viewer.tail + piece
        viewer.tail = seen[-len(_CALL) :]
        if _CALL in seen:
            viewer.tail = b""
            with self._news:
                if viewer.heard_at is None:
                    viewer.heard_at = at
                    self._missing -= 1
                    self._news.notify_all()
