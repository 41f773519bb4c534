"""Starts and ends lives of kiosks; the other end of `bench.proofs.nursery`."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from bench.proofs.central import CHECKOUT
from bench.proofs.nursery import Life

KILLED = -signal.SIGKILL


class LifeFailed(Exception):
    """A kiosk ended by itself; what it said last is in here."""


class Lives:
    """One nursery process; its children are known by pid until they are reaped."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._nursery = subprocess.Popen(
            (sys.executable, "-m", "bench.proofs.nursery", str(log)),
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, life: Life) -> int:
        """The pid of a new kiosk process."""
        return int(self._ask(f"start {life.as_text()}"))

    def kill(self, pid: int) -> None:
        """kill -9; it is dead and gone afterwards."""
        # It is not reaped yet, so the pid cannot have become another's.
        os.kill(pid, signal.SIGKILL)
        self._expect(pid, KILLED)

    def finish(self, pid: int) -> None:
        """Wait until it has ended by itself; LifeFailed if it did not end well."""
        self._expect(pid, 0)

    def ended(self, pid: int) -> bool:
        """Whether it is dead but not reaped."""
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "Z"

    def close(self) -> None:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.close()
        self._nursery.wait()
        self._nursery.stdout.close()

    def __enter__(self) -> "Lives":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def said(self) -> str:
        """Everything the kiosks wrote to their log."""
        return self._log.read_text() if self._log.exists() else ""

    def _expect(self, pid: int, code: int) -> None:
        ended = int(self._ask(f"reap {pid}"))
        if ended != code:
            raise LifeFailed(f"a kiosk ended with {ended}: {self.said()[-2000:]}")

    def _ask(self, order: str) -> str:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(order + "\n")
        self._nursery.stdin.flush()
        return self._nursery.stdout.readline()
