"""A number, its ledger row and its news: both or neither, whatever happens."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from drivers import Outcome
from kiosk.database import LedgerInUse, StorageFull
from kiosk.store import NoCatalogue, NoNumbers, NotOffered, Store
from kiosk.tickets import TicketEnded, TicketState, UnknownTicket
from tests.kiosk.office import (
    LEDGER,
    TUESDAY,
    at,
    grant,
    issue,
    kinds,
    opened,
    stocked,
    touch,
)

WEDNESDAY = TUESDAY + timedelta(days=1)


def test_a_touch_gets_the_next_number_and_the_server_will_hear_of_it(tmp_path):
    store = stocked(tmp_path)
    ticket = store.issue(
        "moving", touch(1), language="en", now=at("10:15"), shown=(10, 25)
    )
    assert (ticket.label, ticket.state) == ("1", TicketState.INTENT)
    assert ticket.issued_at == at("10:15").at
    [event] = store.unsent(10)
    assert event["seq"] == 1
    assert event["kind"] == "ticket_issued"
    assert event["ticket_id"] == str(ticket.ticket_id) == str(touch(1))
    assert (event["number"], event["serial"]) == (1, ticket.serial)
    assert (event["shown_low"], event["shown_high"]) == (10, 25)
    assert (event["preapplied"], event["verified"]) == (False, False)


def test_a_touch_on_jizen_shinsei_is_preapplied_and_not_verified(tmp_path):
    store = opened(tmp_path)
    store.add_lease(grant(1, 9, series="fast"), touch(0), at())
    ticket = store.issue("preapplied", touch(1), language="ja", now=at())
    assert (ticket.label, ticket.preapplied, ticket.verified) == ("F01", True, False)


def test_the_same_touch_gives_the_same_ticket(tmp_path):
    store = stocked(tmp_path)
    first = issue(store, 1)
    assert issue(store, 1, at("10:01")) == first
    assert issue(store, 2).label == "2"
    assert kinds(store) == ["ticket_issued", "ticket_issued"]


def test_the_reserve_is_used_only_when_the_run_is_spent(tmp_path):
    store = stocked(tmp_path, run=(1, 2), reserve=(501, 502))
    labels = [issue(store, n).label for n in range(4)]
    assert labels == ["1", "2", "501", "502"]
    assert store.remaining(at())["moving"] == 0


def test_no_number_is_ever_invented(tmp_path):
    store = stocked(tmp_path, run=(1, 1), reserve=None)
    issue(store, 1)
    with pytest.raises(NoNumbers) as none_left:
        issue(store, 2)
    assert none_left.value.series == "moving"
    assert kinds(store) == ["ticket_issued"]
    with pytest.raises(UnknownTicket):
        store.ticket(touch(2))


def test_without_a_catalogue_nothing_is_issued(tmp_path):
    store = Store.open(tmp_path, now=at())
    with pytest.raises(NoCatalogue):
        issue(store, 1)


def test_a_procedure_that_is_gone_gets_no_number(tmp_path):
    store = stocked(tmp_path)
    with pytest.raises(NotOffered, match="offers no passports any more"):
        store.issue("passports", touch(1), language="ja", now=at())
    assert kinds(store) == []


def test_a_machine_that_does_not_know_the_day_uses_the_reserve_first(tmp_path):
    store = stocked(tmp_path, run=(1, 1), reserve=(501, 501))
    lost = at("10:00", trust="saved")
    assert [issue(store, n, lost).label for n in range(2)] == ["501", "1"]


def test_yesterdays_run_is_not_todays_and_the_reserve_starts_afresh(tmp_path):
    store = stocked(tmp_path, run=(1, 30), reserve=(501, 520))
    for n in range(31):
        issue(store, n)
    assert store.last_ticket(at()).label == "501"
    tomorrow = at("09:00", day=WEDNESDAY)
    assert issue(store, 99, tomorrow).label == "501"
    assert store.tickets_today(tomorrow) == 1


def test_an_enrolled_kiosk_issues_on_any_morning_without_network(tmp_path):
    stocked(tmp_path).close()
    for day in range(1, 9):
        morning = at("09:00", day=TUESDAY + timedelta(days=day))
        store = Store.open(tmp_path, now=morning)
        assert issue(store, day, morning).label == "501"
        store.close()


@pytest.mark.parametrize(
    ("before", "after"), [("08:59", "09:01"), ("09:59", "10:00"), ("00:01", "23:59")]
)
def test_midnight_in_greenwich_is_no_new_day_in_chiba(tmp_path, before, after):
    store = stocked(tmp_path)
    assert issue(store, 1, at(before)).label == "1"
    assert issue(store, 2, at(after)).label == "2"
    assert store.tickets_today(at(after)) == 2


def test_midnight_in_chiba_is_a_new_day(tmp_path):
    store = stocked(tmp_path)
    issue(store, 1, at("23:59"))
    assert issue(store, 2, at("00:01", day=WEDNESDAY)).label == "501"


def test_a_clock_that_jumps_back_gives_no_number_twice(tmp_path):
    store = stocked(tmp_path, run=None)
    tomorrow = at("10:00", day=WEDNESDAY)
    labels = [
        issue(store, 1).label,
        issue(store, 2, tomorrow).label,
        issue(store, 3, at("10:01")).label,
        issue(store, 4, at("10:01", trust="none")).label,
    ]
    assert labels == ["501", "501", "502", "503"]
    assert store.business_day(at("10:02")) == WEDNESDAY


def test_a_day_only_a_wild_clock_claimed_is_taken_back(tmp_path):
    store = stocked(tmp_path, run=None)
    wild = at("10:00", day=TUESDAY + timedelta(days=3650), trust="none")
    labels = [
        issue(store, 1).label,
        issue(store, 2, wild).label,
        issue(store, 3, at("10:05")).label,
    ]
    assert labels == ["501", "501", "502"]
    assert store.business_day(at("10:06")) == TUESDAY


def test_server_and_clock_together_take_back_a_wrong_day(tmp_path):
    store = stocked(tmp_path, run=None)
    issue(store, 1)
    wrong = at("10:00", day=TUESDAY + timedelta(days=365))
    assert issue(store, 2, wrong).label == "501"
    assert store.business_day(at("10:10")) == wrong.at.date()
    assert store.add_lease(grant(31, 60), touch(0), at("10:10"))
    assert store.business_day(at("10:10")) == TUESDAY
    assert issue(store, 3, at("10:11")).label == "31"


def test_numbers_for_another_day_are_kept_and_not_used(tmp_path):
    store = stocked(tmp_path, run=None)
    assert not store.add_lease(grant(1, 30, day=WEDNESDAY), touch(0), at())
    assert issue(store, 1).label == "501"
    assert issue(store, 2, at(day=WEDNESDAY)).label == "1"


def test_a_range_that_comes_round_again_is_another_lease(tmp_path):
    store = stocked(tmp_path, run=(1, 2), reserve=None)
    issue(store, 1)
    issue(store, 2)
    store.add_lease(grant(1, 2, id=77), touch(0), at("15:00"))
    assert [issue(store, n).label for n in (3, 4)] == ["1", "2"]


def test_after_a_changed_series_old_numbers_are_not_issued(tmp_path):
    store = stocked(tmp_path, run=(850, 879), reserve=(501, 520))
    narrower = store.catalogue().model_copy(
        update={
            "series": (
                store.catalogue().series_of("moving").model_copy(update={"last": 600}),
                store.catalogue().series_of("fast"),
            )
        }
    )
    store.keep_catalogue(narrower, '"2"', at("10:05"))
    assert issue(store, 1).label == "501"


def test_the_life_of_a_printed_ticket(tmp_path):
    store = stocked(tmp_path)
    ticket = issue(store, 1)
    store.mark_sent(ticket.ticket_id, at())
    assert store.ticket(ticket.ticket_id).state is TicketState.SENT
    store.record_outcome(ticket.ticket_id, Outcome.PRINTED, at(), grade="A-")
    assert store.ticket(ticket.ticket_id).state is TicketState.PRINTED
    assert kinds(store) == ["ticket_issued", "print_outcome"]
    assert store.unsent(10)[1]["grade"] == "A-"
    assert store.counts_today(at()) == {"PRINTED": 1}


def test_a_held_ticket_waits_until_it_is_printed_whole(tmp_path):
    store = stocked(tmp_path)
    ticket = issue(store, 1)
    store.mark_sent(ticket.ticket_id, at())
    store.record_outcome(ticket.ticket_id, Outcome.HELD, at(), cause="paper_end")
    assert [t.label for t in store.held()] == ["1"]
    store.record_outcome(ticket.ticket_id, Outcome.PRINTED, at(), copy_number=1)
    assert store.held() == ()
    assert store.ticket(ticket.ticket_id).copy_number == 1


def test_a_number_taken_on_screen_needs_no_paper(tmp_path):
    store = stocked(tmp_path)
    ticket = issue(store, 1)
    store.record_outcome(ticket.ticket_id, Outcome.NOT_SENT, at(), cause="paper_end")
    store.accept_on_screen(ticket.ticket_id, at())
    assert store.ticket(ticket.ticket_id).state is TicketState.ON_SCREEN
    assert store.unsent(10)[-1]["outcome"] == "not_required"


def test_a_ticket_given_back_is_neither_printed_nor_taken(tmp_path):
    store = stocked(tmp_path)
    ticket = issue(store, 1)
    store.void(ticket.ticket_id, "visitor", at())
    store.void(ticket.ticket_id, "visitor", at())
    assert kinds(store) == ["ticket_issued", "ticket_voided"]
    with pytest.raises(TicketEnded):
        store.mark_sent(ticket.ticket_id, at())
    with pytest.raises(TicketEnded):
        store.accept_on_screen(ticket.ticket_id, at())
    with pytest.raises(TicketEnded):
        issue(store, 1)
    assert store.last_ticket(at()) is None


def test_what_a_restart_finds_is_settled_before_anybody_touches_the_screen(tmp_path):
    store = stocked(tmp_path)
    intent, sent, held, printed = (issue(store, n) for n in range(4))
    for ticket in (sent, held, printed):
        store.mark_sent(ticket.ticket_id, at())
    store.record_outcome(held.ticket_id, Outcome.HELD, at())
    store.record_outcome(printed.ticket_id, Outcome.PRINTED, at())
    store.close()

    store = Store.open(tmp_path, now=at("10:01"))
    assert [t.label for t in store.found.unknown] == [sent.label]
    assert [t.label for t in store.found.voided] == [intent.label]
    assert [t.label for t in store.found.held] == [held.label]
    assert store.ticket(sent.ticket_id).state is TicketState.UNKNOWN
    assert store.ticket(intent.ticket_id).voided == "not_sent"
    news = store.unsent(100)[-2:]
    assert [(e["kind"], e["ticket_id"]) for e in news] == [
        ("print_outcome", str(sent.ticket_id)),
        ("ticket_voided", str(intent.ticket_id)),
    ]
    assert news[0]["outcome"] == "unknown"
    store.close()
    assert Store.open(tmp_path, now=at("10:02")).found.unknown == ()


def test_a_second_kiosk_on_the_same_ledger_is_told_so(tmp_path):
    store = stocked(tmp_path)
    with pytest.raises(LedgerInUse, match="another seiriken-kiosk"):
        Store.open(tmp_path, now=at())
    store.close()
    Store.open(tmp_path, now=at()).close()


def test_another_thread_has_its_own_connection_to_the_same_ledger(tmp_path):
    store = stocked(tmp_path)
    beside = store.beside()
    heard = []
    store.when_journalled(lambda: heard.append("news"))
    issue(store, 1)
    assert len(beside.unsent(10)) == 1
    assert heard == ["news"]
    beside.keep_catalogue(
        store.catalogue().model_copy(update={"phone": "043-221-2111"}), '"2"', at()
    )
    assert store.catalogue().phone == "043-221-2111"
    beside.close_beside()
    issue(store, 2)


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of 8 MiB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_full_disk_gives_no_number_and_none_is_given_twice(small_disk):
    store = stocked(small_disk, run=(1, 800), reserve=None)
    ballast = small_disk / "ballast"
    room = os.statvfs(small_disk)
    ballast.write_bytes(b"\0" * (room.f_bavail * room.f_frsize - 200_000))
    given: list[int] = []
    with pytest.raises(StorageFull):
        given.extend(issue(store, n).number for n in range(1, 800))
    assert given
    refused = len(given) + 1
    with pytest.raises((StorageFull, TicketEnded)):
        issue(store, refused)

    ballast.unlink()
    given += [issue(store, n).number for n in range(1001, 1011)]
    assert len(set(given)) == len(given)
    told = [e["number"] for e in store.unsent(1000) if e["kind"] == "ticket_issued"]
    assert set(given) <= set(told)
    assert len(set(told)) == len(told)
    store.close()
    store = Store.open(small_disk, now=at())
    assert store.found.recovery is None
    assert issue(store, 2001).number not in given


def test_a_number_that_cannot_be_booked_is_void_and_nobody_gets_it(tmp_path):
    store = stocked(tmp_path)
    (tmp_path / f"numbers-{WEDNESDAY}.log").symlink_to("/dev/full")
    morning = at("09:00", day=WEDNESDAY)
    with pytest.raises(StorageFull, match="numbers-2026"):
        issue(store, 1, morning)
    assert store.ticket(touch(1)).voided == "not_sent"
    assert kinds(store) == ["ticket_issued", "ticket_voided"]
    (tmp_path / f"numbers-{WEDNESDAY}.log").unlink()
    assert issue(store, 2, morning).label == "502"


def test_the_ledger_file_belongs_to_the_kiosk_alone(tmp_path):
    store = stocked(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data" / LEDGER).exists()
    store.close()


def test_out_of_service_lasts_over_a_restart(tmp_path):
    store = stocked(tmp_path)
    assert not store.out_of_service()
    store.put_out_of_service(True)
    store.close()
    again = stocked(tmp_path)
    assert again.out_of_service()
    again.put_out_of_service(False)
    assert not again.out_of_service()
