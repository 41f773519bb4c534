"""A fake and its original pass the same tests; so what a laptop shows is true."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from drivers import (
    CallButton,
    Cause,
    Level,
    MouthLamp,
    Outcome,
    Paper,
    Printer,
    Receipt,
    Recovery,
    Scanner,
)
from drivers.commands import line
from drivers.fakes import FakeButton, FakeLamp, FakePrinter, FakeScanner
from drivers.pins import GpioCallButton, GpioLamp
from drivers.profile import EPSON, Fence, Profile
from drivers.scanner import Frames, SerialScanner
from drivers.scanner_sim import PtyScanner
from drivers.sim.faults import Quirks
from drivers.transport import SerialLink

DOCUMENT = b"".join(line(f"{n} 整理券") for n in range(8))


@dataclass
class Machine:
    """A printer and the hands and eyes of somebody who stands before it."""

    printer: Printer
    fail: Callable[[Cause], None]
    fail_in_next: Callable[[Cause], None]
    near_end: Callable[[], None]
    repair: Callable[[], None]
    whole: Callable[[], int]
    heard: list


def fake(now, *, can_clear: bool) -> Machine:
    heard: list = []
    printer = FakePrinter(now=now, on_change=heard.append, can_clear=can_clear)
    return Machine(
        printer,
        printer.fail,
        printer.fail_in_next,
        lambda: printer.near_end(True),
        printer.repair,
        lambda: len(printer.paper),
        heard,
    )


def original(bench) -> Machine:
    names = {
        Cause.PAPER_END: "paper_end",
        Cause.COVER_OPEN: "cover_open",
        Cause.CUTTER: "cutter_jam",
        Cause.SILENT: "mute",
        Cause.NO_LINK: "power_off",
    }

    def in_next(cause: Cause) -> None:
        if cause is Cause.CUTTER:
            bench.sim.fault("cutter_jam")
        elif cause is Cause.NO_LINK:
            bench.sim.fault("cut_link", after_bytes=50)
        else:
            bench.sim.fault("paper_end", after_bytes=50)

    def repair() -> None:
        for name in (*names.values(), "cut_link"):
            bench.sim.fault(name, on=False)

    return Machine(
        bench.printer,
        lambda cause: bench.sim.fault(names[cause]),
        in_next,
        lambda: bench.sim.fault("near_end"),
        repair,
        lambda: len(bench.tickets),
        bench.heard,
    )


@pytest.fixture(params=["fake", "original"])
def machine(request, lay, noon) -> Machine:
    if request.param == "fake":
        return fake(noon, can_clear=True)
    return original(lay(EPSON))


@pytest.fixture(params=["fake", "original"])
def simple_machine(request, lay, noon) -> Machine:
    """One that cannot clear its buffer."""
    if request.param == "fake":
        return fake(noon, can_clear=False)
    profile = Profile("cannot clear", fence=Fence.GS_H)
    return original(lay(profile, Quirks(no_clear=True)))


def put(machine: Machine) -> Receipt:
    return machine.printer.print(DOCUMENT, before_first_byte=lambda: None)


def test_nobody_knows_how_a_printer_is_before_asking(machine) -> None:
    assert machine.printer.status.level is Level.UNKNOWN
    assert machine.printer.check().level is Level.OK
    assert machine.heard[-1] == machine.printer.status


def test_a_ticket_comes_out_whole(machine) -> None:
    assert put(machine) == Receipt(Outcome.PRINTED, grade="A-")
    assert machine.whole() == 1


@pytest.mark.parametrize(
    "cause", [Cause.PAPER_END, Cause.COVER_OPEN, Cause.SILENT, Cause.NO_LINK]
)
def test_a_printer_that_cannot_print_gets_nothing(machine, cause) -> None:
    machine.printer.check()
    machine.fail(cause)
    assert put(machine) == Receipt(Outcome.NOT_SENT, cause)
    machine.repair()
    assert put(machine).outcome is Outcome.PRINTED
    assert machine.whole() == 1


def test_a_refusing_ledger_keeps_the_paper_blank(machine) -> None:
    def refuse() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        machine.printer.print(DOCUMENT, before_first_byte=refuse)
    assert machine.whole() == 0


def test_a_nearly_empty_roll_is_a_warning(machine) -> None:
    machine.near_end()
    status = machine.printer.check()
    assert (status.level, status.paper) == (Level.WARN, Paper.NEAR_END)
    assert put(machine).outcome is Outcome.PRINTED


def test_a_jammed_cutter_stops_the_next_ticket_not_this_one(machine) -> None:
    machine.fail_in_next(Cause.CUTTER)
    assert put(machine) == Receipt(Outcome.PRINTED_UNCUT, Cause.CUTTER, grade="A")
    assert put(machine) == Receipt(Outcome.NOT_SENT, Cause.CUTTER)


def test_a_link_lost_in_the_ticket_leaves_it_unknown(machine) -> None:
    machine.printer.check()
    machine.fail_in_next(Cause.NO_LINK)
    assert put(machine) == Receipt(Outcome.UNKNOWN, Cause.NO_LINK)
    assert machine.printer.status.level is Level.UNKNOWN


def test_a_held_ticket_is_cleared_before_the_paper_is_in(machine) -> None:
    machine.printer.check()
    machine.fail_in_next(Cause.PAPER_END)
    assert put(machine) == Receipt(Outcome.HELD, Cause.PAPER_END)
    assert machine.printer.recover(patience=0) is Recovery.WAITING
    machine.repair()
    assert machine.printer.recover(patience=2) is Recovery.EMPTY
    assert machine.whole() == 0
    assert put(machine).outcome is Outcome.PRINTED
    assert machine.whole() == 1


def test_a_rest_that_came_out_first_is_told(machine) -> None:
    machine.printer.check()
    machine.fail_in_next(Cause.PAPER_END)
    assert put(machine).outcome is Outcome.HELD
    machine.repair()
    assert machine.printer.recover(patience=2) is Recovery.REMAINDER_PRINTED


def test_a_printer_that_cannot_clear_prints_its_rest(simple_machine) -> None:
    simple_machine.printer.check()
    simple_machine.fail_in_next(Cause.PAPER_END)
    assert put(simple_machine).outcome is Outcome.HELD
    assert simple_machine.printer.recover(patience=0) is Recovery.WAITING
    simple_machine.repair()
    assert simple_machine.printer.recover(patience=2) is Recovery.REMAINDER_PRINTED


# Buttons and lamps.


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.close()


@pytest.fixture(params=["fake", "original"])
def button(request, pins) -> tuple[CallButton, Callable[[], None]]:
    if request.param == "fake":
        pressed = FakeButton()
        return pressed, pressed.press
    seconds = iter(range(100))
    made = GpioCallButton(17, factory=pins, monotonic=lambda: next(seconds))

    def press() -> None:
        pins.pin(17).drive_low()
        pins.pin(17).drive_high()

    return made, press


def test_each_press_calls_staff_once(button) -> None:
    made, press = button
    presses: list[str] = []
    press()  # nobody listens yet
    made.when_pressed = lambda: presses.append("staff")
    press()
    press()
    assert presses == ["staff", "staff"]
    made.close()


@pytest.fixture(params=["fake", "original"])
def lamp(request, pins) -> tuple[MouthLamp, Callable[[], bool]]:
    if request.param == "fake":
        made = FakeLamp()
        return made, lambda: made.lit
    pin = pins.pin(27)
    return GpioLamp(27, factory=pins), lambda: bool(pin.state)


def test_the_lamp_is_lit_only_while_wanted(lamp) -> None:
    made, lit = lamp
    assert not lit()
    made.on()
    assert lit()
    made.off()
    assert not lit()
    made.on()
    made.close()
    assert not lit()


# Scanners.


@pytest.fixture(params=["fake", "original"])
def scanner(request, tmp_path: Path) -> Iterator[tuple[Scanner, object, queue.Queue]]:
    read: queue.Queue[bytes] = queue.Queue()
    if request.param == "fake":
        made = FakeScanner(read.put)
        yield made, made, read
        return
    hand = PtyScanner(tmp_path / "scanner")
    seconds = iter(range(10**6))
    connected: queue.Queue[bool] = queue.Queue()
    reader = SerialScanner(
        SerialLink(str(hand.path)),
        monotonic=lambda: next(seconds) / 1000,
        frames=Frames(gap=1e6),
        when_read=read.put,
        when_changed=connected.put,
    )
    assert connected.get(timeout=5)
    yield reader, hand, read
    reader.close()
    hand.close()


def test_what_is_held_before_the_scanner_arrives(scanner) -> None:
    made, hand, read = scanner
    assert made.connected
    hand.scan(b"HTTPS://EXAMPLE.JP/T/0123")
    assert read.get(timeout=5) == b"HTTPS://EXAMPLE.JP/T/0123"
    hand.scan("東京".encode())
    assert read.get(timeout=5) == "東京".encode()
