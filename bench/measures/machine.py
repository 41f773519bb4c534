"""Where it was measured: the machine, its disk's patience, how busy it was."""

import os
import platform
from pathlib import Path
from time import monotonic
from typing import Final

from bench.measures.figures import Measure, median, percentile

_SYNCS: Final = 200


def described() -> str:
    """One line for the head of a report."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {cores} cores, {memory:.0f} GiB, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}"
    )


def load() -> float:
    """How many processes wanted to run, on average over the last minute."""
    return os.getloadavg()[0]


def disk(folder: Path) -> tuple[Measure, Measure]:
    """What every durable write costs here: 300 bytes and fdatasync, as in a ledger."""
    times = []
    file = os.open(folder / "fdatasync", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for _ in range(_SYNCS):
        begun = monotonic()
        os.write(file, b"." * 300)
        os.fdatasync(file)
        times.append(1000 * (monotonic() - begun))
    os.close(file)
    return (
        Measure("one fdatasync, p50", median(times), "ms", note=f"of {_SYNCS}"),
        Measure("one fdatasync, p99", percentile(times, 0.99), "ms"),
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "Model"):
            return value.strip()
    return platform.machine()
