"""Sleeping, and what ends it."""

import os
import signal
import socket
import threading
from contextlib import suppress

import pytest

from kiosk.ui.waiter import InputNodes, Waiter, sockets


class Bench:
    """A display connection, its events, and a clock that a sleep cannot move."""

    def __init__(self, **more):
        self.display, self.server = socket.socketpair()
        self.events = []
        self.now = 0.0
        self.looks = 0
        self.waiter = Waiter(
            self.take, lambda: self.now, ears=(self.display.fileno(),), **more
        )

    def take(self):
        """As SDL does: whatever came in is read, and becomes events."""
        self.looks += 1
        self.display.setblocking(False)
        with suppress(BlockingIOError):
            self.events += self.display.recv(4096).decode().split()
        taken, self.events = self.events, []
        return taken

    def close(self):
        self.waiter.close()
        self.display.close()
        self.server.close()


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.close()


def test_a_finger_ends_the_sleep(bench):
    threading.Timer(0.02, bench.server.sendall, [b"finger "]).start()
    assert bench.waiter.wait(until=60) == ["finger"]


def test_events_that_were_read_already_are_not_slept_on(bench):
    """Xlib may take them off the wire while it waits for an answer."""
    bench.events.append("finger")
    assert bench.waiter.wait(until=60) == ["finger"]
    assert bench.waiter.sleeps == 0


def test_any_thread_may_wake_it(bench):
    threading.Timer(0.02, bench.waiter.wake).start()
    assert bench.waiter.wait(until=60) == []
    assert bench.waiter.sleeps == 1


def test_a_wake_before_the_sleep_is_not_lost(bench):
    bench.waiter.wake()
    assert bench.waiter.wait(until=60) == []


def test_many_wakes_are_one(bench):
    for _ in range(100_000):
        bench.waiter.wake()
    assert bench.waiter.wait(until=60) == []
    bench.now = 61
    assert bench.waiter.wait(until=60) == []
    assert bench.waiter.sleeps == 1


def test_the_past_is_not_waited_for(bench):
    bench.now = 10
    assert bench.waiter.wait(until=9) == []
    assert bench.waiter.sleeps == 0


def test_a_signal_ends_the_sleep(bench):
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        timer = threading.Timer(0.02, os.kill, [os.getpid(), signal.SIGUSR1])
        timer.start()
        assert bench.waiter.wait(until=60) == []
        timer.join()
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_an_ear_nobody_empties_does_not_keep_it_awake():
    bench = Bench()
    deaf, noise = socket.socketpair()
    noise.sendall(b"never read")
    both = Waiter(
        bench.take, lambda: bench.now, ears=(bench.display.fileno(), deaf.fileno())
    )
    threading.Timer(0.05, both.wake).start()
    assert both.wait(until=60) == []
    assert both.sleeps == 1
    assert bench.looks <= 5
    both.close()
    for end in (deaf, noise):
        end.close()
    bench.close()


def test_input_nodes_are_emptied_and_followed(tmp_path):
    os.mkfifo(tmp_path / "event0")
    nodes = InputNodes(tmp_path)
    (fd,) = nodes.fds()
    with (tmp_path / "event0").open("wb", buffering=0) as finger:
        finger.write(b"x" * 48)
        nodes.drain([fd])
        with pytest.raises(BlockingIOError):
            os.read(fd, 1)
    os.mkfifo(tmp_path / "event1")
    assert len(nodes.fds()) == 2
    (tmp_path / "event0").unlink()
    assert len(nodes.fds()) == 1
    nodes.close()


def test_a_panel_that_was_unplugged_is_let_go(tmp_path):
    os.mkfifo(tmp_path / "event0")
    nodes = InputNodes(tmp_path)
    (fd,) = nodes.fds()
    nodes.drain([fd])  # a pipe without a writer says: end
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
    nodes.close()


def test_new_connections_are_found(tmp_path):
    before = sockets()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "display"))
    server.listen()
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(tmp_path / "display"))
    other_end, _ = server.accept()
    found = sockets() - before
    assert client.fileno() in found
    assert server.fileno() not in found
    for end in (client, other_end, server):
        end.close()
