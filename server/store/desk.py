"""What the staff does with tickets: each function is one transaction's work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from server.offices import Office, UnknownPlace
from server.rules.calling import Choice, choose_next
from server.rules.lifecycle import (
    Action,
    Actor,
    IllegalEdge,
    ReturnPolicy,
    TransferTarget,
    allowed,
    apply,
)
from server.rules.ticket import OPEN, State, Ticket
from server.store import counters, queue
from server.store.database import Transaction
from server.store.log import Cause, Stale, record
from server.store.users import User
from server.tables import events, tickets

ACTIONS: Final = (
    Action.CALL,
    Action.RECALL,
    Action.APPEAR,
    Action.ABSENT,
    Action.RETURN,
    Action.GIVE_UP,
    Action.HOLD,
    Action.RESUME,
    Action.RELEASE,
    Action.TRANSFER,
    Action.FINISH,
    Action.CANCEL,
    Action.LEAVE,
    Action.UNDO,
    Action.REOPEN,
    Action.VERIFY,
)
SAME_PRESS: Final = timedelta(seconds=3)
"""A second `next` so soon after the call is the same press of the finger."""
SUPERVISORS: Final = frozenset({"supervisor", "administrator"})


class Refused(Exception):
    """Not possible now: `ticket` is how it stands, `allowed` what is possible."""

    def __init__(
        self, sentence: str, ticket: Ticket, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(sentence)
        self.ticket = ticket
        self.allowed = allowed


class Taken(Refused):
    """Somebody else works at that counter; `take_over` sits down there all the same."""

    def __init__(self, user: str, since: datetime, ticket: Ticket) -> None:
        sentence = (
            f"{user} is with {ticket.label} at this counter; "
            "send take_over to finish that visitor and sit here"
        )
        super().__init__(sentence, ticket, ())
        self.user = user
        self.since = since


@dataclass(frozen=True, slots=True)
class Order:
    """An action with what belongs to it; `version` None takes the ticket as it is."""

    action: Action
    version: int | None = None
    counter: str | None = None
    reason: str = ""
    pool: bool = False
    minutes: float | None = None
    procedure: str | None = None
    note: str = ""
    back: bool = False
    verified: bool | None = None


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who acts, in which office, under which of its policies."""

    user: User
    office: Office
    policy: ReturnPolicy
    key: str | None = None
    same_press: timedelta = SAME_PRESS

    def cause(self, reason: str = "") -> Cause:
        return Cause(f"user:{self.user.name}", None, None, self.key, reason)

    def actor(self, counter: str | None) -> Actor:
        supervisor = self.user.role in SUPERVISORS
        return Actor("staff", self.user.name, counter, supervisor)


def call_next(
    tx: Transaction,
    clerk: Clerk,
    counter: str,
    *,
    by_hand: bool = False,
    take_over: bool = False,
) -> Ticket | None:
    """Finish who is at the counter, open it, and call whom the rule chooses.

    None if nobody callable waits for what this counter serves. `by_hand`, at a console:
    whoever was announced less than `same_press` ago cannot have come yet, so the answer
    is that ticket again; and Taken if somebody else has a visitor there, unless that is
    taken over.
    """
    office = clerk.office
    current = queue.at_counter(tx.connection, counter)
    if current is not None and by_hand:
        if not take_over:
            _check_mine(tx, clerk, counter, current)
        if _just_called(current, clerk, tx.now):
            return current
    set_counter_open(tx, clerk, counter)
    if current is not None:
        _finish(tx, clerk, counter, current)
    choice = choice_for(tx, office, counter)
    if choice is None:
        return None
    before = queue.runs(tx.connection, office.id, choice.ticket.day).get(
        choice.ticket.group, 0
    )
    change = apply(
        choice.ticket,
        Action.NEXT,
        actor=clerk.actor(counter),
        at=tx.now,
        counter=counter,
    )
    extra = {
        "procedure": choice.ticket.procedure,
        "run_before": before,
        "run_after": before if choice.run is None else choice.run,
    }
    if choice.run is not None:
        queue.set_run(tx, office.id, choice.ticket.group, choice.ticket.day, choice.run)
    return record(
        tx, choice.ticket, change, clerk.cause(), rule=choice.rule, extra=extra
    )


