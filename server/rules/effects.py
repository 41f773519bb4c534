"""What each action changes on a ticket, once it is known to be permitted.

One small function per effect; `EFFECTS` says which action has which. None of them
touches `version`: that is counted once per change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from server.rules.edges import Action
from server.rules.ticket import State, Ticket

_JUST: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """What the office does with those who did not come.

    `place`: where one who returns waits: by issue time, at the front of the lane, or
    behind the next `calls` tickets of it. Given up after `max_calls` announcements and
    not sooner than `give_up_after` the last call.
    """

    place: Literal["issue_time", "front", "after_calls"] = "issue_time"
    calls: int = 3
    max_calls: int = 3
    give_up_after: timedelta = timedelta(0)


USUAL: Final = ReturnPolicy()


@dataclass(frozen=True, slots=True)
class TransferTarget:
    """Where a transferred visitor waits next: number and issue time are kept.

    `deadline` is the one the target group's rule gives (None keeps the ticket's own).
    With `back`, finishing there sends the visitor back to where they came from.
    """

    procedure: str
    group: str
    place: Literal["issue_time", "first", "last"] = "issue_time"
    deadline: datetime | None = None
    note: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Everything an action may ask for; each effect reads what belongs to it."""

    at: datetime
    counter: str | None
    reason: str
    pool: bool
    until: datetime | None
    verified: bool | None
    policy: ReturnPolicy
    target: TransferTarget | None
    queue: Sequence[Ticket]


def called(ticket: Ticket, request: Request) -> Ticket:
    """At a counter. A hold stays noted until the visitor comes: undo needs it."""
    counter = request.counter or ticket.hold_owner
    if counter is None:
        raise ValueError("a call needs its counter")
    return replace(
        ticket,
        state=State.CALLED,
        before=ticket.state,
        counter=counter,
        calls=ticket.calls + 1,
        called_at=request.at,
        announced_at=request.at,
        previous_call_at=ticket.called_at,
    )


def recalled(ticket: Ticket, request: Request) -> Ticket:
    return replace(ticket, calls=ticket.calls + 1, announced_at=request.at)


def uncalled(ticket: Ticket, request: Request) -> Ticket:
    """Exactly as before the call, its place included."""
    return replace(
        ticket,
        state=ticket.before or State.WAITING,
        before=None,
        counter=None,
        calls=ticket.calls - 1,
        called_at=ticket.previous_call_at,
        announced_at=None,
        previous_call_at=None,
    )


def appeared(ticket: Ticket, request: Request) -> Ticket:
    return replace(_settled(ticket), state=State.SERVING, appeared_at=request.at)


def absent(ticket: Ticket, request: Request) -> Ticket:
    return _away(ticket, State.ABSENT)


def held(ticket: Ticket, request: Request) -> Ticket:
    return replace(
        _away(ticket, State.ON_HOLD),
        hold_owner=None if request.pool else ticket.counter,
        hold_reason=request.reason,
        hold_until=request.until,
    )


def released(ticket: Ticket, request: Request) -> Ticket:
    """Taken from a dead counter: who was being served is held for the pool."""
    if ticket.state is State.SERVING:
        return replace(_away(ticket, State.ON_HOLD), hold_reason=request.reason)
    return replace(_away(ticket, State.WAITING), order_key=ticket.issued_at)


def returned(ticket: Ticket, request: Request) -> Ticket:
    """Back in the lane: the absent by the office's policy, the held by issue time."""
    waiting = _away(ticket, State.WAITING)
    place = request.policy.place
    if ticket.state is not State.ABSENT or place == "issue_time":
        return replace(waiting, order_key=ticket.issued_at)
    if place == "front":
        return replace(waiting, order_key=_front(ticket, request.queue))
    before = _keys(ticket, request.queue)[: request.policy.calls]
    # One who was called in time has had the promise; it starts again at the return,
    # else an old deadline would put them back at the front.
    return replace(
        waiting,
        order_key=max(before[-1] + _JUST, ticket.issued_at) if before else request.at,
        deadline=request.at + (ticket.deadline - ticket.issued_at),
    )


def transferred(ticket: Ticket, request: Request) -> Ticket:
    target = request.target
    if target is None:
        raise ValueError("a transfer needs its target")
    key = {
        "issue_time": ticket.issued_at,
        "first": _front(replace(ticket, group=target.group), request.queue),
        "last": request.at,
    }[target.place]
    return replace(
        _away(ticket, State.WAITING),
        procedure=target.procedure,
        group=target.group,
        order_key=key,
        deadline=target.deadline or ticket.deadline,
        note=target.note,
        return_procedure=ticket.procedure if target.back else None,
        return_group=ticket.group if target.back else None,
        leg=ticket.leg + 1,
    )


def way_back(ticket: Ticket) -> TransferTarget | None:
    """Where a finished visit goes on, if the transfer asked for a return."""
    if ticket.return_procedure is None or ticket.return_group is None:
        return None
    return TransferTarget(
        ticket.return_procedure, ticket.return_group, note=ticket.note
    )


def reopened(ticket: Ticket, request: Request) -> Ticket:
    return replace(
        _away(ticket, State.WAITING),
        order_key=ticket.issued_at,
        ended_at=None,
        leg=ticket.leg + 1,
    )


def verified(ticket: Ticket, request: Request) -> Ticket:
    """The counter looked: really applied for beforehand, or an ordinary visit."""
    if request.verified is None:
        raise ValueError("verify needs to know: verified or not")
    return replace(ticket, preapplied=request.verified, verified=request.verified)


def _ended(state: State) -> Callable[[Ticket, Request], Ticket]:
    def end(ticket: Ticket, request: Request) -> Ticket:
        return replace(_settled(ticket), state=state, ended_at=request.at)

    return end


EFFECTS: Final[dict[Action, Callable[[Ticket, Request], Ticket]]] = {
    Action.NEXT: called,
    Action.CALL: called,
    Action.RESUME: called,
    Action.RECALL: recalled,
    Action.UNDO: uncalled,
    Action.APPEAR: appeared,
    Action.ABSENT: absent,
    Action.RETURN: returned,
    Action.GIVE_UP: _ended(State.NO_SHOW),
    Action.HOLD: held,
    Action.RELEASE: released,
    Action.FINISH: _ended(State.DONE),
    Action.TRANSFER: transferred,
    Action.CANCEL: _ended(State.CANCELLED),
    Action.VOID: _ended(State.CANCELLED),
    Action.LEAVE: _ended(State.WALKED_OUT),
    Action.EXPIRE: _ended(State.EXPIRED),
    Action.REOPEN: reopened,
    Action.VERIFY: verified,
}


def _settled(ticket: Ticket) -> Ticket:
    """The call can no longer be undone: what an undo would need is forgotten."""
    return replace(
        ticket,
        before=None,
        previous_call_at=None,
        hold_owner=None,
        hold_reason="",
        hold_until=None,
    )


def _away(ticket: Ticket, state: State) -> Ticket:
    """Away from the counter, which is free again."""
    return replace(_settled(ticket), state=state, counter=None, announced_at=None)


def _front(ticket: Ticket, queue: Sequence[Ticket]) -> datetime:
    keys = _keys(ticket, queue)
    return min(ticket.issued_at, keys[0] - _JUST) if keys else ticket.issued_at


def _keys(ticket: Ticket, queue: Sequence[Ticket]) -> list[datetime]:
    """The order keys of those waiting in the ticket's lane, oldest first."""
    return sorted(
        other.order_key
        for other in queue
        if other.callable
        and other.id != ticket.id
        and other.group == ticket.group
        and other.preapplied == ticket.preapplied
    )
