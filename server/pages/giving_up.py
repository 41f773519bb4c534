"""A visitor gives up the place in the queue, from the ticket's own page."""

from protocol.token import Token
from server.hall import Hall
from server.rules.lifecycle import Action, Actor, IllegalEdge, apply
from server.rules.ticket import OPEN, State
from server.store import queue
from server.store.log import Cause, record

VISITOR = Actor("visitor", "visitor")
_CAUSE = Cause("visitor", reason="by the visitor, on the ticket's page")


class CannotGiveUp(Exception):
    """Not in the state the ticket is in; staff can help."""


def give_up(hall: Hall, token: Token) -> None:
    """End the ticket of a genuine token; nothing happens to one that has ended.

    Who was called and not there, or is parked, leaves (`walked_out`): the office has
    already spent time on them, so it is not a mere cancellation.
    """
    now = hall.now()
    with hall.database.write(now) as tx:
        ticket = queue.by_serial(tx.connection, token.key_id, token.serial)
        if ticket is None:
            raise CannotGiveUp("only the kiosk knows this ticket yet")
        if ticket.state not in OPEN:
            return
        office = hall.offices.of(ticket.office)
        hall.days.begin(tx, office.id, office.day(now))
        ticket = queue.by_serial(tx.connection, token.key_id, token.serial) or ticket
        action = (
            Action.CANCEL
            if ticket.state in (State.WAITING, State.CALLED)
            else Action.LEAVE
        )
        try:
            change = apply(ticket, action, actor=VISITOR, at=now)
        except IllegalEdge as exc:
            raise CannotGiveUp(str(exc)) from exc
        record(tx, ticket, change, _CAUSE)
