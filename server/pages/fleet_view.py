"""What the fleet page shows: every kiosk with its state, trouble first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from protocol.messages import Finding, KioskState
from server.pages.help_view import HelpLine
from server.pages.view import Names

SILENT_AFTER: Final = timedelta(seconds=60)
"""A kiosk that has not answered for so long is said to be silent (visitors.md §6)."""
LOW_NUMBERS: Final = 10

CAUSES: Final = frozenset(
    {"paper_end", "cover_open", "cutter_jam", "error", "offline", "silent", "no_link"}
)
"""What can be wrong with a printer, as far as the page has words for it."""
FINDINGS: Final = (
    "bad_settings",
    "identity_restored",
    "lease_other_day",
    "lease_refused",
    "ledger_recovered",
    "not_enrolled",
    "print_unknown",
    "sync_gap",
)

TROUBLES: Final = {
    "does not answer": "no_answer",
    "answers with status": "wrong_answer",
    "sends no state document": "no_state",
    "says it is": "other_kiosk",
    "its state cannot be read": "unreadable",
}
"""Why a state did not come, as the poller says it: what the page has words for."""

Level = Literal["fault", "silent", "warn", "ok"]
_TROUBLE_FIRST: Final[tuple[Level, ...]] = ("fault", "silent", "warn", "ok")


def explained(code: str) -> str:
    """Under which name the page has words for a finding, empty if it has none.

    A kiosk newer than this server may find what is not known here; its own sentence
    is shown in any case.
    """
    return next((known for known in FINDINGS if code.startswith(known)), "")


def trouble_words(trouble: str) -> str:
    """Under which name the page has words for it, empty if it has none."""
    return next(
        (name for start, name in TROUBLES.items() if trouble.startswith(start)), ""
    )


@dataclass(frozen=True, slots=True)
class FleetKiosk:
    """One kiosk. `state` is the last document it answered, `seen` when that was.

    `asked` is whether it was ever asked, `trouble` why the last time brought nothing,
    empty if it did. `series` names the number series after what they are for.
    """

    kiosk: str
    office: Names
    state: KioskState | None
    seen: datetime | None
    trouble: str
    asked: bool = True
    series: Mapping[str, Names] = field(default_factory=dict)

    def name_of(self, series: str) -> Names:
        """What that series is for; its id if the catalogue forgot it."""
        return self.series.get(series, {"": series})

    def level(self, now: datetime) -> Level:
        """The one word a technician looks for first."""
        if self.state is None or self.seen is None or now - self.seen >= SILENT_AFTER:
            return "silent"
        found = {finding.level for finding in self.state.findings}
        printer = self.state.printer.level
        if "fault" in found or printer == "fault":
            return "fault"
        short = any(left < LOW_NUMBERS for left in self.state.numbers.values())
        behind = self.state.sync.dead or not self.online
        return "warn" if "warn" in found or printer != "ok" or short or behind else "ok"

    @property
    def online(self) -> bool:
        return self.state is not None and self.state.sync.online

    @property
    def findings(self) -> tuple[Finding, ...]:
        return () if self.state is None else self.state.findings


@dataclass(frozen=True, slots=True)
class FleetPage:
    """`GET /fleet` at `now`; `shown` puts trouble first, then goes by name."""

    kiosks: tuple[FleetKiosk, ...]
    timezone: str
    user: str
    now: datetime
    help: tuple[HelpLine, ...] = ()

    @property
    def shown(self) -> tuple[FleetKiosk, ...]:
        def rank(kiosk: FleetKiosk) -> tuple[int, str]:
            return _TROUBLE_FIRST.index(kiosk.level(self.now)), kiosk.kiosk

        return tuple(sorted(self.kiosks, key=rank))

    @property
    def troubled(self) -> int:
        return sum(kiosk.level(self.now) != "ok" for kiosk in self.kiosks)
