"""Whom a free counter calls next: share-capped priority with a promised deadline.

Each group has two lanes: fast (`preapplied`) and ordinary. In this order:

1. an urgent ticket, the oldest;
2. a ticket past its deadline, the earliest deadline, whatever its lane or group;
3. the head of the only lane that waits;
4. the head of the fast lane, while fewer than `fast_per_ordinary` fast calls stand
   since the last ordinary one (`run`);
5. the head of the ordinary lane.

A counter that serves several groups looks at all of them for 1 and 2, so the deadline
promise holds across everything it serves; for 3 to 5 it takes the group whose oldest
head has waited longest. `run` belongs to the group and is kept by the caller.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from server.rules.ticket import Ticket

Rule = Literal["urgent", "deadline", "only", "share_fast", "share_ordinary"]


@dataclass(frozen=True, slots=True)
class GroupRule:
    """The fast lane's settings of one group.

    At most `fast_per_ordinary` fast calls per ordinary one while both wait. A ticket is
    promised its turn `cap` after issue, or after `forecast_factor` times the wait that
    was forecast for it if all lanes were one, whichever is later.
    """

    fast_per_ordinary: int = 2
    cap: timedelta = timedelta(minutes=45)
    forecast_factor: float = 1.5


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is called, by which rule, and the group's `run` from then on.

    `run` is None when the call leaves it as it was (urgent).
    """

    ticket: Ticket
    rule: Rule
    run: int | None


def deadline(
    issued_at: datetime, rule: GroupRule, fifo_forecast_minutes: float | None
) -> datetime:
    """The instant after which a ticket goes before all that are not past their own.

    Without a forecast (issued offline) the cap alone counts.
    """
    forecast = timedelta(minutes=fifo_forecast_minutes or 0)
    return issued_at + max(rule.cap, rule.forecast_factor * forecast)


def choose_next(
    tickets: Iterable[Ticket],
    *,
    served: frozenset[str],
    runs: Mapping[str, int],
    rules: Mapping[str, GroupRule],
    now: datetime,
) -> Choice | None:
    """The ticket a counter that serves the procedures `served` calls at `now`.

    `runs` (0 where missing) and `rules` are by group id; `tickets` may hold others too.
    None when nobody callable waits for it. The same input gives the same choice, in
    whatever order the tickets come.
    """
    urgent: Ticket | None = None
    late: Ticket | None = None
    heads: dict[tuple[str, bool], Ticket] = {}
    for ticket in tickets:
        if ticket.procedure not in served or not ticket.callable:
            continue
        if ticket.urgent and (urgent is None or place(ticket) < place(urgent)):
            urgent = ticket
        if ticket.deadline <= now and (late is None or due(ticket) < due(late)):
            late = ticket
        lane = (ticket.group, ticket.preapplied)
        head = heads.get(lane)
        if head is None or place(ticket) < place(head):
            heads[lane] = ticket
    if urgent is not None:
        return Choice(urgent, "urgent", None)
    if late is not None:
        return _counted(late, "deadline", runs, rules)
    if not heads:
        return None
    return _shared(heads, runs, rules)


def _shared(
    heads: Mapping[tuple[str, bool], Ticket],
    runs: Mapping[str, int],
    rules: Mapping[str, GroupRule],
) -> Choice:
    group = min(heads.values(), key=place).group
    fast, ordinary = heads.get((group, True)), heads.get((group, False))
    if fast is None or ordinary is None:
        only = fast or ordinary
        assert only is not None
        return _counted(only, "only", runs, rules)
    if runs.get(group, 0) < rules[group].fast_per_ordinary:
        return _counted(fast, "share_fast", runs, rules)
    return _counted(ordinary, "share_ordinary", runs, rules)


def _counted(
    ticket: Ticket, rule: Rule, runs: Mapping[str, int], rules: Mapping[str, GroupRule]
) -> Choice:
    if not ticket.preapplied:
        return Choice(ticket, rule, 0)
    most = rules[ticket.group].fast_per_ordinary
    return Choice(ticket, rule, min(runs.get(ticket.group, 0) + 1, most))


def place(ticket: Ticket) -> tuple[datetime, datetime, str, int, int]:
    """The order within a lane; ends with what is unique, so that no two are equal."""
    return (
        ticket.order_key,
        ticket.issued_at,
        ticket.series,
        ticket.number,
        ticket.id.int,
    )


def due(ticket: Ticket) -> tuple[datetime, datetime, datetime, str, int, int]:
    return (ticket.deadline, *place(ticket))
