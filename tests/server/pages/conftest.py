"""One server for all tests of the pages."""

import pytest

from tests.server.pages.city import running_city


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    with running_city(tmp_path_factory.mktemp("city")) as found:
        yield found
