"""The business day: the office's local date, whatever the clock in Greenwich says."""

from datetime import UTC, datetime

from server.night import Night
from tests.server.house import open_house

BEFORE_MIDNIGHT = datetime(2026, 4, 1, 14, 59, tzinfo=UTC)
"""23:59 in Japan."""


def test_at_midnight_in_japan_the_queue_is_empty(house):
    house.clock.at = BEFORE_MIDNIGHT
    kiosk, clerk = house.kiosk(), house.clerk()
    waiting = kiosk.print()["ticket_id"]
    other = kiosk.print()["ticket_id"]
    clerk.did(other, "call", counter="chuo_3")
    house.clock.forward(minutes=2)
    Night(house.hall).round()
    assert clerk.ticket(waiting)["state"] == "expired"
    assert clerk.ticket(other)["state"] == "expired"
    assert clerk.tickets() == []
    figures = house.figures()
    assert (figures["waiting"], figures["last_called"]) == (0, None)


def test_the_first_report_of_the_day_ends_the_day_before(house):
    house.clock.at = BEFORE_MIDNIGHT
    kiosk, clerk = house.kiosk(), house.clerk()
    old = kiosk.print(number=1)["ticket_id"]
    house.clock.forward(minutes=2)
    new = kiosk.print(number=1)["ticket_id"]
    assert clerk.ticket(old)["state"] == "expired"
    assert [row["id"] for row in clerk.tickets()] == [new]


def test_at_nine_in_the_morning_nothing_ends(house):
    house.clock.at = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    kiosk, clerk = house.kiosk(), house.clerk()
    id = kiosk.print()["ticket_id"]
    house.clock.forward(minutes=2)
    Night(house.hall).round()
    assert clerk.ticket(id)["state"] == "waiting"
    assert clerk.next()["id"] == id


def test_the_fast_lanes_count_begins_anew(house):
    house.clock.at = BEFORE_MIDNIGHT
    kiosk, clerk = house.kiosk(), house.clerk()
    for _ in range(2):
        kiosk.print("preapplied")
        clerk.next()
    house.clock.forward(minutes=2)
    for procedure in ("moving", "preapplied", "preapplied"):
        kiosk.print(procedure)
    assert [clerk.next()["preapplied"] for _ in range(3)] == [True, True, False]


def test_a_ticket_of_yesterday_cannot_be_taken_up_again(house):
    house.clock.at = BEFORE_MIDNIGHT
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print()
    ticket = clerk.next()
    clerk.did(ticket, "finish")
    house.clock.forward(minutes=2)
    refused = house.chief().act(ticket, "reopen")
    assert refused.status_code == 409
    assert "2026-04-01" in refused.json()["detail"]


def test_a_cancel_touched_before_midnight_counts_after_it(house):
    house.clock.at = BEFORE_MIDNIGHT
    kiosk, clerk = house.kiosk(), house.clerk()
    id = kiosk.print()["ticket_id"]
    void = kiosk.event("ticket_voided", ticket_id=id, reason="visitor")
    house.clock.forward(minutes=2)
    assert kiosk.report(void)["refused"] == []
    assert clerk.ticket(id)["state"] == "cancelled"


def test_a_server_that_was_off_at_midnight_ends_the_day_when_it_starts(settings, clock):
    clock.at = BEFORE_MIDNIGHT
    with open_house(settings, clock) as house:
        id = house.kiosk().print()["ticket_id"]
    clock.forward(hours=9)
    with open_house(settings, clock) as house:
        assert house.clerk().ticket(id)["state"] == "expired"
