"""A ticket as the server knows it: one row, a projection of its events."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from protocol.messages import CALLABLE_PRINT, PrintState


class State(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    ABSENT = "absent"
    ON_HOLD = "on_hold"
    DONE = "done"
    NO_SHOW = "no_show"
    WALKED_OUT = "walked_out"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN: Final = frozenset(
    {State.WAITING, State.CALLED, State.SERVING, State.ABSENT, State.ON_HOLD}
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One visitor's place. `id` identifies it; the printed number comes round again.

    `order_key` is the instant that places it in its lane (issue time unless a policy
    moved it); `deadline` the instant after which it is called before any ticket that is
    not past its own. `calls` counts announcements. While `state` is CALLED, `before` is
    the state an undo returns to, and `previous_call_at` the `called_at` it restores.
    `return_procedure` and `return_group` are where a finished visit goes back to.
    `version` grows by one with every change.
    """

    id: UUID
    office: str
    day: date
    procedure: str
    group: str
    series: str
    number: int
    label: str
    issued_at: datetime
    order_key: datetime
    deadline: datetime
    language: str = "ja"
    kiosk: str | None = None
    key_id: int | None = None
    serial: int | None = None
    state: State = State.WAITING
    print: PrintState = "pending"
    preapplied: bool = False
    verified: bool = False
    urgent: bool = False
    counter: str | None = None
    calls: int = 0
    called_at: datetime | None = None
    announced_at: datetime | None = None
    appeared_at: datetime | None = None
    ended_at: datetime | None = None
    before: State | None = None
    hold_owner: str | None = None
    hold_reason: str = ""
    hold_until: datetime | None = None
    note: str = ""
    previous_call_at: datetime | None = None
    return_procedure: str | None = None
    return_group: str | None = None
    leg: int = 1
    version: int = 1

    @property
    def callable(self) -> bool:
        """Whether a counter may be given this ticket: waiting, and with paper."""
        return self.state is State.WAITING and self.print in CALLABLE_PRINT
