"""The life of a ticket: every permitted edge, and nothing else."""

from dataclasses import replace
from datetime import datetime

import pytest

from server.rules.edges import EDGES, Kind
from server.rules.lifecycle import (
    Action,
    Actor,
    Change,
    Forbidden,
    IllegalEdge,
    ReturnPolicy,
    Step,
    TransferTarget,
    allowed,
    apply,
    issue,
    print_outcome,
)
from server.rules.ticket import OPEN, State, Ticket
from tests.server.rules.samples import NINE, fast, minutes, seconds, ticket

ONE = Actor("staff", "sato", "chuo_1")
TWO = Actor("staff", "suzuki", "chuo_2")
UNBOUND = Actor("staff", "integration")
CHIEF = Actor("staff", "chief", supervisor=True)
KIOSK = Actor("kiosk", "kiosk_1")
VISITOR = Actor("visitor", "token")
CLOCK = Actor("system", "closing")

TO_INSURANCE = TransferTarget("insurance", "insurance", note="after the move")


def called(one: Ticket | None = None, at: datetime = NINE) -> Ticket:
    return apply(one or ticket(), Action.NEXT, actor=ONE, at=at).ticket


def serving() -> Ticket:
    return apply(called(), Action.APPEAR, actor=ONE, at=NINE + minutes(1)).ticket


def absent() -> Ticket:
    return apply(called(), Action.ABSENT, actor=ONE, at=NINE + minutes(2)).ticket


def on_hold(*, pool: bool = False) -> Ticket:
    return apply(
        serving(),
        Action.HOLD,
        actor=ONE,
        at=NINE + minutes(3),
        reason="filling in a form",
        pool=pool,
        until=NINE + minutes(13),
    ).ticket


def done() -> Ticket:
    return apply(serving(), Action.FINISH, actor=ONE, at=NINE + minutes(9)).ticket


def no_show() -> Ticket:
    gone = replace(absent(), calls=3)
    return apply(gone, Action.GIVE_UP, actor=ONE, at=NINE + minutes(9)).ticket


STATES = {
    State.WAITING: ticket(),
    State.CALLED: called(),
    State.SERVING: serving(),
    State.ABSENT: absent(),
    State.ON_HOLD: on_hold(),
    State.DONE: done(),
    State.NO_SHOW: no_show(),
    State.WALKED_OUT: apply(ticket(), Action.LEAVE, actor=VISITOR, at=NINE).ticket,
    State.CANCELLED: apply(ticket(), Action.VOID, actor=KIOSK, at=NINE).ticket,
    State.EXPIRED: apply(ticket(), Action.EXPIRE, actor=CLOCK, at=NINE).ticket,
}


def act(one: Ticket, action: Action, actor: Actor, at: datetime) -> Change:
    return apply(
        one,
        action,
        actor=actor,
        at=at,
        counter="chuo_1",
        verified=True,
        target=TO_INSURANCE,
    )


def test_the_samples_stand_in_the_state_they_are_named_after() -> None:
    assert {state: one.state for state, one in STATES.items()} == {s: s for s in State}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_whatever_is_not_an_edge_is_refused_and_changes_nothing(
    action: Action, state: State
) -> None:
    """Everyone tries everything, long after: it is an edge of the table or an error."""
    one, late = STATES[state], NINE + minutes(30)
    ends = {e.after for e in EDGES if e.action is action and e.before is state}
    for kind in ("staff", "kiosk", "visitor", "system"):
        actor = Actor(kind, "x", supervisor=True)
        try:
            change = act(one, action, actor, late)
        except (IllegalEdge, Forbidden):
            continue
        assert change.ticket.state in ends
        assert change.steps[-1].after is change.ticket.state
        assert change.ticket.version == one.version + 1


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("actor", [ONE, TWO, UNBOUND, CHIEF, KIOSK, VISITOR, CLOCK])
def test_what_is_listed_as_allowed_is_exactly_what_succeeds(
    actor: Actor, state: State
) -> None:
    one, at = STATES[state], NINE + minutes(30)
    listed = set(allowed(one, actor, at))
    succeeded = set()
    for action in set(Action) - {Action.ISSUE, Action.PRINT_OUTCOME}:
        try:
            apply(
                one, action, actor=actor, at=at, verified=True, target=TO_INSURANCE,
                counter=actor.counter or one.hold_owner or one.counter or "chuo_9",
            )  # fmt: skip
        except (IllegalEdge, Forbidden):
            continue
        succeeded.add(action)
    assert listed == succeeded


