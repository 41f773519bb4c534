"""The visitor's pages in a real browser: figures and the own ticket, with and without
JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from language.wording import range_text
from language.words import load

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(context):
    page = context.new_page()
    page.set_viewport_size(PHONE)
    return page


def test_the_own_ticket_turns_into_a_call_by_itself(phone, city):
    kiosk = city.kiosk("mihama")
    before, mine = kiosk.issue("consult"), kiosk.issue("consult")
    phone.goto(f"{city.url}/T/{mine.token}")
    expect(phone.locator("[data-ahead]")).to_have_text("1人")
    assert city.staff("counters/mihama_7/next")["ticket"]["label"] == before.label
    expect(phone.locator("[data-ahead]")).to_have_text("0人")
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
