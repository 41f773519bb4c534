"""What anybody sees, in a real browser: figures, the own ticket, the board."""

import re

import pytest
from playwright.sync_api import expect

from language.wording import range_text
from language.words import load
from tests.server.pages.city import running_city

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 740}
FINGER, POINTER = 44, 32
"""How high a target is for the public, and beside a mouse, in CSS pixels."""


@pytest.fixture
def phone(page, city):
    # Another test may have moved the clock on; these figures are of now.
    hall = city.app.state.hall
    hall.press.print_offices(list(hall.offices))
    page.set_viewport_size(PHONE)
    return page


def test_the_own_ticket_turns_into_a_call_by_itself(phone, city):
    kiosk = city.kiosk("mihama")
    before, mine = kiosk.issue("consult"), kiosk.issue("consult")
    phone.goto(f"{city.url}/T/{mine.token}")
    expect(phone.locator("[data-ahead]")).to_have_text("1人")
    assert city.staff("counters/mihama_7/next")["ticket"]["label"] == before.label
    expect(phone.locator("[data-ahead]")).to_have_text("0人")
    city.clock.forward(seconds=3)
    city.staff("counters/mihama_7/next")
    expect(phone.locator(".call .number")).to_have_text(mine.label)
    expect(phone.locator(".call .go")).to_have_text("7番窓口へ")
    expect(phone.locator("[data-said]")).to_contain_text("お呼びしています")
    assert phone.title().startswith("7番窓口へ")


def test_a_ticket_on_its_way_appears_when_the_kiosk_is_heard(phone, city):
    kiosk = city.kiosk("wakaba")
    _, token, news = kiosk.prepare("moving")
    phone.goto(f"{city.url}/t/{token.lower()}")
    expect(phone.locator(".on-paper")).to_be_visible()
    kiosk.report(news)
    expect(phone.locator(".number")).to_have_text(news[0]["label"])


