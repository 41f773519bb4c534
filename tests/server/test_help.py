"""Whoever calls for staff at a kiosk is heard at the counters until seen to."""

from copy import deepcopy
from datetime import timedelta

import pytest
from anyio import to_thread

from server.bell import Ring
from server.poller import Poller
from server.store import kiosks, states
from server.store.states import Seen
from tests.server.house import key, open_house

STATE = {
    "schema": 1, "kiosk_id": "chuo-1", "office": "chuo", "boot_id": "b",
    "version": "0.1.0", "uptime_s": 1.0, "clock_trust": "ntp", "screen": "home",
    "printer": {
        "level": "ok", "code": "", "paper": "ok", "since": "2026-04-01T00:00:00Z"
    },
    "scanner": "ok",
    "sync": {"online": True, "pending": 0, "dead": 0, "last_ack_at": None},
    "numbers": {}, "tickets_today": 0, "findings": [], "cpu_temp_c": None,
    "throttled": None, "disk_free_mb": 1.0, "rss_mb": 1.0,
}  # fmt: skip


def wanted(clerk, office="chuo"):
    answer = clerk.get(f"/offices/{office}/help")
    assert answer.status_code == 200, answer.text
    return answer.json()["calls"]


def ring_for(kiosk, reason="visitor", **fields):
    event = kiosk.event("staff_called", reason=reason, clock_trust="ntp", **fields)
    assert kiosk.report(event)["refused"] == []


def shows(kiosk, level, code=""):
    state = deepcopy(STATE)
    state["printer"] |= {"level": level, "code": code}
    assert kiosk.post("/state", state).status_code == 204


def test_who_calls_for_staff_at_the_kiosk_is_heard_at_the_counter(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    ring_for(kiosk)
    (call,) = wanted(clerk)
    assert (call["kiosk"], call["reason"]) == (kiosk.id, "visitor")
    assert call["at"] == "2026-04-01T01:00:00.000+00:00"


def test_somebody_says_that_they_have_seen_to_it(house):
    kiosk, hana, ken = house.kiosk(), house.clerk(), house.clerk("ken")
    ring_for(kiosk)
    (call,) = wanted(hana)
    house.clock.forward(seconds=20)
    same = key()
    first = hana.post(f"/help/{call['id']}/seen", **same)
    assert first.json()["call"]["seen_by"] == "user:hana"
    assert first.json()["call"]["seen_at"] == "2026-04-01T01:00:20.000+00:00"
    assert wanted(ken) == []
    house.clock.forward(seconds=20)
    assert hana.post(f"/help/{call['id']}/seen", **same).json() == first.json()
    assert ken.post(f"/help/{call['id']}/seen").json() == first.json()


def test_the_same_call_within_a_minute_is_one_and_later_another(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    ring_for(kiosk)
    house.clock.forward(seconds=59)
    ring_for(kiosk)
    assert len(wanted(clerk)) == 1
    ring_for(kiosk, "paper_end")
    ring_for(house.kiosk())
    assert len(wanted(clerk)) == 3
    house.clock.forward(seconds=60)
    ring_for(kiosk)
    assert len(wanted(clerk)) == 4


def test_a_visitor_who_is_still_alone_calls_again_and_a_fault_does_not(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    for reason in ("visitor", "paper_end"):
        ring_for(kiosk, reason)
    for call in wanted(clerk):
        clerk.post(f"/help/{call['id']}/seen")
    house.clock.forward(seconds=10)
    for reason in ("visitor", "paper_end"):
        ring_for(kiosk, reason)
    assert [call["reason"] for call in wanted(clerk)] == ["visitor"]


def test_after_half_an_hour_nobody_is_called(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    ring_for(kiosk)
    house.clock.forward(minutes=29, seconds=59)
    assert len(wanted(clerk)) == 1
    house.clock.forward(seconds=1)
    assert wanted(clerk) == []


def test_a_call_that_arrives_after_a_long_break_calls_nobody(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    ring_for(kiosk, at=(house.clock() - timedelta(hours=2)).isoformat())
    assert wanted(clerk) == []


def test_a_call_outlives_a_restart(settings, clock):
    with open_house(settings, clock) as house:
        ring_for(house.kiosk())
        before = wanted(house.clerk())
    with open_house(settings, clock) as house:
        assert wanted(house.clerk()) == before != []


@pytest.mark.parametrize("name", ["chief", "tech"])
def test_everybody_who_can_help_sees_the_call(house, name):
    ring_for(house.kiosk())
    helper = house.clerk(name)
    (call,) = wanted(helper)
    assert helper.post(f"/help/{call['id']}/seen").status_code == 200


def test_calls_are_for_their_own_office(house):
    ring_for(house.kiosk())
    (call,) = wanted(house.clerk())
    stranger = house.clerk("midori")
    assert wanted(stranger, "midori") == []
    assert stranger.get("/offices/chuo/help").status_code == 403
    assert stranger.post(f"/help/{call['id']}/seen").status_code == 403
    assert house.client.get("/api/staff/v1/offices/chuo/help").status_code == 401
    assert house.clerk().post("/help/999/seen").status_code == 404


def test_a_printer_that_fails_calls_and_is_quiet_once_it_works(house):
    kiosk, clerk = house.kiosk(name="chuo-1"), house.clerk()
    shows(kiosk, "ok")
    assert wanted(clerk) == []
    for _ in range(3):
        shows(kiosk, "fault", "cutter_jam")
        house.clock.forward(minutes=2)
    assert [call["reason"] for call in wanted(clerk)] == ["cutter_jam"]
    shows(kiosk, "ok")
    assert wanted(clerk) == []


def test_a_fault_somebody_has_seen_to_does_not_call_again_while_it_lasts(house):
    kiosk, clerk = house.kiosk(name="chuo-1"), house.clerk()
    ring_for(kiosk, "paper_end")
    (call,) = wanted(clerk)
    clerk.post(f"/help/{call['id']}/seen")
    house.clock.forward(seconds=8)
    shows(kiosk, "fault", "paper_end")
    assert wanted(clerk) == []


def test_a_fault_is_heard_when_the_server_asks_too(house):
    kiosk = house.kiosk(name="chuo-1")
    state = deepcopy(STATE)
    state["printer"] |= {"level": "fault", "code": "cover_open"}
    with house.hall.database.write(house.clock()) as tx:
        known = kiosks.by_id(tx.connection, kiosk.id)
        states.keep(tx, known, Seen(state, None, 1.0))
    Poller(house.hall).round()
    assert [call["reason"] for call in wanted(house.clerk())] == ["cover_open"]


def test_the_staff_is_told_at_once(house):
    kiosk, clerk, bell = house.kiosk(), house.clerk(), house.hall.bell

    async def heard():
        with bell.listening("staff:chuo") as listener:
            await to_thread.run_sync(ring_for, kiosk)
            rung = [await listener.next(5)]
            (call,) = await to_thread.run_sync(wanted, clerk)
            seen = f"/help/{call['id']}/seen"
            await to_thread.run_sync(clerk.post, seen)
            return [*rung, await listener.next(5)]

    assert house.client.portal.call(heard) == [Ring("help", "{}")] * 2
