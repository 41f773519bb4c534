"""One desk owns the printer; what became of each ticket stands in the ledger."""

from datetime import timedelta

import pytest

from drivers import Cause, Outcome
from drivers.fakes import FakePrinter
from kiosk.core.events import PrintEnded, StaffAnswered
from kiosk.database import StorageFull
from kiosk.hands import ticket_of
from kiosk.printing import DropOrder, PrintDesk, PrintOrder, StopOrder, TrialOrder
from kiosk.tickets import TicketState
from protocol.messages import Command
from tests.kiosk.office import TUESDAY, at, issue, opened, stocked, touch


class Counter:
    """A desk with a fake printer on a real ledger, worked turn by turn."""

    def __init__(self, directory, *, can_clear=True, held=(), records=None):
        self.store = stocked(directory)
        self.said = []
        self.printer = FakePrinter(
            now=lambda: at().at, on_change=lambda status: None, can_clear=can_clear
        )
        self.desk = PrintDesk(
            self.printer,
            records(self.store) if records else self.store,
            ticket_document=lambda ticket, language, copy: (
                f"{ticket.label} {language} {copy}".encode()
            ),
            test_document=lambda language: b"test",
            now=at,
            post=self.said.append,
            held=held,
        )
        self.printer.check()

    def order(self, number, **more):
        issued = issue(self.store, number)
        order = PrintOrder(ticket_of(issued, "HTTPS://E/T/X"), "ja", **more)
        self.give(order)
        return issued.ticket_id

    def give(self, order):
        self.desk.submit(order)
        assert self.desk.turn(patience=0) is not isinstance(order, StopOrder)

    def idle(self):
        assert self.desk.turn(patience=0)

    def state(self, ticket_id):
        return self.store.ticket(ticket_id).state

    def outcomes(self):
        return [
            (event["outcome"], event["cause"], event["copy_number"])
            for event in self.store.unsent(100)
            if event["kind"] == "print_outcome"
        ]


def test_a_printed_ticket_is_in_the_ledger_before_anybody_is_told(tmp_path):
    counter = Counter(tmp_path)
    ticket = counter.order(1)
    assert counter.printer.paper == [b"1 ja 0"]
    assert counter.state(ticket) is TicketState.PRINTED
    assert counter.said == [PrintEnded(ticket, "printed")]
    assert counter.outcomes() == [("printed", "", 0)]


def test_the_ledger_says_sent_before_the_first_byte_goes_out(tmp_path):
    seen = []

    class Watched:
        def __init__(self, store):
            self.record_outcome = store.record_outcome
            self._store = store

        def mark_sent(self, ticket_id, now):
            self._store.mark_sent(ticket_id, now)
            state = self._store.ticket(ticket_id).state
            seen.append((state, len(counter.printer.paper)))

    counter = Counter(tmp_path, records=Watched)
    counter.order(1)
    assert seen == [(TicketState.SENT, 0)]


