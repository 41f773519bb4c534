"""A visitor's own ticket: the page, its stream, and giving up the place.

The token in the address is all it takes to see a ticket, so it is never logged, and who
guesses is soon kept waiting.
"""

import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from protocol.token import BadToken, Token
from server.bell import CLOSED, MISSED, Ring
from server.hall import Hall
from server.limits import TooMany
from server.pages import render
from server.pages.giving_up import CannotGiveUp, give_up
from server.pages.source import (
    as_it_stands,
    genuine,
    office_of_kiosk,
    own_ticket,
    page_of,
)
from server.pages.view import Problem, TicketPage
from server.routes.documents import HEARTBEAT_SECONDS, as_event
from server.routes.pages.answers import go_to, page, problem, words_for
from server.rules.ticket import Ticket

UNKNOWN = Problem("pages.ticket.unknown_title", "pages.ticket.unknown_detail")
BUSY = Problem("pages.ticket.busy_title", "pages.ticket.busy_detail")
ALIVE = Ring("alive", "{}")


def ticket_router(hall: Hall) -> APIRouter:
    """`/t/{token}`, `/t/{token}/stream`, `/t/{token}/cancel`."""
    router = APIRouter(prefix="/t/{token}")

    @router.get("")
    def show(token: str, request: Request) -> Response:
        found = _known(hall, request, token)
        if isinstance(found, Response):
            return found
        return _page(hall, request, found, token)

    @router.get("/cancel")
    def ask(token: str, request: Request) -> Response:
        found = _known(hall, request, token)
        if isinstance(found, Response):
            return found
        ticket = own_ticket(hall, found)
        model = page_of(hall, found, ticket, _address(token), hall.now())
        if not model.can_cancel:
            return go_to(_address(token))
        words = words_for(request, _own_language(hall, ticket))
        return page(request, render.ticket_cancel(model, words))

    @router.post("/cancel")
    def cancel(token: str, request: Request) -> Response:
        found = _known(hall, request, token)
        if isinstance(found, Response):
            return found
        try:
            give_up(hall, found)
        except CannotGiveUp:
            return _page(hall, request, found, token, refused=True)
        return go_to(_address(token))

    @router.get("/stream")
    async def stream(token: str, request: Request) -> Response:
        found = await run_in_threadpool(_known, hall, request, token)
        if isinstance(found, Response):
            return found
        return StreamingResponse(
            _changes(hall, found, _address(token)),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return router


def _known(hall: Hall, request: Request, token: str) -> Token | Response:
    """The token if it is one of ours, or the page that says it is not."""
    now = hall.now()
    address = request.client.host if request.client else ""
    try:
        hall.limits.token_failures.check(address, now)
        hall.limits.token.spend(token.upper(), now)
        return genuine(hall.database, token)
    except TooMany as exc:
        answer = problem(request, 429, BUSY)
        answer.headers["Retry-After"] = str(exc.retry_after)
        return answer
    except BadToken:
        hall.limits.token_failures.count(address, now)
        return problem(request, 404, UNKNOWN)


def _page(
    hall: Hall, request: Request, token: Token, text: str, *, refused: bool = False
) -> Response:
    ticket = own_ticket(hall, token)
    model = page_of(hall, token, ticket, _address(text), hall.now(), refused=refused)
    words = words_for(request, _own_language(hall, ticket))
    status = 409 if refused else 200
    return page(request, render.ticket(model, words), status=status)


def _own_language(hall: Hall, ticket: Ticket | None) -> str | None:
    """The language chosen at the kiosk, if somebody chose one."""
    if ticket is None:
        return None
    usual = hall.offices.of(ticket.office).catalogue.languages[0]
    return None if ticket.language == usual else ticket.language


def _address(token: str) -> str:
    return f"/t/{token.upper()}"


async def _changes(hall: Hall, token: Token, address: str) -> AsyncIterator[bytes]:
    """What the ticket is now, and again whenever that changes, until it has ended."""
    ticket = await run_in_threadpool(own_ticket, hall, token)
    topic = await run_in_threadpool(_topic, hall, token, ticket)
    told = ""
    yield b"retry: 3000\n\n"
    with hall.bell.listening(topic) as listener:
        while True:
            ticket = await run_in_threadpool(as_it_stands, hall, token, ticket)
            model = page_of(hall, token, ticket, address, hall.now())
            if (document := _document(model)) != told:
                told = document
                yield as_event(Ring("ticket", document))
            if model.ended:
                return
            ring = await listener.next(HEARTBEAT_SECONDS)
            if ring is None:
                yield as_event(ALIVE)
            elif ring in (CLOSED, MISSED):
                return


def _topic(hall: Hall, token: Token, ticket: Ticket | None) -> str:
    """The office's news: people ahead change with other people's tickets."""
    if ticket is not None:
        return f"office:{ticket.office}"
    office = office_of_kiosk(hall, token)
    return f"office:{office.id if office else ''}"


def _document(model: TicketPage) -> str:
    wait = model.wait
    return json.dumps(
        {
            "state": model.state,
            "label": model.label,
            "counter": model.counter,
            "people_ahead": model.ahead,
            "wait_minutes": None
            if wait is None
            else {"low": wait.low, "high": wait.high},
        }
    )
