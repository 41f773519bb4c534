"""The time and how far it can be believed."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.clock import Clock, system_evidence
from tests.kiosk.office import at

NINE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
HEADER = "Tue, 24 Nov 2026 00:00:00 GMT"


class World:
    """A machine whose clocks are in our hands."""

    def __init__(self, floor, system: datetime) -> None:
        self.floor, self.system = floor, system
        self.seconds = 1000.0
        self.vouched = None

    def clock(self) -> Clock:
        return Clock(
            lambda: self.system,
            lambda: self.seconds,
            self.floor,
            lambda: self.vouched,
        )

    def passes(self, seconds: float) -> None:
        self.system += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def world(tmp_path):
    """It starts with the time of its image, like a Raspberry Pi without battery."""
    return World(tmp_path / "clock.json", NINE - timedelta(days=300))


def test_a_new_machine_knows_no_time_and_prints_none(world):
    now = world.clock().now()
    assert (now.trust, now.printable) == ("none", False)


def test_the_server_tells_the_time(world):
    clock = world.clock()
    clock.learn(HEADER)
    world.passes(90)
    now = clock.now()
    assert (now.at, now.trust) == (NINE + timedelta(seconds=90), "server")
    assert now.printable


def test_a_step_of_the_system_clock_is_not_believed(world):
    clock = world.clock()
    clock.learn(HEADER)
    world.system += timedelta(days=3650)
    assert clock.now().at == NINE


def test_small_differences_are_the_headers_own(world):
    clock = world.clock()
    clock.learn(HEADER)
    world.passes(1.5)
    clock.learn(HEADER)
    assert clock.now().at == NINE + timedelta(seconds=1.5)
    world.passes(60)
    clock.learn(HEADER)
    assert clock.now().at == NINE


@pytest.mark.parametrize("header", [None, "", "yesterday", "Tue, 99 Nov 2026"])
def test_an_odd_header_is_no_time(world, header):
    clock = world.clock()
    clock.learn(header)
    assert clock.now().trust == "none"


def test_the_time_does_not_run_back_over_a_reboot(world):
    clock = world.clock()
    clock.learn(HEADER)
    clock.save()
    world.seconds = 3.0
    now = world.clock().now()
    assert (now.at, now.trust, now.printable) == (NINE, "saved", False)


def test_an_untrusted_time_is_not_kept_for_the_next_start(world):
    world.system = NINE + timedelta(days=3650)
    world.clock().save()
    assert not world.floor.exists()


def test_the_time_is_kept_once_a_minute(world):
    clock = world.clock()
    clock.learn(HEADER)
    clock.save()
    first = world.floor.read_bytes()
    world.passes(59)
    clock.save()
    assert world.floor.read_bytes() == first
    world.passes(1)
    clock.save()
    assert world.floor.read_bytes() != first


@pytest.mark.parametrize("body", [b"", b"{}", b'{"at": 7}', b'{"at": "2026-11-24"}'])
def test_a_damaged_file_is_as_good_as_none(world, body):
    world.floor.write_bytes(body)
    assert world.clock().now().trust == "none"


@pytest.mark.parametrize("vouched", ["ntp", "rtc"])
def test_what_the_system_vouches_for_is_the_systems_time(world, vouched):
    clock = world.clock()
    clock.learn(HEADER)
    world.system, world.vouched = NINE + timedelta(hours=1), vouched
    assert clock.now().trust == vouched
    assert clock.now().at == world.system


def test_a_machine_without_ntp_and_chip_vouches_for_nothing_by_itself():
    assert system_evidence(rtc=False)() in {None, "ntp"}


def test_opening_time_in_chiba_is_midnight_in_greenwich():
    assert at("09:00").at == NINE
