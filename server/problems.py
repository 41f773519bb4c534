"""Every error leaves as `application/problem+json` (RFC 9457): status and sentence."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from server.limits import TooMany
from server.offices import UnknownPlace
from server.store.answers import KeyReused
from server.store.help import UnknownCall
from server.store.kiosks import EnrolRefused
from server.store.log import UnknownTicket
from server.store.together import Closed
from server.store.users import BadLogin


class Problem(Exception):
    """An error with its HTTP status and what the caller may do now."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.more = more


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem_response(
    status: int,
    detail: str,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The document: type, title, status, detail, and members of its own."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(more or {}),
    }
    return ProblemResponse(body, status, headers)


_STATUS: Mapping[type[Exception], int] = {
    BadLogin: 401,
    EnrolRefused: 403,
    UnknownTicket: 404,
    UnknownPlace: 404,
    UnknownCall: 404,
    KeyReused: 422,
    Closed: 503,
}


def answer_problems(app: FastAPI) -> None:
    """Teach the application to answer every error as a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(TooMany, _too_many)
    for kind in _STATUS:
        app.add_exception_handler(kind, _known)


def _problem(_request: Request, exc: Exception) -> ProblemResponse:
    assert isinstance(exc, Problem)
    return problem_response(exc.status, exc.detail, exc.more)


def _known(_request: Request, exc: Exception) -> ProblemResponse:
    return problem_response(_STATUS[type(exc)], str(exc))


def _http(_request: Request, exc: Exception) -> ProblemResponse:
    assert isinstance(exc, HTTPException)
    return problem_response(exc.status_code, str(exc.detail), headers=exc.headers)


def _too_many(_request: Request, exc: Exception) -> ProblemResponse:
    assert isinstance(exc, TooMany)
    headers = {"Retry-After": str(exc.retry_after)}
    return problem_response(429, str(exc), headers=headers)


def _invalid(_request: Request, exc: Exception) -> ProblemResponse:
    assert isinstance(exc, RequestValidationError)
    faults = [
        {"field": ".".join(str(part) for part in fault["loc"]), "reason": fault["msg"]}
        for fault in exc.errors()
    ]
    first = faults[0] if faults else {"field": "body", "reason": "cannot be read"}
    detail = f"{first['field']}: {first['reason']}"
    return problem_response(422, detail, {"faults": faults})
