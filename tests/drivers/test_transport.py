"""Bytes to a device and back, and sentences when there is none."""

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from importlib.resources import files
from math import inf
from pathlib import Path

import pytest

import drivers
from drivers import Outcome
from drivers.printer import EscposPrinter
from drivers.profile import EPSON
from drivers.sim.sim import PrinterSim
from drivers.transport import LinkBroken, NetworkLink, SerialLink


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def link(listener):
    made = NetworkLink("127.0.0.1", listener.getsockname()[1], deadline=0.3)
    yield made
    made.close()


def test_bytes_go_both_ways(listener, link) -> None:
    link.open()
    with listener.accept()[0] as printer:
        link.write(b"\x10\x04\x01")
        assert printer.recv(16) == b"\x10\x04\x01"
        printer.sendall(b"\x12")
        assert link.read(5) == b"\x12"
        assert link.read(0.01) == b""


def test_small_writes_are_not_held_back_and_a_dead_peer_is_noticed(
    listener, link
) -> None:
    link.open()
    with listener.accept()[0]:
        line = link._ears
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10


def test_a_printer_that_takes_nothing_does_not_stop_the_kiosk(listener, link) -> None:
    link.open()
    with listener.accept()[0], pytest.raises(LinkBroken, match="takes nothing"):
        link.write(bytes(50_000_000))


def test_a_printer_that_hangs_up_is_lost(listener, link) -> None:
    link.open()
    listener.accept()[0].close()
    with pytest.raises(LinkBroken, match="closed the connection"):
        link.read(5)


def test_a_refused_link_can_be_opened_later(listener, link) -> None:
    absent = NetworkLink("127.0.0.1", listener.getsockname()[1])
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(LinkBroken, match="switched on"):
        absent.open()
    with socket.create_server(("127.0.0.1", port)):
        absent.open()
        absent.close()


def test_a_link_that_is_not_open_says_so(tmp_path: Path) -> None:
    for link in (NetworkLink("127.0.0.1", 9), SerialLink(str(tmp_path / "none"))):
        with pytest.raises(LinkBroken, match="not"):
            link.write(b"x")
        with pytest.raises(LinkBroken, match="not"):
            link.read(0)
        link.interrupt()
        link.close()


def test_a_reader_can_be_called_off(listener, link) -> None:
    link.open()
    ended: list[str] = []

    def listen() -> None:
        try:
            link.read(60)
        except LinkBroken as exc:
            ended.append(str(exc))

    ear = threading.Thread(target=listen)
    with listener.accept()[0]:
        ear.start()
        link.interrupt()
        ear.join(5)
    assert len(ended) == 1


def test_a_missing_serial_port_is_named(tmp_path: Path) -> None:
    with pytest.raises(LinkBroken, match="plugged in"):
        SerialLink(str(tmp_path / "ttyUSB0")).open()


def test_a_handshake_must_be_a_known_one() -> None:
    with pytest.raises(ValueError, match="rtscts"):
        SerialLink("/dev/ttyUSB0", flow="both")


def test_a_serial_printer_prints_a_ticket(noon) -> None:
    with PrinterSim(pty=True, speed=inf) as sim:
        printer = EscposPrinter(
            SerialLink(sim.pty_path, 38400),
            profile=EPSON,
            now=noon,
            monotonic=time.monotonic,
            on_change=lambda status: None,
        )
        receipt = printer.print("整理券\n".encode("cp932"), before_first_byte=bool)
        assert receipt.outcome is Outcome.PRINTED
        assert sim.sheets[-1].lines == ("整理券",)
        printer.close()


def test_loading_the_drivers_leaves_the_log_as_it_is() -> None:
    code = (
        "import logging, drivers.transport;"
        "print(logging.root.handlers, logging.root.level)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == f"[] {logging.WARNING}"


def test_the_one_printer_model_handed_to_python_escpos_is_its_own_default() -> None:
    ours = json.loads(
        Path(drivers.__file__).with_name("escpos-default.json").read_text("utf-8")
    )
    stock = json.loads((files("escpos") / "capabilities.json").read_text("utf-8"))
    known, given = stock["profiles"]["default"], ours["profiles"]["default"]
    assert given == {**known, "codePages": given["codePages"], "notes": given["notes"]}
    for place, page in given["codePages"].items():
        assert known["codePages"][place] == page
        assert ours["encodings"][page] == stock["encodings"][page]


def test_other_programs_of_this_machine_keep_the_list_of_python_escpos() -> None:
    said = (
        "import os, drivers.transport; print('ESCPOS_CAPABILITIES_FILE' in os.environ)"
    )
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