def choice_for(tx: Transaction, office: Office, counter: str) -> Choice | None:
    """Whom the rule would give that counter now, and why."""
    day = office.day(tx.now)
    return choose_next(
        queue.waiting_tickets(tx.connection, office.id, day),
        served=frozenset(office.counter(counter).procedures),
        runs=queue.runs(tx.connection, office.id, day),
        rules=office.rules,
        now=tx.now,
    )


def open_counter(
    tx: Transaction,
    clerk: Clerk,
    counter: str,
    *,
    by_hand: bool = False,
    take_over: bool = False,
) -> None:
    """Sit down there; `by_hand`: Taken while somebody else has a visitor at it."""
    current = queue.at_counter(tx.connection, counter)
    if current is not None and by_hand and not take_over:
        _check_mine(tx, clerk, counter, current)
    set_counter_open(tx, clerk, counter)


def set_counter_open(tx: Transaction, clerk: Clerk, counter: str) -> None:
    counters.set_open(tx, clerk.office, counter, open=True, cause=clerk.cause())


def close_counter(tx: Transaction, clerk: Clerk, counter: str) -> None:
    """Close it; Refused while somebody is at it."""
    current = queue.at_counter(tx.connection, counter)
    if current is not None:
        raise _refused(tx, clerk, current, f"{current.label} is still at this counter")
    counters.set_open(tx, clerk.office, counter, open=False, cause=clerk.cause())


def act(tx: Transaction, clerk: Clerk, ticket: Ticket, order: Order) -> Ticket:
    """One action on one ticket; the rules say whether.

    Raises Stale, Refused (with what is possible), lifecycle.Forbidden, UnknownPlace.
    """
    if order.version is not None and order.version != ticket.version:
        raise Stale(ticket)
    _check_day(tx, clerk, ticket)
    counter = _place(tx, clerk, ticket, order)
    try:
        change = apply(
            ticket,
            order.action,
            actor=clerk.actor(_seat(tx.connection, clerk, ticket)),
            at=tx.now,
            counter=counter,
            reason=order.reason,
            pool=order.pool,
            until=_until(tx, order),
            verified=order.verified,
            policy=clerk.policy,
            target=_target(clerk, order),
            queue=queue.waiting_tickets(tx.connection, ticket.office, ticket.day),
        )
    except IllegalEdge as exc:
        raise Refused(str(exc), ticket, exc.allowed) from exc
    if change.ticket.state in queue.AT_COUNTER and change.ticket.counter:
        _check_free(tx, clerk, ticket, change.ticket.counter)
        if order.action in (Action.CALL, Action.RESUME):
            set_counter_open(tx, clerk, change.ticket.counter)
    if order.action is Action.UNDO:
        _restore_run(tx, ticket)
    rule = "direct" if order.action is Action.CALL else None
    extra = (
        {"procedure": ticket.procedure} if rule or order.action is Action.RESUME else {}
    )
    return record(tx, ticket, change, clerk.cause(order.reason), rule=rule, extra=extra)


def possible(
    connection: Connection, now: datetime, clerk: Clerk, ticket: Ticket
) -> tuple[Action, ...]:
    """What this person could do with the ticket now."""
    seat = _seat(connection, clerk, ticket)
    return allowed(ticket, clerk.actor(seat), now, clerk.policy)


def _check_mine(tx: Transaction, clerk: Clerk, counter: str, current: Ticket) -> None:
    user = counters.sitting_at(tx.connection, counter)
    if user not in (None, clerk.user.name):
        since = current.called_at or tx.now
        raise Taken(user, since, current)


