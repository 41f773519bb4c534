"""What the staff console shows, as frozen values: a counter, its visitors, lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from protocol.messages import PrintState
from server.pages.help_view import HelpLine
from server.pages.view import Names

Lane = Literal["fast_verified", "fast_unverified", "ordinary"]


@dataclass(frozen=True, slots=True)
class StaffTicket:
    """One line of the console. `waited` is minutes since issue, or since the hold.

    `counter` is the number of the counter it is at or was held by; `reason` what the
    colleague wrote. `version` goes back with an operation, so that a stale one is
    refused instead of done twice. `can` are the actions the rules allow at this moment
    to whoever looks at the line.
    """

    id: str
    label: str
    procedure: Names
    state: str
    lane: Lane
    print: PrintState
    urgent: bool
    overdue: bool
    waited: int
    counter: str | None
    calls: int
    reason: str
    version: int
    can: frozenset[str] = frozenset()
    next: bool = False

    @property
    def fast(self) -> bool:
        return self.lane != "ordinary"

    @property
    def unprinted(self) -> bool:
        """Skipped by call-next: no paper is known to have come out."""
        return self.print in {"pending", "held", "not_sent"}


@dataclass(frozen=True, slots=True)
class Target:
    """A procedure somebody can be handed over to, and the counters that serve it."""

    procedure: str
    name: Names
    below: Names
    counters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffPanel:
    """The living part of the console, for one counter at `now`.

    `undo_seconds` is how long the last call can still be taken back, 0 if it cannot.
    `waiting` holds what this counter serves, the next to be called first,
    and `more` how many wait behind them. `help` are the kiosks that call for staff.
    """

    office: str
    counter: str
    number: str
    open: bool
    current: StaffTicket | None
    undo_seconds: int
    waiting: tuple[StaffTicket, ...]
    more: int
    absent: tuple[StaffTicket, ...]
    held: tuple[StaffTicket, ...]
    elsewhere: tuple[StaffTicket, ...]
    timezone: str
    now: datetime
    help: tuple[HelpLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterChoice:
    """A counter one may sit down at."""

    counter: str
    number: str
    procedures: tuple[Names, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class OfficeChoice:
    """An office and its counters, as far as this user may work there."""

    office: str
    name: Names
    counters: tuple[CounterChoice, ...]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """`GET /staff`: the console (`panel`), or the choice of a counter (`offices`)."""

    user: str
    office_name: Names
    offices: tuple[OfficeChoice, ...]
    panel: StaffPanel | None
    now: datetime
    targets: tuple[Target, ...] = ()
