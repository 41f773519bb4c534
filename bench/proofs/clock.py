"""One clock for all processes of a proof: it starts where it is told, and may hurry."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from time import monotonic

JST = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class ProofClock:
    """`start` when the machine's monotonic clock said `zero`, then `speed` times real.

    The monotonic clock is the same in every process of a machine.
    """

    start: datetime
    zero: float
    speed: float = 1.0

    @classmethod
    def from_now(cls, start: datetime, speed: float = 1.0) -> "ProofClock":
        """A clock that says `start` now."""
        return cls(start.astimezone(UTC), monotonic(), speed)

    def now(self) -> datetime:
        """The aware time, UTC."""
        return self.start + timedelta(seconds=(monotonic() - self.zero) * self.speed)

    def as_text(self) -> str:
        """For a command line; `parse` reads it."""
        return f"{self.start.isoformat()},{self.zero!r},{self.speed!r}"

    @classmethod
    def parse(cls, text: str) -> "ProofClock":
        start, zero, speed = text.split(",")
        return cls(datetime.fromisoformat(start), float(zero), float(speed))


def at(day: str, clock: str) -> datetime:
    """The office's local time: `2026-11-24`, `09:00`."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=JST).astimezone(UTC)
