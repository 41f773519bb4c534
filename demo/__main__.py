"""`seiriken-demo`: server, kiosk and virtual printer on this machine."""

import argparse
import json
import logging
import os
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

import requests

from demo.addresses import HOST, Addresses, BadAddress, addresses
from demo.households import (
    OFFICE,
    PIN,
    Household,
    Login,
    Looks,
    SetupFailed,
)
from demo.processes import Processes, Recipe

PROGRAM: Final = "seiriken-demo"
CHECKOUT: Final = Path(__file__).parents[1]
START_PATIENCE: Final = 60.0
LOOK_EVERY: Final = 0.5

log = logging.getLogger("demo")


class CannotStart(Exception):
    """The demo cannot run here; the sentence says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM; 1 with one line on stderr if it cannot start."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for chatty in ("alembic", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    try:
        _demo(given)
    except (BadAddress, CannotStart, SetupFailed) as exc:
        print(f"{PROGRAM}: {exc}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    parser.add_argument("--fullscreen", action="store_true", help="no window frame")
    parser.add_argument("--portrait", action="store_true", help="a 1080×1920 panel")
    parser.add_argument(
        "--offscreen", action="store_true", help="no window even with a display"
    )
    parser.add_argument("--fresh", action="store_true", help="forget earlier runs")
    parser.add_argument(
        "--print-speed", default="250", metavar="MM_PER_S", help="(%(default)s)"
    )
    return parser


def _demo(given: argparse.Namespace) -> None:
    where = addresses(os.environ)
    _check_ports(where)
    for name in tuple(os.environ):
        if name.startswith("SEIRIKEN_"):
            # From here on settings come from the files in the data folder alone.
            del os.environ[name]
    if given.fresh and where.data.exists():
        shutil.rmtree(where.data)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    household = Household(where, CHECKOUT)
    processes = Processes()
    note = where.data / "demo.json"
    try:
        print("Setting up …", flush=True)
        logins = household.prepare_server()
        video = "dummy" if given.offscreen else "auto"
        household.prepare_kiosk(Looks(video, given.fullscreen, given.portrait))
        note.unlink(missing_ok=True)
        processes.start(_printer(where, given.print_speed))
        processes.start(_server(where, household))
        _await(f"{where.server}/healthz", processes, stop)
        state_token = household.enrol().enrolled.state_token
        processes.start(_kiosk(where, household))
        for address in (where.printer_page, where.kiosk):
            path = "/state" if address == where.printer_page else "/healthz"
            _await(address + path, processes, stop)
        tell = _Teller(note, where, household, logins, state_token)
        tell.write(processes.pids)
        print(_greeting(where, logins), flush=True)
        while not stop.wait(LOOK_EVERY):
            if processes.restart_dead():
                tell.write(processes.pids)
    except _Stopped:
        pass
    finally:
        print("Stopping …", flush=True)
        processes.stop()
        with suppress(FileNotFoundError):
            note.unlink()


class _Stopped(Exception):
    """Asked to stop while still starting."""


def _check_ports(where: Addresses) -> None:
    for port, name in (
        (where.server_port, "SEIRIKEN_SERVER_PORT"),
        (where.kiosk_port, "SEIRIKEN_KIOSK_PORT"),
        (where.printer_port, "SEIRIKEN_PRINTER_PORT"),
        (where.printer_page_port, "SEIRIKEN_PRINTER_WEB_PORT"),
    ):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as exc:
                raise CannotStart(
                    f"port {port} is in use: stop what uses it (another demo?) or set"
                    f" {name} to a free one"
                ) from exc


def _recipe(where: Addresses, name: str, *command: str) -> Recipe:
    return Recipe(
        name,
        (sys.executable, "-m", *command),
        os.environ.copy(),
        where.data / f"{name}.log",
    )


def _printer(where: Addresses, speed: str) -> Recipe:
    return _recipe(
        where,
        "printer",
        "drivers.sim",
        *("--host", HOST, "--port", str(where.printer_port)),
        *("--web-port", str(where.printer_page_port), "--speed", speed),
    )


def _server(where: Addresses, household: Household) -> Recipe:
    settings = str(household.server_settings)
    return _recipe(where, "server", "server", "--settings", settings, "run")


def _kiosk(where: Addresses, household: Household) -> Recipe:
    links = {
        "窓口の混雑状況 · congestion": f"{where.server}/",
        "待合室の表示板 · board": f"{where.server}/board/{OFFICE}",
        "窓口 · staff console": f"{where.server}/staff",
        "発券機の一覧 · fleet": f"{where.server}/fleet",
        "仮想プリンター · virtual printer": f"{where.printer_page}/",
    }
    return _recipe(
        where,
        "kiosk",
        "demo.kiosk",
        str(household.kiosk_settings),
        *("--printer-page", where.printer_page),
        *(word for text, to in links.items() for word in ("--link", f"{text}={to}")),
    )


def _await(address: str, processes: Processes, stop: threading.Event) -> None:
    """Until it answers; a process that dies meanwhile says why in its log."""
    waited = 0.0
    while True:
        with suppress(requests.RequestException):
            if requests.get(address, timeout=2).status_code == 200:
                return
        if stop.wait(0.1):
            raise _Stopped
        waited += 0.1
        if dead := processes.dead():
            raise CannotStart(
                f"{dead[0]} ended at once: {processes.last_words(dead[0])}"
            )
        if waited > START_PATIENCE:
            raise CannotStart(f"{address} does not answer; see the logs in var/demo")


class _Teller:
    """Writes `demo.json`, for programs that drive the demo."""

    def __init__(
        self,
        note: Path,
        where: Addresses,
        household: Household,
        logins: tuple[Login, ...],
        state_token: str,
    ) -> None:
        self._note = note
        self._facts = {
            "server": where.server,
            "kiosk": where.kiosk,
            "printer": where.printer,
            "printer_page": where.printer_page,
            "mail_page": None,
            "line": None,
            "state_token": state_token,
            "users": [asdict(login) for login in logins],
            "offices": household.offices(),
        }

    def write(self, pids: dict[str, int]) -> None:
        """Whole or not at all, and readable by this user only."""
        text = json.dumps({**self._facts, "pids": pids}, ensure_ascii=False, indent=2)
        half = self._note.with_suffix(".part")
        half.touch(mode=0o600)
        half.write_text(text + "\n", "utf-8")
        half.replace(self._note)


def _greeting(where: Addresses, logins: tuple[Login, ...]) -> str:
    rows = [
        ("発券機 kiosk", f"{where.kiosk}/"),
        ("窓口の混雑状況 congestion", f"{where.server}/"),
        ("表示板 board", f"{where.server}/board/{OFFICE}"),
        ("窓口 staff console", f"{where.server}/staff"),
        ("発券機の一覧 fleet", f"{where.server}/fleet"),
        ("仮想プリンター printer", f"{where.printer_page}/"),
    ]
    lines = ["", "Seiriken is running.", ""]
    lines += [f"  {address:42} {what}" for what, address in rows]
    lines += ["", "Log-ins:"]
    lines += [
        f"  {login.user:15} {login.password:14} {login.office or 'the whole city'}"
        for login in logins
    ]
    lines += [f"  PIN of the kiosk's staff corner (top left): {PIN}", ""]
    lines += [f"Data and logs: {where.data}. Ctrl-C ends it.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
