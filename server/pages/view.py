"""What the public pages show, as frozen values; nothing here knows HTML or the store.

Names are one text in several languages (`{"ja": …, "en": …}`); the page picks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

STALE_AFTER: Final = timedelta(minutes=2)
BOARD_STALE_AFTER: Final = timedelta(seconds=30)
HIDDEN_AFTER: Final = timedelta(minutes=10)

Names = Mapping[str, str]
Freshness = Literal["fresh", "stale", "too_old"]


def freshness(as_of: datetime, now: datetime) -> Freshness:
    """How far figures of `as_of` may still be trusted at `now`.

    From 2 minutes on a banner says how old they are, from 10 on they are hidden: a
    number that may be wrong is worse than none (visitors.md §5).
    """
    age = now - as_of
    if age >= HIDDEN_AFTER:
        return "too_old"
    return "stale" if age >= STALE_AFTER else "fresh"


@dataclass(frozen=True, slots=True)
class Wait:
    """A waiting time as a range, in whole minutes."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One procedure of the congestion table: the five public figures."""

    procedure: str
    name: Names
    open: bool
    last_called: str | None
    next_up: str | None
    waiting: int
    wait: Wait | None
    on_hold: int
    below: Names = field(default_factory=dict)
    """The name of the button it is a choice of, empty if it stands for itself."""


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """One office of the congestion page, true at `as_of`."""

    office: str
    name: Names
    timezone: str
    as_of: datetime
    procedures: tuple[Figures, ...]

    @property
    def waiting(self) -> int:
        """Everybody who waits in this office."""
        return sum(row.waiting for row in self.procedures)


@dataclass(frozen=True, slots=True)
class OfficeLink:
    """An office one can go to."""

    office: str
    name: Names


@dataclass(frozen=True, slots=True)
class CongestionPage:
    """`GET /` (all offices, `chosen` None) and `GET /o/{office}`, seen at `now`."""

    shown: tuple[OfficeFigures, ...]
    offices: tuple[OfficeLink, ...]
    chosen: str | None
    now: datetime


TicketState = Literal[
    "on_its_way",
    "waiting",
    "called",
    "serving",
    "absent",
    "on_hold",
    "done",
    "no_show",
    "walked_out",
    "cancelled",
    "expired",
]
ENDED: Final[frozenset[TicketState]] = frozenset(
    {"done", "no_show", "walked_out", "cancelled", "expired"}
)
SOON: Final = 1
"""With so few people ahead the page says "soon"."""


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A visitor's own ticket. `label` is None while only the kiosk knows the ticket.

    `address` is the path of the page, which holds the token: it is never logged.
    `unprinted` means the paper is in doubt, so the visitor should ask.
    """

    address: str
    state: TicketState
    label: str | None
    procedure: Names
    office: Names
    where: Names
    phone: str
    counter: str | None
    ahead: int | None
    wait: Wait | None
    unprinted: bool
    timezone: str
    now: datetime
    refused: bool = False
    """The visitor just tried to cancel and could not."""

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def can_cancel(self) -> bool:
        return self.label is not None and self.state in {
            "waiting",
            "called",
            "absent",
            "on_hold",
        }

    @property
    def words_for(self) -> str:
        """Which texts of `pages.ticket` speak of this ticket."""
        if self.state == "called":
            return "your_turn"
        if self.state == "waiting" and self.ahead is not None and self.ahead <= SOON:
            return "next"
        return self.state


@dataclass(frozen=True, slots=True)
class Call:
    """A number that was called to a counter at `at`; `over`: and is not any more."""

    label: str
    counter: str
    at: datetime
    over: bool = False


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The waiting-room board: numbers, counters and procedures, never a person."""

    figures: OfficeFigures
    calls: tuple[Call, ...]
    """The newest first."""
    now: datetime

    @property
    def current(self) -> Call | None:
        """Who is called at this moment: the newest that is not over."""
        return next((call for call in self.calls if not call.over), None)

    @property
    def earlier(self) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call is not self.current)

    @property
    def stale(self) -> bool:
        """A board nobody looks after says sooner than a page that its line broke."""
        return self.now - self.figures.as_of >= BOARD_STALE_AFTER


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The log-in form. `trouble` is a key of `pages.login`, `onward` a local path."""

    onward: str
    trouble: Literal["wrong", "too_many"] | None = None
    user: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that could not be shown; title and detail are keys of the catalogue."""

    title: str
    detail: str
    onward: str = "/"
    onward_text: str = "pages.ticket.to_congestion"


def local(at: datetime, timezone: str) -> datetime:
    """The instant `at` on the clock of that time zone."""
    return at.astimezone(ZoneInfo(timezone))
