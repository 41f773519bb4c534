"""What stands on the pages, rendered from models: no server, no browser."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from language.words import MissingText, available, differences, load
from protocol.messages import Finding
from server.pages import render, static_files
from server.pages.fleet_view import CAUSES, FINDINGS, TROUBLES, explained
from server.pages.help_view import REASONS
from server.pages.view import BoardPage, LoginPage, Problem, Wait, freshness
from tests.server.pages.samples import (
    BOARD,
    CHUO_FIGURES,
    CONSOLE,
    FLEET,
    NOW,
    PANEL,
    congestion,
    fleet_kiosk,
    own_ticket,
    staff_ticket,
)

JA, EN = load("ja"), load("en")


def text(html: str) -> str:
    """What is read: without tags, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def row_of(html: str, label: str) -> str:
    """One line of the console."""
    return re.search(rf'data-row="id-{label}".*?</li>', html, re.S)[0]


def every_page(words):
    """Each page once, by name."""
    return {
        "one office": render.congestion(congestion(), words),
        "all offices": render.congestion(congestion(chosen=None), words),
        "ticket": render.ticket(own_ticket(), words),
        "cancel": render.ticket_cancel(own_ticket(), words),
        "board": render.board(BOARD, words),
        "login": render.login(LoginPage("/staff", "wrong", "hanako"), words),
        "console": render.staff(CONSOLE, words),
        "choice": render.staff(replace(CONSOLE, panel=None), words),
        "fleet": render.fleet(FLEET, words),
        "problem": render.problem(
            Problem("pages.problem.title", "pages.problem.unknown_office"), words
        ),
    }


def test_both_languages_say_the_same_things_on_every_page():
    assert [one for one in differences(JA, EN) if " pages." in one] == []


@pytest.mark.parametrize("language", available())
def test_every_page_can_be_said_in_every_language(language):
    for name, html in every_page(load(language)).items():
        assert f'<html lang="{language}">' in html, name


def test_no_page_holds_a_script_a_style_or_anything_of_another_host():
    for name, html in every_page(JA).items():
        assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", html), name
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//', html) == [], name


def test_what_a_page_asks_for_is_there():
    for html in every_page(JA).values():
        for path in re.findall(r'"/static/[0-9a-f]+/([^"]+)"', html):
            assert path in static_files.files()


def test_scripts_and_styles_ask_only_for_files_that_are_there():
    for name, file in static_files.files().items():
        folder = name.rpartition("/")[0]
        if name.endswith(".js"):
            found = re.findall(r'from "\./([^"]+)"', file.body.decode())
            assert all(f"{folder}/{one}" in static_files.files() for one in found)
        if name.endswith(".css"):
            found = re.findall(r'url\("\.\./([^"]+)"\)', file.body.decode())
            assert all(one in static_files.files() for one in found)


@pytest.mark.parametrize("name", [n for n in static_files.files() if n.endswith(".js")])
@pytest.mark.parametrize("words", [JA, EN], ids=["ja", "en"])
def test_every_word_a_script_uses_is_in_the_catalogue(name, words):
    code = static_files.files()[name].body.decode()
    room = re.search(r"pages\.(\w+)\.\$\{key\}", code)
    said = re.findall(r'say\("([\w.]+)"', code) if room else []
    keys = [f"pages.{room[1]}.{key}" for key in said]
    keys += re.findall(r'words\["([\w.]+)"\]', code)
    for key in keys:
        assert key in words.templates, key


def test_old_figures_say_how_old_they_are_and_very_old_ones_are_hidden():
    ages = {90: "fresh", 120: "stale", 599: "stale", 600: "too_old"}
    for seconds, expected in ages.items():
        assert freshness(NOW, NOW + timedelta(seconds=seconds)) == expected
    stale = text(render.congestion(congestion(age=timedelta(minutes=3)), JA))
    assert "10:23 より後の新しい情報がありません" in stale
    assert "A045" in stale
    hidden = text(render.congestion(congestion(age=timedelta(minutes=10)), JA))
    assert "数値の表示を止めています" in hidden
    assert "A045" not in hidden
    assert "15〜30分" not in hidden


