"""From nothing to the first frame: `seiriken-kiosk run` as systemd starts it.

Begins before the process is made and ends with its READY=1, which it sends to the
socket in NOTIFY_SOCKET once the first frame is on the screen, drawn from the catalogue
that lies in its ledger. Python's compiled files are there, as after an installation: a
first start, which makes those that are missing, is not counted.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Final

from bench.measures.figures import Measure, against, median, most
from bench.measures.house import CannotMeasure, House

RUNS: Final = 7
_GOAL: Final = most(1.5, "s")
_PATIENCE: Final = 30.0


def measure(house: House, runs: int = RUNS) -> Iterator[Measure]:
    """The house's own kiosk must have been stopped."""
    took = [_start(house) for _ in range(runs + 1)][1:]
    where = "X11 window" if house.display else "offscreen"
    note = f"median of {runs} ({where}); from {min(took):.2f} to {max(took):.2f} s"
    yield against(_GOAL, "start of the kiosk → first frame", median(took), note)


def _start(house: House) -> float:
    """Seconds of one start; the kiosk is stopped again."""
    settings = str(house.household.kiosk_settings)
    command = [sys.executable, "-m", "kiosk", "--settings", settings, "run"]
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified,
        (house.where.data / "starts.log").open("ab") as log,
    ):
        address = str(Path(folder) / "notify")
        notified.bind(address)
        notified.settimeout(_PATIENCE)
        variables = {**house.kiosk_environment, "NOTIFY_SOCKET": address}
        begun = monotonic()
        with subprocess.Popen(
            command, env=variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as kiosk:
            try:
                return _ready(notified) - begun
            finally:
                os.kill(kiosk.pid, signal.SIGTERM)


def _ready(notified: socket.socket) -> float:
    """The moment it said that it is ready."""
    while True:
        try:
            said = notified.recv(4096)
        except TimeoutError:
            raise CannotMeasure("the kiosk did not say that it is ready") from None
        if b"READY=1" in said:
            return monotonic()