def _just_called(current: Ticket, clerk: Clerk, now: datetime) -> bool:
    announced = current.announced_at
    return (
        current.state is State.CALLED
        and announced is not None
        and now - announced < clerk.same_press
    )


def _finish(tx: Transaction, clerk: Clerk, counter: str, current: Ticket) -> None:
    change = apply(current, Action.FINISH, actor=clerk.actor(counter), at=tx.now)
    record(tx, current, change, clerk.cause(), counter=counter)


def _refused(tx: Transaction, clerk: Clerk, ticket: Ticket, sentence: str) -> Refused:
    could = possible(tx.connection, tx.now, clerk, ticket)
    return Refused(sentence, ticket, could)


def _check_day(tx: Transaction, clerk: Clerk, ticket: Ticket) -> None:
    if ticket.day != clerk.office.day(tx.now):
        raise Refused(f"{ticket.label} is a ticket of {ticket.day}", ticket, ())


def _check_free(tx: Transaction, clerk: Clerk, ticket: Ticket, counter: str) -> None:
    current = queue.at_counter(tx.connection, counter)
    if current is not None and current.id != ticket.id:
        raise _refused(
            tx, clerk, ticket, f"counter {counter} is busy with {current.label}"
        )


def _place(tx: Transaction, clerk: Clerk, ticket: Ticket, order: Order) -> str | None:
    """The counter the order names, which must be one of the office's."""
    if order.action is Action.REOPEN:
        _check_number(tx, clerk, ticket)
    if order.counter is None:
        return None
    try:
        return clerk.office.counter(order.counter).id
    except KeyError:
        raise UnknownPlace(
            f"office {clerk.office.id} has no counter {order.counter}"
        ) from None


def _check_number(tx: Transaction, clerk: Clerk, ticket: Ticket) -> None:
    other = tx.connection.execute(
        select(tickets.c.id).where(
            tickets.c.office == ticket.office,
            tickets.c.series == ticket.series,
            tickets.c.number == ticket.number,
            tickets.c.id != ticket.id,
            tickets.c.state.in_(queue.OPEN_STATES),
        )
    ).first()
    if other is not None and ticket.state not in OPEN:
        raise _refused(
            tx, clerk, ticket, f"{ticket.label} was issued again and waits meanwhile"
        )


def _seat(connection: Connection, clerk: Clerk, ticket: Ticket) -> str | None:
    """Which counter the person acts from: the ticket's if it is one of theirs."""
    mine = counters.taken_by(connection, clerk.user.name)
    for where in (ticket.counter, ticket.hold_owner):
        if where in mine:
            return where
    return mine.pop() if len(mine) == 1 else None


def _until(tx: Transaction, order: Order) -> datetime | None:
    return None if order.minutes is None else tx.now + timedelta(minutes=order.minutes)


def _target(clerk: Clerk, order: Order) -> TransferTarget | None:
    if order.procedure is None:
        return None
    try:
        procedure = clerk.office.catalogue.procedure(order.procedure)
    except KeyError:
        raise UnknownPlace(
            f"office {clerk.office.id} has no procedure {order.procedure}"
        ) from None
    if procedure.group is None:
        raise UnknownPlace(f"nobody is served for {procedure.id}; name one below it")
    return TransferTarget(
        procedure.id, procedure.group, note=order.note, back=order.back
    )


def _restore_run(tx: Transaction, ticket: Ticket) -> None:
    """Give the group its `run` back, unless somebody was called since."""
    payload = tx.connection.execute(
        select(events.c.payload)
        .where(events.c.ticket_id == ticket.id, events.c.type == Action.NEXT.value)
        .order_by(events.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    if payload is None or payload.get("version") != ticket.version:
        return
    now = queue.runs(tx.connection, ticket.office, ticket.day).get(ticket.group, 0)
    if now == payload["run_after"]:
        queue.set_run(
            tx, ticket.office, ticket.group, ticket.day, payload["run_before"]
        )
