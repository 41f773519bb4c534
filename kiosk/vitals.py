"""How the machine feels: disk, memory, temperature, under-voltage."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil

from kiosk.state import Vitals

_MB = 1024 * 1024
_CALM_S, _BAD_S = 300.0, 30.0
"""How often the firmware is asked: starting a program costs more than a look."""
_NOW_BITS = 0xF
"""Under-voltage, frequency capped, throttled, soft limit: at this moment."""


class Doctor:
    """Reads the vitals; one thread calls it.

    `ask_firmware` gives the throttle flags (`0x0` is well), None if there are none.
    """

    def __init__(
        self,
        directory: Path,
        monotonic: Callable[[], float],
        ask_firmware: Callable[[], str | None],
    ) -> None:
        self._directory = directory
        self._monotonic = monotonic
        self._ask_firmware = ask_firmware
        self._process = psutil.Process()
        self._throttled: str | None = None
        self._due = float("-inf")

    def read(self) -> Vitals:
        """What is so now; the throttle flags may be some minutes old."""
        now = self._monotonic()
        if now >= self._due:
            self._throttled = self._ask_firmware()
            self._due = now + (_BAD_S if is_bad(self._throttled) else _CALM_S)
        return Vitals(
            disk_free_mb=round(psutil.disk_usage(str(self._directory)).free / _MB, 1),
            rss_mb=round(self._process.memory_info().rss / _MB, 1),
            cpu_temp_c=_temperature(),
            throttled=self._throttled,
        )


def is_bad(throttled: str | None) -> bool:
    """Whether the flags complain of this very moment (bits 0 to 3)."""
    return throttled is not None and bool(int(throttled, 16) & _NOW_BITS)


def ask_vcgencmd() -> str | None:
    """The flags of a Raspberry Pi's firmware; None on any other machine."""
    program = shutil.which("vcgencmd")
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "get_throttled"],
            capture_output=True,
            text=True,
            timeout=2,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return flags_in(said)


def flags_in(said: str) -> str | None:
    """`0x50005` out of `throttled=0x50005`."""
    name, _, flags = said.strip().partition("=")
    try:
        return hex(int(flags, 16)) if name == "throttled" else None
    except ValueError:
        return None


def _temperature() -> float | None:
    """The hottest the processor reports. Linux only, as the product is."""
    sensors = psutil.sensors_temperatures()
    told = [
        reading.current
        for name, readings in sensors.items()
        if name in {"cpu_thermal", "coretemp", "k10temp"}
        for reading in readings
    ]
    return round(max(told), 1) if told else None