def test_a_refusal_names_the_state_and_what_could_be_done_instead() -> None:
    with pytest.raises(IllegalEdge) as caught:
        apply(done(), Action.FINISH, actor=ONE, at=NINE + minutes(10))
    assert caught.value.state is State.DONE
    assert caught.value.allowed == ()
    with pytest.raises(IllegalEdge) as caught:
        apply(done(), Action.FINISH, actor=CHIEF, at=NINE + minutes(10))
    assert caught.value.allowed == (Action.REOPEN,)
    assert str(caught.value) == "the ticket is done; possible now: reopen"


def test_every_open_state_has_a_way_out() -> None:
    for state in OPEN:
        ends = {edge.after for edge in EDGES if edge.before is state}
        assert ends - {state, None}


def test_an_issued_ticket_waits() -> None:
    one = ticket()
    change = issue(one)
    assert change.ticket == one
    assert change.steps == (Step(Action.ISSUE, None, State.WAITING),)


# Calling


def test_a_called_ticket_is_at_its_counter_and_was_announced_once() -> None:
    now = called()
    assert (now.state, now.counter, now.calls) == (State.CALLED, "chuo_1", 1)
    assert now.called_at == now.announced_at == NINE


def test_two_clerks_never_get_one_ticket() -> None:
    for action in (Action.NEXT, Action.CALL, Action.RESUME):
        with pytest.raises(IllegalEdge):
            apply(called(), action, actor=TWO, at=NINE)


@pytest.mark.parametrize("outcome", ["pending", "held", "not_sent"])
def test_next_passes_over_a_ticket_without_paper_but_a_clerk_may_call_it(
    outcome: str,
) -> None:
    one = ticket(print=outcome)
    with pytest.raises(IllegalEdge):
        apply(one, Action.NEXT, actor=ONE, at=NINE)
    assert apply(one, Action.CALL, actor=ONE, at=NINE).ticket.state is State.CALLED


def test_a_call_without_a_counter_asks_for_one() -> None:
    with pytest.raises(Forbidden, match="at which counter"):
        apply(ticket(), Action.CALL, actor=UNBOUND, at=NINE)


def test_a_recall_is_counted_and_waits_ten_seconds_after_the_last() -> None:
    now = called()
    with pytest.raises(IllegalEdge):
        apply(now, Action.RECALL, actor=ONE, at=NINE + seconds(9.999))
    now = apply(now, Action.RECALL, actor=ONE, at=NINE + seconds(10)).ticket
    assert (now.calls, now.announced_at) == (2, NINE + seconds(10))
    with pytest.raises(IllegalEdge):
        apply(now, Action.RECALL, actor=ONE, at=NINE + seconds(19))
    assert apply(now, Action.RECALL, actor=ONE, at=NINE + seconds(20)).ticket.calls == 3


def test_what_another_counter_called_is_its_own() -> None:
    at = NINE + seconds(10)
    bound = [
        Action.RECALL,
        Action.UNDO,
        Action.APPEAR,
        Action.ABSENT,
        Action.HOLD,
        Action.FINISH,
        Action.TRANSFER,
    ]
    for action in bound:
        with pytest.raises(Forbidden, match="only counter chuo_1"):
            apply(called(), action, actor=TWO, at=at, target=TO_INSURANCE)
        change = apply(called(), action, actor=CHIEF, at=at, target=TO_INSURANCE)
        assert change.ticket.version == called().version + 1


def test_naming_another_counter_gives_no_right_to_what_it_called() -> None:
    at = NINE + seconds(10)
    for one, action in ((called(), Action.FINISH), (on_hold(), Action.RESUME)):
        with pytest.raises(Forbidden):
            apply(one, action, actor=TWO, at=at, counter="chuo_1")


def test_a_dead_console_is_released_by_a_supervisor() -> None:
    late = NINE + minutes(20)
    with pytest.raises(Forbidden, match="needs a supervisor"):
        apply(serving(), Action.RELEASE, actor=TWO, at=late)
    freed = apply(serving(), Action.RELEASE, actor=CHIEF, at=late, reason="dead").ticket
    assert (freed.state, freed.hold_owner, freed.counter) == (State.ON_HOLD, None, None)
    freed = apply(called(), Action.RELEASE, actor=CHIEF, at=late).ticket
    assert (freed.state, freed.counter) == (State.WAITING, None)