def test_the_public_figures_change_by_themselves_and_can_be_paused(phone, city):
    kiosk = city.kiosk("hanamigawa")
    city.clear("hanamigawa")
    phone.goto(f"{city.url}/o/hanamigawa")
    people = phone.locator('[data-procedure="certificates"] [data-waiting]')
    expect(people).to_have_text("0人")
    kiosk.issue("certificates")
    expect(people).to_have_text("1人")
    phone.click("[data-pause]")
    expect(phone.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    kiosk.issue("certificates")
    phone.click("[data-pause]")
    expect(people).to_have_text("2人")


def test_a_phone_shows_four_procedures_before_anybody_scrolls(phone, city):
    phone.goto(f"{city.url}/o/chuo")
    fourth = phone.locator("tbody tr").nth(3).bounding_box()
    assert fourth["y"] + fourth["height"] <= PHONE["height"]
    for figure in ("last-called", "next-up", "waiting", "wait-minutes", "on-hold"):
        expect(phone.locator(f"tbody tr [data-{figure}]").nth(3)).to_be_in_viewport()


def test_six_offices_fit_a_phone_and_open_by_a_touch(phone, city):
    phone.goto(f"{city.url}/")
    offices = phone.locator("details.office")
    expect(offices).to_have_count(6)
    expect(offices.last.locator("summary")).to_be_in_viewport()
    expect(offices.last.locator("table")).to_be_hidden()
    offices.last.locator("summary").click()
    expect(offices.last.locator("table")).to_be_visible()


def test_without_javascript_the_figures_stand_in_a_table(browser, city):
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(f"{city.url}/o/wakaba")
    assert page.locator("table thead th").all_inner_texts() == [
        "手続き",
        "最終呼出番号",
        "次回呼出予定番号",
        "待ち人数",
        "待ち時間",
        "保留人数",
    ]
    offered = city.app.state.hall.offices["wakaba"].catalogue.issuable()
    assert page.locator("tbody tr").count() == len(offered)
    assert all(page.locator("tbody td").all_inner_texts())
    expect(page.locator("[data-pause]")).to_be_hidden()
    page.click("noscript a")
    page.goto(f"{city.url}/")
    assert page.locator("table:visible").count() == 6
    mine = city.kiosk("wakaba").issue("moving")
    page.goto(f"{city.url}/t/{mine.token}")
    expect(page.locator(".number")).to_have_text(mine.label)
    assert re.search(r'http-equiv="refresh" content="30"', page.content())
    page.click(".give-up a")
    page.click("form button")
    expect(page.locator("#state")).to_have_text("この番号札は取り消されました")
    context.close()


def test_script_and_server_say_a_wait_in_the_same_words(phone, city):
    phone.goto(f"{city.url}/o/chuo")
    spans = [(0, 5), (0, 20), (5, 15), (10, 10), (90, 130), (120, 150)]
    module = phone.locator("script[src*=congestion]").get_attribute("src")
    said = phone.evaluate(
        """async ([module, spans]) => {
            const { waitText, wordsOf } = await import(module);
            const words = wordsOf(document.getElementById("live"));
            const said = spans.map(([low, high]) => waitText(words, { low, high }));
            return [...said, waitText(words, null)];
        }""",
        [module.replace("congestion.js", "words.js"), spans],
    )
    words = load("ja")
    assert said == [*(range_text(words, *span) for span in spans), "不明"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_fits_a_small_phone_and_a_finger(page, city, enter, language):
    kiosk = city.kiosk("hanamigawa")
    token = kiosk.issue("certificates").token
    parked = kiosk.issue("preapplied")
    city.staff(f"tickets/{parked.id}/call", {"counter": "hanamigawa_3"})
    city.staff(f"tickets/{parked.id}/absent")
    kiosk.issue("preapplied", outcome="held")
    enter("chief")
    place = {"name": "seiriken_counter", "value": "hanamigawa_3", "path": "/staff"}
    page.context.add_cookies([{**place, "domain": "127.0.0.1"}])
    page.set_viewport_size(SMALL)
    for path, height in (
        ("/", FINGER),
        ("/o/hanamigawa", FINGER),
        (f"/t/{token}", FINGER),
        (f"/t/{token}/cancel", FINGER),
        ("/t/none", FINGER),
        ("/login", FINGER),
        ("/staff", POINTER),
        ("/staff?choose=1", FINGER),
        ("/fleet", FINGER),
    ):
        page.goto(f"{city.url}{path}{'&' if '?' in path else '?'}lang={language}")
        wide, low = page.evaluate(
            """(height) => {
                const targets = "a, button, summary, input:not([type=hidden])";
                const low = [...document.querySelectorAll(targets)]
                    .filter((one) => one.offsetParent && !one.closest(".skip"))
                    .filter((one) => one.getBoundingClientRect().height < height - 0.5);
                const page = document.documentElement;
                return [
                    page.scrollWidth - innerWidth,
                    low.map((one) => one.outerHTML.slice(0, 90)),
                ];
            }""",
            height,
        )
        assert wide <= 0, f"{path} is {wide} px too wide"
        assert low == [], path


@pytest.fixture
def board(page, city):
    city.clear("chuo")
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
    page, tmp_path
):
    board = page
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


def test_the_board_calls_nobody_who_has_been_seen_to(page, city):
    city.clear("midori")
    mine = city.kiosk("midori").issue("certificates")
    page.goto(f"{city.url}/board/midori")
    ticket = city.staff("counters/midori_1/next")["ticket"]
    expect(page.locator("[data-label]").first).to_have_text(mine.label)
    city.staff(f"tickets/{ticket['id']}/finish")
    expect(page.locator("[data-nobody]")).to_be_visible()
    expect(page.locator("[data-earlier] .label").first).to_have_text(mine.label)
    page.reload()
    expect(page.locator("[data-nobody]")).to_be_visible()
    expect(page.locator("[data-earlier] .label").first).to_have_text(mine.label)
