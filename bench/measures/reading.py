"""The public figures while the whole city looks: an office's document, as often as it
can be had, with the server at rest and with the city issuing.

Asked by `wrk` if it is installed, else by threads of this process, which are slower;
both take processor time from the server, as they run on the same machine.
"""

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Final

from bench.measures.central import Central
from bench.measures.figures import Measure, against, least
from bench.measures.house import CannotMeasure
from bench.measures.tickets import kiosk
from bench.measures.wire import Wire, get

SECONDS: Final = 6.0
ISSUED: Final = 55.0
"""Tickets a second meanwhile: twenty times a city's busiest minute."""
CONNECTIONS: Final = 16
_PATH: Final = "/api/public/v1/offices/chuo/congestion"
_GOAL: Final = least(5000, "requests/s")


def measure(central: Central, seconds: float = SECONDS) -> Iterator[Measure]:
    """Alone, then while tickets are issued in the very office that is looked at."""
    ask = _by_wrk if shutil.which("wrk") else _by_threads
    note = f"{CONNECTIONS} connections, {ask.__name__[4:]}"
    alone = ask(central.port, seconds)
    yield against(_GOAL, "public figures", alone, note)
    with _Issuing(central, seconds) as issuing:
        meanwhile = ask(central.port, seconds)
    rate = issuing.sent / issuing.took
    note = f"{rate:.0f} tickets/s meanwhile, {100 * meanwhile / alone:.0f} % of before"
    yield against(_GOAL, "public figures while issuing", meanwhile, note)


class _Issuing:
    """One kiosk of the office that reports `ISSUED` tickets a second."""

    def __init__(self, central: Central, seconds: float) -> None:
        self._requests = kiosk(central, "chuo", round(ISSUED * seconds)).requests
        self._wire = Wire(central.port)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.sent, self.took = 0, 0.0

    def __enter__(self) -> "_Issuing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._wire.__exit__()

    def _run(self) -> None:
        begun = monotonic()
        for place, request in enumerate(self._requests):
            if self._stop.wait(max(0.0, begun + place / ISSUED - monotonic())):
                break
            self._wire.ask(request)
            self.sent += 1
        self.took = monotonic() - begun


def _by_wrk(port: int, seconds: float) -> float:
    """Requests a second; CannotMeasure if any answer was not a success."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s"]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{_PATH}"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise CannotMeasure(f"wrk says: {done.stdout}")
    return float(found[1])


def _by_threads(port: int, seconds: float) -> float:
    counts = [0] * CONNECTIONS
    stop = threading.Event()

    def ask(place: int) -> None:
        with Wire(port) as wire:
            while not stop.is_set():
                wire.ask(get(_PATH))
                counts[place] += 1

    threads = [
        threading.Thread(target=ask, args=(place,)) for place in range(CONNECTIONS)
    ]
    begun = monotonic()
    for thread in threads:
        thread.start()
    sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (monotonic() - begun)
