"""Every edge of a ticket's life, as data: what, from where, to where, by whom.

Nothing else is possible. The source is the table of commands in `docs/queue-rules.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from server.rules.ticket import OPEN, State


class Action(StrEnum):
    """What can happen to a ticket; the names of the staff API and of the event log."""

    ISSUE = "issue"
    NEXT = "next"
    CALL = "call"
    RECALL = "recall"
    UNDO = "undo"
    APPEAR = "appear"
    ABSENT = "absent"
    RETURN = "return"
    GIVE_UP = "give_up"
    HOLD = "hold"
    RESUME = "resume"
    RELEASE = "release"
    FINISH = "finish"
    TRANSFER = "transfer"
    CANCEL = "cancel"
    VOID = "void"
    LEAVE = "leave"
    EXPIRE = "expire"
    REOPEN = "reopen"
    VERIFY = "verify"
    PRINT_OUTCOME = "print_outcome"


Kind = Literal["staff", "kiosk", "visitor", "system"]
Where = Literal["anywhere", "same_counter", "owner"]
"""`same_counter`: where the ticket was called. `owner`: who parked it, or the pool."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One permitted step. `after` is None for an undo: back to what was before."""

    action: Action
    before: State | None
    after: State | None
    who: frozenset[Kind]
    where: Where = "anywhere"
    supervisor: bool = False


_W, _C, _S = State.WAITING, State.CALLED, State.SERVING
_A, _H = State.ABSENT, State.ON_HOLD


def _edges() -> Iterator[Edge]:
    staff: frozenset[Kind] = frozenset({"staff"})
    timed: frozenset[Kind] = frozenset({"staff", "system"})
    guest: frozenset[Kind] = frozenset({"staff", "visitor"})
    slip: frozenset[Kind] = frozenset({"staff", "visitor", "kiosk"})
    maker: frozenset[Kind] = frozenset({"staff", "kiosk"})
    kiosk: frozenset[Kind] = frozenset({"kiosk", "system"})
    system: frozenset[Kind] = frozenset({"system"})

    yield Edge(Action.ISSUE, None, _W, maker)
    yield Edge(Action.NEXT, _W, _C, staff)
    yield Edge(Action.CALL, _W, _C, staff)
    yield Edge(Action.CALL, _A, _C, staff)
    yield Edge(Action.CALL, _H, _C, staff, "owner")
    yield Edge(Action.RECALL, _C, _C, staff, "same_counter")
    yield Edge(Action.UNDO, _C, None, staff, "same_counter")
    yield Edge(Action.APPEAR, _C, _S, staff, "same_counter")
    yield Edge(Action.ABSENT, _C, _A, timed, "same_counter")
    yield Edge(Action.RETURN, _A, _W, slip)
    yield Edge(Action.RETURN, _H, _W, staff, "owner")
    yield Edge(Action.GIVE_UP, _A, State.NO_SHOW, timed)
    for before in (_C, _S):
        yield Edge(Action.HOLD, before, _H, staff, "same_counter")
        yield Edge(Action.FINISH, before, State.DONE, staff, "same_counter")
        yield Edge(Action.TRANSFER, before, _W, staff, "same_counter")
    yield Edge(Action.TRANSFER, _W, _W, staff)
    yield Edge(Action.TRANSFER, _H, _W, staff, "owner")
    yield Edge(Action.RESUME, _H, _C, staff, "owner")
    yield Edge(Action.RELEASE, _C, _W, staff, supervisor=True)
    yield Edge(Action.RELEASE, _S, _H, staff, supervisor=True)
    for before in (_W, _C):
        yield Edge(Action.CANCEL, before, State.CANCELLED, slip)
        yield Edge(Action.VOID, before, State.CANCELLED, kiosk)
    for before in (_A, _H):
        yield Edge(Action.CANCEL, before, State.CANCELLED, staff)
    # News of a touch that came late; accepted if it was still waiting when touched.
    for before in (_A, State.NO_SHOW, State.EXPIRED):
        yield Edge(Action.VOID, before, State.CANCELLED, kiosk)
    for before in (_W, _C, _A, _H):
        yield Edge(Action.LEAVE, before, State.WALKED_OUT, guest)
    for before in sorted(OPEN):
        yield Edge(Action.EXPIRE, before, State.EXPIRED, system)
        yield Edge(Action.VERIFY, before, before, staff)
    for before in (State.DONE, State.NO_SHOW, State.WALKED_OUT):
        yield Edge(Action.REOPEN, before, _W, staff, supervisor=True)
    for before in State:
        yield Edge(Action.PRINT_OUTCOME, before, before, kiosk)


EDGES: Final[tuple[Edge, ...]] = tuple(_edges())

EDGE_OF: Final[dict[tuple[Action, State | None], Edge]] = {
    (edge.action, edge.before): edge for edge in EDGES
}
