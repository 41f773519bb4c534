"""A 2D scanner on a serial line, in its plain protocol: each code's bytes and an end.

The scanner is set to read by itself (presentation mode); nothing is sent to it. The
rule of where a code ends is pure and separate from the thread that reads.
"""

import logging
import threading
from collections.abc import Callable

from drivers.transport import Link, LinkBroken

_log = logging.getLogger(__name__)

_ENDS = frozenset(b"\r\n\x03")
_STX = 0x02
_BACK_OFF = (0.5, 5.0)  # seconds between tries to open: first, longest
_LISTEN = 60.0  # seconds of one read; closing interrupts it


class Frames:
    """Bytes with their time of arrival in, whole codes out. Seconds, handed in.

    A code ends with CR, LF, CRLF or ETX, or with `gap` of silence as long as the
    scanner has shown no such end; once it has, a code that stops without one was cut
    off and is dropped: half an address may be somebody else's. Dropped too: control
    bytes in a code, more than `longest` bytes, and the same code again within `again`
    of the last time.
    """

    def __init__(
        self, *, gap: float = 0.08, longest: int = 512, again: float = 2.0
    ) -> None:
        self.gap = gap
        self._longest, self._again = longest, again
        self._code = bytearray()
        self._spoilt = False
        self._marks_ends = False
        self._heard_at = float("-inf")
        self._last, self._last_at = b"", float("-inf")

    @property
    def begun(self) -> bool:
        """Whether a code has begun that has not ended."""
        return bool(self._code) or self._spoilt

    def feed(self, arrived: bytes, at: float) -> list[bytes]:
        """The codes that these bytes complete."""
        codes = self.silence(at)
        self._heard_at = at
        for byte in arrived:
            if byte in _ENDS:
                # An end with nothing before it is the LF of a CRLF.
                self._marks_ends = self._marks_ends or self.begun
                codes += self._end(at)
            else:
                self._take(byte)
        return codes

    def silence(self, at: float) -> list[bytes]:
        """Nothing has arrived until now: a code may have ended by that."""
        if not self.begun or at - self._heard_at < self.gap:
            return []
        if self._marks_ends:
            _log.warning("a code of %d bytes broke off", len(self._code))
            self.forget()
            return []
        return self._end(self._heard_at)

    def forget(self) -> None:
        """Drop what has begun: the line broke, its rest will not come."""
        self._code.clear()
        self._spoilt = False

    def _take(self, byte: int) -> None:
        if byte == _STX and not self._code:
            return
        if byte < 0x20 or byte == 0x7F or len(self._code) == self._longest:
            self._spoilt = True
        elif not self._spoilt:
            self._code.append(byte)

    def _end(self, at: float) -> list[bytes]:
        code, spoilt = bytes(self._code), self._spoilt
        self.forget()
        if spoilt:
            _log.warning("a code with control bytes or of excessive length was dropped")
            return []
        if not code:
            return []
        repeated = code == self._last and at - self._last_at < self._again
        self._last, self._last_at = code, at
        return [] if repeated else [code]


class SerialScanner:
    """The port `drivers.Scanner` on a serial line; found again after it was unplugged.

    `link` opens the line by its stable name below /dev/serial/by-id. `when_read` and
    `when_changed` (whether it is connected) are called on the reading thread.
    """

    def __init__(
        self,
        link: Link,
        *,
        monotonic: Callable[[], float],
        frames: Frames | None = None,
        when_read: Callable[[bytes], None] | None = None,
        when_changed: Callable[[bool], None] | None = None,
    ) -> None:
        self.when_read, self.when_changed = when_read, when_changed
        self._link, self._monotonic = link, monotonic
        self._frames = frames or Frames()
        self._connected = False
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"scanner {link.name}", daemon=True
        )
        self._thread.start()

    @property
    def connected(self) -> bool:
        return self._connected

    def close(self) -> None:
        self._closing.set()
        self._link.interrupt()
        self._thread.join()

    def _run(self) -> None:
        pause = _BACK_OFF[0]
        while not self._closing.is_set():
            try:
                self._link.open()
                pause = _BACK_OFF[0]
                self._become(connected=True)
                self._read()
            except LinkBroken as exc:
                if self._connected or pause == _BACK_OFF[0]:
                    _log.warning("scanner: %s", exc)
                self._become(connected=False)
                self._frames.forget()
                self._closing.wait(pause)
                pause = min(2 * pause, _BACK_OFF[1])
        self._link.close()

    def _read(self) -> None:
        frames = self._frames
        while not self._closing.is_set():
            arrived = self._link.read(frames.gap if frames.begun else _LISTEN)
            at = self._monotonic()
            for code in frames.feed(arrived, at) if arrived else frames.silence(at):
                self._pass_on(code)

    def _pass_on(self, code: bytes) -> None:
        _log.info("a code of %d bytes was read", len(code))  # never what it says
        if self.when_read is not None:
            self.when_read(code)

    def _become(self, *, connected: bool) -> None:
        if connected != self._connected:
            self._connected = connected
            if self.when_changed is not None:
                self.when_changed(connected)
