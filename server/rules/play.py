"""The office played forward once, with mean durations and its real calling rule.

Each free counter in turn calls whom `choose_next` gives it and is busy for as long as
that takes there. Tickets named `probes` are zero-length: they find out when they would
be called, occupy no counter and leave the rule's state as it was.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final
from uuid import UUID

from server.rules.calling import GroupRule, choose_next, deadline
from server.rules.pools import Knowledge
from server.rules.staffing import Desk
from server.rules.ticket import Ticket

CAP: Final = 240.0
"""Minutes after which the play ends: who is not called by then waits without end."""
_CALLS: Final = 600
_BLINK: Final = 0.01
_BEHIND_ALL: Final = 1_000_000  # above every printed number: last of the same instant
_NOBODYS: Final = 0xFFFF_FFFF << 96  # no random UUID begins with 32 ones


def newcomer(
    key: int, procedure: str, group: str, at: datetime, due: datetime, *, fast: bool
) -> Ticket:
    """A ticket nobody holds, at the tail of its lane; `key` tells it from others."""
    return Ticket(
        id=UUID(int=_NOBODYS + key),
        office="",
        day=date.min,
        procedure=procedure,
        group=group,
        series="",
        number=_BEHIND_ALL + key,
        label="",
        issued_at=at,
        order_key=at,
        deadline=due,
        print="not_required",
        preapplied=fast,
    )


@dataclass(slots=True)
class Line:
    """Who waits, while it is played.

    `short`: ids of those whose service is a fast-lane one, whatever lane they are in.
    `rates`: further fast-lane tickets per minute and procedure; a fraction adds up in
    `coming` until it is a whole visitor. `groups`: procedure to group.
    """

    now: datetime
    waiting: list[Ticket]
    probes: Collection[UUID]
    short: set[UUID]
    runs: dict[str, int]
    rules: Mapping[str, GroupRule]
    groups: Mapping[str, str]
    rates: Mapping[str, float]
    coming: dict[str, float] = field(default_factory=dict)
    clock: float = 0.0
    arrived: int = 0

    def advance(self, at: float) -> None:
        """Let the minutes up to `at` pass, and those come who come."""
        passed, self.clock = at - self.clock, at
        for procedure, rate in self.rates.items():
            self.coming[procedure] = self.coming.get(procedure, 0.0) + rate * passed
            while self.coming[procedure] >= 1:
                self.coming[procedure] -= 1
                self._arrive(procedure)

    def _arrive(self, procedure: str) -> None:
        self.arrived += 1
        group = self.groups[procedure]
        at = self.now + timedelta(minutes=self.clock)
        due = deadline(at, self.rules[group], None)
        key = _BEHIND_ALL + self.arrived
        ticket = newcomer(key, procedure, group, at, due, fast=True)
        self.waiting.append(ticket)
        self.short.add(ticket.id)

    def call(self, served: frozenset[str]) -> Ticket | None:
        """Whom a counter serving these procedures calls now; they leave the line."""
        choice = choose_next(
            self.waiting,
            served=served,
            runs=self.runs,
            rules=self.rules,
            now=self.now + timedelta(minutes=self.clock),
        )
        if choice is None:
            return None
        ticket = choice.ticket
        self.waiting = [other for other in self.waiting if other is not ticket]
        if choice.run is not None and ticket.id not in self.probes:
            self.runs[ticket.group] = choice.run
        return ticket

    def quiet(self, served: frozenset[str]) -> float | None:
        """Minutes until somebody comes for these procedures; None if nobody will."""
        return min(
            (
                max((1 - self.coming.get(procedure, 0.0)) / rate, _BLINK)
                for procedure, rate in self.rates.items()
                if rate > 0 and procedure in served
            ),
            default=None,
        )


def play(line: Line, counters: list[Desk], known: Knowledge) -> dict[UUID, float]:
    """Minutes until the call, for all in `line` who are called before CAP."""
    wanted = {ticket.id for ticket in line.waiting}
    waits: dict[UUID, float] = {}
    free = [(desk.free, index) for index, desk in enumerate(counters)]
    heapify(free)
    for _ in range(_CALLS):
        if not free or len(waits) == len(wanted):
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
        if ticket.id in wanted:
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
