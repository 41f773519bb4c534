"""Open data: the five figures, as JSON, CSV and a stream; and the kiosks' own."""

import csv
import io
from dataclasses import replace

from anyio import to_thread

from tests.server.house import KIOSK, PUBLIC, Clock, open_house


def test_an_empty_office_has_numbers_only_where_there_are_any(house):
    assert house.figures() == {
        "id": "moving",
        "name": house.hall.offices["chuo"].catalogue.procedure("moving").name,
        "open": True,
        "last_called": None,
        "next_up": None,
        "waiting": 0,
        "wait_minutes": None,
        "on_hold": 0,
    }


def test_the_figures_follow_the_queue(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    for _ in range(3):
        kiosk.print()
    clerk.did(clerk.next(), "hold", reason="form")
    clerk.next()
    figures = house.figures()
    assert figures["last_called"] == "B002"
    assert figures["next_up"] == "B003"
    assert (figures["waiting"], figures["on_hold"]) == (1, 1)
    assert figures["wait_minutes"].keys() == {"low", "high"}


def test_the_last_called_is_that_of_the_last_call_event(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print()
    kiosk.print()
    first = clerk.next("chuo_3")
    clerk.next("chuo_4")
    house.clock.forward(seconds=10)
    clerk.did(first, "recall")
    assert house.figures()["last_called"] == "B002"


def test_the_document_of_an_office_and_of_the_city(house):
    house.kiosk().print()
    house.hall.press.catch_up()
    office = house.client.get(f"{PUBLIC}/offices/chuo/congestion")
    city = house.client.get(f"{PUBLIC}/congestion").json()
    assert office.headers["content-type"] == "application/json"
    assert office.headers["access-control-allow-origin"] == "*"
    assert office.json()["as_of"] == "2026-04-01T01:00:00+00:00"
    assert office.json()["stale"] is False
    assert [one["office"] for one in city["offices"]] == ["chuo", "midori"]
    assert city["offices"][0] == office.json()


def test_who_has_the_figures_already_gets_no_body(house):
    address = f"{PUBLIC}/offices/chuo/congestion"
    etag = house.client.get(address).headers["etag"]
    again = house.client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    house.kiosk().print()
    house.hall.press.catch_up()
    changed = house.client.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200


def test_figures_the_press_does_not_renew_are_marked_stale(house):
    house.clock.forward(seconds=61)
    assert house.client.get(f"{PUBLIC}/offices/chuo/congestion").json()["stale"]
    assert all(
        one["stale"]
        for one in house.client.get(f"{PUBLIC}/congestion").json()["offices"]
    )
    house.hall.press.print_offices(["chuo", "midori"])
    assert not house.client.get(f"{PUBLIC}/offices/chuo/congestion").json()["stale"]


def test_the_table_opens_in_a_spreadsheet(house):
    house.kiosk().print()
    house.hall.press.catch_up()
    answer = house.client.get(f"{PUBLIC}/offices/chuo/congestion.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (moving,) = [row for row in rows if row["procedure"] == "moving"]
    assert (moving["waiting"], moving["next_up"]) == ("1", "B001")
    catalogue = house.hall.offices["chuo"].catalogue
    assert moving["name"] == catalogue.procedure("moving").name["ja"]


def test_an_unknown_office_is_a_problem(house):
    answer = house.client.get(f"{PUBLIC}/offices/nowhere/congestion")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_closed_office_says_so_and_its_buttons_too(settings):
    office_hours = replace(settings, always_open=False)
    clock = Clock()
    with open_house(office_hours, clock) as house:
        assert house.figures()["open"] is True
        clock.forward(hours=12)
        house.hall.press.print_offices(["chuo"])
        assert house.figures()["open"] is False


def test_with_open_counters_a_range_is_foretold_and_without_none(house):
    house.kiosk().print()
    assert house.figures()["wait_minutes"] is None
    house.clerk().post("/counters/chuo_3/open")
    wait = house.figures()["wait_minutes"]
    assert 0 <= wait["low"] < wait["high"]
    assert wait["low"] % 5 == wait["high"] % 5 == 0


def test_a_restarted_server_shows_what_it_showed(settings, clock):
    with open_house(settings, clock) as house:
        kiosk, clerk = house.kiosk(), house.clerk()
        for _ in range(4):
            kiosk.print()
        clerk.did(clerk.next(), "finish")
        clerk.next()
        before = house.figures()
    with open_house(settings, clock) as house:
        assert house.figures() == before


def test_a_kiosk_fetches_figures_and_catalogue_once(house):
    kiosk = house.kiosk()
    kiosk.print()
    house.hall.press.catch_up()
    for path in ("/figures", "/catalogue"):
        first = kiosk.get(path)
        again = kiosk.get(path, **{"If-None-Match": first.headers["etag"]})
        assert (first.status_code, again.status_code) == (200, 304)
    assert kiosk.get("/figures").json()["procedures"]["moving"]["waiting"] == 1
    assert kiosk.get("/catalogue").json()["office"] == "chuo"
    assert house.client.get(f"{KIOSK}/figures").status_code == 401


def test_a_crowd_is_not_foretold(house):
    kiosk = house.kiosk()
    events = []
    for n in range(1, 606):
        news = kiosk.issued(number=n)
        paper = kiosk.event(
            "print_outcome", ticket_id=news["ticket_id"], outcome="printed"
        )
        events += [news, paper]
    kiosk.report(*events[:1000])
    kiosk.report(*events[1000:])
    house.clerk().post("/counters/chuo_3/open")
    figures = house.figures()
    assert (figures["waiting"], figures["wait_minutes"]) == (605, None)


def test_the_boards_hear_that_nobody_is_called_any_more(house):
    house.kiosk().print()
    clerk, bell = house.clerk(), house.hall.bell
    ticket = clerk.next()
    office = house.hall.offices["chuo"]

    async def heard():
        with bell.listening("office:chuo") as listener:
            await to_thread.run_sync(clerk.did, ticket, "appear")
            (call,) = house.hall.live.scene(office, house.clock()).calls
            assert not call.over
            await to_thread.run_sync(clerk.did, ticket, "finish")
            while (ring := await listener.next(5)) is not None:
                if ring.event != "figures":
                    return ring

    told = house.client.portal.call(heard)
    assert (told.event, '"label":"B001"' in told.data) == ("over", True)
    (call,) = house.hall.live.scene(office, house.clock()).calls
    assert (call.label, call.over) == ("B001", True)


def test_the_last_called_is_the_last_call_event_even_if_it_was_undone(settings, clock):
    with open_house(settings, clock) as house:
        kiosk, clerk = house.kiosk(), house.clerk()
        kiosk.print()
        clerk.did(clerk.next("chuo_3"), "undo")
        assert house.figures()["last_called"] == "B001"
        assert house.figures()["next_up"] == "B001"
    with open_house(settings, clock) as house:
        assert house.figures()["last_called"] == "B001"
