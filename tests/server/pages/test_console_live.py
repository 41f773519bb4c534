"""The staff console in a real browser: every operation by key and by mouse."""

import pytest
from playwright.sync_api import expect

from tests.server.pages.city import PASSWORD


@pytest.fixture
def inage(city):
    """A kiosk in an office nobody waits in."""
    city.clear("inage")
    return city.kiosk("inage")


def row(page, ticket):
    return page.locator(f'[data-row="{ticket.id}"]')


def current(page):
    return page.locator(".current .label")


def says(page, text):
    expect(page.locator("#said")).to_contain_text(text)


def press(page, key):
    """A key that opens a question, and the question is there."""
    page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_be_visible()


def lists_move(page):
    """The lists keep still for 5 seconds after an operation."""
    page.clock.fast_forward(5000)


def test_who_logs_in_chooses_a_counter_and_sits_there(page, city):
    page.goto(f"{city.url}/staff")
    page.fill("#user", "midori")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.click('form:has(input[value="midori_2"]) button')
    expect(page.locator("#desk")).to_be_visible()
    expect(page.locator(".brand")).to_have_text("緑区役所 2番窓口")


def test_the_staff_sees_at_once_who_came(desk, inage):
    page = desk("inage_1")
    ticket = inage.issue("certificates")
    expect(row(page, ticket).locator(".label")).to_have_text(ticket.label, timeout=3000)


def test_f9_calls_the_next_and_f9_again_finishes_that_one(desk, city, inage):
    first, second = inage.issue("moving"), inage.issue("moving")
    page = desk("inage_3")
    expect(page.locator(".waiting_list .next-up .label")).to_have_text(first.label)
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(first.label)
    says(page, f"{first.label} を呼びました。")
    city.clock.forward(seconds=3)
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(second.label)
    page.keyboard.press("F8")
    expect(page.locator(".current .nobody")).to_be_visible()


def test_a_double_click_calls_one_visitor_and_not_two(desk, inage):
    first, second = inage.issue("moving"), inage.issue("moving")
    page = desk("inage_3")
    expect(row(page, second)).to_be_visible()
    page.dblclick("[data-do=next]")
    expect(row(page, first)).to_contain_class("gone")
    expect(current(page)).to_have_text(first.label)
    expect(row(page, second)).not_to_contain_class("gone")


def test_the_keys_do_what_stands_on_their_buttons(desk, inage):
    ticket = inage.issue("moving")
    page = desk("inage_4")
    page.keyboard.press("F2")
    says(page, "いま呼び出している方はいません")
    page.keyboard.press("Space")
    expect(current(page)).to_have_text(ticket.label)
    page.keyboard.press("F2")
    says(page, "10秒たつまで")
    page.keyboard.press("Control+z")
    says(page, "呼出を取り消しました")
    page.keyboard.type(ticket.label.lstrip("ABCDEF"))
    page.keyboard.press("Enter")
    expect(current(page)).to_have_text(ticket.label)
    page.keyboard.press("F3")
    says(page, "対応を始めました")
    page.keyboard.press("F8")
    says(page, "完了しました")


def test_keys_pressed_ahead_are_done_one_after_the_other(desk, inage):
    ticket = inage.issue("moving")
    page = desk("inage_4")
    page.keyboard.press("F9")
    page.keyboard.press("F4")
    says(page, f"{ticket.label} を不在にしました")


def test_a_hold_asks_for_its_reason_and_the_visitor_is_resumed(desk, inage):
    ticket = inage.issue("moving")
    page = desk("inage_4")
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(ticket.label)
    press(page, "F6")
    page.keyboard.press("2")
    says(page, f"{ticket.label} を保留にしました")
    lists_move(page)
    held = page.locator(".held_list li")
    expect(held).to_contain_text("書類を取りに行く")
    held.locator("[data-do=resume]").click()
    expect(current(page)).to_have_text(ticket.label)
    page.click("[data-do=hold]")
    page.fill("#hold-reason", "通訳を待つ")
    page.check("[name=pool]")
    page.keyboard.press("Escape")
    expect(current(page)).to_have_text(ticket.label)
    press(page, "F6")
    page.fill("#hold-reason", "通訳を待つ")
    page.check("[name=pool]")
    page.press("#hold-reason", "Enter")
    says(page, f"{ticket.label} を保留にしました")
    lists_move(page)
    expect(held).to_contain_text("通訳を待つ")
    expect(held).to_contain_text("共通の保留")


