"""A pointer in a real X server, moved by XTEST through its own C library.

Started for each press, a program such as xdotool would take longer than the kiosk.
"""

import ctypes
import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any, Final, Self

WIDE, HIGH = 1280, 800
HELD: Final = 0.06
"""Seconds a finger stays down."""


class NoPointer(RuntimeError):
    """This machine has no X server or no XTEST library; says which."""


@contextmanager
def x_server() -> Iterator[str]:
    """A screen of the panel's size; its name, as `DISPLAY` wants it."""
    program = shutil.which("Xvfb")
    if program is None:
        raise NoPointer("there is no Xvfb: install the package xvfb")
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-nolisten", "tcp"]
    command += ["-screen", "0", f"{WIDE}x{HIGH}x24"]
    with subprocess.Popen(
        command, pass_fds=[write], stderr=subprocess.DEVNULL
    ) as server:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        if not number:
            raise NoPointer("Xvfb ended at once")
        try:
            yield f":{number}"
        finally:
            server.terminate()


class Pointer:
    """The pointer of one display; x and y in 0 to 1 of the whole screen."""

    def __init__(self, display: str) -> None:
        self._x11, self._xtst = _library("X11"), _library("Xtst")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        opened = self._x11.XOpenDisplay(display.encode())
        if not opened:
            raise NoPointer(f"the display {display} does not answer")
        self._display = ctypes.c_void_p(opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._x11.XCloseDisplay(self._display)

    def tap(self, x: float, y: float) -> float:
        """Press there and lift; the moment just before the finger is lifted."""
        move = (round(x * WIDE), round(y * HIGH))
        self._xtst.XTestFakeMotionEvent(self._display, -1, *move, ctypes.c_ulong(0))
        self._button(down=True)
        sleep(HELD)
        at = monotonic()
        self._button(down=False)
        return at

    def _button(self, *, down: bool) -> None:
        self._xtst.XTestFakeButtonEvent(self._display, 1, int(down), ctypes.c_ulong(0))
        self._x11.XFlush(self._display)


def _library(name: str) -> Any:
    found = ctypes.util.find_library(name)
    if found is None:
        raise NoPointer(f"there is no lib{name}: it comes with the package xdotool")
    return ctypes.CDLL(found)