# Undo


def test_undo_gives_back_the_ticket_as_it_was() -> None:
    parked = [ticket(at=-20, order_key=NINE - minutes(5)), absent(), on_hold()]
    for before in parked:
        at = NINE + minutes(20)
        now = apply(before, Action.CALL, actor=ONE, at=at).ticket
        undone = apply(now, Action.UNDO, actor=ONE, at=at + seconds(10)).ticket
        assert undone == replace(before, version=before.version + 2)


def test_undo_ends_after_ten_seconds_at_a_recall_and_when_the_visitor_came() -> None:
    with pytest.raises(IllegalEdge):
        apply(called(), Action.UNDO, actor=ONE, at=NINE + seconds(10.001))
    again = apply(called(), Action.RECALL, actor=ONE, at=NINE + seconds(10)).ticket
    with pytest.raises(IllegalEdge):
        apply(again, Action.UNDO, actor=ONE, at=NINE + seconds(10))
    with pytest.raises(IllegalEdge):
        apply(serving(), Action.UNDO, actor=ONE, at=NINE + minutes(1))


# At the counter


@pytest.mark.parametrize(
    ("action", "end"),
    [
        (Action.FINISH, State.DONE),
        (Action.HOLD, State.ON_HOLD),
        (Action.TRANSFER, State.WAITING),
    ],
)
def test_who_is_finished_held_or_transferred_has_appeared(
    action: Action, end: State
) -> None:
    at = NINE + minutes(3)
    change = act(called(), action, ONE, at)
    assert change.steps == (
        Step(Action.APPEAR, State.CALLED, State.SERVING),
        Step(action, State.SERVING, end),
    )
    assert change.ticket.appeared_at == at
    assert change.ticket.version == called().version + 1


def test_a_finished_ticket_keeps_its_counter_and_its_times() -> None:
    now = done()
    assert (now.state, now.counter) == (State.DONE, "chuo_1")
    assert (now.called_at, now.appeared_at, now.ended_at) == (
        NINE,
        NINE + minutes(1),
        NINE + minutes(9),
    )


# Hold


def test_a_hold_has_reason_owner_and_time_and_frees_the_counter() -> None:
    now = on_hold()
    assert (now.state, now.counter, now.hold_owner) == (
        State.ON_HOLD,
        None,
        "chuo_1",
    )
    assert now.hold_reason == "filling in a form"
    assert now.hold_until == NINE + minutes(13)


@pytest.mark.parametrize("action", [Action.RESUME, Action.CALL, Action.RETURN])
def test_a_hold_belongs_to_its_counter_unless_it_is_in_the_pool(action: Action) -> None:
    at = NINE + minutes(14)
    with pytest.raises(Forbidden, match="counter chuo_1 parked the ticket"):
        apply(on_hold(), action, actor=TWO, at=at)
    expected = State.WAITING if action is Action.RETURN else State.CALLED
    for one, actor in ((on_hold(pool=True), TWO), (on_hold(), ONE), (on_hold(), CHIEF)):
        assert apply(one, action, actor=actor, at=at).ticket.state is expected


def test_a_resumed_hold_is_called_again_where_it_was_parked() -> None:
    now = apply(on_hold(), Action.RESUME, actor=UNBOUND, at=NINE + minutes(14)).ticket
    assert (now.state, now.counter, now.calls) == (State.CALLED, "chuo_1", 2)
    served = apply(now, Action.APPEAR, actor=ONE, at=NINE + minutes(15)).ticket
    assert (served.hold_owner, served.hold_reason, served.hold_until) == (
        None,
        "",
        None,
    )


# Absence


def test_who_did_not_come_returns_by_issue_time() -> None:
    back = apply(absent(), Action.RETURN, actor=VISITOR, at=NINE + minutes(10)).ticket
    assert (back.state, back.order_key, back.counter) == (State.WAITING, NINE, None)
    assert back.deadline == ticket().deadline
    assert back.calls == 1


LINE = tuple(ticket(10 + n, at=5 + n) for n in range(5))
OTHERS = (fast(30, at=5), ticket(31, at=5, group="insurance"), ticket(32, print="held"))


