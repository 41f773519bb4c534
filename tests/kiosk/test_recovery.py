"""Whatever happens to the ledger file: no number twice, and every doubt is visible."""

import random
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from drivers import Outcome
from kiosk.book import NumberBook
from kiosk.database import LedgerTooNew
from kiosk.store import NoNumbers, Store
from kiosk.tickets import TicketState
from protocol.messages import Acknowledged
from tests.kiosk.office import CATALOGUE, LEDGER, TUESDAY, at, grant, issue, stocked

LATER = at("10:30")


def a_morning(directory: Path, tickets: int = 12) -> tuple[list[int], list[int]]:
    """Issue some tickets, print all but the last; their numbers and serials."""
    store = stocked(directory, run=(1, 14), reserve=(501, 502))
    issued = [issue(store, n) for n in range(tickets)]
    for ticket in issued[:-1]:
        store.mark_sent(ticket.ticket_id, at())
        store.record_outcome(ticket.ticket_id, Outcome.PRINTED, at(), grade="A-")
    store.void(issued[0].ticket_id, "visitor", at())
    store.close()
    return [t.number for t in issued], [t.serial for t in issued]


def carries_on(directory: Path, used: list[int], serials: list[int]) -> Store:
    """Open the ledger again and issue until the numbers are spent: none comes twice."""
    store = Store.open(directory, now=LATER)
    if store.catalogue() is None:
        store.keep_catalogue(CATALOGUE, '"1"', LATER)
    given, n = [], 1000
    while store.remaining(LATER)["moving"]:
        n += 1
        ticket = issue(store, n, LATER)
        given.append(ticket.number)
        assert ticket.serial not in serials
    assert not set(given) & set(used)
    assert len(set(given)) == len(given)
    return store


def damage(path: Path, seed: int) -> None:
    """Overwrite a stretch of the file with noise."""
    chance = random.Random(seed)
    raw = bytearray(path.read_bytes())
    start = chance.randrange(len(raw))
    length = chance.choice([1, 16, 512, 4096, len(raw)])
    for index in range(start, min(len(raw), start + length)):
        raw[index] = chance.randrange(256)
    path.write_bytes(raw)


@pytest.fixture(scope="module")
def morning(tmp_path_factory):
    """A data directory after some tickets, to be copied; with numbers and serials."""
    directory = tmp_path_factory.mktemp("morning")
    used, serials = a_morning(directory)
    return directory, used, serials


@pytest.mark.parametrize("seed", range(16))
def test_noise_in_the_ledger_file_gives_no_number_twice(tmp_path, morning, seed):
    template, used, serials = morning
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    damage(tmp_path / LEDGER, seed)
    store = carries_on(tmp_path, used, serials)
    if store.found.recovery is not None:
        quarantined = tmp_path / store.found.recovery.quarantined
        assert quarantined.name == "ledger-corrupt-20261124T013000Z.db"
        assert quarantined.is_file()
    store.close()


def test_a_file_that_is_no_database_is_set_aside_and_the_book_carries_on(tmp_path):
    used, serials = a_morning(tmp_path)
    (tmp_path / LEDGER).write_bytes(b"this is not a database, not even nearly")
    store = carries_on(tmp_path, used, serials)
    recovery = store.found.recovery
    assert (recovery.tickets, recovery.leases, recovery.garbled) == (len(used), 2, 0)
    assert store.ticket(UUID(int=1 << 64 | 1)).state is TicketState.PRINTED
    assert store.ticket(UUID(int=1 << 64 | 0)).voided == "visitor"
    assert store.ticket(UUID(int=1 << 64 | 11)).state is TicketState.UNKNOWN


def test_the_server_hears_of_the_recovery_and_of_todays_tickets_again(tmp_path):
    a_morning(tmp_path, tickets=3)
    (tmp_path / LEDGER).unlink()
    store = Store.open(tmp_path, now=LATER)
    events = store.unsent(100)
    assert [e["kind"] for e in events] == [
        "ledger_recovered",
        *("ticket_issued", "print_outcome", "ticket_voided"),
        *("ticket_issued", "print_outcome"),
        *("ticket_issued", "print_outcome"),
    ]
    assert events[0]["restored_tickets"] == 3
    assert [e["outcome"] for e in events if e["kind"] == "print_outcome"] == [
        "printed",
        "printed",
        "unknown",
    ]
    assert not store.aligned()