def test_a_transfer_keeps_the_number_and_waits_elsewhere(desk, inage):
    ticket = inage.issue("moving")
    page = desk("inage_4")
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(ticket.label)
    press(page, "F7")
    page.fill("#transfer-note", "証明書も")
    page.locator("#ask-transfer li button").filter(has_text="証明書").click()
    says(page, f"{ticket.label} を転送しました")
    elsewhere = desk("inage_1")
    expect(row(elsewhere, ticket)).to_contain_text("証明書も")


def test_an_absent_visitor_returns_by_the_keys_alone(desk, inage):
    ticket = inage.issue("moving")
    page = desk("inage_4")
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(ticket.label)
    page.keyboard.press("F4")
    says(page, "不在にしました")
    lists_move(page)
    expect(page.locator(".absent_list .label")).to_have_text(ticket.label)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".absent_list [data-do=return]")).to_be_focused()
    page.keyboard.press("Enter")
    says(page, f"{ticket.label} を待ちに戻しました")


def test_a_ticket_is_cancelled_with_its_reason_from_the_list(desk, inage):
    ticket, gone = inage.issue("moving"), inage.issue("moving")
    page = desk("inage_4")
    row(page, ticket).locator("[data-do=more]").click()
    page.click("#ask-more li:nth-child(2) button")
    page.keyboard.press("3")
    says(page, f"{ticket.label} の番号札を取り消しました")
    page.keyboard.type(gone.label.lstrip("ABCDEF"))
    page.keyboard.press("Enter")
    expect(current(page)).to_have_text(gone.label)
    press(page, "Delete")
    page.keyboard.press("1")
    says(page, "離席で終わりにしました")


def test_the_list_keeps_still_after_an_operation(desk, inage):
    ticket = inage.issue("consult")
    page = desk("inage_5")
    line = row(page, ticket)
    expect(line).to_be_visible()
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(ticket.label)
    expect(line).to_contain_class("gone")
    lists_move(page)
    expect(page.locator(".waiting_list li")).to_have_count(0)


def test_the_console_marks_the_fast_lane_and_missing_paper(desk, city):
    city.clear("midori")
    kiosk = city.kiosk("midori")
    checked = kiosk.issue("preapplied", verified=True)
    claimed = kiosk.issue("preapplied")
    torn = kiosk.issue("moving", outcome="held")
    page = desk("midori_2")
    expect(row(page, checked)).to_contain_text("事前申請 ✓ 確認済")
    expect(row(page, claimed)).to_contain_text("事前申請 ? 未確認")
    expect(row(page, torn)).to_contain_text("未印刷")
    expect(row(page, torn)).not_to_contain_class("next-up")
    page.keyboard.press("F9")
    expect(page.locator(".current.fast_verified .label")).to_have_text(checked.label)


def test_two_clerks_who_take_one_visitor_hear_what_happened(desk, city, inage):
    ticket = inage.issue("insurance")
    page = desk("inage_5")
    button = row(page, ticket).locator("[data-do=call]")
    expect(button).to_be_visible()
    page.route("**/staff/panel**", lambda route: route.abort())
    city.staff(f"tickets/{ticket.id}/call", {"counter": "inage_1"})
    button.click()
    says(page, f"{ticket.label} は、いま「呼出中」です")


def test_the_keys_stay_where_they_are_whoever_is_called(desk, city, inage):
    tickets = [inage.issue("preapplied"), inage.issue("moving")]
    page = desk("inage_4")
    height = "document.querySelector('[data-do=next]').getBoundingClientRect().y"
    places = {page.evaluate(height)}
    for ticket in tickets:
        city.clock.forward(seconds=3)
        page.keyboard.press("F9")
        expect(current(page)).to_have_text(ticket.label)
        places.add(page.evaluate(height))
    assert len(places) == 1


