"""The agent answers from a snapshot to those who know the token; it steers nothing."""

import dataclasses
import http.client
import json

import pytest

from kiosk.endpoint import (
    FAILURES,
    Agent,
    AgentApp,
    Answer,
    CannotServe,
    Request,
    Route,
    Snapshot,
)
from kiosk.metrics import text_of
from kiosk.state import document
from protocol.messages import Finding, KioskState
from tests.kiosk.office import at

TOKEN = {"Authorization": "Bearer state-secret"}


class Served:
    """An agent on a port of its own, the clock in hand."""

    def __init__(self, state: KioskState, *routes: Route) -> None:
        self.now = 160.0
        self.snapshot = Snapshot(state, 159.0, {"PRINTED": 2})
        app = AgentApp(lambda: self.snapshot, "state-secret", lambda: self.now, routes)
        self.agent = Agent(app, "127.0.0.1", 0)
        self.agent.start()
        self.port = self.agent.port

    def ask(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@pytest.fixture
def served(state):
    mirror = (
        Route("GET", "/screen.json", lambda r: Answer(200, b'{"screen":"home"}')),
        Route("POST", "/touch", lambda r: Answer(200, r.body)),
        Route("GET", "/parts", lambda r: Answer(200, iter([b"a", b"b"]), "text/plain")),
        Route("GET", "/who", lambda r: Answer(200, repr(_who(r)).encode())),
    )
    served = Served(state, *mirror)
    yield served
    served.agent.close()


def _who(request: Request):
    return request.remote, dict(request.query), request.headers.get("x-name")


def test_anyone_may_ask_whether_the_loop_turns(served):
    assert served.ask("GET", "/healthz")[0] == 200
    served.now += 60
    status, headers, body = served.ask("GET", "/healthz")
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(body)["title"] == "the loop has not turned for 61 s"


def test_the_state_is_the_document_of_the_contract(served, state):
    status, headers, body = served.ask("GET", "/state", TOKEN)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert KioskState.model_validate_json(body) == state
    told = json.loads(body)
    assert list(told) == [
        *("schema", "kiosk_id", "office", "boot_id", "version", "uptime_s"),
        *("clock_trust", "screen", "printer", "scanner", "sync", "numbers"),
        *("tickets_today", "findings", "cpu_temp_c", "throttled", "disk_free_mb"),
        "rss_mb",
    ]
    assert told["schema"] == 1


def test_a_new_snapshot_is_told_at_once(served, facts):
    busy = dataclasses.replace(facts, screen="issuing")
    served.snapshot = Snapshot(document(busy, 161.0), 161.0)
    assert json.loads(served.ask("GET", "/state", TOKEN)[2])["screen"] == "issuing"


@pytest.mark.parametrize("path", ["/state", "/metrics"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic state-secret"}],
)
def test_without_the_token_nothing_is_told(served, path, headers):
    status, told, body = served.ask("GET", path, headers)
    assert (status, told["WWW-Authenticate"]) == (401, "Bearer")
    assert json.loads(body)["title"] == "the state token is wanted"


def test_guessing_the_token_soon_ends(served):
    for _ in range(FAILURES):
        assert served.ask("GET", "/state", {"Authorization": "Bearer no"})[0] == 401
    status, headers, _ = served.ask("GET", "/state", TOKEN)
    assert (status, headers["Retry-After"]) == (429, "60")
    assert served.ask("GET", "/healthz")[0] == 200
    served.now += 61
    assert served.ask("GET", "/state", TOKEN)[0] == 200


def test_a_wrong_path_and_a_wrong_method_are_told_apart(served):
    assert served.ask("GET", "/nothing")[0] == 404
    status, headers, _ = served.ask("POST", "/state", TOKEN)
    assert (status, headers["Allow"]) == (405, "GET")
    status, headers, _ = served.ask("GET", "/touch")
    assert (status, headers["Allow"]) == (405, "POST")


def test_head_is_get_without_the_body(served):
    status, headers, body = served.ask("HEAD", "/healthz")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_extra_routes_get_the_request_and_give_any_body(served):
    assert served.ask("GET", "/screen.json")[2] == b'{"screen":"home"}'
    assert served.ask("POST", "/touch", body=b'{"x":0.5,"y":0.5}')[2] == (
        b'{"x":0.5,"y":0.5}'
    )
    assert served.ask("GET", "/parts")[2] == b"ab"
    who = served.ask("GET", "/who?a=1&b=2", {"X-Name": "n"})[2]
    assert who == repr(("127.0.0.1", {"a": "1", "b": "2"}, "n")).encode()


def test_a_body_that_is_too_large_is_refused(served):
    assert served.ask("POST", "/touch", body=b"x" * 70_000)[0] == 413


def test_extra_routes_cannot_take_the_place_of_the_agents_own(state):
    other = Route("GET", "/state", lambda r: Answer(200, b"everything"))
    served = Served(state, other)
    assert served.ask("GET", "/state")[0] == 401
    served.agent.close()


def test_the_metrics_are_prometheus_text(served):
    status, headers, body = served.ask("GET", "/metrics", TOKEN)
    assert (status, headers["Content-Type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )
    lines = body.decode().splitlines()
    assert 'seiriken_kiosk_tickets_today{state="printed"} 2' in lines
    assert 'seiriken_kiosk_numbers_left{series="moving"} 80' in lines
    assert "seiriken_kiosk_online 1" in lines
    assert 'seiriken_kiosk_findings{level="warn"} 1' in lines
    named = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(named) == len(set(named))
    for line in lines:
        if not line.startswith("#"):
            assert line.split("{")[0].split()[0] in named
            float(line.rsplit(" ", 1)[1])


def test_a_machine_that_knows_no_temperature_tells_none(state):
    assert "cpu_celsius" not in text_of(state, {})
    warm = state.model_copy(update={"cpu_temp_c": 48.2})
    assert "seiriken_kiosk_cpu_celsius 48.2" in text_of(warm, {})


def test_a_taken_port_is_said_in_one_sentence(served, state):
    app = AgentApp(lambda: served.snapshot, "t", lambda: 0.0)
    with pytest.raises(CannotServe, match="is another kiosk running") as taken:
        Agent(app, "127.0.0.1", served.port)
    assert "\n" not in str(taken.value)


def test_an_agent_without_a_token_does_not_start(served):
    with pytest.raises(ValueError, match="token"):
        AgentApp(lambda: served.snapshot, "", lambda: 0.0)


def test_the_worst_findings_come_first_and_there_are_ten_at_most(facts):
    many = tuple(
        Finding(code=f"f{n}", level=level, text="t", since=at().at)
        for n, level in enumerate(["info", "warn", "fault"] * 5)
    )
    told = document(dataclasses.replace(facts, findings=many), 160.0)
    assert [f.level for f in told.findings] == ["fault"] * 5 + ["warn"] * 5
    assert told.uptime_s == 60.0