@pytest.mark.parametrize("what", ["gone", "empty"])
def test_an_empty_ledger_beside_a_full_book_is_no_new_kiosk(tmp_path, what):
    used, serials = a_morning(tmp_path)
    (tmp_path / LEDGER).unlink()
    if what == "empty":
        (tmp_path / LEDGER).touch()
    store = carries_on(tmp_path, used, serials)
    assert store.found.recovery.tickets == len(used)


def test_an_old_copy_of_the_ledger_is_found_out_by_the_book(tmp_path):
    store = stocked(tmp_path)
    issue(store, 1)
    store.close()
    old = (tmp_path / LEDGER).read_bytes()
    store = Store.open(tmp_path, now=at())
    used = [issue(store, n).number for n in range(2, 8)]
    store.close()
    (tmp_path / LEDGER).write_bytes(old)
    store = carries_on(tmp_path, [1, *used], [])
    assert store.found.recovery.tickets == 7


def test_a_lost_write_ahead_log_is_found_out_by_the_book(tmp_path):
    store = stocked(tmp_path)
    used = [issue(store, n).number for n in range(5)]
    crashed = tmp_path / "after-the-crash"
    crashed.mkdir()
    for path in tmp_path.glob("*.*"):
        if path.is_file() and not path.name.endswith(("-wal", "-shm")):
            shutil.copy(path, crashed)
    store.close()
    assert carries_on(crashed, used, []).found.recovery is not None


def test_when_ledger_and_book_are_both_lost_only_the_server_can_help(tmp_path):
    _, serials = a_morning(tmp_path)
    (tmp_path / LEDGER).write_bytes(b"noise")
    for book in tmp_path.glob("numbers-*.log"):
        book.write_bytes(b"noise\nnoise\n")
    store = Store.open(tmp_path, now=LATER)
    assert store.found.recovery.leases == 0
    assert store.found.recovery.garbled == 2
    store.keep_catalogue(CATALOGUE, '"1"', LATER)
    assert store.remaining(LATER) == {"moving": 0, "fast": 0}
    with pytest.raises(NoNumbers):
        issue(store, 1, LATER)
    store.add_lease(grant(31, 60), UUID(int=0), LATER)
    assert issue(store, 2, LATER).serial > max(serials)


def test_a_withdrawn_reserve_does_not_come_alive_again(tmp_path):
    store = stocked(tmp_path, run=(1, 2), reserve=(501, 520))
    store.withdraw_reserve("moving", at())
    store.close()
    (tmp_path / LEDGER).unlink()
    store = Store.open(tmp_path, now=LATER)
    store.keep_catalogue(CATALOGUE, '"1"', LATER)
    assert store.remaining(LATER)["moving"] == 2


def test_the_reserve_survives_in_the_book_of_every_day(tmp_path):
    store = stocked(tmp_path, run=None)
    for day in range(1, 12):
        issue(store, day, at(day=TUESDAY + timedelta(days=day)))
    store.close()
    assert len(list(tmp_path.glob("numbers-*.log"))) == 7
    (tmp_path / LEDGER).unlink()
    last = at("11:00", day=TUESDAY + timedelta(days=11))
    store = Store.open(tmp_path, now=last)
    store.keep_catalogue(CATALOGUE, '"1"', last)
    assert issue(store, 99, last).label == "502"


def test_a_wild_day_in_the_book_does_not_hide_today(tmp_path):
    store = stocked(tmp_path, run=None)
    issue(store, 1, at(day=TUESDAY + timedelta(days=3650), trust="none"))
    used = [issue(store, n).number for n in range(2, 6)]
    store.close()
    (tmp_path / LEDGER).unlink()
    store = carries_on(tmp_path, used, [])
    told = [e["ticket_id"] for e in store.unsent(100) if e["kind"] == "ticket_issued"]
    assert str(UUID(int=1 << 64 | 5)) in told
    assert store.business_day(LATER) == TUESDAY


