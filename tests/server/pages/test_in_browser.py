"""The pages as people see them: a real server, a real browser, events by the stream."""

import pytest
from playwright.sync_api import expect

from tests.server.pages.city import PASSWORD, running_city

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chuo(city):
    return city.enrol("chuo")


@pytest.fixture(scope="module")
def inage(city):
    return city.enrol("inage")


def log_in(context, city, user, counter=None):
    page = context.new_page()
    page.clock.install()
    page.goto(f"{city.url}/staff")
    page.fill("#user", user)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    if counter is not None:
        page.click(f'form:has(input[value="{counter}"]) button')
        expect(page.locator("#desk")).to_be_visible()
        page.wait_for_load_state("load")
    return page


def test_the_board_shows_a_call_within_a_moment(context, city, chuo):
    ticket = chuo.issue("certificates")
    board = context.new_page()
    board.goto(f"{city.url}/board/chuo")
    city.staff("counters/chuo_7/next")
    expect(board.locator("[data-label]").first).to_have_text(ticket.label, timeout=3000)
    expect(board.locator("[data-counter]")).to_have_text("7番窓口")
    expect(board.locator(".now")).to_have_class("now fresh-call")


def test_the_board_takes_a_call_back_that_was_undone(context, city, chuo):
    chuo.issue("certificates")
    board = context.new_page()
    board.goto(f"{city.url}/board/chuo")
    ticket = city.staff("counters/chuo_1/next")["ticket"]
    expect(board.locator("[data-label]").first).to_have_text(ticket["label"])
    city.staff(f"tickets/{ticket['id']}/undo")
    expect(board.locator("[data-label]").first).not_to_have_text(ticket["label"])


