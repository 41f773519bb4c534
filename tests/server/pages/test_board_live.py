"""The waiting-room board in a real browser: calls by the stream, sizes, lost lines."""

import pytest
from playwright.sync_api import expect

from tests.server.pages.city import running_city


@pytest.fixture
def board(context, city):
    city.clear("chuo")
    page = context.new_page()
    page.goto(f"{city.url}/board/chuo")
    return page


def test_the_board_shows_a_call_within_a_moment(board, city):
    ticket = city.kiosk("chuo").issue("certificates")
    city.staff("counters/chuo_7/next")
    expect(board.locator("[data-label]").first).to_have_text(ticket.label, timeout=3000)
    expect(board.locator("[data-counter]")).to_have_text("7番窓口")
    expect(board.locator(".now")).to_have_class("now fresh-call")


def test_the_board_takes_a_call_back_that_was_undone(board, city):
    city.kiosk("chuo").issue("certificates")
    ticket = city.staff("counters/chuo_1/next")["ticket"]
    expect(board.locator("[data-label]").first).to_have_text(ticket["label"])
    city.staff(f"tickets/{ticket['id']}/undo")
    expect(board.locator("[data-label]").first).not_to_have_text(ticket["label"])


def test_one_touch_of_the_board_switches_its_sound_on(board):
    expect(board.locator("[data-sound]")).to_have_text("音 停止")
    board.mouse.click(300, 300)
    expect(board.locator("[data-sound]")).to_have_text("音 OK")
    expect(board.locator("[data-start]")).to_be_hidden()


def test_a_board_whose_server_went_says_so_keeps_what_it_knew_and_recovers(
    context, tmp_path
):
    board = context.new_page()
    with running_city(tmp_path) as city:
        ticket = city.enrol("chuo").issue("consult")
        city.staff("counters/chuo_7/next")
        board.goto(f"{city.url}/board/chuo")
        expect(board.locator("[data-label]").first).to_have_text(ticket.label)
    expect(board.locator("[data-line]")).to_contain_text("通信切断")
    expect(board.locator("[data-label]").first).to_have_text(ticket.label)
    with running_city(tmp_path, int(city.url.rpartition(":")[2])):
        expect(board.locator("[data-line]")).to_contain_text("更新")


def test_the_called_number_is_legible_at_ten_metres(board, city):
    """A digit of BIZ UDPGothic is 0.73 of its font size high; 55 inches are 685 mm."""
    city.kiosk("chuo").issue("certificates")
    city.staff("counters/chuo_6/next")
    expect(board.locator(".current .label")).to_be_visible()
    for width, height in ((1920, 1080), (1280, 720)):
        board.set_viewport_size({"width": width, "height": height})
        millimetres = 685 / height
        pixels, smallest, outside = board.evaluate(
            """() => {
                const size = (one) => parseFloat(getComputedStyle(one).fontSize);
                const shown = [...document.querySelectorAll("p, h1, h2, li, li span")]
                    .filter((one) => one.offsetParent && !one.matches(".hidden-text"));
                const page = document.documentElement;
                return [
                    size(document.querySelector(".current .label")),
                    Math.min(...shown.map(size)),
                    page.scrollHeight > innerHeight || page.scrollWidth > innerWidth,
                ];
            }"""
        )
        assert 0.73 * pixels * millimetres >= 10_000 / 80
        assert smallest * millimetres >= 10_000 / 250
        assert not outside
