"""One server and one browser for all tests of the pages."""

import pytest
from playwright.sync_api import sync_playwright

from tests.server.pages.city import running_city

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    with running_city(tmp_path_factory.mktemp("city")) as found:
        yield found


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser):
    """A browser of its own: no cookies, Japanese, a desk's screen; its errors fail."""
    desk = {"width": 1280, "height": 800}
    context = browser.new_context(locale="ja-JP", viewport=desk)
    context.set_default_timeout(5000)
    errors = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert errors == []
