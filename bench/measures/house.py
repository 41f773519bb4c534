"""One kiosk as visitors meet it: server, kiosk and virtual printer, each a process.

The parts of the demo, on free ports and with a tap between kiosk and printer. The
printer prints at once and its roll does not end: paper takes its time, but that time is
not the kiosk's.
"""

import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

import requests

from bench.measures.pointer import x_server
from bench.measures.tap import Tap
from bench.measures.wire import Wire, get, post
from demo.addresses import Addresses
from demo.households import Household, Looks
from demo.processes import Processes, Recipe

CHECKOUT: Final = Path(__file__).parents[2]
PUBLIC_URL: Final = "https://machi.city.example.jp"
"""What stands on the tickets: an address as long as a city's."""
_START: Final = 60.0


class CannotMeasure(RuntimeError):
    """A part did not start or did not do what was asked; says which and why."""


@dataclass(frozen=True, slots=True)
class House:
    """`display` is empty when the kiosk draws offscreen."""

    where: Addresses
    household: Household
    processes: Processes
    tap: Tap
    display: str

    @property
    def kiosk(self) -> int:
        """The kiosk's process id."""
        return self.processes.pids["kiosk"]

    @property
    def kiosk_environment(self) -> dict[str, str]:
        return environment(DISPLAY=self.display)

    def stop_kiosk(self) -> None:
        """End the kiosk as systemd would; its ledger is free then."""
        os.kill(self.kiosk, signal.SIGTERM)
        until(lambda: "kiosk" in self.processes.dead(), "the kiosk ends")

    def screen(self) -> dict[str, Any]:
        with Wire(self.where.kiosk_port) as wire:
            return wire.ask_json(get("/screen.json"))


def environment(**more: str) -> dict[str, str]:
    """This process's without display and settings, and what `more` is not empty."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SEIRIKEN_")}
    kept.pop("DISPLAY", None)
    kept.pop("WAYLAND_DISPLAY", None)
    return {**kept, **{name: value for name, value in more.items() if value}}


def free_ports(count: int) -> list[int]:
    """Ports nobody uses now; all are held until the last is found."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def touch(x: float, y: float) -> bytes:
    """The request of the mirror that is a finger down and up there."""
    return post("/touch", b'{"x": %.5f, "y": %.5f}' % (x, y))


@contextmanager
def house(data: Path, *, windowed: bool) -> Iterator[House]:
    """All running, the kiosk at home and online; `windowed` in a real X11 window."""
    server, kiosk, printer, page = free_ports(4)
    display_of = x_server() if windowed and _has_x() else _offscreen()
    with display_of as display, Tap(printer) as tap:
        where = Addresses(data, server, kiosk, tap.port, page)
        household = Household(where, CHECKOUT)
        processes = Processes()
        told = House(where, household, processes, tap, display)
        try:
            _start(told, printer)
            yield told
        finally:
            processes.stop()


def _has_x() -> bool:
    return shutil.which("Xvfb") is not None


@contextmanager
def _offscreen() -> Iterator[str]:
    yield ""


def _start(told: House, printer_port: int) -> None:
    where, household = told.where, told.household
    household.prepare_server()
    household.prepare_kiosk(Looks("x11" if told.display else "dummy", True, False))
    settings = str(household.server_settings)
    endless = ("--roll", "1e7")  # mm: nobody changes paper here
    printer = ["--port", str(printer_port), "--web-port", str(where.printer_page_port)]
    started: Mapping[str, tuple[str, ...]] = {
        "printer": ("drivers.sim", *printer, "--speed", "inf", *endless),
        "server": ("server", "--settings", settings, "run"),
    }
    variables = environment(SEIRIKEN_PUBLIC_URL=PUBLIC_URL)
    for name, command in started.items():
        told.processes.start(_recipe(where.data, name, command, variables))
    answers(f"{where.server}/healthz", told.processes)
    answers(f"{where.printer_page}/state", told.processes)
    household.enrol()
    page = ("--printer-page", where.printer_page)
    command = ("demo.kiosk", str(household.kiosk_settings), *page)
    told.processes.start(_recipe(where.data, "kiosk", command, told.kiosk_environment))
    answers(f"{where.kiosk}/healthz", told.processes)
    until(lambda: told.screen()["screen"] == "home", "the kiosk is at home")


def _recipe(
    data: Path, name: str, command: tuple[str, ...], variables: Mapping[str, str]
) -> Recipe:
    whole = (sys.executable, "-m", *command)
    return Recipe(name, whole, variables, data / f"{name}.log")


def answers(address: str, processes: Processes, seconds: float = _START) -> None:
    """Back when it answers 200; CannotMeasure if a process ends or time does."""

    def answered() -> bool:
        if dead := processes.dead():
            raise CannotMeasure(f"{dead[0]} ended: {processes.last_words(dead[0])}")
        with suppress(requests.RequestException):
            return requests.get(address, timeout=2).status_code == 200
        return False

    until(answered, f"{address} answers", seconds)


def until(check: Callable[[], bool], what: str, seconds: float = _START) -> None:
    """Back as soon as `check` is true; CannotMeasure if it never is."""
    end = monotonic() + seconds
    while not check():
        if monotonic() > end:
            raise CannotMeasure(f"not within {seconds:.0f} s: {what}")
        sleep(0.02)
