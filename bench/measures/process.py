"""What the kernel knows of a process: its time, its sleeps, its memory.

The counters are read from outside, twice; what lies between is what the process did.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Thread:
    """`slept`: how often it gave the processor back by itself; `in_call`: where it
    sleeps now, by the kernel's name for it."""

    id: int
    name: str
    slept: int
    in_call: str


@dataclass(frozen=True, slots=True)
class Usage:
    """`seconds` of processor time since the start."""

    seconds: float
    threads: dict[int, Thread]


def usage(pid: int) -> Usage:
    """Now. A process that has ended gives FileNotFoundError."""
    base = Path(f"/proc/{pid}")
    # The name may hold anything, blanks and brackets too.
    fields = (base / "stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    threads = {}
    for task in (base / "task").iterdir():
        id = int(task.name)
        name = (task / "comm").read_text().strip()
        in_call = (task / "wchan").read_text().partition(".")[0].strip("0")
        slept = int(_status(task, "voluntary_ctxt_switches"))
        threads[id] = Thread(id, name, slept, in_call or "running")
    return Usage(ticks / _TICK, threads)


def resident_mb(pid: int) -> float:
    """Memory in use, in MB of 1,048,576 bytes, shared libraries included."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * _PAGE / 1048576


def _status(task: Path, key: str) -> str:
    for line in (task / "status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == key:
            return value.strip()
    raise ValueError(f"{task}/status has no {key}")
