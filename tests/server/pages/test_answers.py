"""Status, headers, cookies and forms of the pages, over HTTP."""

import re

import pytest
import requests

from tests.server.pages.city import PASSWORD, PATIENCE


@pytest.fixture
def visit(city):
    """A browser without a screen: keeps cookies, follows nothing by itself."""
    session = requests.Session()

    def ask(path, method="GET", **how):
        how.setdefault("allow_redirects", False)
        return session.request(method, f"{city.url}{path}", timeout=PATIENCE, **how)

    yield ask
    session.close()


@pytest.fixture(scope="module")
def kiosk(city):
    return city.kiosk("wakaba")


def log_in(visit, user, **form):
    return visit("/login", "POST", data={"user": user, "password": PASSWORD, **form})


def test_no_page_may_run_a_strangers_script(visit, kiosk):
    token = kiosk.issue("moving").token
    for path in ("/", "/o/chuo", "/board/chuo", "/login", f"/t/{token}", "/o/nowhere"):
        headers = visit(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_what_belongs_to_one_person_is_kept_by_no_cache(visit, kiosk):
    token = kiosk.issue("moving").token
    log_in(visit, "chief")
    for path in (f"/t/{token}", f"/t/{token}/cancel", "/staff", "/fleet", "/login"):
        assert visit(path).headers["Cache-Control"] == "no-store", path
    assert visit("/").headers["Cache-Control"] == "public, max-age=5"


def test_static_files_are_kept_for_ever_under_an_address_of_their_own(visit):
    address = re.search(r'/static/[^"]+base\.css', visit("/").text)[0]
    assert "immutable" in visit(address).headers["Cache-Control"]
    old = re.sub(r"/static/\w+/", "/static/000000000000/", address)
    assert visit(old).headers["Cache-Control"] == "no-cache"
    assert visit("/static/0/..%2fview.py").status_code == 404
    assert visit("/static/0/css/none.css").status_code == 404


def test_the_language_is_remembered_and_follows_the_browser_before(visit):
    english = {"Accept-Language": "en"}
    assert '<html lang="ja">' in visit("/").text
    assert '<html lang="en">' in visit("/", headers=english).text
    answer = visit("/?lang=en")
    assert '<html lang="en">' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<html lang="en">' in visit("/").text


def test_an_unknown_office_is_said_in_plain_words(visit):
    for path in ("/o/nowhere", "/board/nowhere"):
        answer = visit(path)
        assert answer.status_code == 404
        assert "この区役所は登録されていません" in answer.text


def invented(_token):
    return "A" * 24


def shortened(token):
    return token[:-1]


def turned_round(token):
    return token[::-1]


@pytest.mark.parametrize("alter", [invented, shortened, turned_round])
def test_a_forged_ticket_is_not_found(visit, kiosk, alter):
    token = alter(kiosk.issue("moving").token)
    for path in (f"/t/{token}", f"/t/{token}/stream", f"/t/{token}/cancel"):
        answer = visit(path)
        assert answer.status_code == 404
        assert "この番号札は見つかりません" in answer.text


def test_who_guesses_tickets_is_kept_waiting(city, visit):
    answers = [visit(f"/t/{number:024d}").status_code for number in range(40)]
    city.clock.forward(minutes=2)
    assert answers[-1] == 429
    assert visit("/t/none").status_code == 404


def test_a_visitor_gives_up_the_place_without_javascript(visit, kiosk):
    ticket = kiosk.issue("insurance")
    question = visit(f"/t/{ticket.token}/cancel")
    assert f"番号札 {ticket.label} の順番待ちを取り消します" in question.text
    answer = visit(f"/t/{ticket.token}/cancel", "POST")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/t/{ticket.token}"
    assert "取り消されました" in visit(f"/t/{ticket.token}").text
    again = visit(f"/t/{ticket.token}/cancel", "POST")
    assert again.status_code == 303


def test_who_is_being_served_cannot_give_up_by_the_page(city, visit, kiosk):
    ticket = kiosk.issue("consult")
    counter = next(
        counter.id
        for counter in city.app.state.hall.offices["wakaba"].catalogue.counters
        if "consult" in counter.procedures
    )
    city.staff(f"tickets/{ticket.id}/call", {"counter": counter})
    city.staff(f"tickets/{ticket.id}/appear")
    answer = visit(f"/t/{ticket.token}/cancel", "POST")
    assert answer.status_code == 409
    assert "いまの状態では取り消せません" in answer.text
    city.staff(f"tickets/{ticket.id}/finish")


def test_a_ticket_speaks_the_language_chosen_at_the_kiosk(visit, kiosk):
    ticket = kiosk.issue("moving", language="en")
    assert '<html lang="en">' in visit(f"/t/{ticket.token}").text


def test_the_stream_of_a_ticket_ends_with_the_ticket(city, visit, kiosk):
    ticket = kiosk.issue("moving")
    with visit(f"/t/{ticket.token}/stream", stream=True) as answer:
        lines = answer.iter_lines(decode_unicode=True)
        first = next(line for line in lines if line.startswith("data:"))
        assert '"state": "waiting"' in first
        city.staff(f"tickets/{ticket.id}/cancel", {"reason": "test"})
        *_, last = [line for line in lines if line.startswith("data: {")]
        assert '"state": "cancelled"' in last


def test_the_staff_pages_ask_for_a_log_in_and_lead_back(visit):
    for path in ("/staff", "/fleet"):
        answer = visit(path)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/login?onward={path}"
    assert visit("/staff/panel?counter=chuo_1").status_code == 401
    wrong = visit("/login", "POST", data={"user": "mihama", "password": "no"})
    assert wrong.status_code == 401
    assert "パスワードが違います" in wrong.text
    assert log_in(visit, "mihama", onward="/staff").headers["Location"] == "/staff"


def test_a_log_in_never_leads_to_a_strangers_page(visit):
    for onward in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = log_in(visit, "technician", onward=onward)
        assert answer.headers["Location"] == "/fleet"


def test_the_session_cookie_is_out_of_reach_for_scripts(visit):
    cookie = log_in(visit, "midori").headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_everybody_sees_only_what_is_theirs(visit):
    log_in(visit, "midori")
    page = visit("/staff").text
    assert "緑区役所" in page
    assert "中央区役所" not in page
    assert visit("/staff/panel?counter=chuo_1").status_code == 401
    assert visit("/fleet").status_code == 403
    assert visit("/logout", "POST").headers["Location"] == "/login"
    assert visit("/staff").status_code == 303


def test_the_counter_is_remembered(visit):
    log_in(visit, "midori")
    visit("/staff", "POST", data={"counter": "midori_2"})
    assert 'data-counter="midori_2"' in visit("/staff").text
    assert 'value="midori_2"' in visit("/staff?choose=1").text
    visit("/staff", "POST", data={"counter": "chuo_1"})
    assert "data-counter" not in visit("/staff").text


def test_the_fleet_page_lists_every_kiosk(city, visit, kiosk):
    log_in(visit, "technician")
    page = visit("/fleet").text
    assert f'data-kiosk="{kiosk.identity["kiosk_id"]}"' in page
