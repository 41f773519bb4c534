"""The bell: what happened, told at once to everybody who is listening.

Any thread rings; listeners live on the event loop, each with its own short queue. A
listener that cannot keep up loses its queue and is told to look again at the whole:
nobody waits for a slow phone.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

QUEUE: Final = 64


@dataclass(frozen=True, slots=True)
class Ring:
    """One message of the bell: an SSE event name and its data, rendered once."""

    event: str
    data: str


CLOSED: Final = Ring("closed", "")
MISSED: Final = Ring("missed", "")


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream or long poll."""

    queue: "asyncio.Queue[Ring]"

    def hear(self, ring: Ring) -> None:
        """Queue it; one that is too far behind is told that it missed something."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(MISSED)
        self.queue.put_nowait(ring)

    async def next(self, seconds: float) -> Ring | None:
        """The next ring; None if it stayed quiet for `seconds`."""
        try:
            return await asyncio.wait_for(self.queue.get(), seconds)
        except TimeoutError:
            return None


class Bell:
    """Topics and who listens to them: `office:ID`, `staff:ID` (of it), `kiosk:ID`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._closed = False
        self._lock = threading.Lock()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Live on this loop from now on; before it, ringing reaches nobody."""
        with self._lock:
            self._loop = loop
            self._closed = False

    def ring(self, topic: str, ring: Ring) -> None:
        """Tell everybody who listens to `topic`; from any thread, never waits."""
        with self._lock:
            loop = self._loop
            if loop is None or topic not in self._listeners:
                return
            loop.call_soon_threadsafe(self._deliver, topic, ring)

    @contextmanager
    def listening(self, *topics: str) -> Iterator[Listener]:
        """Listen to `topics` while the block runs; on the event loop only."""
        listener = Listener(asyncio.Queue(QUEUE))
        with self._lock:
            for topic in topics:
                self._listeners[topic].add(listener)
            if self._closed:
                listener.queue.put_nowait(CLOSED)
        try:
            yield listener
        finally:
            with self._lock:
                for topic in topics:
                    self._listeners[topic].discard(listener)
                    if not self._listeners[topic]:
                        del self._listeners[topic]

    def listeners(self) -> int:
        """How many streams and long polls are open."""
        with self._lock:
            return len(set().union(*self._listeners.values()))

    def close(self) -> None:
        """The house shuts: every listener is told to go. On the event loop."""
        with self._lock:
            self._closed = True
            listeners = set().union(*self._listeners.values())
        for listener in listeners:
            listener.hear(CLOSED)

    def detach(self) -> None:
        """Forget the loop, which is about to end."""
        with self._lock:
            self._loop = None

    def _deliver(self, topic: str, ring: Ring) -> None:
        for listener in tuple(self._listeners.get(topic, ())):
            listener.hear(ring)
