"""A scanner without hardware, on a pseudo-terminal: real bytes on a serial line."""

import os
import tty
from contextlib import suppress
from pathlib import Path


class PtyScanner:
    """Stands at `path`, as /dev/serial/by-id does, and can be unplugged.

    Plugged in again it is another terminal behind the same path, as a USB scanner is.
    """

    def __init__(self, path: Path, *, end: bytes = b"\r") -> None:
        self.path, self._end = path, end
        self._master: int | None = None
        self.plug_in()

    def plug_in(self) -> None:
        if self._master is not None:
            return
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self._slave = slave
        self.path.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        if self._master is None:
            return
        self.path.unlink()
        for fd in (self._slave, self._master):
            with suppress(OSError):
                os.close(fd)
        self._master = None

    def scan(self, code: bytes) -> None:
        """Somebody holds a code before the scanner."""
        self.send(code + self._end)

    def send(self, raw: bytes) -> None:
        """Bytes as they are: half a code, noise."""
        if self._master is None:
            raise ValueError("the scanner is unplugged")
        os.write(self._master, raw)

    def close(self) -> None:
        self.unplug()
