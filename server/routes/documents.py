"""Answers whose bytes already exist: JSON, sheets with ETag, server-sent events."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.bell import CLOSED, MISSED, Bell, Ring
from server.sheets import Sheet

HEARTBEAT_SECONDS = 15.0
"""A comment line this often keeps proxies from closing a quiet stream."""


def json_answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")


def sheet_answer(request: Request, sheet: Sheet, media: str, cache: str) -> Response:
    """The sheet, or 304 if the caller already has it."""
    headers = {"ETag": sheet.etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if sheet.etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(sheet.body, headers=headers, media_type=media)


def event_stream(
    bell: Bell,
    topics: tuple[str, ...],
    first: list[Ring],
    alive: float | None = None,
) -> Response:
    """`first` at once, then whatever rings under `topics`, until one side goes.

    With `alive` a line quiet for so many seconds says so in an event of that name,
    which a page can hear; else a comment keeps it open.
    """
    return StreamingResponse(
        _events(bell, topics, first, alive),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def as_event(ring: Ring) -> bytes:
    """One server-sent event; its data is a single line."""
    return f"event: {ring.event}\ndata: {ring.data}\n\n".encode()


async def _events(
    bell: Bell, topics: tuple[str, ...], first: list[Ring], alive: float | None
) -> AsyncIterator[bytes]:
    quiet = b": still here\n\n" if alive is None else as_event(Ring("alive", "{}"))
    with bell.listening(*topics) as listener:
        yield b"retry: 3000\n\n" + b"".join(as_event(ring) for ring in first)
        while True:
            ring = await listener.next(alive or HEARTBEAT_SECONDS)
            if ring is None:
                yield quiet
            elif ring is CLOSED or ring is MISSED:
                # Too slow for the queue: the browser asks anew and gets the whole.
                return
            else:
                yield as_event(ring)
