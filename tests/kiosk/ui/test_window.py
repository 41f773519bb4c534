"""The window: frames out, fingers in; offscreen, and in a real X11 display."""

import os
import shutil
import subprocess
import threading
import time
from io import BytesIO

import pygame
import pytest
from PIL import Image

from kiosk.ui.gallery import scenes
from kiosk.ui.layout import lay_out
from kiosk.ui.measures import LANDSCAPE_10, Panel, Rect
from kiosk.ui.press import Finger
from kiosk.ui.window import MOUSE, NoDisplay, VideoSettings, Window, finger_of, fitted

SIZE = (1280, 800)
WHOLE = Rect(0, 0, *SIZE)


def event(kind, **values):
    return pygame.Event(kind, values)


@pytest.fixture
def window():
    window = Window(VideoSettings("dummy", LANDSCAPE_10))
    yield window
    window.close()


def layout_of(window, name):
    return lay_out(dict(scenes(LANDSCAPE_10, "ja", window.fonts))[name])


def test_what_is_presented_is_what_the_mirror_gets(window):
    window.present(layout_of(window, "home"))
    home = window.frame_png()
    window.present(layout_of(window, "done"))
    done = window.frame_png()
    assert Image.open(BytesIO(home)).size == SIZE
    assert home != done


def test_the_mirror_may_ask_from_another_thread(window):
    window.present(layout_of(window, "home"))
    frames = []
    thread = threading.Thread(target=lambda: frames.append(window.frame_png()))
    thread.start()
    thread.join()
    assert frames == [window.frame_png()]


def test_news_of_a_thread_ends_the_wait(window):
    threading.Timer(0.02, window.wake).start()
    assert window.wait(time.monotonic() + 60) == []


def test_a_touch_is_a_finger():
    down = event(pygame.FINGERDOWN, x=0.25, y=0.5, finger_id=7, touch_id=1)
    assert finger_of(down, SIZE, WHOLE) == Finger("down", 0.25, 0.5, 7)


def test_a_mouse_is_a_finger_too():
    up = event(pygame.MOUSEBUTTONUP, pos=(640, 200), button=1, touch=False)
    assert finger_of(up, SIZE, WHOLE) == Finger("up", 0.5, 0.25, MOUSE)
    drag = event(pygame.MOUSEMOTION, pos=(640, 200), buttons=(1, 0, 0), touch=False)
    assert finger_of(drag, SIZE, WHOLE) == Finger("move", 0.5, 0.25, MOUSE)


@pytest.mark.parametrize(
    "ignored",
    [
        event(pygame.MOUSEBUTTONDOWN, pos=(640, 200), button=1, touch=True),
        event(pygame.MOUSEBUTTONDOWN, pos=(640, 200), button=3, touch=False),
        event(pygame.MOUSEMOTION, pos=(640, 200), buttons=(0, 0, 0), touch=False),
        event(pygame.WINDOWEXPOSED),
    ],
)
def test_the_mouse_sdl_makes_of_a_touch_is_dropped(ignored):
    assert finger_of(ignored, SIZE, WHOLE) is None


def test_closing_the_window_is_reported():
    assert finger_of(event(pygame.QUIT), SIZE, WHOLE) == Finger("quit")


def test_a_picture_keeps_its_shape_on_a_foreign_display():
    assert fitted((1080, 1920), (1920, 1080)) == Rect(656, 0, 608, 1080)
    assert fitted(SIZE, SIZE) == WHOLE


def test_beside_the_picture_is_outside_of_it():
    place = fitted((1080, 1920), (1920, 1080))
    left = event(pygame.FINGERDOWN, x=0.1, y=0.5, finger_id=1, touch_id=1)
    middle = event(pygame.FINGERDOWN, x=0.5, y=0.5, finger_id=1, touch_id=1)
    assert finger_of(left, (1920, 1080), place).x < 0
    assert finger_of(middle, (1920, 1080), place).x == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("turn", "seen"),
    [(0, (0.1, 0.2)), (90, (0.2, 0.9)), (180, (0.9, 0.8)), (270, (0.8, 0.1))],
)
def test_a_panel_on_its_side_is_touched_where_it_shows(turn, seen):
    down = event(pygame.FINGERDOWN, x=0.1, y=0.2, finger_id=1, touch_id=1)
    finger = finger_of(down, SIZE, WHOLE, turn)
    assert (finger.x, finger.y) == pytest.approx(seen)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_turned_picture_and_the_turned_finger_agree(turn):
    """A dot drawn upright is found again through the panel's own coordinates."""
    upright = pygame.Surface((100, 200))
    upright.set_at((20, 150), (255, 0, 0))
    shown = pygame.transform.rotate(upright, -turn)
    w, h = shown.get_size()
    spot = next(
        (x, y) for x in range(w) for y in range(h) if shown.get_at((x, y))[0] == 255
    )
    x, y = (spot[0] + 0.5) / w, (spot[1] + 0.5) / h
    down = event(pygame.FINGERDOWN, x=x, y=y, finger_id=1, touch_id=1)
    finger = finger_of(down, (w, h), Rect(0, 0, w, h), turn)
    assert int(finger.x * 100) == 20
    assert int(finger.y * 200) == 150


def test_a_panel_on_its_side_gets_the_turned_frame():
    panel = Panel(400, 640, 5.9)
    window = Window(VideoSettings("dummy", panel, fullscreen=False, turn=90))
    try:
        assert pygame.display.get_window_size() == (640, 400)
        assert Image.open(BytesIO(window.frame_png())).size == (400, 640)
    finally:
        window.close()


def test_no_display_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(NoDisplay, match="x11 cannot show a window"):
        Window(VideoSettings("x11", LANDSCAPE_10))


needs_x11 = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs Xvfb and xdotool",
)


@pytest.fixture
def x11(monkeypatch):
    """A real X server; its number is its own choice."""
    reads, writes = os.pipe()
    server = subprocess.Popen(
        [
            *("Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x800x24"),
            *("-nolisten", "tcp"),
        ],
        pass_fds=[writes],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writes)
    with os.fdopen(reads) as said:
        number = said.readline().strip()
    monkeypatch.setenv("DISPLAY", f":{number}")
    yield number
    server.terminate()
    server.wait()


@needs_x11
def test_a_press_in_a_real_window_ends_the_sleep(x11):
    window = Window(VideoSettings("x11", LANDSCAPE_10, fullscreen=False))
    try:
        window.present(layout_of(window, "home"))
        window.wait(time.monotonic() + 0.2)
        before = window.sleeps
        pressing = subprocess.Popen(
            ["xdotool", "mousemove", "320", "200", "mousedown", "1", "mouseup", "1"]
        )
        seen = []
        end = time.monotonic() + 10
        while len(seen) < 2 and time.monotonic() < end:
            seen += [f for f in window.wait(end) if f.kind != "move"]
        assert pressing.wait() == 0
        assert seen == [
            Finger("down", 0.25, 0.25, MOUSE),
            Finger("up", 0.25, 0.25, MOUSE),
        ]
        assert window.sleeps - before <= 10
    finally:
        window.close()


@needs_x11
def test_an_idle_window_hardly_wakes(x11):
    window = Window(VideoSettings("x11", LANDSCAPE_10, fullscreen=False))
    try:
        window.present(layout_of(window, "home"))
        window.wait(time.monotonic() + 0.2)
        before = window.sleeps
        window.wait(time.monotonic() + 1.0)
        assert window.sleeps - before <= 5
    finally:
        window.close()
