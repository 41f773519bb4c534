"""Many small changes in one transaction: they wait for the disk once, all together.

In a rush many kiosks report at the same moment. One thread takes whatever is waiting,
gives each change a savepoint of its own, commits, and only then answers: every answer
is durable, and a change that fails undoes nothing but itself.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from server.store.database import Database, Transaction

MOST: Final = 32
"""So many changes share a transaction at most; the next ones wait for the next."""

Work = Callable[[Transaction], bytes]


class Closed(Exception):
    """The server is stopping; ask again when it is back."""


@dataclass(eq=False, slots=True)
class _Job:
    work: Work
    answer: "Future[bytes]" = field(default_factory=Future)
    found: bytes | Exception = b""

    def attempt(self, tx: Transaction) -> None:
        try:
            with tx.savepoint():
                self.found = self.work(tx)
        except Exception as exc:  # noqa: BLE001 - it is the asker's to deal with
            self.found = exc

    def settle(self) -> None:
        if isinstance(self.found, Exception):
            self.answer.set_exception(self.found)
        else:
            self.answer.set_result(self.found)


class Together:
    """Takes changes from any thread; runs them on its own."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="together", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what was submitted, then end."""
        with self._lock:
            self._closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def submit(self, work: Work) -> "Future[bytes]":
        """The answer of `work`, once it is durable; or what it raised."""
        job = _Job(work)
        with self._lock:
            if self._closed:
                raise Closed("the server is stopping; try again in a moment")
            self._waiting.put(job)
        return job.answer

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            jobs = [job]
            ending = False
            while len(jobs) < MOST and not self._waiting.empty():
                if (one := self._waiting.get()) is None:
                    ending = True
                    break
                jobs.append(one)
            self._commit(jobs)
            if ending:
                return

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with self._database.write(self._now()) as tx:
                for job in jobs:
                    job.attempt(tx)
        except Exception as exc:  # noqa: BLE001 - nobody may be told that it was kept
            for job in jobs:
                job.found = exc
        for job in jobs:
            job.settle()
