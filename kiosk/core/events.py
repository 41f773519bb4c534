"""What can happen to the conversation; every name is in the past tense."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from kiosk.core.screens import Ticket
from kiosk.core.world import World

Outcome = Literal["printed", "printed_uncut", "held", "unknown", "not_sent"]


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger was lifted inside `target`, or outside every target (None).

    `at` is in seconds of a clock that only runs forward.
    """

    target: str | None
    at: float


@dataclass(frozen=True, slots=True)
class Waited:
    """The time asked for with `Wait` is over."""


@dataclass(frozen=True, slots=True)
class WorldChanged:
    world: World


@dataclass(frozen=True, slots=True)
class Issued:
    """The number is the visitor's: it stands in the ledger."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class IssueRefused:
    """No number could be taken; nothing was written."""

    reason: Literal["no_numbers", "storage"]


@dataclass(frozen=True, slots=True)
class PrintEnded:
    """The printer's word on one ticket. After `held` a later one follows.

    `reprint`: there was an earlier attempt, so `not_sent` does not mean "no paper".
    """

    ticket_id: UUID
    outcome: Outcome
    cause: str = ""
    reprint: bool = False


@dataclass(frozen=True, slots=True)
class StaffButtonPressed:
    """The call button beside the screen."""


@dataclass(frozen=True, slots=True)
class PinChecked:
    """`last` is the label of the last ticket that may be printed again.

    `resting`: after too many wrong ones none is taken for a minute.
    """

    right: bool
    last: str | None = None
    resting: bool = False


@dataclass(frozen=True, slots=True)
class StaffAnswered:
    """A staff action ended; `answer` names the outcome for the screen."""

    answer: str


Event = (
    Touched
    | Waited
    | WorldChanged
    | Issued
    | IssueRefused
    | PrintEnded
    | StaffButtonPressed
    | PinChecked
    | StaffAnswered
)
