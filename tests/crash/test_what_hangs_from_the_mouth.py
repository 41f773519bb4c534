"""A kiosk that was killed in mid-ticket: the next visitor gets a sheet of their own."""

import socket
from datetime import UTC, datetime
from math import inf
from time import monotonic

import pytest

from drivers import Outcome
from drivers.commands import fence, line
from drivers.printer import EscposPrinter
from drivers.profile import EPSON
from drivers.sim.sim import PrinterSim
from drivers.transport import NetworkLink
from kiosk.store import Store
from tests.kiosk.office import LEDGER, at, issue, opened, stocked

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def mouth():
    """A printer from whose mouth the half of A001 hangs; its kiosk is gone."""
    with PrinterSim(speed=inf) as sim:
        with socket.create_connection(("127.0.0.1", sim.port)) as killed:
            killed.sendall(line("A001") + fence("half"))
            killed.recv(7)
        yield sim


def print_on(sim, *, uncut):
    printer = EscposPrinter(
        NetworkLink("127.0.0.1", sim.port),
        profile=EPSON,
        now=lambda: NOON,
        monotonic=monotonic,
        on_change=lambda status: None,
        uncut=uncut,
    )
    receipt = printer.print(line("A002"), before_first_byte=lambda: None)
    printer.close()
    assert receipt.outcome is Outcome.PRINTED
    return [sheet.lines for sheet in sim.sheets]


def test_the_half_is_cut_off_before_the_next_ticket(mouth):
    assert print_on(mouth, uncut=True) == [("A001",), ("A002",)]


def test_a_driver_that_is_not_told_cannot_know(mouth):
    assert print_on(mouth, uncut=False) == [("A001", "A002")]


def test_an_ordinary_start_wastes_no_paper():
    with PrinterSim(speed=inf) as sim:
        assert print_on(sim, uncut=False) == [("A002",)]


def reopened(directory):
    store = Store.open(directory, now=at())
    store.close()
    return store.found.uncut


@pytest.fixture
def sent(tmp_path):
    """A ledger whose kiosk was killed while it printed."""
    store = stocked(tmp_path)
    store.mark_sent(issue(store, 1).ticket_id, at())
    store.close()
    return tmp_path


def test_a_kiosk_killed_while_printing_finds_that_paper_may_hang_there(sent):
    assert reopened(sent)


def test_it_still_knows_after_being_killed_again_before_it_printed(sent):
    reopened(sent)
    assert reopened(sent)


def test_a_ticket_printed_and_cut_ends_the_doubt(sent):
    store = opened(sent)
    ticket = issue(store, 2)
    store.mark_sent(ticket.ticket_id, at())
    store.record_outcome(ticket.ticket_id, Outcome.PRINTED_UNCUT, at())
    store.close()
    assert reopened(sent)
    store = opened(sent)
    store.record_outcome(ticket.ticket_id, Outcome.PRINTED, at(), copy_number=1)
    store.close()
    assert not reopened(sent)


def test_a_new_ledger_has_nothing_hanging(tmp_path):
    stocked(tmp_path).close()
    assert not reopened(tmp_path)


def test_a_ledger_rebuilt_from_the_book_cannot_know_so_it_cuts(tmp_path):
    store = stocked(tmp_path)
    issue(store, 1)
    store.close()
    (tmp_path / LEDGER).write_bytes(b"noise" * 1000)
    assert reopened(tmp_path)
