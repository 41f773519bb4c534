"""The screens, each with exactly the data it shows.

`name_of` gives the name of the contract (`screen.json`, kiosk state).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from kiosk.core.world import Trouble, World


@dataclass(frozen=True, slots=True)
class Ticket:
    """One issued ticket as the visitor sees it.

    `issued_at` is None if time is untrusted; `ahead` (people), `low` and `high`
    (minutes) are None when not known.
    """

    ticket_id: UUID
    label: str
    procedure: str
    url: str
    preapplied: bool
    issued_at: datetime | None
    ahead: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The buttons; named `offline` while the server cannot be reached."""

    world: World
    language: str


@dataclass(frozen=True, slots=True)
class Choose:
    """The choices below one button.

    `left`: remaining seconds of 「つづけますか?」, None while that is not asked.
    """

    world: World
    language: str
    procedure: str
    left: int | None = None
    extensions: int = 0


@dataclass(frozen=True, slots=True)
class Issuing:
    """A number is being taken, then printed; input is ignored."""

    world: World
    language: str
    procedure: str
    touched_at: float
    ticket: Ticket | None = None
    again: bool = False
    """The visitor has asked for paper a second time."""


@dataclass(frozen=True, slots=True)
class Done:
    """The visitor has the number: on paper, perhaps on paper, or on this screen."""

    world: World
    language: str
    ticket: Ticket
    paper: Literal["printed", "uncut", "unknown", "on_screen"]
    touched_at: float
    left: int
    """Seconds until home."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The visitor gave the number back."""

    world: World
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The office, or with `procedure` that one, issues no tickets now; says when."""

    world: World
    language: str
    procedure: str | None = None


@dataclass(frozen=True, slots=True)
class PaperOut:
    """No paper came.

    `held`: a part is in the printer and the whole is printed on reload. Offers
    `accept` (take the number on this screen) and `back` (give it back).
    """

    world: World
    language: str
    ticket: Ticket
    cause: str
    held: bool
    touched_at: float
    left: int


@dataclass(frozen=True, slots=True)
class OutOfService:
    """No ticket can be issued; recovers by itself."""

    world: World
    language: str
    reason: Trouble


@dataclass(frozen=True, slots=True)
class StaffCalled:
    """「係員を呼びました」, shown over whatever stands below it."""

    world: World
    language: str
    below: "Screen"


@dataclass(frozen=True, slots=True)
class PinEntry:
    """The staff corner was touched; `digits` so far, `wrong` after a wrong PIN."""

    world: World
    language: str
    digits: str = ""
    wrong: bool = False
    resting: bool = False


@dataclass(frozen=True, slots=True)
class StaffMenu:
    """Reprint, test print, out of service.

    `last` is the label of the last ticket, `answer` names the last action's outcome.
    """

    world: World
    language: str
    last: str | None = None
    answer: str = ""
    busy: bool = False


Screen = (
    Home
    | Choose
    | Issuing
    | Done
    | Cancelled
    | Closed
    | PaperOut
    | OutOfService
    | StaffCalled
    | PinEntry
    | StaffMenu
)


def name_of(screen: Screen) -> str:
    """The screen's name in the contract."""
    match screen:
        case Home(world=world):
            return "home" if world.online else "offline"
        case Choose():
            return "choose"
        case Issuing():
            return "issuing"
        case Done():
            return "done"
        case Cancelled():
            return "cancelled"
        case Closed():
            return "closed"
        case PaperOut():
            return "paper"
        case OutOfService():
            return "out_of_service"
        case StaffCalled():
            return "staff_called"
        case PinEntry() | StaffMenu():
            return "staff"
