"""The printer's page and endpoints, asked over HTTP."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError

import pytest
from PIL import Image

from drivers.sim import web
from drivers.sim.faults import Fault
from drivers.sim.page_server import PageServer

TICKET = "\x1bt\x01\x1cC\x01受付番号 A045\n".encode("cp932") + b"\x1bd\x04\x1dV\x01"


@pytest.fixture
def page(printer) -> Iterator[str]:
    with PageServer(web.application(printer), "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.port}"


@contextmanager
def opened(url: str, body: object = None, method: str | None = None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        yield answer


def get(url: str) -> bytes:
    with opened(url) as answer:
        return answer.read()


def post(url: str, body: object) -> dict[str, object]:
    with opened(url, body) as answer:
        return json.load(answer)


def refused(
    url: str, body: object = None, method: str | None = None
) -> tuple[int, str]:
    with pytest.raises(HTTPError) as caught, opened(url, body, method):
        pass
    with caught.value as answer:
        return answer.code, json.load(answer)["error"]


def test_there_is_no_paper_before_the_first(page) -> None:
    assert refused(f"{page}/paper.png") == (404, "no paper has been cut yet")
    assert refused(f"{page}/paper.bin")[0] == 404
    assert json.loads(get(f"{page}/papers")) == []


def test_the_latest_sheet_as_picture_and_as_bytes(page, printer, host) -> None:
    host.say(TICKET)
    printer.wait_for_sheet()
    assert Image.open(BytesIO(get(f"{page}/paper.png"))).size == (640, 150)
    assert get(f"{page}/paper.bin") == TICKET
    assert get(f"{page}/papers/1.png") == get(f"{page}/paper.png")
    assert get(f"{page}/papers/1.bin") == TICKET


def test_the_list_of_sheets_says_what_stands_on_them(page, printer, host) -> None:
    host.say(TICKET)
    printer.wait_for_sheet()
    (entry,) = json.loads(get(f"{page}/papers"))
    assert datetime.fromisoformat(entry.pop("at")).tzinfo is not None
    assert entry == {
        "id": 1,
        "how": "partial",
        "torn": False,
        "length_mm": 18.8,
        "text": ["受付番号 A045"],
        "qr": [],
        "bytes": len(TICKET),
    }


def test_a_torn_sheet_is_not_the_latest_cut_one(page, printer, host) -> None:
    host.say(TICKET)
    printer.wait_for_sheet()
    post(f"{page}/fault", {"fault": "paper_end", "on": True, "after_bytes": 10})
    host.say(b"half a ticket\nand the other half\n")
    printer.wait_until(lambda engine: engine.mechanism.paper_end)
    post(f"{page}/fault", {"fault": "paper_end", "on": False})
    assert [p["torn"] for p in json.loads(get(f"{page}/papers"))] == [False, True]
    assert get(f"{page}/paper.bin") == TICKET


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_switched_on_and_mended(page, fault) -> None:
    state = post(f"{page}/fault", {"fault": fault, "on": True})
    assert state["faults"][fault]
    state = post(f"{page}/fault", {"fault": fault, "on": False})
    assert not any(state["faults"].values())
    assert state["online"]


def test_paper_that_ends_after_some_millimetres(page, host, printer) -> None:
    post(f"{page}/fault", {"fault": "paper_end", "on": True, "after_mm": 3.5})
    assert json.loads(get(f"{page}/state"))["paper"] == "near_end"
    host.say(b"one\n")
    printer.wait_until(lambda engine: engine.mechanism.paper_end)


def test_uncut_paper_can_be_seen_and_torn_off(page, host, printer) -> None:
    assert refused(f"{page}/uncut.png")[0] == 404
    post(f"{page}/fault", {"fault": "cutter_jam", "on": True})
    host.say(TICKET)
    printer.wait_until(lambda engine: engine.mechanism.cutter_error)
    assert json.loads(get(f"{page}/state"))["uncut"]
    assert Image.open(BytesIO(get(f"{page}/uncut.png"))).size == (640, 150)
    post(f"{page}/take", {})
    assert json.loads(get(f"{page}/papers"))[0]["how"] == "torn"
    assert refused(f"{page}/uncut.png")[0] == 404


def test_taking_the_paper_away(page, printer, host) -> None:
    host.say(TICKET)
    printer.wait_for_sheet()
    assert json.loads(get(f"{page}/state"))["in_mouth"] == 1
    assert post(f"{page}/take", {})["in_mouth"] is None


def test_the_log_shows_both_ways(page, host) -> None:
    host.ask(b"\x10\x04\x01", 1)
    shown = [(e["way"], e["hex"]) for e in json.loads(get(f"{page}/log"))]
    assert shown == [("in", "100401"), ("out", "16")]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"fault": "fire", "on": True}, "unknown fault 'fire'; known are paper_end"),
        ({"on": True}, "say which"),
        ({"fault": "mute", "on": "yes"}, "on and once are true or false"),
        ({"fault": "cut_link", "after_bytes": "many"}, "after_bytes is a number"),
        ({"fault": "cut_link", "after_bytes": -3}, "numbers from 0 up"),
        ([1, 2], "not a JSON object"),
        ("x" * 5000, "too long"),
    ],
)
def test_a_wrong_request_gets_a_sentence(page, body, sentence) -> None:
    status, said = refused(f"{page}/fault", body)
    assert status == 400
    assert sentence in said


def test_paths_and_methods_that_are_not_there(page) -> None:
    assert refused(f"{page}/nothing") == (404, "there is no /nothing on this printer")
    assert refused(f"{page}/papers/7.png") == (404, "there is no sheet 7")
    assert refused(f"{page}/fault") == (405, "/fault is for POST")
    assert refused(f"{page}/state", {}) == (405, "/state is for GET")


def test_the_page_needs_nothing_from_elsewhere(page) -> None:
    html = get(f"{page}/").decode()
    assert "仮想プリンター" in html
    assert "http://" not in html
    assert "https://" not in html


def test_the_page_has_a_button_for_every_fault() -> None:
    html = Path(web.__file__).with_name("page.html").read_text(encoding="utf-8")
    assert all(f'"{fault}"' in html for fault in Fault)
