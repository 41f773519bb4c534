"""A real window on a real X server, pressed by a pointer."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.house import House, demo, soon


@pytest.fixture(scope="module")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An X server with a screen of the panel's size; it chooses its own number."""
    server = shutil.which("Xvfb")
    assert server, "Xvfb is missing: run make test, which installs it"
    read, write = os.pipe()
    with subprocess.Popen(
        [server, "-displayfd", str(write), "-screen", "0", "1280x800x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        yield f":{number}"
        process.terminate()


@pytest.fixture(scope="module")
def windowed(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data: Path = tmp_path_factory.mktemp("window") / "data"
    with demo(data, "--fullscreen", "--print-speed", "2000", DISPLAY=display) as house:
        soon(lambda: house.stands_on("home"), "the kiosk is at home")
        yield house


def pointer(display: str, *words: str) -> None:
    environment = {**os.environ, "DISPLAY": display}
    subprocess.run(["xdotool", *words], env=environment, check=True)


def move_to(house: House, display: str, target: str) -> None:
    found = next(t for t in house.screen()["targets"] if t["id"] == target)
    x = round((found["x"] + found["w"] / 2) * 1280)
    y = round((found["y"] + found["h"] / 2) * 800)
    pointer(display, "mousemove", str(x), str(y))


def test_a_pointer_pressed_and_lifted_on_a_button_brings_a_ticket(windowed, display):
    before = len(windowed.papers())
    move_to(windowed, display, "procedure:preapplied")
    pointer(display, "mousedown", "1")
    assert windowed.stands_on("home"), "nothing happens before the finger is lifted"
    pointer(display, "mouseup", "1")
    soon(lambda: windowed.stands_on("done"), "the ticket is there")
    soon(lambda: len(windowed.papers()) == before + 1, "paper came out")
    assert "事前申請 整理券" in windowed.papers()[-1]["text"]


def test_a_double_click_is_one_ticket(windowed, display):
    soon(lambda: windowed.stands_on("home") or windowed.touch(0.5, 0.05), "home again")
    before = len(windowed.papers())
    move_to(windowed, display, "procedure:certificates")
    pointer(display, "click", "--repeat", "3", "--delay", "120", "1")
    soon(lambda: windowed.stands_on("done"), "the ticket is there")
    assert len(windowed.papers()) == before + 1
