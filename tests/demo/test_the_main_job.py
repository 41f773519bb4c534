"""Press one button, hold a ticket, be called: all processes, from the outside."""

from io import BytesIO

import requests
import zxingcpp
from PIL import Image

from tests.demo.house import soon


def take_ticket(house, procedure):
    """The paper that came out for one press."""
    before = len(house.papers())
    house.press(f"procedure:{procedure}")
    soon(lambda: house.stands_on("done"), "the ticket is there")
    soon(lambda: len(house.papers()) > before, "paper came out")
    return house.papers()[-1]


def first_to_be_called(clerk, group):
    waiting = [t for t in clerk.tickets() if t["group"] == group]
    return waiting[0] if waiting else None


def test_a_press_on_jizen_shinsei_is_served_first_and_the_figures_move(house):
    ordinary = take_ticket(house, "moving")
    soon(lambda: house.stands_on("home") or house.touch(0.5, 0.05), "home again")
    fast = take_ticket(house, "preapplied")
    label = fast["text"][2]
    assert "事前申請 整理券" in fast["text"]
    assert "中央区役所" in fast["text"][0]

    picture = requests.get(house.facts["kiosk"] + "/paper.png", timeout=5).content
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    assert code.text == fast["qr"][0]
    assert code.text == code.text.upper()

    clerk = house.staff()
    first = soon(
        lambda: (
            (t := first_to_be_called(clerk, "resident")) and t["label"] == label and t
        ),
        "the counter sees the ticket, first to be called",
        within=2,
    )
    assert (first["preapplied"], first["verified"]) == (True, False)
    page = requests.get(code.text, timeout=5)
    assert page.status_code == 200
    assert label in page.text

    counter = house.counter_for("preapplied")
    called = clerk.post(f"/counters/{counter}/next")["ticket"]
    assert (called["label"], called["state"]) == (label, "called")
    clerk.post(f"/tickets/{called['id']}/finish")
    soon(
        lambda: house.figures("preapplied")["last_called"] == label,
        "the public figures move",
    )
    assert house.figures("preapplied") | {"name": None} == {
        "id": "preapplied",
        "name": None,
        "open": True,
        "last_called": label,
        "next_up": None,
        "waiting": 0,
        "wait_minutes": house.figures("preapplied")["wait_minutes"],
        "on_hold": 0,
    }
    moving = house.figures("moving")
    assert (moving["waiting"], moving["next_up"]) == (1, ordinary["text"][2])


def test_cancel_on_the_done_screen_takes_the_ticket_out_of_the_queue(house):
    label = take_ticket(house, "insurance")["text"][2]
    clerk = house.staff()
    soon(lambda: label in [t["label"] for t in clerk.tickets()], "it waits")
    house.press("cancel")
    soon(lambda: house.stands_on("cancelled"), "the kiosk says so")
    soon(
        lambda: label in [t["label"] for t in clerk.tickets("cancelled")],
        "the server has taken it out",
    )


def test_a_button_with_choices_asks_and_then_issues(house):
    house.press("procedure:mynumber")
    soon(lambda: house.stands_on("choose"), "the choices")
    # A double tap must not choose what the first one put under the finger.
    soon(lambda: _choose(house, "mynumber_pickup"), "a ticket for the choice")
    soon(lambda: house.stands_on("done"), "the ticket is there")
    assert "受け取り" in "".join(house.papers()[-1]["text"])


def _choose(house, procedure):
    if house.stands_on("choose"):
        house.press(f"procedure:{procedure}")
    return not house.stands_on("choose")


def test_the_language_button_changes_screen_and_paper(house):
    house.press("language")
    soon(lambda: house.screen()["language"] == "en", "the screen is English")
    take_ticket(house, "certificates")
    text = " ".join(house.papers()[-1]["text"])
    assert "Certificates" in text
    assert "証明書" in text


def test_the_state_document_says_what_is_so(house):
    state = house.state()
    assert (state["schema"], state["office"]) == (1, "chuo")
    assert state["printer"]["level"] == "ok"
    assert state["sync"]["online"]
    assert state["clock_trust"] in {"server", "ntp", "rtc"}
    assert set(state["numbers"]) >= {"preapplied", "moving"}
    without = requests.get(house.facts["kiosk"] + "/state", timeout=5)
    assert without.status_code == 401


def test_a_touch_that_is_none_is_refused_in_one_sentence(house):
    answer = requests.post(
        house.facts["kiosk"] + "/touch", json={"x": 2, "y": 0}, timeout=5
    )
    assert answer.status_code == 400
    assert "between 0 and 1" in answer.json()["title"]


def test_the_lamp_at_the_mouth_shows_where_the_paper_is(house):
    assert house.screen()["lamp"] is False
    take_ticket(house, "consult")
    soon(lambda: house.screen()["lamp"], "the lamp is lit")
    house.press("cancel")
    soon(lambda: not house.screen()["lamp"], "the lamp is dark")


def test_the_button_beside_the_screen_calls_staff(house):
    requests.post(house.facts["kiosk"] + "/button", timeout=5)
    soon(lambda: house.stands_on("staff_called"), "the kiosk says so")
    house.touch(0.5, 0.5)
    soon(lambda: house.stands_on("home"), "and goes on")
