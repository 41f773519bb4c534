"""The printer on its wire: connections, back-pressure, faults, capture."""

import os
import select
import socket
import threading
from math import inf
from pathlib import Path

import pytest

from drivers.sim.faults import Misuse, Quirks
from drivers.sim.sim import PrinterSim

INIT = b"\x1b@\x1bR\x08\x1bt\x01\x1cC\x01"
CUT = b"\x1bd\x04\x1dV\x01"
TICKET = INIT + "受付番号 A045\n".encode("cp932") + CUT


def fence(name: bytes) -> bytes:
    return b"\x1d(H\x06\x0000" + name


def passed(name: bytes) -> bytes:
    return b"\x37\x22" + name + b"\x00"


def test_a_ticket_over_the_wire(printer, host) -> None:
    assert host.ask(TICKET + fence(b"C001"), 7) == passed(b"C001")
    assert printer.wait_for_sheet().text == "受付番号 A045"


def test_each_sheet_is_handed_out_once(printer, host) -> None:
    host.say(b"one\n" + CUT + b"two\n" + CUT)
    assert [printer.wait_for_sheet().text for _ in range(2)] == ["one", "two"]
    with pytest.raises(TimeoutError):
        printer.wait_for_sheet(timeout=0)


def test_a_fault_is_told_without_being_asked(printer, host) -> None:
    assert host.ask(b"\x1da\x0e", 4).hex() == "1400000f"
    printer.fault("cover_open")
    assert host.hear(4).hex() == "3c00000f"
    printer.fault("cover_open", on=False)
    assert host.hear(4).hex() == "1400000f"


@pytest.mark.parametrize(
    ("fault", "asked", "answer"),
    [
        ("paper_end", b"\x10\x04\x04", b"\x7e"),
        ("near_end", b"\x10\x04\x04", b"\x1e"),
        ("cover_open", b"\x10\x04\x02", b"\x16"),
    ],
)
def test_faults_show_and_are_mended(printer, host, fault, asked, answer) -> None:
    printer.fault(fault)
    assert printer.state()["faults"][fault]
    assert host.ask(asked, 1) == answer
    printer.fault(fault, on=False)
    assert not printer.state()["faults"][fault]
    assert host.ask(asked, 1) == b"\x12"


def test_a_torn_ticket_and_its_late_remainder(printer, host) -> None:
    printer.fault("paper_end", after_bytes=20)
    host.ask(b"\x1da\x0e", 4)
    host.say(b"first line\nsecond line\nthird line\n" + CUT + fence(b"C001"))
    assert host.hear(4).hex() == "1c000f0f"
    printer.fault("paper_end", on=False)
    assert printer.wait_for_sheet().torn
    assert printer.wait_for_sheet().text == "third line"
    assert host.hear(11) == bytes.fromhex("1400000f") + passed(b"C001")


def test_a_jammed_cutter(printer, host) -> None:
    printer.fault("cutter_jam")
    host.say(TICKET + fence(b"C001"))
    printer.wait_until(lambda engine: engine.mechanism.cutter_error)
    assert host.ask(b"\x10\x04\x03", 1) == b"\x1a"
    printer.fault("cutter_jam", on=False)
    assert host.hear(7) == passed(b"C001")


def test_a_mute_printer_takes_bytes_and_answers_nothing(printer, host) -> None:
    printer.fault("mute")
    host.say(TICKET + b"\x10\x04\x01" + fence(b"C001"))
    printer.wait_for_sheet()
    printer.fault("mute", on=False)
    assert host.ask(b"\x10\x04\x01", 1) == b"\x16"  # and nothing late before it


def test_a_second_host_waits_until_the_first_has_gone(printer, host, connect) -> None:
    host.ask(b"\x10\x04\x01", 1)
    second = connect(printer).say(fence(b"2222"))
    assert host.ask(b"\x10\x04\x01", 1) == b"\x16"
    assert select.select([second.socket], [], [], 0)[0] == []
    host.hang_up()
    assert second.hear(7) == passed(b"2222")


def test_a_second_host_can_be_refused(connect) -> None:
    with PrinterSim(speed=inf, quirks=Quirks(refuse_second=True)) as printer:
        first = connect(printer)
        first.ask(b"\x10\x04\x01", 1)
        with pytest.raises(ConnectionError):
            connect(printer).ask(b"\x10\x04\x01", 1)


def test_what_a_host_sent_before_it_went_is_still_printed(printer, host) -> None:
    host.say(TICKET)
    host.hang_up()
    assert printer.wait_for_sheet().text == "受付番号 A045"