def test_a_name_from_the_catalogue_cannot_write_html():
    row = replace(CHUO_FIGURES.procedures[0], name={"ja": "<script>alert(1)</script>"})
    page = congestion()
    office = replace(page.shown[0], procedures=(row,))
    html = render.congestion(replace(page, shown=(office,)), JA)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ("お待ちください", "5人", "20〜40分")),
        ({"ahead": 1, "wait": Wait(0, 5)}, ("まもなくお呼びします", "1人", "まもなく")),
        ({"state": "called", "counter": "3"}, ("お呼びしています", "3番窓口へ")),
        ({"state": "serving", "counter": "3"}, ("3番窓口でお手続き中です",)),
        ({"state": "absent"}, ("お見えになりませんでした", "番号札はまだ使えます")),
        ({"state": "on_hold"}, ("お手続きの途中です",)),
        ({"state": "done"}, ("お手続きは終わりました",)),
        ({"state": "no_show"}, ("この番号札は終了しました",)),
        ({"state": "walked_out"}, ("お帰りになったため",)),
        ({"state": "cancelled"}, ("取り消されました",)),
        ({"state": "expired"}, ("本日の受付が終わりました",)),
        ({"unprinted": True}, ("印刷を確認できていません",)),
        ({"refused": True}, ("いまの状態では取り消せません",)),
    ],
)
def test_a_ticket_says_its_state_in_plain_words(changes, says):
    page = text(render.ticket(own_ticket(**changes), JA))
    for phrase in ("312", *says):
        assert phrase in page
    assert "312" in text(render.ticket(own_ticket(**changes), EN))


def test_a_ticket_on_its_way_sends_the_visitor_to_the_paper():
    ticket = own_ticket(state="on_its_way", label=None, procedure={}, ahead=None)
    page = text(render.ticket(ticket, JA))
    assert "紙の番号札をご覧ください" in page
    assert "お持ちの番号札は有効です" in page
    assert "取り消す" not in page


def test_only_a_ticket_that_can_be_given_up_offers_it():
    for state in ("waiting", "called", "absent", "on_hold"):
        ticket = own_ticket(state=state, counter="3")
        assert f"{ticket.address}/cancel" in render.ticket(ticket, JA)
    for state in ("serving", "done", "cancelled", "no_show", "expired"):
        ticket = own_ticket(state=state, counter="3")
        assert f"{ticket.address}/cancel" not in render.ticket(ticket, JA)


def test_the_board_shows_the_newest_call_large_and_four_before_it():
    html = render.board(BOARD, JA)
    assert re.search(r"data-label>A045<.*?3番窓口", html, re.S)
    assert re.findall(r'<span class="label">(\w+)</span>', html) == [
        "312",
        "M118",
        "F07",
        "A044",
    ]


def test_a_board_without_calls_says_that_nobody_is_called():
    page = text(render.board(BoardPage(CHUO_FIGURES, (), NOW), JA))
    assert "ただいまお呼びしている方はいません" in page


def test_a_board_whose_figures_are_old_says_so_before_any_script_runs():
    html = render.board(replace(BOARD, now=NOW + timedelta(minutes=3)), JA)
    assert "通信切断 10:23:45 時点" in html


def test_the_fast_lane_is_told_by_symbol_text_and_colour():
    html = render.staff_panel(PANEL, JA)
    for label, symbol, word, colour in (
        ("F13", "★", "確認済", "tag fast verified"),
        ("F14", "★", "未確認", "tag fast unverified"),
        ("313", "", "一般", "tag ordinary"),
    ):
        row = row_of(html, label)
        assert symbol in row
        assert word in row
        assert colour in row
    assert "★" not in row_of(html, "313")


def test_missing_paper_and_lateness_are_marked():
    html = render.staff_panel(PANEL, JA)
    assert "未印刷" in row_of(html, "314")
    assert "印刷不明" in row_of(html, "315")
    assert "期限超過" in row_of(html, "313")


def test_what_a_colleague_wrote_is_shown_as_text():
    note = staff_ticket("1", state="on_hold", reason="<b>委任状</b>")
    html = render.staff_panel(replace(PANEL, held=(note,)), JA)
    assert "&lt;b&gt;委任状" in html


