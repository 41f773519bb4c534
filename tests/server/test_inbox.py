"""What kiosks report is applied once each, and nothing bad blocks what is good."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from server.tables import events
from tests.server.house import MORNING


def test_a_reported_ticket_waits(house):
    news = house.kiosk().print()
    row = house.clerk().tickets(query="?state=waiting")[0]
    assert row["id"] == news["ticket_id"]
    assert (row["label"], row["state"], row["print"]) == ("B001", "waiting", "printed")
    assert row["issued_at"] == "2026-04-01T01:00:00.000+00:00"


def test_the_same_batch_again_changes_nothing_and_gets_the_same_answer(house):
    kiosk = house.kiosk()
    events = [kiosk.issued(), {"seq": next(kiosk.seq), "kind": "nonsense"}]
    first = kiosk.report(*events)
    assert kiosk.report(*events) == first
    assert first["ack"] == 2
    assert [refused["seq"] for refused in first["refused"]] == [2]
    assert len(house.clerk().tickets()) == 1


def test_a_refused_event_blocks_nothing_behind_it_and_is_shown(house):
    kiosk = house.kiosk()
    bad = kiosk.issued(label="Z999")
    good = kiosk.issued()
    answer = kiosk.report(bad, good)
    assert answer == {
        "ack": 2,
        "refused": [{"seq": 1, "title": "number 1 reads B001, not Z999"}],
    }
    letters = house.clerk("tech").get("/fleet").json()["dead_letters"]
    assert [(letter["seq"], letter["event"]["label"]) for letter in letters] == [
        (1, "Z999")
    ]
    assert [row["label"] for row in house.clerk().tickets()] == ["B002"]


def test_a_technician_settles_a_refused_event(house):
    kiosk, technician = house.kiosk(), house.clerk("tech")
    kiosk.report(kiosk.issued(label="Z999"))
    (letter,) = technician.get("/fleet").json()["dead_letters"]
    settle = f"/dead-letters/{letter['id']}/settle"
    assert technician.post(settle).status_code == 204
    assert technician.get("/fleet").json()["dead_letters"] == []
    assert technician.post(settle).status_code == 404


def test_a_gap_is_asked_for_again(house):
    kiosk = house.kiosk()
    first, second, third = kiosk.issued(), kiosk.issued(), kiosk.issued()
    assert kiosk.report(first, third)["ack"] == 1
    assert kiosk.report(second, third)["ack"] == 3
    assert len(house.clerk().tickets()) == 3


def test_a_ticket_known_by_its_id_is_applied_once_under_a_new_number(house):
    kiosk = house.kiosk()
    news = kiosk.issued()
    kiosk.report(news)
    assert kiosk.report({**news, "seq": next(kiosk.seq)})["refused"] == []
    assert len(house.clerk().tickets()) == 1


def test_another_ticket_under_a_known_id_is_refused(house):
    kiosk = house.kiosk()
    news = kiosk.issued()
    kiosk.report(news)
    answer = kiosk.report(kiosk.issued(ticket_id=news["ticket_id"]))
    assert "already known as B001" in answer["refused"][0]["title"]


def test_a_number_that_is_open_is_not_open_twice(house):
    kiosk = house.kiosk()
    kiosk.report(kiosk.issued(number=7))
    answer = kiosk.report(kiosk.issued(number=7))
    assert "is that of another ticket" in answer["refused"][0]["title"]
    assert len(house.clerk().tickets()) == 1


def test_an_event_without_a_number_refuses_the_batch(house):
    kiosk = house.kiosk()
    answer = kiosk.post("/events", {"events": [{"kind": "staff_called"}]})
    assert answer.status_code == 422
    assert "`seq`" in answer.json()["detail"]


def test_the_same_key_with_another_body_is_refused(house):
    kiosk = house.kiosk()
    same = {"Idempotency-Key": "one"}
    assert kiosk.post("/events", {"events": []}, **same).status_code == 200
    other = kiosk.post("/events", {"events": [kiosk.issued()]}, **same)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]


def test_who_is_not_enrolled_reports_nothing(house):
    kiosk = house.kiosk()
    stranger = {"Authorization": "Bearer stranger"}
    assert kiosk.post("/events", {"events": []}, **stranger).status_code == 401


def test_a_ticket_without_paper_keeps_its_place_and_is_passed_over(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    news = kiosk.issued()
    kiosk.report(news)
    house.clock.forward(minutes=1)
    kiosk.print()
    assert house.figures()["waiting"] == 1
    assert clerk.next()["label"] == "B002"
    kiosk.report(
        kiosk.event("print_outcome", ticket_id=news["ticket_id"], outcome="unknown")
    )
    assert clerk.next()["label"] == "B001"


def test_the_order_is_that_of_issue_never_that_of_numbers(house):
    early, late = house.kiosk(), house.kiosk()
    second = late.print(number=1)
    first = early.issued(
        number=30, at=(house.clock() - timedelta(minutes=5)).isoformat()
    )
    paper = early.event(
        "print_outcome", ticket_id=first["ticket_id"], outcome="printed"
    )
    house.clock.forward(minutes=10)
    early.report(first, paper)
    rows = house.clerk().tickets(query="?state=waiting")
    assert [row["id"] for row in rows] == [first["ticket_id"], second["ticket_id"]]


def test_no_ticket_is_issued_later_than_its_news(house):
    kiosk = house.kiosk()
    kiosk.print(at=(house.clock() + timedelta(hours=3)).isoformat())
    (row,) = house.clerk().tickets()
    assert datetime.fromisoformat(row["issued_at"]) == MORNING


def test_a_clock_nobody_set_does_not_throw_a_ticket_out_of_the_day(house):
    kiosk = house.kiosk()
    kiosk.print(at="2026-03-31T08:00:00+00:00", clock_trust="saved")
    (row,) = house.clerk().tickets()
    assert (row["day"], row["state"]) == ("2026-04-01", "waiting")


def test_within_a_kiosk_the_journal_gives_the_order(house):
    kiosk = house.kiosk()
    first = kiosk.print()
    house.clock.forward(minutes=1)
    back = (MORNING - timedelta(minutes=30)).isoformat()
    second = kiosk.print(at=back)
    rows = house.clerk().tickets()
    assert [r["id"] for r in rows] == [first["ticket_id"], second["ticket_id"]]


def test_a_ticket_of_yesterday_comes_too_late_for_the_queue(house):
    kiosk = house.kiosk()
    news = kiosk.issued()
    house.clock.forward(days=1)
    assert kiosk.report(news)["refused"] == []
    clerk = house.clerk()
    assert clerk.tickets() == []
    assert clerk.ticket(news["ticket_id"])["state"] == "expired"


def test_a_cancel_at_the_kiosk_is_judged_by_the_moment_of_the_touch(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    news = kiosk.print()
    house.clock.forward(seconds=30)
    void = kiosk.event("ticket_voided", ticket_id=news["ticket_id"], reason="visitor")
    house.clock.forward(minutes=1)
    called = clerk.next()
    house.clock.forward(minutes=1)
    clerk.did(called, "absent")
    assert kiosk.report(void)["refused"] == []
    assert clerk.ticket(news["ticket_id"])["state"] == "cancelled"


def test_a_cancel_of_someone_who_is_served_is_shown_and_changes_nothing(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    news = kiosk.print()
    clerk.did(clerk.next(), "appear")
    void = kiosk.event("ticket_voided", ticket_id=news["ticket_id"], reason="visitor")
    assert [r["seq"] for r in kiosk.report(void)["refused"]] == [void["seq"]]
    assert clerk.ticket(news["ticket_id"])["state"] == "serving"


def test_a_cancel_reported_twice_is_one(house):
    kiosk = house.kiosk()
    id = kiosk.print()["ticket_id"]
    for _ in range(2):
        void = kiosk.event("ticket_voided", ticket_id=id, reason="visitor")
        assert kiosk.report(void)["refused"] == []


def test_a_kiosk_speaks_only_of_its_own_tickets(house):
    one, other = house.kiosk(), house.kiosk()
    id = one.print()["ticket_id"]
    void = other.event("ticket_voided", ticket_id=id, reason="visitor")
    assert "not of this kiosk" in other.report(void)["refused"][0]["title"]


def test_a_call_for_staff_is_in_the_log(house):
    kiosk = house.kiosk()
    answer = kiosk.report(
        kiosk.event("staff_called", reason="button"),
        kiosk.event("ledger_recovered", quarantined="x", restored_tickets=3),
    )
    assert answer == {"ack": 2, "refused": []}


def test_a_day_without_network_drains_at_once(house):
    kiosk = house.kiosk()
    events = []
    for n in range(1, 401):
        news = kiosk.issued(number=n)
        paper = kiosk.event(
            "print_outcome", ticket_id=news["ticket_id"], outcome="printed"
        )
        events += [news, paper]
    assert kiosk.report(*events) == {"ack": 800, "refused": []}
    assert house.figures()["waiting"] == 400


def test_unknown_fields_of_a_newer_kiosk_are_ignored(house):
    kiosk = house.kiosk()
    assert kiosk.report(kiosk.issued(smell="roses"))["refused"] == []


def test_an_answer_to_a_command_never_given_is_refused(house):
    kiosk = house.kiosk()
    answer = kiosk.report(kiosk.event("command_done", command_id=str(uuid4()), ok=True))
    assert "never given" in answer["refused"][0]["title"]


def reprinted(kiosk, news, outcome):
    return kiosk.report(
        kiosk.event(
            "print_outcome",
            ticket_id=news["ticket_id"],
            outcome=outcome,
            copy_number=1,
        )
    )


@pytest.mark.parametrize("outcome", ["not_sent", "held"])
def test_a_reprint_that_fails_takes_no_visitor_out_of_the_queue(house, outcome):
    kiosk, clerk = house.kiosk(), house.clerk()
    news = kiosk.print()
    assert reprinted(kiosk, news, outcome)["refused"] == []
    assert clerk.ticket(news["ticket_id"])["print"] == "printed"
    with house.hall.database.read() as connection:
        (*_, last) = connection.execute(
            select(events.c.payload).where(events.c.type == "print_outcome")
        ).scalars()
    assert (last["outcome"], last["copy_number"]) == (outcome, 1)
    assert clerk.next()["id"] == news["ticket_id"]


def test_a_failed_reprint_does_not_void_the_ticket_whose_paper_exists(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    news = kiosk.print()
    reprinted(kiosk, news, "not_sent")
    void = kiosk.event("ticket_voided", ticket_id=news["ticket_id"], reason="not_sent")
    assert "B001 is printed" in kiosk.report(void)["refused"][0]["title"]
    assert clerk.next()["id"] == news["ticket_id"]


def test_a_ticket_that_never_got_paper_is_voided(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    news = kiosk.issued()
    id = news["ticket_id"]
    answer = kiosk.report(
        news,
        kiosk.event("print_outcome", ticket_id=id, outcome="not_sent"),
        kiosk.event("ticket_voided", ticket_id=id, reason="not_sent"),
    )
    assert answer["refused"] == []
    assert clerk.ticket(id)["state"] == "cancelled"
