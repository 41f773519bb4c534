"""The smallest HTTP client there is: one kept connection, requests made beforehand.

What makes load must cost little, since it runs beside what it loads; and a time must be
taken just before the first byte goes out, not before a library makes up its mind.
"""

import json
import socket
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, Self

_PATIENCE: Final = 30.0
_END: Final = b"\r\n\r\n"


class Refused(RuntimeError):
    """The server answered with another status than 2xx; says which and why."""


def post(
    path: str, body: bytes, *, key: str = "", bearer: str = "", host: str = "bench"
) -> bytes:
    """A whole POST of JSON."""
    head = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    head.append("Content-Type: application/json")
    if key:
        head.append(f"Idempotency-Key: {key}")
    if bearer:
        head.append(f"Authorization: Bearer {bearer}")
    return "\r\n".join(head).encode() + _END + body


def get(path: str, *, host: str = "bench") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


@dataclass(slots=True)
class Wire:
    """One connection to a port of this machine; `sent_at` of the last request."""

    port: int
    sent_at: float = 0.0
    _socket: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self.port), _PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> bytes:
        """The body of the answer; Refused if it is none of success."""
        self.sent_at = monotonic()
        self._socket.sendall(request)
        head, _, body = self._receive_head()
        status, length = _read_head(head)
        while len(body) < length:
            body += self._more()
        if not 200 <= status < 300:
            raise Refused(f"{status} to {request[:60]!r}: {body[:200]!r}")
        return body

    def ask_json(self, request: bytes) -> dict[str, Any]:
        return dict(json.loads(self.ask(request)))

    def begin(self, request: bytes) -> socket.socket:
        """Send a request whose answer never ends; the socket to read it from."""
        self._socket.sendall(request)
        return self._socket

    def _receive_head(self) -> tuple[bytes, bytes, bytes]:
        received = self._more()
        while _END not in received:
            received += self._more()
        return received.partition(_END)

    def _more(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise Refused("the server closed the connection")
        return received


def _read_head(head: bytes) -> tuple[int, int]:
    """Status and length of the body."""
    first, *lines = head.split(b"\r\n")
    length = 0
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return int(first.split(b" ", 2)[1]), length
