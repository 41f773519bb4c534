"""The printer on its wire: one thread moves bytes, anyone may switch faults and look.

`with PrinterSim(speed=inf) as printer:` gives a test a whole printer at
`printer.port`; `seiriken-printer-sim` is the same with a web page.
"""

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Self

from drivers.sim.engine import Engine
from drivers.sim.faults import ORDINARY, Fault, Misuse, Quirks
from drivers.sim.journal import Entry
from drivers.sim.link import Link, PtyLink, TcpLink
from drivers.sim.panel import panel
from drivers.sim.paper import How, Sheet
from drivers.sim.replies import Replies
from drivers.sim.wire import SLOW_BYTES_PER_SECOND, Wire


class PrinterSim:
    """A virtual printer on TCP (or a pty); any thread may call its methods.

    `speed` in mm/s (inf: paper moves in no time), `width` in dots, `roll` in mm of
    paper; `seed` decides which replies get lost. To the file `capture` every received
    byte is appended before it is acted upon. Raises OSError if the port is taken.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        pty: bool = False,
        pty_name: Path | None = None,
        speed: float = 250.0,
        width: int = 576,
        roll: float = 60_000.0,
        quirks: Quirks = ORDINARY,
        capture: Path | None = None,
        seed: int = 0,
        slow_rate: float = SLOW_BYTES_PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.width = width
        self._clock = clock
        self._epoch = wall() - clock()
        self._engine = Engine(width=width, speed=speed, roll=roll, quirks=quirks)
        link: Link
        self.port = 0
        self.pty_path = ""
        if pty:
            link = terminal = PtyLink(pty_name)
            self.pty_path = terminal.path
        else:
            link = tcp = TcpLink(host, port, refuse_second=quirks.refuse_second)
            self.port = tcp.port
        try:
            self._capture = capture.open("ab", buffering=0) if capture else None
        except OSError:
            link.close()
            raise
        self._wire = Wire(
            link,
            replies=Replies(Random(seed)),
            capture=self._capture,
            rate=slow_rate,
            epoch=self._epoch,
        )
        self._changed = threading.Condition(threading.RLock())
        self._wake_in, self._wake_out = socket.socketpair()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._version = 0
        self._handed = 0

    def start(self) -> Self:
        """Begin to listen; the port is already known before."""
        self._thread = threading.Thread(
            target=self._run, name="printer-sim", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Switch off for good: connections and port are closed."""
        with self._changed:
            self._stopping = True
            self._nudge()
        if self._thread is not None:
            self._thread.join()
        self._wire.link.close()
        self._wake_in.close()
        self._wake_out.close()
        if self._capture is not None:
            self._capture.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # What one can see.

    @property
    def engine(self) -> Engine:
        """The machine itself; look at it inside `watching`, or in `wait_until`."""
        return self._engine

    @contextmanager
    def watching(self) -> Iterator[Engine]:
        """The machine, standing still while you look."""
        with self._changed:
            self._engine.advance(self._clock())
            yield self._engine

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What came out so far (the last 500), oldest first."""
        with self.watching() as engine:
            return tuple(engine.sheets)

    @property
    def uncut(self) -> Sheet | None:
        """What hangs out of the mouth uncut, with number 0; None if that is blank."""
        with self.watching() as engine:
            strips = engine.mechanism.path.hanging
            sheet = Sheet(0, strips, How.CUT, b"", self._clock())
            return sheet if any(strip.line.ink for strip in strips) else None

    def wait_for_sheet(self, timeout: float = 5.0) -> Sheet:
        """The first sheet not yet handed out by this method; TimeoutError if none."""
        with self._changed:
            self.wait_until(lambda engine: engine.count > self._handed, timeout)
            waiting = [s for s in self._engine.sheets if s.id > self._handed]
            self._handed = waiting[0].id
            return waiting[0]

    def wait_until(self, true: Callable[[Engine], bool], timeout: float = 5.0) -> None:
        """Return as soon as `true(engine)`; TimeoutError if that does not happen."""
        with self._changed:
            if not self._changed.wait_for(lambda: true(self._engine), timeout):
                raise TimeoutError(f"the printer did not get there in {timeout} s")

    def journal(self) -> tuple[Entry, ...]:
        """The bytes of late, both ways, oldest first."""
        with self._changed:
            return self._wire.journal.entries()

    @property
    def received(self) -> int:
        """How many bytes have come in, real-time commands included."""
        with self._changed:
            return self._wire.received

    def since_epoch(self, at: float) -> float:
        """A time of the machine as seconds since the epoch."""
        return at + self._epoch

    def state(self) -> dict[str, object]:
        """What the panel and the sensors show, ready for JSON."""
        with self.watching() as engine:
            return {"version": self._version} | panel(engine, self._wire)

    # What one can do to it.

    def fault(
        self,
        name: str,
        *,
        on: bool = True,
        after_bytes: int | None = None,
        after_mm: float | None = None,
        once: bool = False,
    ) -> None:
        """Make something go wrong, or mend it with `on=False`.

        `after_bytes` (paper_end, cut_link) and `after_mm` (paper_end) let it happen
        later. `once` (cut_link): one break, then hosts get in again at once. Raises
        Misuse for a fault or a number this printer does not know.
        """
        if name not in {str(known) for known in Fault}:
            known = ", ".join(str(f) for f in Fault)
            raise Misuse(f"unknown fault {name!r}; known are {known}")
        if (after_bytes or 0) < 0 or (after_mm or 0) < 0:
            raise Misuse("after_bytes and after_mm are numbers from 0 up")
        with self._changed:
            now = self._clock()
            match Fault(name), on:
                case Fault.CUT_LINK, True:
                    self._wire.cut_after(after_bytes or 0, once=once)
                case Fault.CUT_LINK, False:
                    self._wire.mend()
                case Fault.SLOW, _:
                    self._wire.slow = on
                case Fault.LATE_REPLIES, _:
                    self._wire.replies.late = on
                case Fault.DOUBLE_REPLIES, _:
                    self._wire.replies.double = on
                case Fault.LOST_REPLIES, _:
                    self._wire.replies.lossy = on
                case Fault.POWER_OFF, True:
                    self._engine.power_off(now)
                    self._wire.power(on=False)
                case Fault.POWER_OFF, False:
                    self._engine.power_on()
                    self._wire.power(on=True)
                case Fault.PAPER_END, True:
                    self._engine.end_paper(
                        now, after_bytes=after_bytes, after_mm=after_mm
                    )
                case plain, _:
                    self._switch(plain, on=on, now=now)
            self._note_change()

    def _switch(self, fault: Fault, *, on: bool, now: float) -> None:
        engine = self._engine
        match fault, on:
            case ((Fault.PAPER_END | Fault.NEAR_END), False):
                engine.load_paper(now)
            case Fault.NEAR_END, True:
                engine.mechanism.near_end_forced = True
                engine.advance(now)
            case Fault.COVER_OPEN, True:
                engine.open_cover(now)
            case Fault.COVER_OPEN, False:
                engine.close_cover(now)
            case Fault.CUTTER_JAM, True:
                engine.mechanism.cutter_blocked = True
            case Fault.CUTTER_JAM, False:
                engine.mend_cutter(now)
            case Fault.MUTE, _:
                engine.mute = on

    def take_paper(self) -> None:
        """Take away what hangs out of the mouth; uncut paper tears there."""
        with self._changed:
            self._engine.take_paper(self._clock())
            self._note_change()

    # The loop.

    def _note_change(self) -> None:
        self._version += 1
        self._changed.notify_all()
        self._nudge()

    def _nudge(self) -> None:
        with suppress(BlockingIOError):
            self._wake_in.send(b"!", socket.MSG_DONTWAIT)

    def _run(self) -> None:
        link = self._wire.link
        while not self._stopping:
            poll = select.poll()
            poll.register(self._wake_out, select.POLLIN)
            with self._changed:
                now = self._clock()
                self._engine.advance(now)
                self._wire.say(self._engine.answers(), now)
                self._changed.notify_all()
                reading = self._wire.readable(self._engine.room, now) > 0
                for descriptor, events in link.watch(
                    reading=reading, writing=self._wire.speaking
                ):
                    poll.register(descriptor, events)
                patience = self._patience(now)
            poll.poll(patience)
            with self._changed:
                with suppress(BlockingIOError):
                    self._wake_out.recv(4096, socket.MSG_DONTWAIT)
                if not self._stopping:
                    link.welcome()
                    self._listen(self._clock())

    def _patience(self, now: float) -> float | None:
        """Milliseconds until something has to be done without being asked."""
        times = (self._engine.wake_at(), self._wire.wake_at(now))
        earliest = min((at for at in times if at is not None), default=inf)
        return None if earliest == inf else max(earliest - now, 0.0) * 1000 + 0.5

    def _listen(self, now: float) -> None:
        data = self._wire.read(self._engine.room, now)
        if not data:
            return
        self._engine.receive(data, now)
        self._wire.break_if_due()
        self._wire.say(self._engine.answers(), now)
        self._version += 1

    @property
    def version(self) -> int:
        """Grows with every byte and every fault."""
        with self._changed:
            return self._version


__all__ = ["Fault", "Misuse", "PrinterSim", "Quirks", "Sheet"]
