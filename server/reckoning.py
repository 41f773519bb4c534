"""From an office as it stands to what can be said of it: forecasts and figures."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from server.live import Scene
from server.offices import Office
from server.rules.calling import place
from server.rules.estimate import Lane, OfficeState, Outlook, shown
from server.rules.figures import ProcedureView, figures
from server.rules.pools import Knowledge, learn
from server.rules.staffing import CounterState, Serving, minutes_between
from server.rules.ticket import State, Ticket

FORESEEN: Final = 600
"""Beyond so many waiting in a group nothing is foretold: 不明."""
RATE_OVER: Final = timedelta(minutes=60)


def knowledge(office: Office) -> Knowledge:
    """What is known of an office without a past: the catalogue's usual times."""
    return learn({p.id: p.expected_minutes for p in office.catalogue.issuable()})


def state_of(
    office: Office, scene: Scene, now: datetime
) -> tuple[OfficeState, frozenset[str]]:
    """What the estimate looks at, and the groups too crowded to foretell."""
    groups = {p.id: p.group for p in office.catalogue.issuable() if p.group}
    waiting: dict[str, list[Ticket]] = {}
    for ticket in scene.tickets:
        if ticket.callable and ticket.procedure in groups:
            waiting.setdefault(ticket.group, []).append(ticket)
    crowded = frozenset(id for id, some in waiting.items() if len(some) > FORESEEN)
    seen = [
        ticket
        for some in waiting.values()
        for ticket in sorted(some, key=place)[:FORESEEN]
    ]
    state = OfficeState(
        as_of=now,
        groups=groups,
        counters=_counters(office, scene),
        waiting=tuple(seen),
        runs=scene.runs,
        rules=office.rules,
        fast_rate=_fast_rate(scene, groups, now),
    )
    return state, crowded


def _counters(office: Office, scene: Scene) -> tuple[CounterState, ...]:
    at: dict[str, Ticket] = {}
    held: dict[str, list[str]] = {}
    for ticket in scene.tickets:
        if ticket.counter and ticket.state in (State.CALLED, State.SERVING):
            at[ticket.counter] = ticket
        if ticket.state is State.ON_HOLD and ticket.hold_owner:
            held.setdefault(ticket.hold_owner, []).append(ticket.procedure)
    states = []
    for counter in office.catalogue.counters:
        post = scene.posts[counter.id]
        who = at.get(counter.id)
        states.append(
            CounterState(
                counter.id,
                frozenset(counter.procedures),
                post.open,
                _serving(who),
                scene.freed.get(counter.id),
                closed_since=None if post.open else post.changed_at,
                held=tuple(held.get(counter.id, ())),
                done=scene.finished.get(counter.id, ()),
            )
        )
    return tuple(states)


def _serving(ticket: Ticket | None) -> Serving | None:
    if ticket is None or ticket.called_at is None:
        return None
    return Serving(ticket.procedure, ticket.preapplied, ticket.called_at)


def _fast_rate(
    scene: Scene, groups: Mapping[str, str], now: datetime
) -> dict[str, float]:
    """Fast-lane tickets per minute over the last hour, of those still in the house."""
    recent = [
        t
        for t in scene.tickets
        if t.preapplied and t.procedure in groups and now - t.issued_at <= RATE_OVER
    ]
    if not recent:
        return {}
    minutes = max(10.0, minutes_between(min(t.issued_at for t in recent), now))
    rates: dict[str, float] = {}
    for ticket in recent:
        rates[ticket.procedure] = rates.get(ticket.procedure, 0.0) + 1 / minutes
    return rates


def views_of(
    office: Office,
    scene: Scene,
    ahead: Outlook,
    crowded: frozenset[str],
    known: Knowledge,
    now: datetime,
) -> dict[str, ProcedureView]:
    """The five figures of every procedure that issues tickets."""
    by_procedure: dict[str, list[Ticket]] = {}
    for ticket in scene.tickets:
        by_procedure.setdefault(ticket.procedure, []).append(ticket)
    views = {}
    for procedure in office.catalogue.issuable():
        lane: Lane = "fast" if procedure.preapplied else "ordinary"
        minutes = ahead.tail.get((procedure.id, lane))
        wait = None if procedure.group in crowded else shown(minutes, known.past)
        views[procedure.id] = figures(
            by_procedure.get(procedure.id, ()),
            procedure.id,
            last_called_label=scene.last_called.get(procedure.id),
            runs=scene.runs,
            rules=office.rules,
            now=now,
            wait=wait,
        )
    return views
