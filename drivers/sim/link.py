"""The wire: a TCP port or a pseudo terminal, with what can happen to it.

A link gives bytes and takes bytes and never waits. One host owns the printer; a second
TCP connection waits unread until the first ends, as on real network boards.
"""

import os
import pty
import select
import socket
import struct
import tty
from pathlib import Path
from typing import Final, Protocol

_KERNEL_BUFFER: Final = 8192
"""Small, so that a full printer makes its host wait as real ones do."""
_SEGMENT: Final = 1460
"""As on Ethernet; a loopback segment is larger than the whole kernel buffer."""
_RESET: Final = struct.pack("ii", 1, 0)

Watch = tuple[int, int]
"""A file descriptor and what to poll it for."""


class Link(Protocol):
    """What the printer's loop needs of a wire."""

    @property
    def connected(self) -> bool: ...

    @property
    def up(self) -> bool: ...

    def watch(self, *, reading: bool, writing: bool) -> list[Watch]:
        """What to poll for."""

    def welcome(self) -> None:
        """Take up a host that is waiting."""

    def read(self, limit: int) -> bytes:
        """At most `limit` bytes that are there; empty when there are none."""

    def write(self, data: bytes) -> int:
        """How many bytes the wire took; all of them when nobody is there to hear."""

    def drop(self, *, refuse: bool) -> None:
        """Break the connection; with `refuse` nobody gets in until `restore`."""

    def restore(self) -> None: ...

    def close(self) -> None: ...


class TcpLink:
    """A listening port; `port` 0 takes a free one."""

    def __init__(self, host: str, port: int, *, refuse_second: bool = False) -> None:
        self._refuse_second = refuse_second
        self._listener = _bound(host, port)
        self.port: int = self._listener.getsockname()[1]
        self._host: socket.socket | None = None
        self._next: list[socket.socket] = []
        self.up = False
        self.restore()

    @property
    def connected(self) -> bool:
        return self._host is not None

    def watch(self, *, reading: bool, writing: bool) -> list[Watch]:
        watched = [(self._listener.fileno(), select.POLLIN)] if self.up else []
        events = select.POLLIN * reading | select.POLLOUT * writing
        if self._host is not None and events:
            watched.append((self._host.fileno(), events))
        return watched

    def welcome(self) -> None:
        while self.up:
            try:
                host, _ = self._listener.accept()
            except BlockingIOError:
                break
            host.setblocking(False)
            host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._refuse_second and (self._host or self._next):
                host.close()
            else:
                self._next.append(host)
        if self._host is None and self._next:
            self._host = self._next.pop(0)

    def read(self, limit: int) -> bytes:
        if self._host is None or limit <= 0:
            return b""
        try:
            data = self._host.recv(limit)
        except BlockingIOError:
            return b""
        except OSError:  # the host broke the connection
            data = b""
        if not data:
            self._host.close()
            self._host = None
            self.welcome()
        return data

    def write(self, data: bytes) -> int:
        if self._host is None:
            return len(data)
        try:
            return self._host.send(data)
        except BlockingIOError:
            return 0
        except OSError:  # gone; reading will notice
            return len(data)

    def drop(self, *, refuse: bool) -> None:
        hosts = [self._host] if self._host else []
        if refuse:
            self.up = False
            # Stays bound, so that the port cannot be taken by someone else meanwhile.
            self._listener.shutdown(socket.SHUT_RDWR)
            hosts += self._next
            self._next = []
        for host in hosts:
            host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            host.close()
        self._host = None
        self.welcome()

    def restore(self) -> None:
        if not self.up:
            self._listener.listen(8)
            self.up = True

    def close(self) -> None:
        for each in (self._listener, self._host, *self._next):
            if each is not None:
                each.close()
        self._host, self._next = None, []
        self.up = False


def _bound(host: str, port: int) -> socket.socket:
    """A socket that keeps its port also while it does not listen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    first = _reusable(family)
    try:
        first.bind((host, port))
        if port:
            return first
        # A port the system chose is only kept when asked for by its number.
        second = _reusable(family)
        second.bind((host, first.getsockname()[1]))
    except OSError:
        first.close()
        raise
    first.close()
    return second


def _reusable(family: int) -> socket.socket:
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _KERNEL_BUFFER)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
    made.setblocking(False)
    return made


class PtyLink:
    """A pseudo terminal; `path` is what a host opens, `name` a link to it."""

    def __init__(self, name: Path | None = None) -> None:
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        os.set_blocking(self._ours, False)
        self.path = os.ttyname(self._theirs)
        self._name = name
        if name is not None:
            name.unlink(missing_ok=True)
            name.symlink_to(self.path)
        self.up = True

    @property
    def connected(self) -> bool:
        """A terminal cannot tell; the cable is plugged in or not."""
        return self.up

    def watch(self, *, reading: bool, writing: bool) -> list[Watch]:
        events = select.POLLIN * reading | select.POLLOUT * writing
        return [(self._ours, events)] if self.up and events else []

    def welcome(self) -> None:
        """Nobody has to be taken up."""

    def read(self, limit: int) -> bytes:
        if not self.up or limit <= 0:
            return b""
        try:
            return os.read(self._ours, limit)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> int:
        if not self.up:
            return len(data)
        try:
            return os.write(self._ours, data)
        except BlockingIOError:
            return 0

    def drop(self, *, refuse: bool) -> None:
        self.up = not refuse

    def restore(self) -> None:
        """Plugged in again; what was sent into the loose cable is lost."""
        if not self.up:
            self.up = True
            while self.read(4096):
                pass

    def close(self) -> None:
        self.up = False
        os.close(self._ours)
        os.close(self._theirs)
        if self._name is not None:
            self._name.unlink(missing_ok=True)
