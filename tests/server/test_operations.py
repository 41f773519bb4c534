"""Alive, ready, measured; and every error is a problem document."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from protocol.messages import KioskState
from server.bell import CLOSED, MISSED, QUEUE, Bell, Ring
from server.limits import Limit, TooMany
from server.poller import Poller, ask
from server.store import kiosks
from tests.server.house import KIOSK, MORNING, STAFF, key


def state_of(kiosk_id: str) -> KioskState:
    return KioskState.model_validate(
        {
            "schema": 1,
            "kiosk_id": kiosk_id,
            "office": "chuo",
            "boot_id": "b",
            "version": "0.1.0",
            "uptime_s": 5,
            "clock_trust": "ntp",
            "screen": "home",
            "printer": {
                "level": "ok", "code": "ready", "paper": "ok", "since": MORNING,
            },
            "scanner": "ok",
            "sync": {"online": True, "pending": 0, "dead": 0, "last_ack_at": None},
            "numbers": {"moving": 12},
            "tickets_today": 3,
            "findings": [],
            "cpu_temp_c": None,
            "throttled": None,
            "disk_free_mb": 900,
            "rss_mb": 80,
        }
    )  # fmt: skip


class Agent:
    """A kiosk's state endpoint on a real socket."""

    def __init__(self, status=200, body=b"", token=""):
        class Endpoint(BaseHTTPRequestHandler):
            def do_GET(self):
                wanted = f"Bearer {token}"
                right = self.headers["Authorization"] == wanted or not token
                self.send_response(status if right else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def enrolled(house, address):
    with house.hall.database.write(house.clock()) as tx:
        code, _ = kiosks.create_code(tx, "chuo")
        return kiosks.enrol(tx, code, address, "k")


def fleet(house):
    return house.clerk("tech").get("/fleet").json()["kiosks"]


def test_the_server_is_alive_and_ready(house):
    assert house.client.get("/healthz").text == "ok\n"
    assert house.client.get("/readyz").text == "ready\n"


def test_the_metrics_count_who_waits(house):
    house.kiosk().print()
    house.hall.press.catch_up()
    text = house.client.get("/metrics").text
    assert 'seiriken_waiting{office="chuo",procedure="moving"} 1\n' in text
    assert 'seiriken_kiosk_reachable{kiosk="chuo-1",office="chuo"} 0\n' in text
    assert "# TYPE seiriken_commits_total counter\n" in text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/healthz", 405),
        ("GET", f"{STAFF}/me", 401),
        ("GET", f"{KIOSK}/catalogue", 401),
    ],
)
def test_every_error_is_a_problem_document(house, method, path, status):
    answer = house.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_bad_body_is_a_problem_that_names_the_field(house):
    answer = house.client.post(f"{STAFF}/login", json={"user": "hana"})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "body.password: Field required"


def test_a_bad_report_names_the_field_too(house):
    answer = house.kiosk().post("/events", {"events": 5})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body: events: ")


def test_the_api_describes_itself(house):
    paths = house.client.get("/openapi.json").json()["paths"]
    assert paths.keys() >= {
        "/api/kiosk/v1/events",
        "/api/kiosk/v1/enrol",
        "/api/staff/v1/counters/{counter}/next",
        "/api/staff/v1/tickets/{ticket}/{action}",
    }


def test_the_poller_keeps_what_a_kiosk_says(house):
    with house.hall.database.write(house.clock()) as tx:
        code, name = kiosks.create_code(tx, "chuo")
    body = state_of(name).model_dump_json().encode()
    with Agent(body=body) as agent:
        with house.hall.database.write(house.clock()) as tx:
            kiosks.enrol(tx, code, agent.address, "k")
        Poller(house.hall).round()
    (row,) = fleet(house)
    assert (row["reachable"], row["error"]) == (True, "")
    assert row["state"]["numbers"] == {"moving": 12}
    Poller(house.hall).round()
    (row,) = fleet(house)
    assert (row["reachable"], row["error"]) == (
        False,
        "does not answer: ConnectionError",
    )
    assert row["state"]["screen"] == "home"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b"", "answers with status 401"),
        (200, b"[]", "sends no state document"),
        (200, state_of("other").model_dump_json().encode(), "says it is other"),
    ],
)
def test_a_strange_answer_is_named(house, status, body, error):
    with Agent(status, body) as agent:
        enrolled(house, agent.address)
        Poller(house.hall).round()
    (row,) = fleet(house)
    assert row["reachable"] is False
    assert row["error"].startswith(error)


