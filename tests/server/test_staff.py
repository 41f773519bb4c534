"""The staff calls, holds, transfers; the server refuses what the rules do not have."""

from uuid import uuid4

from sqlalchemy import select

from server.tables import events
from tests.server.house import PASSWORD, STAFF, key


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


def log_in(house, password, user="hana"):
    return house.client.post(
        f"{STAFF}/login", json={"user": user, "password": password}
    )


def test_a_log_in_opens_the_api_and_the_pages(house):
    answer = log_in(house, PASSWORD)
    bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    house.client.cookies.clear()
    me = house.client.get(f"{STAFF}/me", headers=bearer).json()
    assert me == {"user": "hana", "role": "counter", "office": "chuo", "counters": []}


def test_a_wrong_password_and_an_unknown_user_look_the_same(house):
    wrong = problem(log_in(house, "wrong"), 401)
    unknown = problem(log_in(house, "wrong", user="nobody"), 401)
    assert wrong == unknown


def test_guessing_a_password_is_soon_stopped(house):
    answers = [log_in(house, "wrong").status_code for _ in range(31)]
    assert answers[0] == 401
    assert answers[-1] == 429
    problem(log_in(house, PASSWORD), 429)
    house.clock.forward(minutes=1)
    assert log_in(house, PASSWORD).status_code == 200


def test_a_session_ends(house):
    clerk = house.clerk()
    house.clock.forward(hours=12)
    problem(clerk.get("/me"), 401)


def test_who_logs_out_is_out(house):
    clerk = house.clerk()
    assert clerk.post("/logout").status_code == 204
    problem(clerk.get("/me"), 401)


