"""One server for all tests of the pages, and a desk to sit down at."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from server.routes.incoming import SESSION_COOKIE
from server.routes.pages.desk import COUNTER_COOKIE
from tests.server.pages.city import running_city


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    with running_city(tmp_path_factory.mktemp("city")) as found:
        yield found


@pytest.fixture(scope="module")
def window(browser):
    """One window for a module, and what went wrong in it; its clock can be moved on."""
    context = browser.new_context(locale="ja-JP")
    context.set_default_timeout(10000)
    context.clock.install()
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page(), errors
    context.close()


@pytest.fixture
def page(window):
    """The window as a stranger's: a desk's screen, no cookies. Its errors fail."""
    shared, errors = window
    shared.set_viewport_size({"width": 1280, "height": 800})
    yield shared
    shared.goto("about:blank")
    shared.unroute_all()
    shared.context.clear_cookies()
    told, errors[:] = list(errors), []
    assert told == []


@pytest.fixture
def enter(page, city) -> Callable[[str], None]:
    """Be logged in as that user in this test's browser."""

    def log_in(user: str) -> None:
        cookie = {"name": SESSION_COOKIE, "value": city.session(user), "url": city.url}
        page.context.add_cookies([cookie])

    return log_in


@pytest.fixture
def desk(page, city, enter) -> Callable[[str], Page]:
    """The console of that counter."""

    def sit_down(counter: str) -> Page:
        enter(counter.partition("_")[0])
        place = {"name": COUNTER_COOKIE, "value": counter, "url": f"{city.url}/staff"}
        page.context.add_cookies([place])
        page.goto(f"{city.url}/staff")
        expect(page.locator("#desk")).to_be_visible()
        return page

    return sit_down
