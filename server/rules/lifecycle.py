"""The life of a ticket: `apply` takes it along one edge, or says why not.

Pure and complete: who may, from which state, how soon, and what changes. Steps that an
action implies are part of the same `Change`, so the event log shows every edge.
Left to the store, which alone can know: stale versions, that a counter is free, that a
reopened number was not issued again, and the business day of a reopening.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from protocol.messages import PrintState
from server.rules.edges import EDGE_OF, EDGES, Action, Edge, Kind
from server.rules.effects import (
    EFFECTS,
    USUAL,
    Request,
    ReturnPolicy,
    TransferTarget,
    appeared,
    way_back,
)
from server.rules.evidence import best
from server.rules.ticket import State, Ticket

__all__ = [
    "EDGES",
    "RECALL_AFTER",
    "UNDO_WITHIN",
    "Action",
    "Actor",
    "Change",
    "Edge",
    "Forbidden",
    "IllegalEdge",
    "ReturnPolicy",
    "Step",
    "TransferTarget",
    "allowed",
    "apply",
    "issue",
    "print_outcome",
]

RECALL_AFTER: Final = timedelta(seconds=10)
UNDO_WITHIN: Final = timedelta(seconds=10)
_CALLS: Final = frozenset({Action.NEXT, Action.CALL, Action.RESUME})
_WITH_APPEAR: Final = frozenset({Action.FINISH, Action.HOLD, Action.TRANSFER})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `counter` is the one a staff member has taken; None: not bound to one.

    A person bound to a counter acts on what that counter called; one not bound to any
    (reception, an integration) on all of the office. A supervisor may act everywhere.
    """

    kind: Kind
    id: str
    counter: str | None = None
    supervisor: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One edge that was taken: one event of the log. `before` is None for an issue."""

    action: Action
    before: State | None
    after: State


@dataclass(frozen=True, slots=True)
class Change:
    """The ticket as it now is (its version one higher) and the edges that led there."""

    ticket: Ticket
    steps: tuple[Step, ...]


class IllegalEdge(Exception):
    """The ticket cannot do that now; `allowed` is what the actor could do instead."""

    def __init__(self, state: State, allowed: tuple[Action, ...]) -> None:
        could = ", ".join(allowed) or "nothing"
        super().__init__(f"the ticket is {state}; possible now: {could}")
        self.state = state
        self.allowed = allowed


class Forbidden(Exception):
    """The ticket could, but not by this actor; the sentence says who may."""


def issue(ticket: Ticket) -> Change:
    """The first change of a ticket that was just issued, unaltered."""
    return Change(ticket, (Step(Action.ISSUE, None, ticket.state),))


def print_outcome(
    ticket: Ticket, outcome: PrintState, *, copy_number: int = 0
) -> Change:
    """What became of one paper; possible in every state, also after the end.

    The ticket keeps the best that was proved (`evidence.best`): a reprint that fails
    (`copy_number` above 0) does not undo the paper that exists.
    """
    known = best(ticket.print, outcome, copy_number)
    changed = replace(ticket, print=known, version=ticket.version + 1)
    return Change(changed, (Step(Action.PRINT_OUTCOME, ticket.state, ticket.state),))


def allowed(
    ticket: Ticket,
    actor: Actor,
    at: datetime,
    policy: ReturnPolicy = USUAL,
) -> tuple[Action, ...]:
    """What this actor could do with the ticket at that instant, in table order."""
    return tuple(
        edge.action
        for edge in EDGES
        if edge.before is ticket.state
        and edge.action is not Action.PRINT_OUTCOME
        and _ripe(ticket, edge.action, at, policy)
        and _refusal(ticket, edge, actor, actor.counter) is None
    )


def apply(
    ticket: Ticket,
    action: Action,
    *,
    actor: Actor,
    at: datetime,
    counter: str | None = None,
    reason: str = "",
    pool: bool = False,
    until: datetime | None = None,
    verified: bool | None = None,
    policy: ReturnPolicy = USUAL,
    target: TransferTarget | None = None,
    queue: Sequence[Ticket] = (),
) -> Change:
    """Take the ticket along one edge, and along those the edge implies.

    `counter`: where it is called (the actor's own if not said). `reason`, `pool` and
    `until` belong to a hold: `pool` lets any counter resume it, `until` is when the
    console reminds. `verified` belongs to `verify`, `target` to `transfer`. `queue`:
    the tickets waiting with it, to find a place at the front or behind some calls.
    `issue` and `print_outcome` are functions of their own.
    Raises IllegalEdge (wrong state or moment) and Forbidden (wrong person).
    """
    edge = EDGE_OF.get((action, ticket.state))
    if edge is None or action not in EFFECTS or not _ripe(ticket, action, at, policy):
        raise IllegalEdge(ticket.state, allowed(ticket, actor, at, policy))
    # A person's own counter decides what they may; naming another gains nothing.
    if refusal := _refusal(ticket, edge, actor, actor.counter or counter):
        raise Forbidden(refusal)
    where = counter or actor.counter
    if action in _CALLS and where is None and ticket.hold_owner is None:
        raise Forbidden("say at which counter the ticket is called")
    request = Request(
        at=at,
        counter=where,
        reason=reason,
        pool=pool,
        until=until,
        verified=verified,
        policy=policy,
        target=target,
        queue=queue,
    )
    now, steps = ticket, list[Step]()
    if ticket.state is State.CALLED and action in _WITH_APPEAR:
        now = appeared(now, request)
        steps.append(Step(Action.APPEAR, State.CALLED, State.SERVING))
    if action is Action.FINISH and (back := way_back(now)):
        action, request = Action.TRANSFER, replace(request, target=back)
    after = EFFECTS[action](now, request)
    steps.append(Step(action, now.state, after.state))
    return Change(replace(after, version=ticket.version + 1), tuple(steps))


def _ripe(ticket: Ticket, action: Action, at: datetime, policy: ReturnPolicy) -> bool:
    """Whether the moment has come, or not yet passed."""
    match action:
        case Action.NEXT:
            return ticket.callable
        case Action.RECALL:
            last = ticket.announced_at
            return last is None or at - last >= RECALL_AFTER
        case Action.UNDO:
            called = ticket.called_at
            return (
                called is not None
                and called == ticket.announced_at
                and at - called <= UNDO_WITHIN
            )
        case Action.GIVE_UP:
            called = ticket.called_at
            waited = called is None or at - called >= policy.give_up_after
            return ticket.calls >= policy.max_calls and waited
        case Action.VOID if ticket.state not in (State.WAITING, State.CALLED):
            return ticket.called_at is None or at <= ticket.called_at
    return True


def _refusal(ticket: Ticket, edge: Edge, actor: Actor, where: str | None) -> str | None:
    """Why this actor may not take the edge; None if they may."""
    if actor.kind not in edge.who:
        return f"{edge.action} is not for a {actor.kind}"
    if actor.kind != "staff" or actor.supervisor:
        return None
    if edge.supervisor:
        return f"{edge.action} needs a supervisor"
    if edge.where == "same_counter" and where not in (None, ticket.counter):
        return f"only counter {ticket.counter}, which called the ticket, may do that"
    owner = ticket.hold_owner
    if edge.where == "owner" and owner is not None and where not in (None, owner):
        return f"counter {owner} parked the ticket; only it or a supervisor may do that"
    return None
