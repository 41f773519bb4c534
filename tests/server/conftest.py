"""Each test gets a server of its own; the empty database is made once and copied."""

import shutil

import pytest

from tests.server.house import (
    Clock,
    fresh_database,
    open_house,
    settings_for,
    small_city,
)


@pytest.fixture(scope="session")
def mould(tmp_path_factory):
    """A folder with an empty database and a small city."""
    folder = tmp_path_factory.mktemp("mould")
    fresh_database(folder / "server.sqlite3")
    small_city(folder)
    return folder


@pytest.fixture
def settings(mould, tmp_path):
    shutil.copy(mould / "server.sqlite3", tmp_path / "server.sqlite3")
    return settings_for(tmp_path, mould / "city")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def house(settings, clock):
    with open_house(settings, clock) as found:
        yield found
