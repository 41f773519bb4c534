"""What the server wants of a kiosk is done once and answered."""

from uuid import UUID

from drivers.fakes import FakePrinter
from kiosk.hands import ticket_of
from kiosk.orders import Orders
from kiosk.printing import PrintDesk, PrintOrder
from protocol.messages import Command
from tests.kiosk.office import at, issue, stocked, touch


class Machine:
    """Ledger, desk and orders; `refreshed` counts what was asked of the sync."""

    def __init__(self, directory):
        self.store = stocked(directory)
        self.printer = FakePrinter(now=lambda: at().at, on_change=lambda status: None)
        self.printer.check()
        self.desk = PrintDesk(
            self.printer,
            self.store,
            ticket_document=lambda ticket, language, copy: f"{copy}".encode(),
            test_document=lambda language: b"",
            now=at,
            post=lambda event: None,
        )
        self.refreshed, self.counted = [], []
        self.orders = Orders(
            store=self.store,
            desk=self.desk,
            url_of=lambda serial: f"HTTPS://E/T/{serial}",
            now=at,
            refresh=lambda: self.refreshed.append(1),
            numbers_changed=lambda: self.counted.append(1),
        )

    def printed(self, number):
        issued = issue(self.store, number)
        self.desk.submit(PrintOrder(ticket_of(issued, ""), "ja"))
        self.desk.turn(patience=0)
        return issued.ticket_id

    def order(self, kind, **more):
        command = Command(command_id=touch(99), kind=kind, **more)
        assert self.store.begin_command(command, at())
        self.orders.carry_out(command)
        self.desk.turn(patience=0)
        return [
            (event["ok"], event["detail"])
            for event in self.store.unsent(100)
            if event["kind"] == "command_done"
        ]


def test_a_reprint_comes_out_marked_and_is_answered(tmp_path):
    machine = Machine(tmp_path)
    ticket = machine.printed(1)
    assert machine.order("reprint", ticket_id=ticket) == [(True, "printed")]
    assert machine.printer.paper == [b"0", b"1"]


def test_what_cannot_be_reprinted_is_answered_too(tmp_path):
    machine = Machine(tmp_path)
    [(ok, why)] = machine.order("reprint", ticket_id=UUID(int=5))
    assert (ok, "has no ticket" in why) == (False, True)


def test_a_ticket_given_back_is_not_reprinted(tmp_path):
    machine = Machine(tmp_path)
    ticket = machine.printed(1)
    machine.store.void(ticket, "visitor", at())
    assert machine.order("reprint", ticket_id=ticket) == [(False, "1 was given back")]


def test_staff_can_void_a_ticket_from_the_counter(tmp_path):
    machine = Machine(tmp_path)
    ticket = machine.printed(1)
    assert machine.order("void", ticket_id=ticket) == [(True, "")]
    assert machine.store.ticket(ticket).voided == "staff"


def test_returned_numbers_are_counted_anew_on_the_screen(tmp_path):
    machine = Machine(tmp_path)
    [(ok, _)] = machine.order("return_leases")
    assert (ok, machine.counted) == (True, [1])


def test_a_new_catalogue_is_fetched_at_once(tmp_path):
    machine = Machine(tmp_path)
    machine.order("refresh_catalogue")
    assert machine.refreshed == [1]
