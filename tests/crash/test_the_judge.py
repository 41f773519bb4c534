"""The judge finds every broken promise: a proof that cannot fail proves nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from bench.proofs.central import Known
from bench.proofs.judge import faults, strange_bytes
from bench.proofs.paper import Paper
from protocol import token
from server.rules.ticket import State, Ticket

TEN = datetime(2026, 11, 24, 1, tzinfo=UTC)
KEY = 7


def known(number=1, *, print="printed", state=State.WAITING, voided="", grade="A-"):
    ticket = Ticket(
        id=UUID(int=number),
        office="chuo",
        day=date(2026, 11, 24),
        procedure="moving",
        group="resident",
        series="moving",
        number=number,
        label=f"B{number:04d}",
        issued_at=TEN,
        order_key=TEN,
        deadline=TEN,
        key_id=KEY,
        serial=number,
        state=state,
        print=print,
    )
    return Known(ticket, voided, grade)


def sheet(number=1, **other):
    told = Paper(
        (f"B{number:04d}",), ((KEY, number),), marked=False, whole=True, torn=False
    )
    return replace(told, **other)


def half(number=1, **other):
    return sheet(number, serials=(), whole=False, **other)


def test_one_sheet_for_each_ticket_is_how_it_should_be():
    assert faults([sheet(1), sheet(2)], [known(1), known(2)]) == ()


@pytest.mark.parametrize("print", ["unknown", "held", "not_required"])
def test_a_doubt_that_the_server_shows_is_no_fault_with_paper_or_without(print):
    for papers in ([sheet()], [half()], []):
        assert faults(papers, [known(print=print)]) == ()


def test_a_torn_half_and_a_marked_whole_are_one_ticket():
    assert faults([half(torn=True), sheet(marked=True)], [known()]) == ()


def test_the_first_sheet_and_a_marked_second_are_one_ticket():
    assert faults([sheet(), sheet(marked=True)], [known()]) == ()


def test_a_voided_ticket_without_paper_is_no_fault():
    gone = known(print="pending", state=State.CANCELLED, voided="not_sent")
    assert faults([], [gone]) == ()


@pytest.mark.parametrize(
    ("papers", "tickets", "fault"),
    [
        ([sheet(), sheet()], [known()], "2 times without the mark"),
        ([sheet(marked=True), sheet()], [known()], "after a marked sheet"),
        ([sheet(2)], [], "unknown to the server"),
        ([sheet(serials=((KEY, 9),))], [known()], "of no known ticket"),
        ([sheet(serials=((KEY, 2),))], [known(1), known(2)], "carries the code of B"),
        (
            [sheet(labels=("B0001", "B0002"))],
            [known(1), known(2, print="unknown")],
            "one sheet carries B0001, B0002",
        ),
        ([half(torn=True)], [known()], "no whole sheet came out"),
        ([], [known()], "no whole sheet came out"),
        ([], [known(print="pending")], "still pending"),
        ([half()], [known(print="not_sent")], "on paper and not_sent"),
        (
            [sheet()],
            [known(state=State.CANCELLED, voided="not_sent")],
            "on paper and was voided",
        ),
        ([sheet()], [known(), known()], "two tickets B0001"),
    ],
)
def test_a_broken_promise_is_found(papers, tickets, fault):
    found = faults(papers, tickets)
    assert any(fault in one for one in found), found


def test_a_rest_printed_by_itself_counts_only_with_the_printers_own_word():
    assert faults([half(torn=True)], [known(grade="C")]) == ()
    assert faults([], [known(grade="C")])


def test_a_code_that_never_reached_paper_must_be_of_a_known_ticket_too():
    code = token.make(KEY, 1, b"key").encode()
    assert strange_bytes(b"HTTPS://A/T/" + code, [known(1)]) == ()
    assert len(strange_bytes(b"HTTPS://A/T/" + code, [known(2)])) == 1
