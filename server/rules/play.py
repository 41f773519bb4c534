"""The office played forward once, with mean durations and its real calling rule.

Each free counter in turn calls whom `choose_next` gives it and is busy for as long as
that takes there. Tickets named `probes` are zero-length: they find out when they would
be called, occupy no counter and leave the rule's state as it was.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final
from uuid import UUID

from server.rules.calling import GroupRule, choose_next, deadline, due, place
from server.rules.pools import Knowledge
from server.rules.staffing import Desk
from server.rules.ticket import Ticket

CAP: Final = 240.0
"""Minutes after which the play ends: who is not called by then waits without end."""
_CALLS: Final = 600
_BLINK: Final = 0.01
# Last of the same instant: behind every series id and above every printed number.
_AFTER_ALL: Final = "~"
_BEHIND_ALL: Final = 1_000_000
_NOBODYS: Final = 0xFFFF_FFFF << 96  # no random UUID begins with 32 ones


def newcomer(
    key: int, procedure: str, group: str, at: datetime, last: datetime, *, fast: bool
) -> Ticket:
    """A ticket nobody holds, at the tail of its lane and due at `last`.

    `key` tells it from others."""
    return Ticket(
        id=UUID(int=_NOBODYS + key),
        office="",
        day=date.min,
        procedure=procedure,
        group=group,
        series=_AFTER_ALL,
        number=_BEHIND_ALL + key,
        label="",
        issued_at=at,
        order_key=at,
        deadline=last,
        print="not_required",
        preapplied=fast,
    )


class Lane:
    """Those waiting for one procedure in one lane, by place and by deadline.

    The rule only ever asks for the head of either order, so they are kept sorted, the
    head at the end.
    """

    def __init__(self, tickets: Iterable[Ticket] = ()) -> None:
        self._by_place = sorted(tickets, key=place, reverse=True)
        self._by_due = sorted(self._by_place, key=due, reverse=True)
        self._gone: set[UUID] = set()

    def add(self, ticket: Ticket) -> None:
        for order, key in ((self._by_place, place), (self._by_due, due)):
            order.append(ticket)
            order.sort(key=key, reverse=True)

    def remove(self, ticket: Ticket) -> None:
        self._gone.add(ticket.id)
        for order in (self._by_place, self._by_due):
            while order and order[-1].id in self._gone:
                order.pop()

    def heads(self) -> list[Ticket]:
        return self._by_place[-1:] + self._by_due[-1:]


class Line:
    """Who waits, while it is played.

    `short`: ids of those whose service is a fast-lane one, whatever lane they are in.
    `rates`: further fast-lane tickets per minute and procedure; fractions add up
    to whole visitors. `groups`: procedure to group.
    """

    def __init__(
        self,
        now: datetime,
        waiting: Iterable[Ticket],
        *,
        probes: Collection[UUID],
        short: Iterable[UUID],
        runs: Mapping[str, int],
        rules: Mapping[str, GroupRule],
        groups: Mapping[str, str],
        rates: Mapping[str, float],
    ) -> None:
        self.now = now
        self.probes = probes
        self.short = set(short)
        self.wanted: set[UUID] = set()
        lanes: dict[tuple[str, bool, bool], list[Ticket]] = {}
        for ticket in waiting:
            self.wanted.add(ticket.id)
            lanes.setdefault(_lane_of(ticket), []).append(ticket)
        self._lanes = {key: Lane(tickets) for key, tickets in lanes.items()}
        self._runs = dict(runs)
        self._rules = rules
        self._groups = groups
        self._rates = rates
        self._coming = dict.fromkeys(rates, 0.0)
        self._clock = 0.0
        self._arrived = 0

    def advance(self, at: float) -> None:
        """Let the minutes up to `at` pass, and those come who come."""
        passed, self._clock = at - self._clock, at
        for procedure, rate in self._rates.items():
            self._coming[procedure] += rate * passed
            while self._coming[procedure] >= 1:
                self._coming[procedure] -= 1
                self._arrive(procedure)

    def _arrive(self, procedure: str) -> None:
        self._arrived += 1
        group = self._groups[procedure]
        at = self.now + timedelta(minutes=self._clock)
        key = _BEHIND_ALL + self._arrived
        last = deadline(at, self._rules[group], None)
        ticket = newcomer(key, procedure, group, at, last, fast=True)
        self._lanes.setdefault(_lane_of(ticket), Lane()).add(ticket)
        self.short.add(ticket.id)

    def call(self, served: frozenset[str]) -> Ticket | None:
        """Whom a counter serving these procedures calls now; they leave the line."""
        choice = choose_next(
            [
                head
                for (procedure, _, _), lane in self._lanes.items()
                if procedure in served
                for head in lane.heads()
            ],
            served=served,
            runs=self._runs,
            rules=self._rules,
            now=self.now + timedelta(minutes=self._clock),
        )
        if choice is None:
            return None
        ticket = choice.ticket
        self._lanes[_lane_of(ticket)].remove(ticket)
        if choice.run is not None and ticket.id not in self.probes:
            self._runs[ticket.group] = choice.run
        return ticket

    def quiet(self, served: frozenset[str]) -> float | None:
        """Minutes until somebody comes for these procedures; None if nobody will."""
        return min(
            (
                max((1 - self._coming[procedure]) / rate, _BLINK)
                for procedure, rate in self._rates.items()
                if rate > 0 and procedure in served
            ),
            default=None,
        )


def _lane_of(ticket: Ticket) -> tuple[str, bool, bool]:
    return ticket.procedure, ticket.preapplied, ticket.urgent


def play(line: Line, counters: list[Desk], known: Knowledge) -> dict[UUID, float]:
    """Minutes until the call, for all in `line` who are called before CAP."""
    waits: dict[UUID, float] = {}
    free = [(desk.free, index) for index, desk in enumerate(counters)]
    heapify(free)
    for _ in range(_CALLS):
        if not free or len(waits) == len(line.wanted):
            break
        at, index = heappop(free)
        if at >= CAP:
            break
        desk = counters[index]
        line.advance(at)
        ticket = line.call(desk.procedures)
        if ticket is None:
            quiet = line.quiet(desk.procedures)
            if quiet is not None:
                heappush(free, (desk.back(at + quiet), index))
            continue
        if ticket.id in line.wanted:
            waits[ticket.id] = at
        if ticket.id not in line.probes:
            at = desk.back(at + _occupied(ticket, line, desk, known))
        heappush(free, (at, index))
    return waits


def _occupied(ticket: Ticket, line: Line, desk: Desk, known: Knowledge) -> float:
    mean = known.services[ticket.procedure, ticket.id in line.short].mean
    return mean * desk.pace * known.more_work + known.gap.mean


def never(now: datetime) -> datetime:
    """A deadline that no play reaches."""
    return now.astimezone(UTC) + timedelta(days=365)
