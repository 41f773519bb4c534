"""The five figures the city publishes for each procedure."""

from server.rules.calling import GroupRule
from server.rules.figures import ProcedureView, figures, people_ahead
from server.rules.ticket import State, Ticket
from tests.server.rules.samples import NINE, fast, minutes, ticket

RULES = {"resident": GroupRule(fast_per_ordinary=1), "insurance": GroupRule()}


def view(
    *tickets: Ticket, of: str = "moving", at: float = 10, run: int = 0
) -> ProcedureView:
    return figures(
        tickets,
        of,
        last_called_label="B007",
        runs={"resident": run},
        rules=RULES,
        now=NINE + minutes(at),
        wait=(10, 25),
    )


def test_an_empty_hall_has_zeros_and_nothing_to_say() -> None:
    empty = figures(
        [],
        "moving",
        last_called_label=None,
        runs={},
        rules=RULES,
        now=NINE,
        wait=None,
    )
    assert empty == ProcedureView(None, None, 0, None, 0)


def test_waiting_counts_those_who_can_be_called() -> None:
    hall = [
        ticket(1, print="printed"),
        ticket(2, print="printed_uncut"),
        ticket(3, print="unknown"),
        ticket(4, print="not_required"),
        ticket(5, print="pending"),
        ticket(6, print="held"),
        ticket(7, print="not_sent"),
        ticket(8, state=State.SERVING),
        ticket(9, procedure="insurance", group="insurance"),
    ]
    assert view(*hall).waiting == 4


def test_on_hold_counts_the_absent_and_the_parked() -> None:
    hall = [ticket(n, state=state) for n, state in enumerate(State)]
    assert view(*hall).on_hold == 2


def test_next_up_is_whom_a_counter_for_this_procedure_alone_would_call() -> None:
    hall = [fast(1, 0), ticket(2, 3), ticket(3, 1), ticket(4, 0, print="held")]
    assert view(*hall).next_up == "B003"
    assert view(*hall, of="preapplied").next_up == "F001"


def test_next_up_follows_lane_and_deadline() -> None:
    """Both lanes in one procedure: a wrong 事前申請 was made ordinary."""
    was_fast = fast(1, 0, preapplied=False)
    hall = [was_fast, fast(2, 4)]
    assert view(*hall, of="preapplied", run=0).next_up == "F002"
    assert view(*hall, of="preapplied", run=1).next_up == "F001"
    assert view(*hall, of="preapplied", at=45).next_up == "F001"


def test_last_called_and_the_range_are_shown_as_they_were_found() -> None:
    shown = view(ticket(1))
    assert (shown.last_called, shown.wait_minutes) == ("B007", (10, 25))


def test_people_ahead_are_those_of_the_procedure_who_came_before() -> None:
    hall = [ticket(1, 0), ticket(2, 1), ticket(3, 2), fast(9, 0)]
    assert [people_ahead(one, hall) for one in hall] == [0, 1, 2, 0]
    hall[1] = ticket(2, 1, print="held")
    assert people_ahead(hall[2], hall) == 1
    hall[1] = ticket(2, 5, urgent=True)
    assert people_ahead(hall[2], hall) == 2
    assert people_ahead(hall[0], hall) == 1


def test_a_moved_ticket_counts_where_it_stands_now() -> None:
    back = ticket(1, 0, order_key=NINE + minutes(9))
    hall = [back, ticket(2, 1), ticket(3, 2)]
    assert [people_ahead(one, hall) for one in hall] == [2, 0, 1]


def test_for_the_fast_lane_only_the_fast_lane_is_ahead() -> None:
    hall = [fast(1, 0, preapplied=False), fast(2, 1), fast(3, 2)]
    assert people_ahead(hall[2], hall) == 1


def test_nobody_is_ahead_of_one_who_no_longer_waits() -> None:
    called = ticket(5, 9, state=State.CALLED)
    assert people_ahead(called, [ticket(1, 0), called]) == 0


def test_a_ticket_without_paper_yet_still_knows_its_place() -> None:
    pending = ticket(2, 1, print="pending")
    assert people_ahead(pending, [ticket(1, 0), pending]) == 1
