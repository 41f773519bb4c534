"""What went wrong, for whoever looks at it: a page for people, a problem for programs.

A browser that opens an address gets a sentence in its language and a way on; everything
below `/api/`, and whoever does not ask for HTML, keeps `application/problem+json`.
"""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from server.pages.view import Problem
from server.problems import problem_response
from server.routes.pages.answers import problem

SAID: Final = {404: "not_found", 405: "wrong_way", 429: "too_many"}
FOR_PROGRAMS: Final = ("/api/", "/line/", "/healthz", "/readyz", "/metrics")

Handler = Callable[[Request, Exception], Response]


def answer_browsers(app: FastAPI) -> None:
    """Give every error a page too; programs keep the answers the app already has."""
    for kind, before in list(app.exception_handlers.items()):
        if not iscoroutinefunction(before):  # that one is for web sockets
            app.add_exception_handler(kind, _or_a_page(before))
    app.add_exception_handler(Exception, _or_a_page(_broken))


def _or_a_page(for_programs: Any) -> Handler:
    def answer(request: Request, exc: Exception) -> Response:
        told: Response = for_programs(request, exc)
        if not _is_read_by_people(request):
            return told
        page = problem(request, told.status_code, _said(told.status_code))
        for name in ("Allow", "Retry-After"):
            if name in told.headers:
                page.headers[name] = told.headers[name]
        return page

    return answer


def _is_read_by_people(request: Request) -> bool:
    if request.url.path.startswith(FOR_PROGRAMS):
        return False
    return "text/html" in request.headers.get("accept", "")


def _said(status: int) -> Problem:
    what = "broken" if status >= 500 else SAID.get(status, "refused")
    return Problem(f"pages.problem.{what}_title", f"pages.problem.{what}")


def _broken(_request: Request, _exc: Exception) -> Response:
    """A fault of ours; what it was stands in the log, not in the answer."""
    return problem_response(
        500, "the server could not do this; try again, and tell whoever runs it"
    )
