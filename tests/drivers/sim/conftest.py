"""A printer whose paper moves in no time, and a host at the other end of its wire."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from math import inf

import pytest

from drivers.sim.sim import PrinterSim

PATIENCE = 5.0


class Host:
    """A plain TCP client; `hear` waits for exactly so many bytes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)

    def say(self, data: bytes) -> "Host":
        self.socket.sendall(data)
        return self

    def hear(self, count: int) -> bytes:
        heard = b""
        while len(heard) < count:
            data = self.socket.recv(count - len(heard))
            if not data:
                raise ConnectionError(f"the printer hung up after {heard!r}")
            heard += data
        return heard

    def ask(self, data: bytes, count: int) -> bytes:
        return self.say(data).hear(count)

    def hang_up(self) -> None:
        self.socket.close()


@pytest.fixture
def printer() -> Iterator[PrinterSim]:
    with PrinterSim(speed=inf) as printer:
        yield printer


@pytest.fixture
def connect() -> Iterator[Callable[[PrinterSim], Host]]:
    """Connects hosts and hangs up for them afterwards."""
    with ExitStack() as stack:

        def connect(printer: PrinterSim) -> Host:
            host = Host(printer.port)
            stack.callback(host.hang_up)
            return host

        yield connect


@pytest.fixture
def host(printer: PrinterSim, connect: Callable[[PrinterSim], Host]) -> Host:
    return connect(printer)
