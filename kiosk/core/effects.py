"""What the flow wants done; every name is an order and says which event answers it."""

from dataclasses import dataclass
from typing import Literal

from kiosk.core.screens import Ticket


@dataclass(frozen=True, slots=True)
class Wait:
    """Start the one timer anew, in seconds. Answer: `Waited`, unless started again."""

    seconds: float


@dataclass(frozen=True, slots=True)
class TakeNumber:
    """Answer: `Issued` or `IssueRefused`.

    `ahead` (people), `low` and `high` (minutes) are what stood on the button.
    """

    procedure: str
    language: str
    ahead: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class PrintTicket:
    """Answer: `PrintEnded`, and after `held` another. A reprint is marked 再発行."""

    ticket: Ticket
    language: str
    reprint: bool = False


@dataclass(frozen=True, slots=True)
class KeepOnScreen:
    """The visitor takes the number without paper; a part in the printer is dropped."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The ticket is void. `not_sent`: no paper came and nobody wanted the number."""

    ticket: Ticket
    reason: Literal["visitor", "not_sent"]


@dataclass(frozen=True, slots=True)
class CallStaff:
    """Tell the staff why hands are needed here."""

    reason: str


@dataclass(frozen=True, slots=True)
class Light:
    """The lamp at the paper mouth."""

    on: bool


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Answer: `PinChecked`."""

    digits: str


@dataclass(frozen=True, slots=True)
class StaffAction:
    """Answer: `StaffAnswered`. `service` puts the machine out of service or back."""

    action: Literal["reprint", "test_print", "service"]
    language: str


Effect = (
    Wait
    | TakeNumber
    | PrintTicket
    | KeepOnScreen
    | GiveBack
    | CallStaff
    | Light
    | CheckPin
    | StaffAction
)
