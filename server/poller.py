"""Asks every kiosk for its state, in a thread of its own, and keeps what it hears.

Each kiosk is asked with a timeout and beside the others, so one that hangs delays
nobody; a kiosk behind a closed network sends the same document by itself.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import requests
from pydantic import ValidationError

from protocol.messages import KioskState, sentence_of
from server.hall import Hall
from server.store import states
from server.store.kiosks import Kiosk, all_kiosks
from server.store.states import Seen

log = logging.getLogger(__name__)

AT_ONCE: Final = 8
MOST_BYTES: Final = 256 * 1024

Ask = Callable[[Kiosk], Seen]


class Poller:
    """One round every `poll_seconds`; `round` does one at once."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="poller", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def round(self) -> None:
        """Ask every kiosk once and keep the answers."""
        with self._hall.database.read() as connection:
            kiosks = all_kiosks(connection)
        if not kiosks:
            return
        patience = self._hall.settings.poll_timeout_seconds
        with ThreadPoolExecutor(AT_ONCE, "ask") as pool:
            answers = list(pool.map(lambda kiosk: ask(kiosk, patience), kiosks))
        with self._hall.database.write(self._hall.now()) as tx:
            for kiosk, seen in zip(kiosks, answers, strict=True):
                states.keep(tx, kiosk, seen)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.round()
            except Exception:
                log.exception("the kiosks could not be asked")
            self._stop.wait(self._hall.settings.poll_seconds)


def ask(kiosk: Kiosk, patience: float) -> Seen:
    """The kiosk's state document, or one sentence why there is none."""
    began = time.perf_counter()
    try:
        with requests.get(
            f"{kiosk.agent_address}/state",
            headers={"Authorization": f"Bearer {kiosk.state_token}"},
            timeout=(patience, patience),
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = answer.raw.read(MOST_BYTES, decode_content=True)
    except requests.RequestException as exc:
        return Seen(None, f"does not answer: {type(exc).__name__}", None)
    if answer.status_code != 200:
        return Seen(None, f"answers with status {answer.status_code}", None)
    try:
        state = KioskState.model_validate_json(body)
    except ValidationError as exc:
        return Seen(None, f"sends no state document: {sentence_of(exc)}", None)
    if state.kiosk_id != kiosk.id:
        return Seen(None, f"says it is {state.kiosk_id}", None)
    took = (time.perf_counter() - began) * 1000
    return Seen(state.model_dump(mode="json"), None, round(took, 1))