def test_the_link_breaks_after_so_many_bytes(printer, host, connect) -> None:
    printer.fault("cut_link", after_bytes=20)
    host.say(TICKET)
    with pytest.raises(ConnectionError):
        host.hear(1)
    assert printer.received == 20
    with pytest.raises(ConnectionRefusedError):
        connect(printer)
    printer.fault("cut_link", on=False)
    # What had come before the break is still in the printer's line.
    connect(printer).say(b"\n" + CUT)
    assert printer.wait_for_sheet().text == "受付番号 "[:4]


def test_one_break_and_the_host_may_come_back(printer, host, connect) -> None:
    printer.fault("cut_link", after_bytes=5, once=True)
    host.say(b"12345")
    with pytest.raises(ConnectionError):
        host.hear(1)
    assert connect(printer).ask(b"\x10\x04\x01", 1) == b"\x16"
    assert not printer.state()["faults"]["cut_link"]


def test_power_off_drops_everything_and_everyone(printer, host, connect) -> None:
    printer.fault("cover_open")
    host.ask(b"held\n\x10\x04\x02", 1)
    printer.fault("power_off")
    with pytest.raises(ConnectionError):
        host.hear(1)
    with pytest.raises(ConnectionRefusedError):
        connect(printer)
    printer.fault("cover_open", on=False)
    printer.fault("power_off", on=False)
    connect(printer).say(b"new\n" + CUT)
    assert printer.wait_for_sheet().text == "new"


def test_a_full_printer_makes_its_host_wait_and_loses_nothing(printer, host) -> None:
    rows = tuple(f"{n:047}" for n in range(2000))
    whole = "".join(f"{row}\n" for row in rows).encode() + CUT
    host.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    printer.fault("cover_open")
    sender = threading.Thread(target=host.say, args=(whole,))
    sender.start()
    printer.wait_until(lambda engine: engine.room == 0)
    assert sender.is_alive()
    assert printer.received == 4096
    printer.fault("cover_open", on=False)
    assert printer.wait_for_sheet().lines == rows
    sender.join()


def test_every_byte_is_captured_before_it_is_acted_upon(tmp_path, connect) -> None:
    capture = tmp_path / "bytes"
    with PrinterSim(speed=inf, capture=capture) as printer:
        connect(printer).ask(TICKET + fence(b"C001"), 7)
        assert capture.read_bytes() == TICKET + fence(b"C001")
    with PrinterSim(speed=inf, capture=capture) as printer:
        connect(printer).ask(b"\x10\x04\x01", 1)
    assert capture.read_bytes() == TICKET + fence(b"C001") + b"\x10\x04\x01"


def test_the_wire_keeps_a_journal_of_both_ways(printer, host) -> None:
    host.ask(b"\x10\x04\x01", 1)
    assert [(e.way, e.data) for e in printer.journal()] == [
        ("in", b"\x10\x04\x01"),
        ("out", b"\x16"),
    ]


def test_a_host_that_does_not_listen_does_not_stop_the_printer(printer, host) -> None:
    host.say(b"\x10\x04\x01" * 20_000 + TICKET)
    assert printer.wait_for_sheet().text == "受付番号 A045"
    assert host.hear(20_000) == b"\x16" * 20_000


@pytest.mark.parametrize("wrong", [{"name": "fire"}, {"name": "slow", "after_mm": -1}])
def test_what_the_printer_does_not_have_is_refused(printer, wrong) -> None:
    with pytest.raises(Misuse):
        printer.fault(**wrong)


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            PrinterSim(port=port)


def read(port: int, count: int) -> bytes:
    heard = b""
    while len(heard) < count and select.select([port], [], [], 5)[0]:
        heard += os.read(port, count - len(heard))
    return heard


def test_the_same_printer_on_a_pseudo_terminal(tmp_path: Path) -> None:
    name = tmp_path / "printer"
    with PrinterSim(pty=True, pty_name=name, speed=inf) as printer:
        port = os.open(name, os.O_RDWR | os.O_NOCTTY)
        try:
            os.write(port, TICKET + fence(b"C001"))
            assert read(port, 7) == passed(b"C001")
            assert printer.wait_for_sheet().text == "受付番号 A045"
            printer.fault("cut_link")
            os.write(port, b"into the loose cable\n")
            printer.fault("cut_link", on=False)
            os.write(port, b"\x10\x04\x01")
            assert read(port, 1) == b"\x16"
        finally:
            os.close(port)
    assert not name.is_symlink()
