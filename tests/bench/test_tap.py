"""The tap in the printer's cable: it changes nothing and notes the moment."""

import socket
from collections.abc import Iterator
from time import monotonic

import pytest

from bench.measures.tap import Tap, without_questions

PATIENCE = 10.0


class Cable:
    """Both ends of a line through a tap."""

    def __init__(self, tap: Tap, printer: socket.socket) -> None:
        self.tap = tap
        self.kiosk = socket.create_connection(("127.0.0.1", tap.port), PATIENCE)
        self.printer, _ = printer.accept()
        self.printer.settimeout(PATIENCE)

    def say(self, data: bytes) -> None:
        """To the printer; back when it has all of it."""
        self.kiosk.sendall(data)
        arrived = b""
        while len(arrived) < len(data):
            arrived += self.printer.recv(4096)
        assert arrived == data

    def close(self) -> None:
        self.kiosk.close()
        self.printer.close()


@pytest.fixture
def cable() -> Iterator[Cable]:
    with socket.create_server(("127.0.0.1", 0)) as printer:
        printer.settimeout(PATIENCE)
        with Tap(printer.getsockname()[1]) as tap:
            cable = Cable(tap, printer)
            yield cable
            cable.close()


def test_questions_to_the_printer_begin_no_ticket(cable):
    cable.tap.arm()
    cable.say(b"\x10\x04\x01\x10\x04\x02")
    assert not cable.tap.begun(0)


def test_the_first_piece_of_a_ticket_is_timed(cable):
    cable.say(b"\x1b@ of an earlier one")
    cable.tap.arm()
    before = monotonic()
    cable.say(b"\x10\x04\x01")
    cable.say(b"\x1b@\x1bR\x08ticket")
    assert cable.tap.begun(PATIENCE)
    cable.say(b"\x1dV\x01")
    passed = cable.tap.passed()
    assert before <= passed.at <= monotonic()
    assert (passed.begun, passed.data) == (
        1,
        b"\x10\x04\x01\x1b@\x1bR\x08ticket\x1dV\x01",
    )


def test_a_beginning_torn_in_two_is_one(cable):
    cable.tap.arm()
    cable.say(b"\x10\x04\x01\x1b")
    assert not cable.tap.begun(0)
    cable.say(b"@ticket")
    assert cable.tap.begun(PATIENCE)


def test_the_printer_is_heard_through_the_tap(cable):
    cable.printer.sendall(b"\x12\x12")
    assert cable.kiosk.recv(16) == b"\x12\x12"


def test_a_ticket_is_weighed_without_the_questions_around_it():
    questions = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
    ticket = b"\x1b@\x10\x14\x08ticket\x1dV\x01"
    assert without_questions(questions + ticket + questions) == ticket
