"""The mirror: the kiosk's screen in a browser, where a click is a touch.

Extra routes for the kiosk's agent. The paper is what the simulated print head put on
paper, fetched from the virtual printer's page: never what the kiosk meant to print.
"""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Final

import requests

from kiosk.endpoint import Answer, Request, Route, problem
from kiosk.machine import Face

PATIENCE: Final = (1, 5)
_PAGE = {
    "/": ("mirror.html", "text/html; charset=utf-8"),
    "/mirror.css": ("mirror.css", "text/css; charset=utf-8"),
    "/mirror.js": ("mirror.js", "text/javascript; charset=utf-8"),
}
_FRESH = (("Cache-Control", "no-store"),)


def mirror(
    face: Face, printer_page: str, links: Mapping[str, str]
) -> tuple[Route, ...]:
    """All routes. `links` (text to address) are shown below the paper."""
    paper = Paper(printer_page)
    listed = [{"text": text, "href": href} for text, href in links.items()]
    return (
        *(Route("GET", path, _static(*what)) for path, what in _PAGE.items()),
        Route("GET", "/links.json", lambda _: _json(listed)),
        Route("GET", "/screen.png", lambda _: _png(face.frame_png())),
        Route("GET", "/screen.json", lambda _: _json(scene(face, paper.last()))),
        Route("POST", "/button", lambda _: button(face)),
        Route("POST", "/touch", lambda request: touch(face, request)),
        Route("GET", "/paper.png", lambda _: paper.fetch("/paper.png")),
        Route("GET", "/paper.bin", lambda _: paper.fetch("/paper.bin")),
    )


def scene(face: Face, paper: str) -> dict[str, object]:
    """What stands on the screen, targets in 0 to 1; `paper` names the last sheet."""
    view = face.view()
    wide, high = view.layout.width, view.layout.height
    return {
        "screen": view.screen,
        "language": view.language,
        "revision": view.revision,
        "paper": paper,
        "lamp": face.lamp_is_lit(),
        "targets": [
            {
                "id": target.id,
                "label": target.label,
                "x": target.rect.x / wide,
                "y": target.rect.y / high,
                "w": target.rect.w / wide,
                "h": target.rect.h / high,
            }
            for target in view.targets
        ],
    }


def touch(face: Face, request: Request) -> Answer:
    """`{"x": 0..1, "y": 0..1}`; answered when the kiosk has taken it in."""
    try:
        told = json.loads(request.body)
        x, y = float(told["x"]), float(told["y"])
    except (ValueError, KeyError, TypeError):
        return problem(400, 'a touch is {"x": 0..1, "y": 0..1}')
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return problem(400, "x and y of a touch lie between 0 and 1")
    if not face.touch(x, y):
        return problem(503, "the kiosk's loop does not turn")
    return _json({"screen": face.view().screen})


def button(face: Face) -> Answer:
    """The button beside the screen that calls staff."""
    if not face.press_call_button():
        return problem(404, "this kiosk's button hangs at real pins, or it has none")
    return _json({"screen": face.view().screen})


class Paper:
    """What lies below the virtual printer's mouth."""

    def __init__(self, printer_page: str) -> None:
        self._page = printer_page

    def last(self) -> str:
        """The name of the last sheet; empty before the first or while it is off."""
        try:
            sheets = requests.get(f"{self._page}/papers", timeout=PATIENCE).json()
        except requests.RequestException:
            return ""
        return str(sheets[-1]["id"]) if sheets else ""

    def fetch(self, path: str) -> Answer:
        """A sheet as picture or bytes, 404 before the first."""
        try:
            answer = requests.get(self._page + path, timeout=PATIENCE)
        except requests.RequestException:
            return problem(503, "the virtual printer's page does not answer")
        if answer.status_code != 200:
            return problem(404, "no paper has come out yet")
        return Answer(200, answer.content, answer.headers["Content-Type"], _FRESH)


def _static(name: str, content_type: str) -> Callable[[Request], Answer]:
    body = (files("demo") / "page" / name).read_bytes()
    return lambda _: Answer(200, body, content_type)


def _png(picture: bytes) -> Answer:
    return Answer(200, picture, "image/png", _FRESH)


def _json(value: object) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(200, body, "application/json", _FRESH)