def test_call_next_calls_the_oldest_and_opens_the_counter(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    first = kiosk.print()
    kiosk.print()
    ticket = clerk.next()
    assert ticket["id"] == first["ticket_id"]
    assert ticket["state"] == "called"
    assert (ticket["counter"], ticket["rule"], ticket["calls"]) == ("chuo_3", "only", 1)
    (post,) = [
        c
        for c in clerk.get("/offices/chuo/counters").json()["counters"]
        if c["id"] == "chuo_3"
    ]
    assert (post["open"], post["user"]) == (True, "hana")


def test_call_next_finishes_who_is_there(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print()
    kiosk.print()
    first = clerk.next()
    second = clerk.next()
    assert clerk.ticket(first["id"])["state"] == "done"
    assert second["state"] == "called"
    assert clerk.next() is None
    assert clerk.ticket(second["id"])["state"] == "done"


def test_a_second_press_within_three_seconds_is_the_same_press(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    first, second = kiosk.print(), kiosk.print()
    called = clerk.next()
    house.clock.forward(seconds=2.999)
    again = clerk.post("/counters/chuo_3/next", {"by_hand": True}).json()["ticket"]
    assert again == called
    assert house.figures()["waiting"] == 1
    house.clock.forward(seconds=0.001)
    after = clerk.post("/counters/chuo_3/next", {"by_hand": True}).json()["ticket"]
    assert after["id"] == second["ticket_id"]
    assert clerk.ticket(first["ticket_id"])["state"] == "done"


def test_a_press_soon_after_a_recall_finishes_nobody(house):
    house.kiosk().print()
    clerk = house.clerk()
    called = clerk.next()
    house.clock.forward(seconds=10)
    recalled = clerk.did(called, "recall")
    house.clock.forward(seconds=2)
    assert (
        clerk.post("/counters/chuo_3/next", {"by_hand": True}).json()["ticket"]
        == recalled
    )


def test_who_has_come_or_is_finished_holds_up_no_press(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    for _ in range(3):
        kiosk.print()
    labels = []
    for deed in ("appear", "finish", "absent"):
        ticket = clerk.post("/counters/chuo_3/next").json()["ticket"]
        clerk.did(ticket, deed)
        labels.append(ticket["label"])
    assert labels == ["B001", "B002", "B003"]


def test_a_counter_calls_only_what_it_serves(house):
    house.kiosk().print("moving")
    assert house.clerk().next("chuo_1") is None


def test_the_first_of_the_list_is_whom_call_next_calls(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    for procedure in ("moving", "moving", "preapplied", "preapplied", "preapplied"):
        kiosk.print(procedure)
        house.clock.forward(seconds=10)
    while rows := clerk.tickets(query="?state=waiting"):
        called = clerk.next()
        assert called["id"] == rows[0]["id"]
        assert [row["ahead"] for row in rows] == list(range(len(rows)))


def test_the_fast_lane_is_called_at_most_twice_per_ordinary(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    for procedure in ["moving"] * 2 + ["preapplied"] * 4:
        kiosk.print(procedure)
    called = [clerk.next() for _ in range(6)]
    assert "".join("F" if t["preapplied"] else "N" for t in called) == "FFNFFN"
    assert [t["rule"] for t in called] == [
        "share_fast", "share_fast", "share_ordinary",
        "share_fast", "share_fast", "only",
    ]  # fmt: skip


def test_an_undo_gives_the_group_its_turn_back(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    for procedure in ["moving"] + ["preapplied"] * 3:
        kiosk.print(procedure)
    first = clerk.next()
    clerk.did(first, "undo")
    assert clerk.ticket(first["id"])["calls"] == 0
    lanes = [clerk.next()["preapplied"] for _ in range(4)]
    assert lanes == [True, True, False, True]


def test_a_wrong_step_is_refused_with_what_is_possible(house):
    house.kiosk().print()
    clerk = house.clerk()
    ticket = clerk.next()
    clerk.did(ticket, "finish")
    refused = problem(clerk.act(ticket, "appear"), 409)
    assert refused["ticket"] == ticket["id"]
    assert (refused["state"], refused["version"]) == ("done", 4)
    assert refused["allowed"] == []
    chief = house.chief()
    assert problem(chief.act(ticket, "appear"), 409)["allowed"] == ["reopen"]


def test_a_stale_version_is_refused_with_the_present_state(house):
    house.kiosk().print()
    clerk = house.clerk()
    ticket = clerk.next()
    clerk.did(ticket, "appear", version=ticket["version"])
    refused = problem(clerk.act(ticket, "finish", version=ticket["version"]), 409)
    assert (refused["state"], refused["version"]) == ("serving", ticket["version"] + 1)
    assert "finish" in refused["allowed"]


def test_an_unknown_ticket_is_not_found(house):
    problem(house.clerk().act(str(uuid4()), "finish"), 404)
    problem(house.clerk().act("no-id", "finish"), 422)


def test_an_unknown_counter_office_or_action_is_not_found(house):
    id = house.kiosk().print()["ticket_id"]
    clerk = house.clerk()
    problem(clerk.post("/counters/nowhere/next"), 404)
    problem(clerk.get("/offices/nowhere/tickets"), 404)
    problem(clerk.act(id, "expire"), 404)
    problem(clerk.act(id, "call", counter="midori_1"), 404)


def test_staff_of_another_office_is_refused(house):
    id = house.kiosk().print()["ticket_id"]
    stranger = house.clerk("midori")
    problem(stranger.get("/offices/chuo/tickets"), 403)
    problem(stranger.post("/counters/chuo_3/next"), 403)
    problem(stranger.act(id, "cancel", reason="x"), 403)
    problem(stranger.get(f"/tickets/{id}"), 403)


def test_a_technician_sees_no_visitors_and_a_clerk_no_fleet(house):
    technician = house.clerk("tech")
    problem(technician.get("/offices/chuo/tickets"), 403)
    problem(technician.post("/counters/chuo_3/next"), 403)
    problem(house.clerk().get("/fleet"), 403)


def test_without_a_key_staff_changes_nothing(house):
    clerk = house.clerk()
    answer = house.client.post(
        f"{STAFF}/counters/chuo_3/next", json={}, headers=clerk.headers
    )
    problem(answer, 400)


def test_a_replayed_call_has_one_effect_and_the_first_answer(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print()
    kiosk.print()
    same = key()
    first = clerk.post("/counters/chuo_3/next", **same)
    assert clerk.post("/counters/chuo_3/next", **same).json() == first.json()
    assert house.figures()["waiting"] == 1


def test_the_same_key_for_another_deed_is_refused(house):
    house.kiosk().print()
    clerk, same = house.clerk(), key()
    ticket = clerk.post("/counters/chuo_3/next", **same).json()["ticket"]
    problem(clerk.post(f"/tickets/{ticket['id']}/finish", **same), 422)


def test_one_counter_does_not_end_what_another_serves(house):
    house.kiosk().print()
    hana, ken = house.clerk("hana"), house.clerk("ken")
    ticket = hana.next("chuo_3")
    assert ken.next("chuo_4") is None
    assert "chuo_3" in problem(ken.act(ticket, "finish"), 403)["detail"]
    assert house.chief().did(ticket, "finish")["state"] == "done"


def test_nobody_finishes_another_clerks_visitor_without_saying_so(house):
    kiosk, hana, ken = house.kiosk(), house.clerk("hana"), house.clerk("ken")
    kiosk.print()
    second = kiosk.print()["ticket_id"]
    first = hana.next("chuo_3")
    house.clock.forward(minutes=5)
    for path in ("/counters/chuo_3/next", "/counters/chuo_3/open"):
        refused = problem(ken.post(path, {"by_hand": True}), 409)
        assert refused["taken_by"] == {
            "user": "hana",
            "since": "2026-04-01T01:00:03.000+00:00",
        }
        assert (refused["ticket"], refused["state"]) == (first["id"], "called")
    assert hana.ticket(first["id"])["state"] == "called"
    answer = ken.post("/counters/chuo_3/next", {"by_hand": True, "take_over": True})
    assert answer.json()["ticket"]["id"] == second
    assert hana.ticket(first["id"])["state"] == "done"
    with house.hall.database.read() as connection:
        finished = select(events.c.actor).where(events.c.type == "finish")
        assert connection.execute(finished).scalars().all() == ["user:ken"]
    assert (
        problem(hana.post("/counters/chuo_3/next", {"by_hand": True}), 409)["taken_by"][
            "user"
        ]
        == "ken"
    )


def test_a_program_is_not_held_back_at_a_counter(house):
    kiosk, hana, ken = house.kiosk(), house.clerk("hana"), house.clerk("ken")
    first, second = kiosk.print()["ticket_id"], kiosk.print()["ticket_id"]
    assert hana.next("chuo_3")["id"] == first
    answer = ken.post("/counters/chuo_3/next")
    assert answer.json()["ticket"]["id"] == second
    assert hana.ticket(first)["state"] == "done"


def test_a_counter_without_a_visitor_is_anybodys(house):
    kiosk, hana, ken = house.kiosk(), house.clerk("hana"), house.clerk("ken")
    kiosk.print()
    kiosk.print()
    hana.did(hana.next("chuo_3"), "finish")
    assert ken.next("chuo_3")["label"] == "B002"


def test_looking_at_a_ticket_waits_for_no_writer(house):
    id = house.kiosk().print()["ticket_id"]
    clerk = house.clerk()
    with house.hall.database.write(house.clock()):
        found = clerk.get(f"/tickets/{id}").json()
    assert "cancel" in found["allowed"]


def test_one_person_may_look_after_several_counters(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print()
    kiosk.print()
    first, second = clerk.next("chuo_3"), clerk.next("chuo_4")
    assert clerk.did(first, "finish")["state"] == "done"
    assert clerk.did(second, "finish")["state"] == "done"


def test_nobody_is_called_to_a_busy_counter(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print()
    other = kiosk.print()["ticket_id"]
    clerk.next("chuo_3")
    refused = problem(clerk.act(other, "call", counter="chuo_3"), 409)
    assert "busy with B001" in refused["detail"]
    assert clerk.did(other, "call", counter="chuo_5")["rule"] == "direct"


def test_a_hold_has_a_reason_and_comes_back_to_its_counter(house):
    house.kiosk().print()
    clerk = house.clerk()
    ticket = clerk.next()
    problem(clerk.act(ticket, "hold"), 422)
    held = clerk.did(ticket, "hold", reason="writes a form", minutes=10)
    assert (held["state"], held["hold_owner"]) == ("on_hold", "chuo_3")
    assert held["hold_until"] == "2026-04-01T01:10:03.000+00:00"
    assert house.figures()["on_hold"] == 1
    assert clerk.did(ticket, "resume")["counter"] == "chuo_3"


def test_a_hold_for_the_pool_is_taken_up_by_any_counter(house):
    house.kiosk().print()
    hana, ken = house.clerk("hana"), house.clerk("ken")
    ticket = hana.next("chuo_3")
    hana.did(ticket, "hold", reason="photo", pool=True)
    ken.next("chuo_4")
    assert ken.did(ticket, "resume")["counter"] == "chuo_4"


def test_who_did_not_come_may_come_back_or_is_given_up(house):
    house.kiosk().print()
    clerk = house.clerk()
    ticket = clerk.next()
    for _ in range(2):
        problem(clerk.act(ticket, "recall"), 409)
        house.clock.forward(seconds=10)
        clerk.did(ticket, "recall")
    clerk.did(ticket, "absent")
    assert house.figures()["on_hold"] == 1
    clerk.did(ticket, "return")
    again = clerk.next()
    assert again["id"] == ticket["id"]
    clerk.did(ticket, "absent")
    assert clerk.did(ticket, "give_up")["state"] == "no_show"
    problem(clerk.act(ticket, "reopen"), 403)
    assert house.chief().did(ticket, "reopen")["state"] == "waiting"


def test_a_transfer_keeps_the_number_and_comes_back_if_asked(house):
    house.kiosk().print()
    clerk = house.clerk()
    ticket = clerk.next()
    moved = clerk.did(
        ticket, "transfer", procedure="insurance", note="child", **{"return": True}
    )
    assert (moved["label"], moved["procedure"], moved["leg"]) == (
        "B001",
        "insurance",
        2,
    )
    assert moved["note"] == "child"
    there = clerk.next("chuo_5")
    assert there["id"] == ticket["id"]
    back = clerk.did(ticket, "finish")
    assert (back["state"], back["procedure"], back["leg"]) == ("waiting", "moving", 3)


def test_a_transfer_needs_a_procedure_that_issues(house):
    id = house.kiosk().print()["ticket_id"]
    clerk = house.clerk()
    problem(clerk.act(id, "transfer"), 422)
    problem(clerk.act(id, "transfer", procedure="nothing"), 404)
    problem(clerk.act(id, "transfer", procedure="mynumber"), 404)


def test_a_wrong_claim_makes_the_ticket_ordinary(house):
    id = house.kiosk().print("preapplied")["ticket_id"]
    clerk = house.clerk()
    assert clerk.did(id, "verify", verified=True)["verified"] is True
    after = clerk.did(id, "verify", verified=False)
    assert (after["preapplied"], after["verified"]) == (False, False)
    problem(clerk.act(id, "verify"), 422)


def test_a_cancel_needs_a_reason_and_leaving_none(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    first, second = kiosk.print()["ticket_id"], kiosk.print()["ticket_id"]
    problem(clerk.act(first, "cancel"), 422)
    assert clerk.did(first, "cancel", reason="twice")["state"] == "cancelled"
    assert clerk.did(second, "leave")["state"] == "walked_out"


def test_a_counter_closes_when_nobody_is_there(house):
    house.kiosk().print()
    clerk = house.clerk()
    ticket = clerk.next()
    refused = problem(clerk.post("/counters/chuo_3/close"), 409)
    assert refused["ticket"] == ticket["id"]
    clerk.did(ticket, "finish")
    assert clerk.post("/counters/chuo_3/close").json() == {
        "counter": "chuo_3",
        "open": False,
    }


def test_the_list_is_filtered_by_state_and_counter(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    kiosk.print("moving")
    kiosk.print("certificates")
    kiosk.print("moving")
    clerk.did(clerk.next(), "finish")
    assert [r["label"] for r in clerk.tickets()] == ["A001", "B002", "B001"]
    assert [r["label"] for r in clerk.tickets(query="?state=done")] == ["B001"]
    at_one = clerk.tickets(query="?state=waiting&counter=chuo_1")
    assert [(r["label"], r["ahead"]) for r in at_one] == [("A001", 0), ("B002", None)]
    problem(clerk.get("/offices/chuo/tickets?state=asleep"), 422)


def test_past_its_deadline_a_ticket_goes_before_the_fast_lane(house):
    kiosk, clerk = house.kiosk(), house.clerk()
    old = kiosk.print("moving")
    house.clock.forward(minutes=46)
    kiosk.print("preapplied")
    ticket = clerk.next()
    assert (ticket["id"], ticket["rule"]) == (old["ticket_id"], "deadline")