def test_one_touch_of_the_board_switches_its_sound_on(context, city):
    board = context.new_page()
    board.goto(f"{city.url}/board/chuo")
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


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_the_called_number_is_legible_at_ten_metres(context, city, chuo, size):
    """A digit of BIZ UDPGothic is 0.73 of its font size high; 55 inches are 685 mm."""
    chuo.issue("certificates")
    city.staff("counters/chuo_6/next")
    board = context.new_page()
    board.set_viewport_size({"width": size[0], "height": size[1]})
    board.goto(f"{city.url}/board/chuo")
    millimetres = 685 / size[1]
    pixels = board.locator(".current .label").evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert 0.73 * pixels * millimetres >= 10_000 / 80
    smallest = board.evaluate(
        """Math.min(...[...document.querySelectorAll("p, h1, h2, li, li span")]
            .filter((one) => one.offsetParent !== null && !one.matches(".hidden-text"))
            .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )
    assert smallest * millimetres >= 10_000 / 250
    outside = board.evaluate(
        "document.documentElement.scrollHeight > innerHeight"
        " || document.documentElement.scrollWidth > innerWidth"
    )
    assert not outside


def test_f9_calls_the_next_and_f9_again_finishes_that_one(context, city, inage):
    first, second = inage.issue("moving"), inage.issue("moving")
    page = log_in(context, city, "inage", "inage_3")
    expect(page.locator(".waiting_list .next-up .label")).to_have_text(first.label)
    page.keyboard.press("F9")
    expect(page.locator(".current .label")).to_have_text(first.label)
    expect(page.locator("#said")).to_have_text(f"{first.label} を呼びました。")
    page.keyboard.press("F9")
    expect(page.locator(".current .label")).to_have_text(second.label)
    page.keyboard.press("F8")
    expect(page.locator(".current .nobody")).to_be_visible()


def test_the_other_keys_do_what_stands_on_their_buttons(context, city, inage):
    ticket = inage.issue("moving")
    page = log_in(context, city, "inage", "inage_4")
    page.keyboard.press("F2")
    expect(page.locator("#said")).to_contain_text("いま呼び出している方はいません")
    page.keyboard.press("F9")
    expect(page.locator(".current .label")).to_have_text(ticket.label)
    page.keyboard.press("F2")
    expect(page.locator("#said")).to_contain_text("10秒たつまで")
    page.keyboard.press("Control+z")
    expect(page.locator("#said")).to_contain_text("呼出を取り消しました")
    page.keyboard.type(ticket.label.lstrip("ABCDEF"))
    page.keyboard.press("Enter")
    expect(page.locator(".current .label")).to_have_text(ticket.label)
    page.keyboard.press("F6")
    expect(page.locator("#said")).to_contain_text("保留にしました")
    page.clock.fast_forward(5000)
    page.click(".held_list [data-do=resume]")
    expect(page.locator(".current .label")).to_have_text(ticket.label)
    page.keyboard.press("F4")
    expect(page.locator("#said")).to_contain_text("不在にしました")
    page.clock.fast_forward(5000)
    expect(page.locator(".absent_list .label")).to_have_text(ticket.label)


def test_the_list_keeps_still_after_an_operation(context, city, inage):
    ticket = inage.issue("consult")
    page = log_in(context, city, "inage", "inage_5")
    row = page.locator(".waiting_list li").first
    expect(row.locator(".label")).to_have_text(ticket.label)
    page.keyboard.press("F9")
    expect(page.locator(".current .label")).to_have_text(ticket.label)
    expect(row.locator(".label")).to_have_text(ticket.label)
    expect(row).to_contain_class("gone")
    page.clock.fast_forward(5000)
    expect(page.locator(".waiting_list li")).to_have_count(0)


def test_the_console_marks_the_fast_lane_and_missing_paper(context, city):
    kiosk = city.enrol("midori")
    checked = kiosk.issue("preapplied", verified=True)
    claimed = kiosk.issue("preapplied")
    torn = kiosk.issue("moving", outcome="held")
    page = log_in(context, city, "midori", "midori_2")

    def row(ticket):
        return page.locator(f'[data-row="{ticket.id}"]')

    expect(row(checked)).to_contain_text("事前申請 ✓ 確認済")
    expect(row(claimed)).to_contain_text("事前申請 ? 未確認")
    expect(row(torn)).to_contain_text("未印刷")
    expect(row(torn)).not_to_contain_class("next-up")


def test_the_staff_sees_at_once_who_came(context, city, inage):
    page = log_in(context, city, "inage", "inage_1")
    ticket = inage.issue("certificates")
    row = page.locator(f'[data-row="{ticket.id}"]')
    expect(row.locator(".label")).to_have_text(ticket.label, timeout=3000)


def test_two_clerks_who_take_one_visitor_hear_what_happened(context, city, inage):
    ticket = inage.issue("insurance")
    page = log_in(context, city, "inage", "inage_5")
    button = page.locator(f'[data-row="{ticket.id}"] [data-do=call]')
    expect(button).to_be_visible()
    page.route("**/staff/panel**", lambda route: route.abort())
    city.staff(f"tickets/{ticket.id}/call", {"counter": "inage_1"})
    button.click()
    what_happened = f"{ticket.label} は、いま「呼出中」です"
    expect(page.locator("#said")).to_contain_text(what_happened)


def test_the_own_ticket_turns_into_a_call_by_itself(context, city):
    kiosk = city.enrol("mihama")
    before, mine = kiosk.issue("consult"), kiosk.issue("consult")
    phone = context.new_page()
    phone.set_viewport_size(PHONE)
    phone.goto(f"{city.url}/T/{mine.token}")
    expect(phone.locator("[data-ahead]")).to_have_text("1人")
    assert city.staff("counters/mihama_7/next")["ticket"]["label"] == before.label
    expect(phone.locator("[data-ahead]")).to_have_text("0人")
    city.staff("counters/mihama_7/next")
    expect(phone.locator(".call .number")).to_have_text(mine.label)
    expect(phone.locator(".call .go")).to_have_text("7番窓口へ")
    expect(phone.locator("[data-said]")).to_contain_text("お呼びしています")
    assert phone.title().startswith("7番窓口へ")


def test_a_ticket_on_its_way_appears_when_the_kiosk_is_heard(context, city):
    kiosk = city.enrol("wakaba")
    _, token, news = kiosk.prepare("moving")
    phone = context.new_page()
    phone.goto(f"{city.url}/t/{token.lower()}")
    expect(phone.locator(".on-paper")).to_be_visible()
    kiosk.report(news)
    expect(phone.locator(".number")).to_have_text(news[0]["label"])


def test_the_public_figures_change_by_themselves_and_can_be_paused(context, city):
    kiosk = city.enrol("hanamigawa")
    page = context.new_page()
    page.goto(f"{city.url}/o/hanamigawa")
    people = page.locator('[data-procedure="certificates"] [data-waiting]')
    expect(people).to_have_text("0人")
    kiosk.issue("certificates")
    expect(people).to_have_text("1人")
    page.click("[data-pause]")
    expect(page.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    kiosk.issue("certificates")
    page.click("[data-pause]")
    expect(people).to_have_text("2人")


def test_the_public_page_has_its_figures_in_a_table_without_javascript(browser, city):
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(f"{city.url}/o/wakaba")
    headers = page.locator("table thead th").all_inner_texts()
    assert headers == [
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
    context.close()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_scrolls_sideways_on_a_small_phone(context, city, inage, language):
    token = inage.issue("certificates").token
    parked = inage.issue("preapplied")
    city.staff(f"tickets/{parked.id}/call", {"counter": "inage_4"})
    city.staff(f"tickets/{parked.id}/absent")
    inage.issue("preapplied", outcome="held")
    page = log_in(context, city, "chief", "inage_3")
    page.set_viewport_size(PHONE)
    paths = ["/", "/o/inage", f"/t/{token}", f"/t/{token}/cancel", "/t/none"]
    paths += ["/login", "/staff", "/staff?choose=1", "/fleet"]
    for path in paths:
        page.goto(f"{city.url}{path}{'&' if '?' in path else '?'}lang={language}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_what_is_touched_is_at_least_44_pixels_high(context, city, inage):
    token = inage.issue("certificates").token
    page = log_in(context, city, "chief", "inage_2")
    page.set_viewport_size(PHONE)
    for path in ("/", "/o/inage", f"/t/{token}", "/login", "/staff", "/fleet"):
        page.goto(f"{city.url}{path}")
        low = page.evaluate(
            """[...document.querySelectorAll("a, button, input:not([type=hidden])")]
                .filter((one) => one.offsetParent !== null && !one.closest(".skip"))
                .filter((one) => one.getBoundingClientRect().height < 43.5)
                .map((one) => one.outerHTML.slice(0, 90))"""
        )
        assert low == [], path


def test_script_and_server_say_a_wait_in_the_same_words(context, city):
    from language.wording import range_text
    from language.words import load

    page = context.new_page()
    page.goto(f"{city.url}/o/chuo")
    spans = [(0, 5), (0, 20), (5, 15), (10, 10), (90, 130), (120, 150)]
    module = page.locator("script[src*=congestion]").get_attribute("src")
    said = page.evaluate(
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