def test_a_row_offers_what_the_rules_allow_and_nothing_else():
    closed = staff_ticket("1", state="absent", can=frozenset({"call", "return"}))
    html = render.staff_panel(replace(PANEL, absent=(closed,)), JA)
    row = row_of(html, "1")
    assert re.findall(r'data-do="(\w+)"', row) == ["call", "return"]
    assert re.findall(r'data-do="(\w+)"', row_of(html, "305")) == [
        "resume",
        "return",
        "more",
    ]


def test_every_operation_has_a_button_with_its_key():
    html = render.staff_panel(PANEL, JA)
    keys = re.findall(r'data-do="(\w+)" aria-keyshortcuts="([\w+ ]+)"', html)
    assert keys == [
        ("next", "F9 Space"),
        ("recall", "F2"),
        ("appear", "F3"),
        ("absent", "F4"),
        ("hold", "F6"),
        ("transfer", "F7"),
        ("finish", "F8"),
        ("undo", "Control+Z"),
        ("cancel", "Delete"),
    ]


def test_a_transfer_names_the_button_and_the_counters():
    page = text(render.staff(CONSOLE, JA))
    assert "マイナンバーカード 更新・暗証番号 2・6番窓口" in page


def test_a_choice_of_a_button_says_which_button():
    row = replace(CHUO_FIGURES.procedures[3], below={"ja": "カード"})
    office = replace(CHUO_FIGURES, procedures=(row,))
    page = text(render.congestion(replace(congestion(), shown=(office,)), JA))
    assert "カード マイナンバーカード" in page


def test_all_offices_say_how_many_wait_in_each():
    html = render.congestion(congestion(chosen=None), JA)
    assert re.findall(r"<b data-total>(.*?)</b>", html) == ["44人", "44人"]


def test_what_cannot_renew_itself_says_so_and_offers_to():
    for html in (
        render.congestion(congestion(), JA),
        render.ticket(own_ticket(), JA),
    ):
        without_script = " ".join(re.findall(r"<noscript>(.*?)</noscript>", html))
        assert '<a class="button secondary" href="">最新の情報にする' in without_script
    assert "refresh" not in render.ticket(own_ticket(state="done"), JA)


def test_a_console_whose_counter_is_closed_offers_to_open_it():
    panel = replace(PANEL, open=False, current=None)
    assert 'data-do="open"' in render.staff_panel(panel, JA)
    assert 'data-do="close"' not in render.staff_panel(panel, JA)


def test_trouble_comes_first_on_the_fleet_page():
    html = render.fleet(FLEET, JA)
    assert re.findall(r'data-kiosk="([\w-]+)"', html) == [
        "chuo-2",
        "midori-1",
        "mihama-1",
        "inage-1",
        "chuo-1",
    ]
    page = text(html)
    assert "確認が必要な端末が 4 台あります" in page
    assert "用紙切れ" in page
    assert "これから確認します" in page
    assert "状態を受け取れません" in page
    assert "未送信 41件" in page


@pytest.mark.parametrize("words", [JA, EN], ids=["ja", "en"])
def test_the_fleet_page_has_words_for_what_a_kiosk_finds(words):
    found = {"lease_refused_run_moving": "lease_refused", "sync_gap": "sync_gap"}
    for code, known in found.items():
        finding = Finding(code=code, level="warn", text="its own words", since=NOW)
        page = replace(FLEET, kiosks=(fleet_kiosk("chuo-1", findings=(finding,)),))
        html = render.fleet(page, words)
        assert words.text(f"pages.fleet.found.{known}") in html
        assert '<small lang="en">its own words</small>' in html
    assert explained("of_tomorrow") == ""
    for trouble, known in TROUBLES.items():
        kiosk = fleet_kiosk("chuo-1", trouble=f"{trouble}: some detail")
        html = render.fleet(replace(FLEET, kiosks=(kiosk,)), words)
        assert words.text(f"pages.fleet.troubles.{known}") in text(html)
        assert "some detail" not in text(html)
    keys = {f"pages.fleet.causes.{cause}" for cause in CAUSES}
    keys |= {f"pages.fleet.found.{finding}" for finding in FINDINGS}
    keys |= {f"pages.help.reasons.{reason}" for reason in REASONS}
    assert keys <= words.templates.keys()


def test_a_word_that_is_missing_is_an_error_and_not_a_gap():
    with pytest.raises(MissingText):
        render.problem(Problem("pages.problem.none", "pages.problem.title"), JA)
