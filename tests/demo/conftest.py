"""One running demo for all tests of this folder that do not stop it."""

from collections.abc import Iterator

import pytest

from tests.demo.house import House, at_home, demo, soon


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("demo") / "data"
    with demo(data, "--offscreen", "--print-speed", "2000") as house:
        yield house


@pytest.fixture
def house(running: House) -> House:
    """The demo, its kiosk at home and online, its printer well."""
    for fault in ("paper_end", "cover_open", "cutter_jam", "mute", "power_off"):
        running.fault(fault, on=False)
    soon(lambda: at_home(running), "the kiosk is at home", within=90)
    return running
