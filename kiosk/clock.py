"""The kiosk's time and how far it can be believed.

A Raspberry Pi without a clock chip starts at whatever time its card remembers. So the
time has a level of trust, `none < saved < server < ntp, rtc`: only from `server` on is
it printed. Untrusted time still runs forward, from the last trusted time before the
reboot. Order within a kiosk never rests on the clock but on the journal's sequence.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

from kiosk.core.numbers import TRUSTED
from kiosk.files import write_whole
from protocol.messages import ClockTrust

Evidence = Callable[[], Literal["ntp", "rtc"] | None]

_TIMESYNC = Path("/run/systemd/timesync/synchronized")
_RTC = Path("/sys/class/rtc/rtc0/hctosys")
FLOOR = "clock.json"
"""The file in the data directory that carries the time over a reboot."""

_STEP = timedelta(seconds=2)
"""A `Date` header has whole seconds and has travelled: less than this says nothing."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware, UTC) and how far it can be believed."""

    at: datetime
    trust: ClockTrust

    @property
    def printable(self) -> bool:
        """Whether this time may stand on a ticket."""
        return self.trust in TRUSTED


def system_evidence(*, rtc: bool) -> Evidence:
    """What vouches for the system's own clock on this machine.

    `rtc` is the word of the installer that the clock chip has a battery: a Pi 5 has the
    chip in any case, and without a battery it says 1970.
    """

    def evidence() -> Literal["ntp", "rtc"] | None:
        if _TIMESYNC.exists():
            return "ntp"
        if rtc and _RTC.exists() and _RTC.read_text().strip() == "1":
            return "rtc"
        return None

    return evidence


class Clock:
    """Tells the time; may be asked from any thread.

    `system` gives the system's time (aware), `monotonic` seconds that never jump.
    `floor` is the file that carries the last trusted time over a reboot.
    """

    def __init__(
        self,
        system: Callable[[], datetime],
        monotonic: Callable[[], float],
        floor: Path,
        evidence: Evidence,
    ) -> None:
        self._system = system
        self._monotonic = monotonic
        self._floor = floor
        self._evidence = evidence
        self._lock = threading.Lock()
        started = system().astimezone(UTC)
        saved = _read_floor(floor)
        self._trust: ClockTrust = "none" if saved is None else "saved"
        self._base = started if saved is None else max(started, saved)
        self._base_at = monotonic()
        self._save_due = float("-inf")

    def now(self) -> Moment:
        """The time by the best source there is."""
        if (vouched := self._evidence()) is not None:
            return Moment(self._system().astimezone(UTC), vouched)
        with self._lock:
            return Moment(self._running(), self._trust)

    def learn(self, date_header: str | None) -> None:
        """Take the server's time from the `Date` header of one of its answers."""
        if date_header is None:
            return
        try:
            told = parsedate_to_datetime(date_header).astimezone(UTC)
        except ValueError:
            return  # a proxy's odd header is no time, and no reason to stop
        with self._lock:
            if self._trust != "server" or abs(told - self._running()) > _STEP:
                self._base, self._base_at = told, self._monotonic()
            self._trust = "server"

    def save(self, *, every: float = 60.0) -> None:
        """Keep the time over a reboot, at most once in `every` seconds.

        Only trusted time is kept: a wild clock that was once far ahead would otherwise
        come back with every start.
        """
        now, at = self.now(), self._monotonic()
        if now.printable and at >= self._save_due:
            self._save_due = at + every
            body = json.dumps({"at": now.at.isoformat()})
            write_whole(self._floor, body.encode())

    def _running(self) -> datetime:
        return self._base + timedelta(seconds=self._monotonic() - self._base_at)


def _read_floor(path: Path) -> datetime | None:
    """The saved time; None if there is none or its file is damaged: no harm done."""
    try:
        at = datetime.fromisoformat(json.loads(path.read_bytes())["at"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None
