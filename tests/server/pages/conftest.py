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


@pytest.fixture
def enter(context, city) -> Callable[[str], None]:
    """Be logged in as that user in this test's browser."""

    def log_in(user: str) -> None:
        cookie = {"name": SESSION_COOKIE, "value": city.session(user), "url": city.url}
        context.add_cookies([cookie])

    return log_in


@pytest.fixture
def desk(context, city, enter) -> Callable[[str], Page]:
    """The console of that counter."""

    def sit_down(counter: str) -> Page:
        enter(counter.partition("_")[0])
        place = {"name": COUNTER_COOKIE, "value": counter, "url": f"{city.url}/staff"}
        context.add_cookies([place])
        page = context.new_page()
        page.clock.install()
        page.goto(f"{city.url}/staff")
        expect(page.locator("#desk")).to_be_visible()
        return page

    return sit_down
