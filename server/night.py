"""What the passing of time does: the business day ends, old answers are forgotten.

A new day is also begun by its first write; here it comes when nobody writes.
"""

import logging
import threading
from typing import Final

from server.hall import Hall
from server.store import answers

log = logging.getLogger(__name__)

EVERY: Final = 30.0


class Night:
    """Looks at the calendar every half minute; `round` looks at once."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self.round()
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="night", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def round(self) -> None:
        """Begin the day wherever it has begun, and forget what is too old."""
        hall = self._hall
        now = hall.now()
        for office in hall.offices.values():
            today = office.day(now)
            if hall.days.begun(office.id) != today:
                with hall.database.write(now) as tx:
                    hall.days.begin(tx, office.id, today)
                    answers.forget_old(tx)
                    tx.offices_changed.add(office.id)

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            try:
                self.round()
            except Exception:
                log.exception("the new business day could not be begun")