def test_a_call_for_help_stands_over_the_console_until_somebody_has_seen_to_it(
    desk, city, inage
):
    page = desk("inage_4")
    height = "document.querySelector('[data-do=next]').getBoundingClientRect().y"
    before = page.evaluate(height)
    inage.call_staff("visitor")
    banner = page.locator("#help")
    expect(banner).to_contain_text("⚠ 発券機1で係員を呼んでいます(来庁者)。")
    inage.call_staff("paper_end")
    expect(banner).to_contain_text("ほか 1件")
    assert page.evaluate(height) == before
    banner.get_by_role("button", name="対応しました").click()
    says(page, "対応済みにしました。")
    expect(banner).to_contain_text("(用紙切れ)")
    banner.get_by_role("button", name="対応しました").click()
    expect(banner).to_be_hidden()


def test_technicians_see_who_calls_for_help(page, city, enter, inage):
    inage.call_staff("storage")
    enter("technician")
    page.goto(f"{city.url}/fleet")
    call = page.locator(".help li")
    expect(call).to_contain_text("稲毛区役所 発券機1で係員を呼んでいます")
    call.get_by_role("button").click()
    expect(page.locator(".help")).to_have_count(0)


def test_a_server_that_hangs_is_said_so_and_pressing_again_does_it_once(desk, inage):
    first, second = inage.issue("moving"), inage.issue("moving")
    page = desk("inage_4")
    expect(row(page, second)).to_be_visible()
    keys = []

    def hang(route):
        keys.append(route.request.headers["idempotency-key"])
        route.fetch()  # the server does it; only its answer is lost

    page.route("**/counters/inage_4/next", hang, times=1)
    with page.expect_request("**/counters/inage_4/next"):
        page.keyboard.press("F9")
    page.clock.run_for(400)
    says(page, "処理中です")
    page.clock.run_for(5000)
    says(page, "サーバーの返事がありません。もう一度押してください。")
    with page.expect_request("**/counters/inage_4/next") as again:
        page.keyboard.press("F9")
    says(page, f"{first.label} を呼びました。")
    expect(current(page)).to_have_text(first.label)
    expect(row(page, second)).not_to_contain_class("gone")
    assert again.value.headers["idempotency-key"] == keys[0]


def test_the_mark_of_the_next_moves_at_once(desk, inage):
    first, second = inage.issue("moving"), inage.issue("moving")
    page = desk("inage_4")
    expect(row(page, first).locator(".tag.next")).to_have_text("▶ 次")
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(first.label)
    expect(row(page, first)).to_contain_class("gone")
    expect(row(page, second).locator(".tag.next")).to_have_text("▶ 次")
    expect(page.locator(".tag.next")).to_have_count(1)


def test_a_counter_where_a_colleague_works_is_taken_over_only_if_meant(
    desk, city, inage
):
    theirs, mine = inage.issue("moving"), inage.issue("moving")
    city.staff("counters/inage_4/next")
    city.clock.forward(seconds=30)
    page = desk("inage_4")
    expect(current(page)).to_have_text(theirs.label)
    press(page, "F9")
    question = page.locator("#ask-take_over")
    expect(question).to_contain_text(f"chief さんが {theirs.label} に対応中です")
    page.keyboard.press("Escape")
    says(page, "chief さんの対応を続けてもらいます。")
    expect(current(page)).to_have_text(theirs.label)
    press(page, "F9")
    page.keyboard.press("1")
    says(page, f"{mine.label} を呼びました。")
    expect(current(page)).to_have_text(mine.label)


def test_a_second_press_too_soon_is_said_to_be_one(desk, inage):
    first, _ = inage.issue("moving"), inage.issue("moving")
    page = desk("inage_4")
    page.keyboard.press("F9")
    expect(current(page)).to_have_text(first.label)
    says(page, f"{first.label} を呼びました。")
    page.keyboard.press("F9")
    says(page, "2回目は受け付けませんでした")
    expect(current(page)).to_have_text(first.label)


def test_a_line_that_says_nothing_for_ten_seconds_is_said_to_be_broken(desk, inage):
    page = desk("inage_4")
    expect(page.locator("#line")).to_be_hidden()
    page.route("**/staff/panel**", lambda route: None)
    page.clock.run_for(16_000)
    expect(page.locator("#line")).to_contain_text("通信が切れています")