def test_who_did_not_come_may_return_to_the_front() -> None:
    gone = replace(absent(), issued_at=NINE + minutes(30))
    front = ReturnPolicy("front")
    at = NINE + minutes(40)
    back = apply(
        gone, Action.RETURN, actor=ONE, at=at, policy=front, queue=LINE + OTHERS
    ).ticket
    assert back.order_key < min(one.order_key for one in LINE)
    assert back.order_key > OTHERS[2].order_key


@pytest.mark.parametrize("k", [1, 3, 5, 9])
def test_who_did_not_come_may_return_behind_some_calls(k: int) -> None:
    at = NINE + minutes(40)
    policy = ReturnPolicy("after_calls", calls=k)
    back = apply(
        absent(), Action.RETURN, actor=ONE, at=at, policy=policy, queue=LINE + OTHERS
    ).ticket
    before = [one for one in LINE if one.order_key < back.order_key]
    assert len(before) == min(k, len(LINE))
    # Else the old deadline would bring them to the front all the same.
    assert back.deadline == at + minutes(45)


def test_a_return_behind_some_calls_never_gains_a_place() -> None:
    gone = replace(absent(), issued_at=NINE + minutes(8.5))
    policy = ReturnPolicy("after_calls", calls=1)
    back = apply(
        gone,
        Action.RETURN,
        actor=ONE,
        at=NINE + minutes(40),
        policy=policy,
        queue=LINE,
    ).ticket
    assert back.order_key == gone.issued_at


def test_behind_some_calls_of_nobody_is_simply_now() -> None:
    policy = ReturnPolicy("after_calls", calls=3)
    at = NINE + minutes(40)
    back = apply(absent(), Action.RETURN, actor=ONE, at=at, policy=policy).ticket
    assert back.order_key == at


def test_nobody_is_given_up_before_the_last_call_and_its_time() -> None:
    policy = ReturnPolicy(max_calls=2, give_up_after=minutes(5))
    once, twice = absent(), replace(absent(), calls=2)
    with pytest.raises(IllegalEdge):
        apply(once, Action.GIVE_UP, actor=CLOCK, at=NINE + minutes(9), policy=policy)
    with pytest.raises(IllegalEdge):
        apply(twice, Action.GIVE_UP, actor=CLOCK, at=NINE + minutes(4.9), policy=policy)
    ended = apply(
        twice, Action.GIVE_UP, actor=CLOCK, at=NINE + minutes(5), policy=policy
    ).ticket
    assert (ended.state, ended.ended_at) == (State.NO_SHOW, NINE + minutes(5))


# Transfer


def test_a_transfer_keeps_number_and_issue_time_and_begins_a_new_leg() -> None:
    before = serving()
    now = apply(
        before, Action.TRANSFER, actor=ONE, at=NINE + minutes(9), target=TO_INSURANCE
    ).ticket
    assert (now.label, now.issued_at) == (before.label, before.issued_at)
    assert (now.procedure, now.group) == ("insurance", "insurance")
    assert (now.state, now.counter, now.leg) == (State.WAITING, None, 2)
    assert now.order_key == before.issued_at
    assert now.note == "after the move"
    assert now.deadline == before.deadline


def test_a_transfer_may_go_first_or_last_and_brings_the_targets_deadline() -> None:
    at, due = NINE + minutes(50), NINE + minutes(90)
    line = tuple(
        ticket(10 + n, at=n - 9, group="insurance", procedure="insurance")
        for n in range(3)
    )
    first = TransferTarget("insurance", "insurance", place="first", deadline=due)
    now = apply(
        serving(), Action.TRANSFER, actor=ONE, at=at, target=first, queue=line
    ).ticket
    assert now.order_key < line[0].order_key
    assert now.deadline == due
    last = TransferTarget("insurance", "insurance", place="last")
    now = apply(
        serving(), Action.TRANSFER, actor=ONE, at=at, target=last, queue=line
    ).ticket
    assert now.order_key == at


