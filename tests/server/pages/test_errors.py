"""What a browser is told when something is wrong, and what a program is told."""

import pytest
import requests
from fastapi import FastAPI
from starlette.testclient import TestClient

from server.limits import TooMany
from server.problems import answer_problems
from server.routes.pages.errors import answer_browsers
from tests.server.pages.city import PATIENCE

BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "ja"}
PROBLEM = "application/problem+json"


def broken() -> None:
    raise ZeroDivisionError("a secret of the server")


def crowded() -> None:
    raise TooMany(7)


@pytest.fixture
def faulty():
    """A server two of whose addresses always fail."""
    app = FastAPI()
    answer_problems(app)
    answer_browsers(app)
    for path in ("/page", "/api/public/v1/page"):
        app.add_api_route(path, broken)
    app.add_api_route("/crowded", crowded)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status", "japanese", "english"),
    [
        ("/nowhere", 404, "ページが見つかりません", "There is no such page"),
        ("/logout", 405, "この開き方はできません", "cannot be opened directly"),
        ("/staff/panel", 422, "受け付けられませんでした", "could not be accepted"),
    ],
)
def test_a_person_reads_what_is_wrong_in_their_language(
    city, path, status, japanese, english
):
    for language, sentence in (("ja", japanese), ("en", english)):
        answer = requests.get(
            city.url + path,
            headers={**BROWSER, "Accept-Language": language},
            timeout=PATIENCE,
        )
        assert answer.status_code == status
        assert f'<html lang="{language}">' in answer.text
        assert sentence in answer.text
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/nowhere", "/logout", "/api/public/v1/nowhere"])
def test_a_program_gets_a_problem(city, path):
    answer = requests.get(city.url + path, timeout=PATIENCE)
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["status"] == answer.status_code


def test_the_api_answers_problems_even_to_a_browser(city):
    answer = requests.get(
        f"{city.url}/api/public/v1/offices/nowhere/congestion",
        headers=BROWSER,
        timeout=PATIENCE,
    )
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == PROBLEM


def test_a_fault_of_ours_is_a_page_that_gives_nothing_away(faulty):
    answer = faulty.get("/page", headers=BROWSER)
    assert answer.status_code == 500
    assert "ただいま表示できません" in answer.text
    assert "secret" not in answer.text


def test_a_fault_of_ours_is_a_problem_for_a_program(faulty):
    for answer in (faulty.get("/page"), faulty.get("/api/public/v1/page")):
        assert answer.status_code == 500
        assert answer.headers["Content-Type"] == PROBLEM
        assert "secret" not in answer.text


def test_who_asks_too_often_hears_when_to_come_back(faulty):
    answer = faulty.get("/crowded", headers=BROWSER)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert "しばらくお待ちください" in answer.text


def test_a_page_asked_with_the_wrong_method_says_which_is_right(city):
    answer = requests.get(f"{city.url}/logout", headers=BROWSER, timeout=PATIENCE)
    assert answer.headers["Allow"] == "POST"
