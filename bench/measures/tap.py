"""A tap in the printer's cable: all passes, and the moment of each piece is noted.

It adds its own way to every question and answer of the printer, so times taken here are
longer than without it, never shorter.
"""

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final, Self

BEGIN: Final = b"\x1b@"
"""ESC @ opens every ticket; questions to the printer have none."""
CUT: Final = b"\x1dV\x01"

_QUESTION: Final = re.compile(rb"\x10\x04[\x01-\x04]")


def without_questions(data: bytes) -> bytes:
    """What is printed: the questions (DLE EOT n) are answered beside it."""
    return _QUESTION.sub(b"", data)


@dataclass(frozen=True, slots=True)
class Passed:
    """What went to the printer since the tap was armed.

    `at` is when the first ticket of it began, `begun` how many did.
    """

    at: float
    begun: int
    data: bytes


class Tap:
    """Listens on a free port and passes all on to `printer_port` of this machine."""

    def __init__(self, printer_port: int) -> None:
        self._printer_port = printer_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._news = threading.Condition()
        self._data = b""
        self._at: float | None = None
        self._lines: set[socket.socket] = set()
        threading.Thread(target=self._welcome, name="tap", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        for line in tuple(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def arm(self) -> None:
        """Forget what has passed; the next ticket is the one that is waited for."""
        with self._news:
            self._data, self._at = b"", None

    def begun(self, seconds: float) -> bool:
        """Whether the first piece of a ticket arrives within so many seconds."""
        with self._news:
            return self._news.wait_for(lambda: self._at is not None, seconds)

    def passed(self) -> Passed:
        """Once a ticket has begun."""
        with self._news:
            assert self._at is not None
            return Passed(self._at, self._data.count(BEGIN), self._data)

    def _welcome(self) -> None:
        while True:
            try:
                kiosk, _ = self._listening.accept()
            except OSError:
                return
            printer = socket.create_connection(("127.0.0.1", self._printer_port))
            for line in (kiosk, printer):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._lines.add(line)
            for source, sink, noted in (
                (kiosk, printer, True),
                (printer, kiosk, False),
            ):
                threading.Thread(
                    target=self._pass_on, args=(source, sink, noted), daemon=True
                ).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, noted: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                if noted:
                    self._note(piece, monotonic())
                sink.sendall(piece)
        for line in (source, sink):
            self._lines.discard(line)
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _note(self, piece: bytes, at: float) -> None:
        with self._news:
            self._data += piece
            if self._at is None and BEGIN in self._data:
                self._at = at
                self._news.notify_all()
