"""A person presses the kiosk in a real browser, and a clerk calls in another page."""

import re

from playwright.sync_api import expect

from tests.demo.house import soon


def open_mirror(house, context):
    page = context.new_page()
    page.goto(house.facts["kiosk"] + "/")
    expect(page.locator("body")).to_have_attribute("data-screen", "home")
    page.wait_for_function("document.getElementById('screen').naturalWidth > 0")
    return page


def click(house, page, target):
    """Where a person would click: in the middle of what is drawn there."""
    found = next(t for t in house.screen()["targets"] if t["id"] == target)
    box = page.locator("#screen").bounding_box()
    page.mouse.click(
        box["x"] + (found["x"] + found["w"] / 2) * box["width"],
        box["y"] + (found["y"] + found["h"] / 2) * box["height"],
    )


def test_a_click_on_jizen_shinsei_brings_paper_and_the_counter_calls_it(house, context):
    mirror = open_mirror(house, context)
    click(house, mirror, "procedure:preapplied")
    expect(mirror.locator("body")).to_have_attribute("data-screen", "done")
    paper = mirror.locator("#paper")
    expect(paper).to_be_visible()
    mirror.wait_for_function("document.getElementById('paper').naturalHeight > 500")
    sheet = house.papers()[-1]
    label, address = sheet["text"][2], sheet["qr"][0]

    ticket = context.new_page()
    ticket.goto(address)
    expect(ticket.locator("body")).to_contain_text(label)

    board = context.new_page()
    board.goto(house.facts["server"] + "/board/chuo")
    clerk = house.staff()
    counter = house.counter_for("preapplied")
    soon(lambda: label in [t["label"] for t in clerk.tickets()], "it waits")
    called = clerk.post(f"/counters/{counter}/next")["ticket"]
    assert called["label"] == label
    expect(board.locator("body")).to_contain_text(label)
    expect(ticket.locator("body")).to_contain_text(re.compile("窓口"))
    clerk.post(f"/tickets/{called['id']}/finish")


def test_the_mirror_follows_a_finger_on_the_glass(house, context):
    mirror = open_mirror(house, context)
    house.press("language")
    expect(mirror.locator("body")).to_have_attribute("data-language", "en")


def test_the_mirror_fits_a_phone(house, context):
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(house.facts["kiosk"] + "/")
    page.wait_for_function("document.getElementById('screen').naturalWidth > 0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
