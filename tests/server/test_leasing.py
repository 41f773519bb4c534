"""Numbers on lease: no two kiosks ever hold the same one."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.server.house import MORNING


def span(lease):
    return range(lease["first"], lease["last"] + 1)


def test_two_kiosks_get_numbers_in_turn(house):
    one, other = house.kiosk(), house.kiosk()
    leases = [one.lease("moving"), other.lease("moving"), one.lease("moving")]
    assert [(lease["first"], lease["last"]) for lease in leases] == [
        (1, 20),
        (21, 40),
        (41, 60),
    ]


def test_the_same_request_gets_the_same_lease(house):
    kiosk = house.kiosk()
    again = {"request_id": str(uuid4())}
    assert kiosk.lease("moving", **again) == kiosk.lease("moving", **again)
    assert kiosk.lease("moving")["first"] == 21


def test_a_kiosk_alone_may_have_the_whole_series(house):
    assert len(span(house.kiosk().lease("moving", 999))) == 999


def test_among_several_a_run_stays_short(house):
    one = house.kiosk()
    house.kiosk()
    assert len(span(one.lease("moving", 999))) == 20


def test_a_reserve_lies_at_the_end_and_outlives_the_day(house):
    kiosk = house.kiosk()
    reserve = kiosk.lease("moving", 50, "reserve")
    assert (reserve["first"], reserve["last"], reserve["day"]) == (950, 999, None)
    house.clock.forward(days=1)
    other = house.kiosk()
    assert other.lease("moving", 50, "reserve")["last"] == 949


def test_numbers_begin_anew_with_the_day_and_old_runs_end(house):
    kiosk = house.kiosk()
    kiosk.lease("moving")
    house.clock.at = MORNING.replace(hour=15)  # midnight in Japan
    assert kiosk.lease("moving")["first"] == 1


def test_nine_in_the_morning_is_midnight_utc_and_changes_nothing(house):
    kiosk = house.kiosk()
    house.clock.at = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
    first = kiosk.lease("moving")
    house.clock.forward(seconds=2)
    second = kiosk.lease("moving")
    assert (first["first"], second["first"]) == (1, 21)
    assert first["day"] == second["day"] == "2026-04-01"


def test_a_reserve_is_given_back_for_good(house):
    kiosk = house.kiosk()
    reserve = kiosk.lease("moving", 50, "reserve")
    kiosk.report(kiosk.issued(number=950))
    rest = {"lease": reserve["lease"], "first": 951, "last": 999}
    assert kiosk.report(kiosk.event("lease_returned", **rest))["refused"] == []
    # All but the one that somebody holds.
    assert kiosk.lease("moving", 49, "reserve")["first"] == 951


def test_only_the_rest_of_ones_own_run_can_be_given_back(house):
    one, other = house.kiosk(), house.kiosk()
    run = one.lease("moving")
    middle = {"lease": run["lease"], "first": 3, "last": 5}
    assert (
        "not the rest"
        in one.report(one.event("lease_returned", **middle))["refused"][0]["title"]
    )
    whole = {"lease": run["lease"], "first": 1, "last": 20}
    assert (
        "not given"
        in other.report(other.event("lease_returned", **whole))["refused"][0]["title"]
    )


def test_what_is_given_back_is_given_out_again(house):
    one, other = house.kiosk(), house.kiosk()
    lease = one.lease("moving")
    one.print(number=1)
    one.report(
        one.event("lease_returned", lease=lease["lease"], first=2, last=lease["last"])
    )
    for _ in range(49):
        other.lease("moving")
    assert other.lease("moving")["first"] == 2


def test_a_number_still_open_is_passed_over_when_the_series_comes_round(house):
    kiosk = house.kiosk()
    kiosk.lease("moving", 999)
    kiosk.print(number=1)
    kiosk.print(number=500)
    clerk = house.clerk()
    called = clerk.next()
    clerk.did(called, "finish")
    kiosk.report(kiosk.issued(number=999))
    again = kiosk.lease("moving", 999)
    # 1 was served less than an hour ago, 500 and 999 wait; the lease skipped the rest.
    assert again["first"] == 2
    assert again["last"] == 499


def test_a_series_without_a_free_number_says_so(house):
    one, other = house.kiosk(), house.kiosk()
    leased = 0
    while leased < 999:
        leased += len(span(one.lease("moving")))
    refused = other.post(
        "/leases",
        {"request_id": str(uuid4()), "series": "moving", "count": 1, "kind": "run"},
    )
    assert refused.status_code == 409
    kinds = [c["kind"] for c in one.get("/commands?wait=0").json()["commands"]]
    assert kinds == ["return_leases"]
    assert "all 999 numbers of series moving are in use" in refused.json()["detail"]


def test_an_unknown_series_is_not_leased(house):
    wish = {"request_id": str(uuid4()), "series": "nothing", "count": 1, "kind": "run"}
    assert house.kiosk().post("/leases", wish).status_code == 404