def test_the_state_token_is_shown_to_the_kiosk(house):
    answer = enrolled(house, "http://127.0.0.1:9")
    body = state_of(answer.kiosk_id).model_dump_json().encode()
    with Agent(body=body, token=answer.state_token) as agent:
        with house.hall.database.read() as connection:
            kiosk = kiosks.by_id(connection, answer.kiosk_id)
        seen = ask(replace(kiosk, agent_address=agent.address), 2)
    assert seen.error is None


def test_a_kiosk_behind_a_closed_network_sends_its_state_itself(house):
    kiosk = house.kiosk()
    answer = kiosk.post("/state", state_of(kiosk.id).model_dump(mode="json"))
    assert answer.status_code == 204
    Poller(house.hall).round()
    (row,) = fleet(house)
    assert (row["reachable"], row["state"]["screen"]) == (True, "home")
    house.clock.forward(seconds=46)
    Poller(house.hall).round()
    assert fleet(house)[0]["reachable"] is False


def test_a_command_waits_until_the_kiosk_has_answered(house):
    kiosk, technician = house.kiosk(), house.clerk("tech")
    ordered = technician.post(
        f"/kiosks/{kiosk.id}/commands", {"kind": "refresh_catalogue"}
    )
    assert ordered.status_code == 202
    id = ordered.json()["command_id"]
    for _ in range(2):
        waiting = kiosk.get("/commands?wait=25").json()["commands"]
        assert [command["command_id"] for command in waiting] == [id]
    assert kiosk.report(kiosk.event("command_done", command_id=id, ok=True))["ack"] == 1
    assert kiosk.get("/commands?wait=0").json() == {"commands": []}


def test_a_waiting_kiosk_is_told_at_once(house):
    kiosk, technician = house.kiosk(), house.clerk("tech")
    got = []
    waiting = threading.Thread(
        target=lambda: got.extend(kiosk.get("/commands?wait=25").json()["commands"])
    )
    waiting.start()
    while not house.hall.bell.listeners():
        pass
    technician.post(f"/kiosks/{kiosk.id}/commands", {"kind": "return_leases"})
    waiting.join(10)
    assert [command["kind"] for command in got] == ["return_leases"]


def test_no_command_for_a_kiosk_that_is_not_there(house):
    answer = house.clerk("tech").post("/kiosks/x/commands", {"kind": "return_leases"})
    assert answer.status_code == 404


def test_a_listener_that_cannot_keep_up_is_told_so():
    async def scene():
        bell = Bell()
        bell.attach(asyncio.get_running_loop())
        with bell.listening("office:chuo") as listener:
            for n in range(QUEUE + 1):
                bell.ring("office:chuo", Ring("call", str(n)))
            await asyncio.sleep(0)
            assert await listener.next(1) is MISSED
            assert await listener.next(1) == Ring("call", str(QUEUE))
            bell.close()
            assert await listener.next(1) is CLOSED
        assert bell.listeners() == 0

    asyncio.run(scene())


def test_whoever_comes_after_closing_is_told_to_go():
    async def scene():
        bell = Bell()
        bell.attach(asyncio.get_running_loop())
        bell.close()
        with bell.listening("office:chuo") as listener:
            assert await listener.next(1) is CLOSED

    asyncio.run(scene())


def test_a_limit_holds_for_its_window_and_per_name():
    limit = Limit(2, timedelta(minutes=1))
    limit.spend("a", MORNING)
    limit.spend("a", MORNING + timedelta(seconds=30))
    limit.spend("b", MORNING)
    with pytest.raises(TooMany) as refused:
        limit.spend("a", MORNING + timedelta(seconds=45))
    assert refused.value.retry_after == 15
    limit.spend("a", MORNING + timedelta(seconds=60))


def test_a_replayed_order_is_one_command(house):
    kiosk, technician, same = house.kiosk(), house.clerk("tech"), key()
    path, wish = f"/kiosks/{kiosk.id}/commands", {"kind": "refresh_catalogue"}
    first = technician.post(path, wish, **same).json()
    assert technician.post(path, wish, **same).json() == first
    assert len(kiosk.get("/commands?wait=0").json()["commands"]) == 1
