"""The line to the server: a session, an address, patience, and what can go wrong.

LineTrouble
├── Unreachable         nobody there, or not now: try again
├── CredentialRefused   the server does not know this kiosk (any more)
└── BadAnswer           an answer that does not follow the protocol, or a refusal
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar

import requests
from pydantic import ValidationError

from protocol.message import Message
from protocol.messages import sentence_of

PATIENCE = (3.0, 10.0)
"""Seconds to connect, to answer; requests itself waits for ever."""

PROMPT = timedelta(seconds=1)
"""An answer that took longer does not tell the time."""

M = TypeVar("M", bound=Message)


class LineTrouble(Exception):
    """The server did not do what was asked."""


class Unreachable(LineTrouble):
    """Nobody answers, or the server says "not now"."""


class CredentialRefused(LineTrouble):
    """The server does not know this kiosk's credential."""


class BadAnswer(LineTrouble):
    """A refusal, or an answer outside the protocol. `status` is the HTTP status."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Line:
    """`on_date` gets the `Date` header of every answer, for the clock.

    `session` is used by one thread.
    """

    session: requests.Session
    server: str
    credential: str = field(default="", repr=False)
    on_date: Callable[[str | None], None] = lambda _: None

    def get(
        self,
        path: str,
        *,
        etag: str | None = None,
        patience: tuple[float, float] = PATIENCE,
    ) -> requests.Response:
        """The answer: 200, or 304 if `etag` is still right."""
        headers = {} if etag is None else {"If-None-Match": etag}
        return self._ask("GET", path, headers, None, patience)

    def post(self, path: str, body: str, key: str) -> requests.Response:
        """Send JSON under the idempotency key: twice under one key is once."""
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        return self._ask("POST", path, headers, body.encode(), PATIENCE)

    def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes | None,
        patience: tuple[float, float],
    ) -> requests.Response:
        if self.credential:
            headers["Authorization"] = f"Bearer {self.credential}"
        address = f"{self.server.rstrip('/')}/api/kiosk/v1/{path}"
        request = partial(
            self.session.request,
            method,
            address,
            headers=headers,
            data=body,
            timeout=patience,
            # A redirect would carry the credential to somewhere else.
            allow_redirects=False,
        )
        try:
            try:
                answer = request()
            except requests.ConnectionError as exc:
                if isinstance(exc, requests.Timeout):
                    raise
                # A connection kept open may be closed by the server in the moment we
                # use it again; every request may be sent twice.
                answer = request()
        except requests.RequestException as exc:
            raise Unreachable(f"{self.server} does not answer ({_why(exc)})") from exc
        _judge(answer, path)
        if answer.elapsed < PROMPT:
            # The header tells when the server began: after a long poll, long ago.
            self.on_date(answer.headers.get("Date"))
        return answer


def read(answer: requests.Response, message: type[M]) -> M:
    """The message in an answer; BadAnswer if it is not one."""
    try:
        return message.model_validate_json(answer.content)
    except ValidationError as exc:
        raise BadAnswer(
            f"the server's {message.__name__} is not one: {sentence_of(exc)}",
            answer.status_code,
        ) from exc


def title_of(answer: requests.Response) -> str:
    """What a problem document says, else the bare status."""
    try:
        problem = answer.json()
    except requests.JSONDecodeError:
        problem = None
    if isinstance(problem, Mapping) and isinstance(problem.get("title"), str):
        return str(problem["title"])
    return f"status {answer.status_code}"


def _judge(answer: requests.Response, path: str) -> None:
    status = answer.status_code
    if status in {401, 403} and path != "enrol":
        raise CredentialRefused(f"the server refuses this kiosk: {title_of(answer)}")
    if status >= 500 or status in {408, 425, 429}:
        raise Unreachable(f"the server says: {title_of(answer)}")
    if status != 304 and not 200 <= status < 300:
        raise BadAnswer(f"{path}: {title_of(answer)}", status)


def _why(exc: requests.RequestException) -> str:
    """Without the address and the object numbers that requests puts into its texts."""
    return type(exc).__name__
