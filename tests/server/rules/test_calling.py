"""Whom a counter calls: the lanes, the deadline, and what is promised of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from server.rules.calling import Choice, GroupRule, choose_next, deadline
from server.rules.ticket import Ticket
from tests.server.rules.samples import NINE, UNHURRIED, fast, minutes, ticket

BOTH = frozenset({"moving", "preapplied"})
ALL = frozenset({"moving", "preapplied", "insurance", "insurance_online"})
RULES = {"resident": GroupRule(), "insurance": GroupRule(fast_per_ordinary=1)}


def choose(
    *tickets: Ticket,
    at: float = 30,
    run: int = 0,
    served: frozenset[str] = BOTH,
    rules: Mapping[str, GroupRule] = RULES,
) -> Choice | None:
    return choose_next(
        tickets,
        served=served,
        runs={"resident": run},
        rules=rules,
        now=NINE + minutes(at),
    )


def chosen(
    *tickets: Ticket, at: float = 30, run: int = 0
) -> tuple[int, str, int | None]:
    choice = choose(*tickets, at=at, run=run)
    assert choice is not None
    return choice.ticket.number, choice.rule, choice.run


def test_nobody_is_called_when_nobody_waits() -> None:
    assert choose() is None
    assert choose(ticket(1, print="held"), ticket(2, procedure="insurance")) is None


def test_the_oldest_is_called_when_one_lane_waits() -> None:
    assert chosen(ticket(2, 5), ticket(1, 1), ticket(3, 9)) == (1, "only", 0)
    assert chosen(fast(2, 5), fast(1, 1), run=1) == (1, "only", 2)
    assert chosen(fast(2, 5), run=2) == (2, "only", 2)


def test_two_of_the_fast_lane_are_called_per_ordinary_ticket() -> None:
    lanes = (ticket(1, 1), fast(9, 8))
    assert chosen(*lanes, run=0) == (9, "share_fast", 1)
    assert chosen(*lanes, run=1) == (9, "share_fast", 2)
    assert chosen(*lanes, run=2) == (1, "share_ordinary", 0)


def test_who_is_past_the_deadline_goes_first_whatever_the_lane() -> None:
    lanes = (ticket(1, 0, cap=20), ticket(2, 1, cap=10), fast(9, 5))
    assert chosen(*lanes, at=30) == (2, "deadline", 0)
    assert chosen(ticket(1, 0), fast(9, 5, cap=20), at=30) == (9, "deadline", 1)


def test_the_deadline_counts_from_the_very_instant() -> None:
    lanes = (ticket(1, 0, cap=30), fast(9, 5))
    assert chosen(*lanes, at=29.99) == (9, "share_fast", 1)
    assert chosen(*lanes, at=30) == (1, "deadline", 0)


def test_an_urgent_ticket_goes_before_all_and_leaves_the_run_alone() -> None:
    late, urgent = ticket(1, 0, cap=5), ticket(2, 20, urgent=True)
    assert chosen(late, urgent, fast(9, 1), run=1) == (2, "urgent", None)
    older = ticket(3, 19, urgent=True)
    assert chosen(late, urgent, older) == (3, "urgent", None)


def test_a_moved_ticket_stands_where_its_order_key_says() -> None:
    moved = ticket(1, 0, order_key=NINE + minutes(7))
    assert chosen(moved, ticket(2, 5)) == (2, "only", 0)
    # Where a moved one ties with another, the earlier issued goes first.
    assert chosen(ticket(1, 7), ticket(2, 0, order_key=moved.order_key))[0] == 2


def test_among_several_groups_the_oldest_head_is_called() -> None:
    other = ticket(7, 2, group="insurance", procedure="insurance")
    choice = choose(ticket(1, 3), fast(9, 4), other, served=ALL)
    assert choice == Choice(other, "only", 0)
    older = ticket(1, 1)
    choice = choose(older, fast(9, 4), other, served=ALL)
    # The group of the oldest head is taken, and in it the lane whose turn it is.
    assert choice is not None
    assert (choice.ticket.number, choice.rule) == (9, "share_fast")


def test_the_deadline_is_promised_across_all_groups_of_a_counter() -> None:
    late = ticket(7, 10, cap=15, group="insurance", procedure="insurance")
    choice = choose(ticket(1, 0), fast(9, 1), late, served=ALL)
    assert choice == Choice(late, "deadline", 0)


def test_the_deadline_is_the_cap_or_the_forecast_if_that_is_later() -> None:
    rule = GroupRule(cap=minutes(45), forecast_factor=1.5)
    assert deadline(NINE, rule, None) == NINE + minutes(45)
    assert deadline(NINE, rule, 30) == NINE + minutes(45)
    assert deadline(NINE, rule, 40) == NINE + minutes(60)


# What is promised, whatever happens


@dataclass(frozen=True)
class Issue:
    procedure: str
    group: str
    preapplied: bool
    cap: float
    urgent: bool


@dataclass(frozen=True)
class Call:
    served: frozenset[str]


@dataclass(frozen=True)
class Pause:
    length: float


@dataclass
class Hall:
    """An office that issues and calls."""

    share: int = 2
    waiting: list[Ticket] = field(default_factory=list)
    runs: dict[str, int] = field(default_factory=dict)
    now: datetime = NINE
    issued: int = 0

    @property
    def rules(self) -> dict[str, GroupRule]:
        return {name: GroupRule(self.share) for name in ("resident", "insurance")}

    def issue(self, new: Issue) -> Ticket:
        self.issued += 1
        taken = ticket(
            self.issued,
            issued_at=self.now,
            cap=new.cap,
            procedure=new.procedure,
            group=new.group,
            preapplied=new.preapplied,
            urgent=new.urgent,
        )
        self.waiting.append(taken)
        return taken

    def call(self, served: frozenset[str]) -> Choice | None:
        choice = choose_next(
            self.waiting,
            served=served,
            runs=self.runs,
            rules=self.rules,
            now=self.now,
        )
        if choice is not None:
            self.waiting.remove(choice.ticket)
            if choice.run is not None:
                self.runs[choice.ticket.group] = choice.run
        return choice

    def calls(
        self, morning: Iterable[Issue | Call | Pause]
    ) -> Iterator[tuple[Choice, list[Ticket]]]:
        """Every call of the morning, with all tickets that could have been called."""
        for event in morning:
            match event:
                case Issue():
                    self.issue(event)
                case Pause(length):
                    self.now += minutes(length)
                case Call(served):
                    could = [t for t in self.waiting if t.procedure in served]
                    choice = self.call(served)
                    if choice is None:
                        assert not could
                    else:
                        yield choice, could


LANES = st.sampled_from(
    [
        ("moving", "resident", False),
        ("preapplied", "resident", True),
        ("insurance", "insurance", False),
        ("insurance_online", "insurance", True),
    ]
)
ISSUES = st.builds(
    lambda lane, cap, urgent: Issue(lane[0], lane[1], lane[2], cap, urgent == 0),
    LANES,
    st.sampled_from([5.0, 15.0, 45.0, 500.0]),
    st.integers(0, 19),
)
CALLS = st.sampled_from(
    [BOTH, ALL, frozenset({"moving"}), frozenset({"insurance", "preapplied"})]
).map(Call)
PAUSES = st.floats(0, 12).map(Pause)
MORNINGS = st.lists(st.one_of(ISSUES, ISSUES, CALLS, CALLS, PAUSES), max_size=80)
SHARES = st.integers(1, 4)


@UNHURRIED
@given(MORNINGS, SHARES)
def test_while_one_is_past_the_deadline_nobody_before_it_is_called(
    morning: list[Issue | Call | Pause], share: int
) -> None:
    hall = Hall(share)
    for choice, could in hall.calls(morning):
        if choice.rule == "urgent":
            assert choice.ticket.urgent
            continue
        assert not any(one.urgent for one in could)
        late = [one.deadline for one in could if one.deadline <= hall.now]
        assert (choice.rule == "deadline") == bool(late)
        if late:
            assert choice.ticket.deadline == min(late)


@UNHURRIED
@given(MORNINGS, SHARES)
def test_while_both_wait_at_most_so_many_fast_calls_stand_per_ordinary_one(
    morning: list[Issue | Call | Pause], share: int
) -> None:
    """Per group; deadline calls and urgent ones apart."""
    in_a_row = {"resident": 0, "insurance": 0}
    for choice, could in Hall(share).calls(morning):
        called = choice.ticket
        both = {one.preapplied for one in could if one.group == called.group}
        if choice.rule == "urgent":
            continue
        if not called.preapplied:
            in_a_row[called.group] = 0
        elif choice.rule != "deadline" and len(both) == 2:
            in_a_row[called.group] += 1
            assert in_a_row[called.group] <= share


@UNHURRIED
@given(
    share=SHARES,
    ahead=st.integers(0, 6),
    run=st.integers(0, 4),
    rush=st.lists(st.integers(0, 5), min_size=36, max_size=36),
)
def test_an_ordinary_ticket_is_called_within_the_bound_in_any_rush(
    share: int, ahead: int, run: int, rush: list[int]
) -> None:
    """(k + 1) · (N + 1) calls with k ordinary tickets ahead, however many come fast."""
    ordinary = Issue("moving", "resident", False, cap=500, urgent=False)
    quick = Issue("preapplied", "resident", True, cap=500, urgent=False)
    hall = Hall(share, runs={"resident": min(run, share)})
    for _ in range(ahead):
        hall.issue(ordinary)
    mine = hall.issue(ordinary)
    bound = (ahead + 1) * (share + 1)
    called = []
    for arrivals in rush[:bound]:
        hall.now += minutes(1)
        for _ in range(arrivals):
            hall.issue(quick)
        choice = hall.call(BOTH)
        called.append(choice and choice.ticket)
    assert mine in called


@UNHURRIED
@given(MORNINGS, st.randoms(use_true_random=False), st.integers(0, 2))
def test_the_same_hall_gives_the_same_choice_in_whatever_order_it_is_told(
    morning: list[Issue | Call | Pause], random: Random, run: int
) -> None:
    """Even tickets of one instant and one number have an order: that of their ids."""
    hall = Hall(runs={"resident": run})
    list(hall.calls(event for event in morning if isinstance(event, Issue)))
    told = [replace(one, number=1) for one in hall.waiting]
    retold = list(told)
    random.shuffle(retold)
    at = NINE + minutes(20)
    first, second = (
        choose_next(one, served=ALL, runs=hall.runs, rules=hall.rules, now=at)
        for one in (told, retold)
    )
    assert first == second


@UNHURRIED
@given(MORNINGS)
def test_within_a_lane_nobody_is_overtaken_but_by_deadline_or_urgency(
    morning: list[Issue | Call | Pause],
) -> None:
    for choice, could in Hall().calls(morning):
        if choice.rule not in ("urgent", "deadline"):
            called = choice.ticket
            assert called.order_key == min(
                one.order_key
                for one in could
                if (one.group, one.preapplied) == (called.group, called.preapplied)
            )
