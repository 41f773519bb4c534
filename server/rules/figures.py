"""The five public figures of a procedure, each counted, never a difference.

| figure | Japanese | what |
|---|---|---|
| `last_called` | 最終呼出番号 | label of the last call event |
| `next_up` | 次回呼出予定番号 | whom a counter serving only this procedure would call |
| `waiting` | 待ち人数 | callable tickets in `waiting` |
| `wait_minutes` | 待ち時間 | range for someone taking an ordinary ticket now |
| `on_hold` | 保留人数 | `absent` and `on_hold` together |
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.rules.calling import GroupRule, choose_next, place
from server.rules.ticket import State, Ticket


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """The figures; `wait_minutes` is (low, high). None where there is none."""

    last_called: str | None
    next_up: str | None
    waiting: int
    wait_minutes: tuple[int, int] | None
    on_hold: int


def figures(
    tickets: Iterable[Ticket],
    procedure: str,
    *,
    last_called_label: str | None,
    runs: Mapping[str, int],
    rules: Mapping[str, GroupRule],
    now: datetime,
    wait: tuple[int, int] | None,
) -> ProcedureView:
    """The figures of `procedure` from the office's tickets of the day.

    `last_called_label` comes from the event log: the label of the last call event for
    this procedure in event order. `wait` comes from the estimate of its ordinary lane.
    """
    mine = [ticket for ticket in tickets if ticket.procedure == procedure]
    choice = choose_next(
        mine, served=frozenset({procedure}), runs=runs, rules=rules, now=now
    )
    return ProcedureView(
        last_called=last_called_label,
        next_up=choice.ticket.label if choice else None,
        waiting=sum(ticket.callable for ticket in mine),
        wait_minutes=wait,
        on_hold=sum(t.state in (State.ABSENT, State.ON_HOLD) for t in mine),
    )


def people_ahead(ticket: Ticket, tickets: Iterable[Ticket]) -> int:
    """How many callable tickets of the same procedure came before this one.

    Zero when it no longer waits. For a fast-lane ticket only its lane counts. It is a
    count of people, not a promise of order: others may be called in between.
    """
    if ticket.state is not State.WAITING:
        return 0
    mine = (not ticket.urgent, place(ticket))
    return sum(
        other.callable
        and other.procedure == ticket.procedure
        and (other.preapplied or not ticket.preapplied)
        and (not other.urgent, place(other)) < mine
        for other in tickets
    )