def test_a_transfer_with_return_comes_back_when_finished_there() -> None:
    there = TransferTarget("insurance", "insurance", back=True)
    at = NINE + minutes(9)
    now = apply(serving(), Action.TRANSFER, actor=ONE, at=at, target=there).ticket
    now = apply(now, Action.NEXT, actor=TWO, at=NINE + minutes(12)).ticket
    change = apply(now, Action.FINISH, actor=TWO, at=NINE + minutes(20))
    assert change.steps == (
        Step(Action.APPEAR, State.CALLED, State.SERVING),
        Step(Action.TRANSFER, State.SERVING, State.WAITING),
    )
    now = change.ticket
    assert (now.procedure, now.group, now.leg) == ("moving", "resident", 3)
    now = apply(now, Action.NEXT, actor=ONE, at=NINE + minutes(22)).ticket
    end = apply(now, Action.FINISH, actor=ONE, at=NINE + minutes(30)).ticket
    assert end.state is State.DONE


# Ends


@pytest.mark.parametrize("actor", [KIOSK, VISITOR, ONE])
@pytest.mark.parametrize("state", [State.WAITING, State.CALLED])
def test_a_ticket_may_be_cancelled_while_it_waits_or_is_called(
    state: State, actor: Actor
) -> None:
    now = apply(STATES[state], Action.CANCEL, actor=actor, at=NINE + minutes(5)).ticket
    assert (now.state, now.ended_at) == (State.CANCELLED, NINE + minutes(5))


@pytest.mark.parametrize("state", [State.ABSENT, State.NO_SHOW])
def test_a_cancel_at_the_kiosk_counts_from_its_own_touch_however_late(
    state: State,
) -> None:
    """Touched while waiting, sent after the network came back: called in vain."""
    for touched in (NINE - minutes(3), NINE):
        end = apply(STATES[state], Action.VOID, actor=KIOSK, at=touched).ticket
        assert end.state is State.CANCELLED
    with pytest.raises(IllegalEdge):
        apply(STATES[state], Action.VOID, actor=KIOSK, at=NINE + seconds(1))


@pytest.mark.parametrize("state", [State.SERVING, State.ON_HOLD, State.DONE])
def test_whoever_came_to_the_counter_has_not_cancelled(state: State) -> None:
    with pytest.raises(IllegalEdge):
        apply(STATES[state], Action.VOID, actor=KIOSK, at=NINE - seconds(1))


def test_at_closing_every_open_ticket_expires() -> None:
    for state in OPEN:
        now = apply(STATES[state], Action.EXPIRE, actor=CLOCK, at=NINE + minutes(480))
        assert now.ticket.state is State.EXPIRED


def test_only_a_supervisor_reopens_and_it_begins_a_new_leg() -> None:
    for state in (State.DONE, State.NO_SHOW, State.WALKED_OUT):
        with pytest.raises(Forbidden, match="needs a supervisor"):
            apply(STATES[state], Action.REOPEN, actor=ONE, at=NINE + minutes(30))
        now = apply(STATES[state], Action.REOPEN, actor=CHIEF, at=NINE + minutes(30))
        assert now.ticket.state is State.WAITING
        assert (now.ticket.ended_at, now.ticket.leg) == (None, 2)
        assert now.ticket.counter is None


# Fast lane and paper


def test_the_counter_verifies_a_preapplication_or_makes_the_ticket_ordinary() -> None:
    at = NINE + minutes(1)
    right = apply(fast(), Action.VERIFY, actor=ONE, at=at, verified=True).ticket
    assert (right.preapplied, right.verified) == (True, True)
    wrong = apply(fast(), Action.VERIFY, actor=ONE, at=at, verified=False).ticket
    assert (wrong.preapplied, wrong.verified, wrong.state) == (
        False,
        False,
        State.WAITING,
    )


@pytest.mark.parametrize("state", State)
def test_news_of_the_paper_is_taken_in_every_state(state: State) -> None:
    one = replace(STATES[state], print="pending")
    change = print_outcome(one, "held")
    assert change.ticket == replace(one, print="held", version=one.version + 1)
    assert change.steps == (Step(Action.PRINT_OUTCOME, state, state),)


@pytest.mark.parametrize("kind", ["kiosk", "visitor", "system"])
def test_only_staff_calls_and_finishes(kind: Kind) -> None:
    other = Actor(kind, "x", "chuo_1")
    for one, action in ((ticket(), Action.NEXT), (serving(), Action.FINISH)):
        with pytest.raises(Forbidden, match=f"not for a {kind}"):
            apply(one, action, actor=other, at=NINE + minutes(5))
