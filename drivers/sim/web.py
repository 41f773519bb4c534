"""The printer's web page and its few endpoints (WSGI, no framework).

Looking costs little, and nothing here can make the printer wait: pictures are drawn
outside its lock. Every error is JSON with a sentence that says what was wrong.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from drivers.sim import render
from drivers.sim.faults import Misuse
from drivers.sim.paper import Sheet
from drivers.sim.sim import PrinterSim

_PAGE: Final = (Path(__file__).parent / "page.html").read_bytes()
_LONGEST_BODY: Final = 4096
_NUMBERS: Final = ("after_bytes", "after_mm")


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    body: bytes
    kind: str = "application/json"
    status: HTTPStatus = HTTPStatus.OK


class Refused(Exception):
    """The request cannot be answered; the sentence is for whoever sent it."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def application(printer: PrinterSim) -> WSGIApplication:
    """The page of that printer."""

    def answer(env: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            reply = _route(printer, env)
        except Refused as refused:
            problem = json.dumps({"error": str(refused)}, ensure_ascii=False)
            reply = Reply(problem.encode(), status=refused.status)
        headers = [
            ("Content-Type", reply.kind),
            ("Content-Length", str(len(reply.body))),
            ("Cache-Control", "no-store"),
            ("Access-Control-Allow-Origin", "*"),
        ]
        start(f"{reply.status.value} {reply.status.phrase}", headers)
        return [] if env["REQUEST_METHOD"] == "HEAD" else [reply.body]

    return answer


def _route(printer: PrinterSim, env: WSGIEnvironment) -> Reply:
    method, path = env["REQUEST_METHOD"], env.get("PATH_INFO", "/")
    if path.startswith("/papers/"):
        actions = {"GET": lambda: _one_paper(printer, path.removeprefix("/papers/"))}
    else:
        actions = _actions(printer, env).get(path, {})
    if not actions:
        raise Refused(HTTPStatus.NOT_FOUND, f"there is no {path} on this printer")
    action = actions.get("GET" if method == "HEAD" else method)
    if action is None:
        allowed = " or ".join(actions)
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, f"{path} is for {allowed}")
    return action()


def _actions(
    printer: PrinterSim, env: WSGIEnvironment
) -> dict[str, dict[str, Callable[[], Reply]]]:
    return {
        "/": {"GET": lambda: Reply(_PAGE, "text/html; charset=utf-8")},
        "/state": {"GET": lambda: _json(printer.state())},
        "/papers": {"GET": lambda: _json([_entry(printer, s) for s in printer.sheets])},
        "/paper.png": {"GET": lambda: _picture(printer, _latest_cut(printer))},
        "/paper.bin": {"GET": lambda: _bytes(_latest_cut(printer))},
        "/uncut.png": {"GET": lambda: _picture(printer, _uncut(printer))},
        "/log": {"GET": lambda: _json(_log(printer))},
        "/fault": {"POST": lambda: _fault(printer, _body(env))},
        "/take": {"POST": lambda: _take(printer)},
    }


def _json(value: object) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False).encode())


def _picture(printer: PrinterSim, sheet: Sheet) -> Reply:
    return Reply(render.png(sheet, printer.width), "image/png")


def _bytes(sheet: Sheet) -> Reply:
    return Reply(sheet.source, "application/octet-stream")


def _latest_cut(printer: PrinterSim) -> Sheet:
    for sheet in reversed(printer.sheets):
        if not sheet.torn:
            return sheet
    raise Refused(HTTPStatus.NOT_FOUND, "no paper has been cut yet")


def _uncut(printer: PrinterSim) -> Sheet:
    sheet = printer.uncut
    if sheet is None:
        raise Refused(HTTPStatus.NOT_FOUND, "no uncut paper hangs out of the mouth")
    return sheet


def _one_paper(printer: PrinterSim, name: str) -> Reply:
    number, _, kind = name.partition(".")
    sheet = next((s for s in printer.sheets if str(s.id) == number), None)
    if sheet is None:
        raise Refused(HTTPStatus.NOT_FOUND, f"there is no sheet {number}")
    match kind:
        case "png":
            return _picture(printer, sheet)
        case "bin":
            return _bytes(sheet)
        case _:
            raise Refused(HTTPStatus.NOT_FOUND, "a sheet is .png or .bin")


def _entry(printer: PrinterSim, sheet: Sheet) -> dict[str, object]:
    return {
        "id": sheet.id,
        "at": _instant(printer.since_epoch(sheet.at)),
        "how": str(sheet.how),
        "torn": sheet.torn,
        "length_mm": sheet.length_mm,
        "text": list(sheet.lines),
        "qr": list(sheet.qr),
        "bytes": len(sheet.source),
    }


def _log(printer: PrinterSim) -> list[dict[str, object]]:
    return [
        {"at": _instant(e.at), "way": e.way, "bytes": len(e.data), "hex": e.data.hex()}
        for e in printer.journal()
    ]


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _take(printer: PrinterSim) -> Reply:
    printer.take_paper()
    return _json(printer.state())


def _fault(printer: PrinterSim, wish: dict[str, object]) -> Reply:
    name, on, once = wish.get("fault"), wish.get("on", True), wish.get("once", False)
    if not isinstance(name, str):
        raise Refused(HTTPStatus.BAD_REQUEST, 'say which: {"fault": name, "on": true}')
    if not isinstance(on, bool) or not isinstance(once, bool):
        raise Refused(HTTPStatus.BAD_REQUEST, "on and once are true or false")
    numbers = {key: wish[key] for key in _NUMBERS if wish.get(key) is not None}
    for key, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(HTTPStatus.BAD_REQUEST, f"{key} is a number, not {value!r}")
    after_bytes, after_mm = (numbers.get(key) for key in _NUMBERS)
    try:
        printer.fault(
            name,
            on=on,
            once=once,
            after_bytes=int(after_bytes)
            if isinstance(after_bytes, int | float)
            else None,
            after_mm=float(after_mm) if isinstance(after_mm, int | float) else None,
        )
    except Misuse as misuse:
        raise Refused(HTTPStatus.BAD_REQUEST, str(misuse)) from misuse
    return _json(printer.state())


def _body(env: WSGIEnvironment) -> dict[str, object]:
    length = env.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > _LONGEST_BODY:
        raise Refused(HTTPStatus.BAD_REQUEST, "the request's body is too long")
    try:
        wish = json.loads(env["wsgi.input"].read(int(length)))
    except ValueError as broken:
        raise Refused(HTTPStatus.BAD_REQUEST, "the request is not JSON") from broken
    if not isinstance(wish, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "the request is not a JSON object")
    return wish
