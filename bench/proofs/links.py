"""A wire as slow as a serial line: a document comes in pieces, and may be torn off."""

from time import sleep
from typing import Final

from drivers.transport import Link

PIECE: Final = 48


class Trickle:
    """Writes in pieces of `PIECE` bytes with `pause` seconds between them."""

    def __init__(self, link: Link, pause: float) -> None:
        self._link, self._pause = link, pause

    @property
    def name(self) -> str:
        return self._link.name

    def open(self) -> None:
        self._link.open()

    def write(self, data: bytes) -> None:
        if not self._pause:
            self._link.write(data)
            return
        for at in range(0, len(data), PIECE):
            if at:
                sleep(self._pause)
            self._link.write(data[at : at + PIECE])

    def read(self, timeout: float) -> bytes:
        return self._link.read(timeout)

    def interrupt(self) -> None:
        self._link.interrupt()

    def close(self) -> None:
        self._link.close()