@pytest.mark.parametrize("body", ['{"office": 7}', "no json", b"\xff\xfe"])
def test_a_catalogue_that_cannot_be_read_is_taken_from_its_copy(tmp_path, body):
    a_morning(tmp_path, tickets=3)
    ledger = sqlite3.connect(tmp_path / LEDGER)
    ledger.execute("UPDATE documents SET body = CAST(? AS TEXT)", (body,))
    ledger.commit()
    ledger.close()
    store = Store.open(tmp_path, now=LATER)
    assert store.found.recovery is None
    assert store.catalogue() == CATALOGUE


def test_a_rebuilt_ledger_can_serve_without_the_server(tmp_path):
    a_morning(tmp_path, tickets=3)
    (tmp_path / LEDGER).write_bytes(b"noise")
    store = Store.open(tmp_path, now=LATER)
    assert issue(store, 50, LATER).label == "4"


def test_a_torn_last_line_is_no_ticket_and_spoils_nothing_after_it(tmp_path):
    a_morning(tmp_path, tickets=4)
    [path] = tmp_path.glob("numbers-*.log")
    whole = path.read_bytes()
    path.write_bytes(whole + b'1234abcd {"seq":9,"tick')
    book = NumberBook(tmp_path)
    assert len(book.read().tickets) == 4
    assert book.read().garbled == 0
    store = Store.open(tmp_path, now=LATER)
    issue(store, 50, LATER)
    store.close()
    contents = NumberBook(tmp_path).read()
    assert (len(contents.tickets), contents.garbled) == (5, 1)


def test_every_damaged_line_of_the_book_is_counted_and_passed_over(tmp_path):
    a_morning(tmp_path, tickets=4)
    [path] = tmp_path.glob("numbers-*.log")
    lines = path.read_bytes().split(b"\n")
    changed = [
        line.replace(b'"number":2', b'"number":7') if b'"number":2' in line else line
        for line in lines
    ]
    path.write_bytes(b"\n".join(changed))
    contents = NumberBook(tmp_path).read()
    assert [n.issued.number for n in contents.tickets] == [1, 3, 4]
    # Its outcome has lost its ticket.
    assert contents.garbled == 2


def test_a_ledger_of_a_later_version_is_left_alone(tmp_path):
    a_morning(tmp_path)
    later = sqlite3.connect(tmp_path / LEDGER)
    later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(LedgerTooNew, match="version 99"):
        Store.open(tmp_path, now=LATER)
    assert not list(tmp_path.glob("ledger-corrupt-*"))


def test_a_rebuilt_journal_continues_where_the_server_stands(tmp_path):
    a_morning(tmp_path, tickets=3)
    (tmp_path / LEDGER).unlink()
    store = Store.open(tmp_path, now=LATER)
    before = store.pending()
    store.align(400)
    assert [e["seq"] for e in store.unsent(100)] == list(range(401, 401 + before))
    store.staff_called("button", LATER)
    assert store.unsent(100)[-1]["seq"] == 401 + before
    assert store.aligned()


def test_when_the_server_stands_further_back_nothing_is_renumbered(tmp_path):
    a_morning(tmp_path, tickets=3)
    (tmp_path / LEDGER).unlink()
    store = Store.open(tmp_path, now=LATER)
    before = [e["seq"] for e in store.unsent(100)]
    store.align(0)
    assert [e["seq"] for e in store.unsent(100)] == before
    store.acknowledge(Acknowledged(ack=before[-1]), LATER)
    assert store.pending() == 0


def test_a_failed_reprint_takes_no_paper_away_in_a_rebuilt_ledger(tmp_path):
    store = stocked(tmp_path)
    ticket = issue(store, 1).ticket_id
    store.mark_sent(ticket, at())
    store.record_outcome(ticket, Outcome.PRINTED, at())
    store.record_outcome(ticket, Outcome.NOT_SENT, at(), copy_number=1)
    store.close()
    (tmp_path / LEDGER).write_bytes(b"no database")
    rebuilt = Store.open(tmp_path, now=LATER)
    assert rebuilt.ticket(ticket).state is TicketState.PRINTED
    assert rebuilt.ticket(ticket).voided is None
    rebuilt.close()
