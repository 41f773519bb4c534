"""The one door to python-escpos and pyserial: bytes to a device and back.

python-escpos is used as transport only; its text, images and status are not (it sends
Japanese as GB18030 and reads silence as "plenty of paper"). What is by-passed of its
network class: 60 s of patience, IPv4 only, no keepalive, Nagle's delay, and an object
that after one failed open never connects again; so every `open` makes a new one.

When imported, python-escpos reads its list of printer models, 0.2 s on a fast machine;
of that nothing is used here, so it is handed one with a single entry. (A list kept in
its ESCPOS_CAPABILITIES_PICKLE_DIR, torn by a power cut, would stop every later start.)
It leaves a folder in the temporary directory.
"""

import logging
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_logging_before = logging.root.handlers[:]
_LIST = "ESCPOS_CAPABILITIES_FILE"
_list_before = os.environ.get(_LIST)
os.environ[_LIST] = _list_before or str(Path(__file__).with_name("escpos-default.json"))

# Importing it calls logging.basicConfig(); how the kiosk logs is the kiosk's to say.
import escpos.printer  # noqa: E402
import serial  # noqa: E402

logging.root.handlers[:] = _logging_before
if _list_before is None:
    del os.environ[_LIST]

from drivers import DeviceError  # noqa: E402


class LinkBroken(DeviceError):
    """The device cannot be reached, or stopped taking bytes."""


class Link(Protocol):
    """A line to a device. One thread writes, one reads; it can be opened again."""

    @property
    def name(self) -> str:
        """For people: `10.1.2.3:9100`, `/dev/ttyUSB0`."""

    def open(self) -> None:
        """Connect anew; LinkBroken when the device is not there."""

    def write(self, data: bytes) -> None:
        """All of it, or LinkBroken within the link's deadline."""

    def read(self, timeout: float) -> bytes:
        """What arrived; empty after `timeout` seconds of silence."""

    def interrupt(self) -> None:
        """Make a `read` under way in another thread end at once."""

    def close(self) -> None: ...


class _Port(escpos.printer.Network):  # type: ignore[misc]  # python-escpos has no types
    """Its socket opened our way; writing and closing are its own."""

    def open(self, raise_not_found: bool = True) -> None:
        line = socket.create_connection((self.host, self.port), timeout=self.timeout)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        # A printer that vanished without a word is noticed in 10 + 3 x 5 s.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
        self.device = line


class NetworkLink:
    """A printer on TCP, usually port 9100.

    `connect` and `deadline` are seconds: to be reached, and to take a write.
    """

    def __init__(
        self,
        host: str,
        port: int = 9100,
        *,
        connect: float = 1.0,
        deadline: float = 3.0,
    ) -> None:
        self._host, self._port = host, port
        self._connect, self._deadline = connect, deadline
        self._printer: _Port | None = None
        self._ears: socket.socket | None = None

    @property
    def name(self) -> str:
        return f"{self._host}:{self._port}"

    def open(self) -> None:
        self.close()
        printer = _Port(self._host, self._port, timeout=self._connect)
        try:
            printer.open()
        except OSError as exc:
            raise LinkBroken(
                f"the printer at {self.name} cannot be reached ({exc}): "
                "is it switched on, and is its network cable in?"
            ) from exc
        # Two objects for one connection: a deadline of the writer is not the reader's.
        printer.device.settimeout(self._deadline)
        self._printer, self._ears = printer, printer.device.dup()

    def write(self, data: bytes) -> None:
        if self._printer is None:
            raise LinkBroken(f"the printer at {self.name} is not connected")
        try:
            self._printer._raw(data)
        except OSError as exc:
            raise LinkBroken(
                f"the printer at {self.name} takes nothing: {exc}"
            ) from exc

    def read(self, timeout: float) -> bytes:
        if self._ears is None:
            raise LinkBroken(f"the printer at {self.name} is not connected")
        self._ears.settimeout(timeout)
        try:
            arrived = self._ears.recv(4096)
        except TimeoutError:
            return b""
        except OSError as exc:
            raise LinkBroken(f"the printer at {self.name} is lost: {exc}") from exc
        if not arrived:
            raise LinkBroken(f"the printer at {self.name} closed the connection")
        return arrived

    def interrupt(self) -> None:
        if self._ears is not None:
            with suppress(OSError):  # already disconnected by the other side
                self._ears.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._printer is not None:
            self._printer.close()
        if self._ears is not None:
            self._ears.close()
        self._printer = self._ears = None


class SerialLink:
    """A device on a serial line, ours alone while open.

    `flow` is the handshake set on both sides: `none`, `rtscts` or `xonxoff`.
    """

    def __init__(
        self,
        port: str,
        baudrate: int = 115200,
        *,
        flow: str = "none",
        deadline: float = 3.0,
    ) -> None:
        if flow not in ("none", "rtscts", "xonxoff"):
            raise ValueError(f"flow is none, rtscts or xonxoff, not {flow!r}")
        self._path, self._baudrate = port, baudrate
        self._flow, self._deadline = flow, deadline
        self._port: serial.Serial | None = None

    @property
    def name(self) -> str:
        return self._path

    def open(self) -> None:
        self.close()
        try:
            self._port = serial.Serial(
                self._path,
                self._baudrate,
                timeout=1.0,
                write_timeout=self._deadline,
                xonxoff=self._flow == "xonxoff",
                rtscts=self._flow == "rtscts",
                exclusive=True,
            )
        except (OSError, ValueError) as exc:  # ValueError: no such speed
            raise LinkBroken(
                f"{self._path} cannot be opened ({exc}): is it plugged in, "
                "and does no other program use it?"
            ) from exc

    def write(self, data: bytes) -> None:
        if self._port is None:
            raise LinkBroken(f"{self._path} is not open")
        try:
            self._port.write(data)
            # write() returns once the driver has the bytes; a deadline that ends before
            # they left would be no deadline. drain has none, so it is not used.
        except OSError as exc:
            raise LinkBroken(f"{self._path} takes nothing: {exc}") from exc

    def read(self, timeout: float) -> bytes:
        if self._port is None:
            raise LinkBroken(f"{self._path} is not open")
        try:
            if self._port.timeout != timeout:
                self._port.timeout = timeout
            return bytes(self._port.read(max(1, self._port.in_waiting)))
        except OSError as exc:
            raise LinkBroken(f"{self._path} is lost ({exc}): plug it in again") from exc

    def interrupt(self) -> None:
        if self._port is not None:
            self._port.cancel_read()

    def close(self) -> None:
        if self._port is not None:
            with suppress(OSError):  # it was unplugged: nothing left to close
                self._port.close()
        self._port = None