def test_without_paper_nothing_is_sent_and_the_next_visitor_fares_alike(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail(Cause.PAPER_END)
    first, second = counter.order(1), counter.order(2)
    assert counter.printer.paper == []
    assert counter.said == [
        PrintEnded(first, "not_sent", "paper_end"),
        PrintEnded(second, "not_sent", "paper_end"),
    ]


def test_the_torn_ticket_is_printed_again_whole_after_the_reload(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.PAPER_END)
    ticket = counter.order(1)
    assert counter.state(ticket) is TicketState.HELD
    # The buffer is emptied at once, however quickly somebody puts paper in.
    counter.printer.repair()
    counter.idle()
    assert counter.printer.torn == [b"1 ja 0"]
    assert counter.printer.paper == [b"1 ja 1"]
    assert counter.said[-1] == PrintEnded(ticket, "printed", reprint=True)
    assert counter.outcomes() == [("held", "paper_end", 0), ("printed", "", 1)]


def test_where_the_rest_comes_out_by_itself_nobody_claims_a_whole_ticket(tmp_path):
    counter = Counter(tmp_path, can_clear=False)
    counter.printer.fail_in_next(Cause.PAPER_END)
    ticket = counter.order(1)
    counter.printer.repair()
    counter.idle()
    assert counter.printer.paper == [b"1 ja 0"]
    assert counter.state(ticket) is TicketState.UNKNOWN
    assert counter.said[-1] == PrintEnded(ticket, "unknown")


def test_nothing_follows_a_ticket_whose_rest_is_in_the_printer(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.COVER_OPEN)
    counter.order(1)
    second = counter.order(2)
    assert counter.said[-1] == PrintEnded(second, "not_sent", "cover_open")
    counter.printer.repair()
    third = counter.order(3)
    assert counter.printer.paper == [b"1 ja 1", b"3 ja 0"]
    assert counter.said[-1] == PrintEnded(third, "printed")


def test_a_held_ticket_given_back_never_comes_out(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.PAPER_END)
    ticket = counter.order(1)
    counter.store.void(ticket, "visitor", at())
    counter.give(DropOrder(ticket))
    counter.printer.repair()
    counter.idle()
    assert counter.order(2)
    assert counter.printer.paper[-1] == b"2 ja 0"
    assert b"1 ja 1" not in counter.printer.paper


def test_a_ticket_given_back_while_it_waited_on_the_desk_is_not_printed(tmp_path):
    counter = Counter(tmp_path)
    issued = issue(counter.store, 1)
    counter.store.void(issued.ticket_id, "visitor", at())
    counter.give(PrintOrder(ticket_of(issued, ""), "ja"))
    assert (counter.printer.paper, counter.said) == ([], [])


@pytest.mark.parametrize("cause", [Cause.SILENT, Cause.NO_LINK])
def test_silence_is_neither_printed_nor_lost_and_nothing_repeats_by_itself(
    tmp_path, cause
):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(cause)
    ticket = counter.order(1)
    counter.printer.repair()
    counter.idle()
    assert counter.state(ticket) is TicketState.UNKNOWN
    assert counter.printer.paper == []
    assert counter.said == [PrintEnded(ticket, "unknown", cause.value)]


def test_a_jammed_cutter_leaves_a_ticket_that_exists(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.CUTTER)
    ticket = counter.order(1)
    assert counter.state(ticket) is TicketState.PRINTED_UNCUT


def test_a_held_ticket_of_the_last_run_is_printed_whole(tmp_path):
    before = Counter(tmp_path)
    before.printer.fail_in_next(Cause.PAPER_END)
    ticket = before.order(1)
    before.store.close()

    store = stocked(tmp_path)
    [held] = store.found.held
    store.close()
    order = PrintOrder(ticket_of(held, ""), held.language, held.copy_number)
    after = Counter(tmp_path, held=(order,))
    after.idle()
    assert after.printer.paper == [b"1 ja 1"]
    assert after.state(ticket) is TicketState.PRINTED


def test_an_outcome_the_full_disk_did_not_take_is_written_later(tmp_path):
    class Full:
        def __init__(self, store):
            self.mark_sent = store.mark_sent
            self._store, self.full = store, True

        def record_outcome(self, *arguments, **more):
            if self.full:
                raise StorageFull("no room")
            self._store.record_outcome(*arguments, **more)

    disk = []

    def records(store):
        disk.append(Full(store))
        return disk[0]

    counter = Counter(tmp_path, records=records)
    ticket = counter.order(1)
    assert counter.state(ticket) is TicketState.SENT
    disk[0].full = False
    counter.idle()
    assert counter.state(ticket) is TicketState.PRINTED


def test_without_room_for_sent_not_a_byte_goes_out(tmp_path):
    class Full:
        def __init__(self, store):
            self.record_outcome = store.record_outcome

        def mark_sent(self, ticket_id, now):
            raise StorageFull("no room")

    counter = Counter(tmp_path, records=Full)
    ticket = counter.order(1)
    assert counter.printer.paper == []
    assert counter.said == [PrintEnded(ticket, "not_sent")]


def test_a_failed_reprint_leaves_the_ticket_that_was_printed(tmp_path):
    counter = Counter(tmp_path)
    ticket = counter.order(1)
    counter.printer.fail(Cause.COVER_OPEN)
    again = ticket_of(counter.store.ticket(ticket), "")
    counter.give(PrintOrder(again, "ja", 1, for_staff=True))
    assert counter.said[-1] == StaffAnswered("not_sent")
    assert counter.state(ticket) is TicketState.PRINTED
    counter.store.close()
    after = stocked(tmp_path)
    assert after.found.voided == ()
    assert after.ticket(ticket).voided is None
    after.close()


def test_a_reprint_in_doubt_leaves_the_first_paper_certain(tmp_path):
    counter = Counter(tmp_path)
    ticket = counter.order(1)
    counter.printer.fail_in_next(Cause.SILENT)
    again = ticket_of(counter.store.ticket(ticket), "")
    counter.give(PrintOrder(again, "ja", 1, for_staff=True))
    assert counter.state(ticket) is TicketState.PRINTED


def test_a_held_ticket_stays_on_the_desk_when_its_reprint_is_refused(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.PAPER_END)
    ticket = counter.order(1)

    counter.printer.repair()
    counter.printer.refuse_next(Cause.COVER_OPEN)
    counter.idle()
    assert counter.state(ticket) is TicketState.HELD
    counter.idle()
    assert counter.printer.paper == [b"1 ja 1"]


def test_yesterdays_held_ticket_does_not_come_out_of_todays_roll(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.PAPER_END)
    counter.order(1)
    counter.store.close()
    tomorrow = at("09:00", day=TUESDAY + timedelta(days=1))
    after = opened(tmp_path, tomorrow)
    assert after.found.held == ()
    assert after.last_ticket(tomorrow) is None
    after.close()


def test_a_test_slip_is_no_ticket(tmp_path):
    counter = Counter(tmp_path)
    counter.give(TrialOrder("ja"))
    assert counter.printer.paper == [b"test"]
    assert counter.said == [StaffAnswered(Outcome.PRINTED)]
    assert counter.store.unsent(10) == ()


def test_a_start_knows_that_half_a_test_slip_hangs_from_the_printer(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.SILENT)
    counter.give(TrialOrder("ja"))
    counter.store.close()
    after = stocked(tmp_path)
    assert after.found.uncut
    after.close()


def test_a_whole_test_slip_leaves_nothing_hanging(tmp_path):
    counter = Counter(tmp_path)
    counter.give(TrialOrder("ja"))
    counter.store.close()
    after = stocked(tmp_path)
    assert not after.found.uncut
    after.close()


def test_a_torn_test_slip_does_not_come_out_before_the_next_ticket(tmp_path):
    counter = Counter(tmp_path)
    counter.printer.fail_in_next(Cause.PAPER_END)
    counter.give(TrialOrder("ja"))
    counter.idle()
    counter.printer.repair()
    counter.order(1)
    assert counter.printer.paper == [b"1 ja 0"]


def test_the_servers_reprint_is_answered_when_paper_came(tmp_path):
    counter = Counter(tmp_path)
    ticket = counter.order(1)
    command = Command(command_id=touch(99), kind="reprint", ticket_id=ticket)
    counter.store.begin_command(command, at())
    again = ticket_of(counter.store.ticket(ticket), "")
    counter.give(PrintOrder(again, "ja", 1, command_id=command.command_id))
    [done] = [e for e in counter.store.unsent(9) if e["kind"] == "command_done"]
    assert (done["ok"], done["detail"]) == (True, "printed")
    assert counter.printer.paper[-1] == b"1 ja 1"


def test_the_desk_ends_when_told(tmp_path):
    counter = Counter(tmp_path)
    counter.desk.submit(StopOrder())
    assert not counter.desk.turn(patience=0)
