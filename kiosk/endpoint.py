"""The kiosk's own small web service: `/healthz`, `/state`, `/metrics`.

It answers from a snapshot that the loop swaps from time to time, so that no poll,
however often, touches the screen's thread. `/state` and `/metrics` want the token.
"""

import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import waitress.server
import waitress.wasyncore

from kiosk.metrics import text_of
from protocol.messages import KioskState

TURN_WITHIN_S: Final = 15.0
"""A loop that has not turned for so long is stuck: it turns every five seconds."""
BODY_MAX: Final = 64 * 1024
FAILURES: Final = 10
FAILURE_WINDOW_S: Final = 60.0
ADDRESSES_KEPT: Final = 256

_REASON = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    429: "Too Many Requests",
    503: "Service Unavailable",
}


class CannotServe(Exception):
    """The agent's address cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the agent answers from. `turned_at`: monotonic seconds of the loop's turn.

    `counts`: tickets of the day by state, for the metrics.
    """

    state: KioskState
    turned_at: float
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """`query` holds the last value of each name; `headers` names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    remote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` may be an iterable of parts for an answer that goes on."""

    status: int
    body: bytes | Iterable[bytes]
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A further path of the agent; it answers on a thread of the web service."""

    method: str
    path: str
    answer: Callable[[Request], Answer]


class Strikes:
    """Counts refused tokens by address: guessing soon ends in 429."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._by_address: dict[str, list[float]] = {}

    def out(self, remote: str) -> bool:
        """Whether that address has failed too often."""
        with self._lock:
            return len(self._recent(remote)) >= FAILURES

    def add(self, remote: str) -> None:
        """One more failure."""
        with self._lock:
            strikes = self._recent(remote)
            strikes.append(self._monotonic())
            self._by_address.pop(remote, None)
            if len(self._by_address) >= ADDRESSES_KEPT:
                del self._by_address[next(iter(self._by_address))]
            self._by_address[remote] = strikes[-FAILURES:]

    def _recent(self, remote: str) -> list[float]:
        since = self._monotonic() - FAILURE_WINDOW_S
        return [at for at in self._by_address.get(remote, []) if at > since]


class AgentApp:
    """The WSGI application."""

    def __init__(
        self,
        snapshot: Callable[[], Snapshot],
        token: str,
        monotonic: Callable[[], float],
        extra_routes: Iterable[Route] = (),
    ) -> None:
        if not token:
            raise ValueError("the agent needs a state token")
        self._snapshot = snapshot
        self._token = token.encode()
        self._monotonic = monotonic
        self._strikes = Strikes(monotonic)
        own = (
            Route("GET", "/healthz", self._healthz),
            Route("GET", "/state", self._guarded(self._state)),
            Route("GET", "/metrics", self._guarded(self._metrics)),
        )
        self._routes = {(r.path, r.method): r.answer for r in (*extra_routes, *own)}

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        answer = self._answer(environ)
        headers = [
            ("Content-Type", answer.content_type),
            ("Cache-Control", "no-store"),
            *answer.headers,
        ]
        parts = answer.body
        if isinstance(parts, bytes):
            headers.append(("Content-Length", str(len(parts))))
            parts = [parts]
        reason = _REASON.get(answer.status, "Status")
        start_response(f"{answer.status} {reason}", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return parts

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path = environ.get("PATH_INFO") or "/"
        method = environ["REQUEST_METHOD"]
        wanted = "GET" if method == "HEAD" else method
        answer = self._routes.get((path, wanted))
        if answer is None:
            allowed = sorted(m for p, m in self._routes if p == path)
            if not allowed:
                return problem(404, "there is nothing here")
            return problem(405, "not this way", (("Allow", ", ".join(allowed)),))
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > BODY_MAX:
            return problem(413, "the body is too large")
        return answer(_request(environ, path, method, length))

    def _guarded(
        self, answer: Callable[[Request], Answer]
    ) -> Callable[[Request], Answer]:
        def guarded(request: Request) -> Answer:
            scheme, _, told = request.headers.get("authorization", "").partition(" ")
            if self._strikes.out(request.remote):
                wait = str(int(FAILURE_WINDOW_S))
                return problem(429, "too many refusals", (("Retry-After", wait),))
            right = hmac.compare_digest(told.strip().encode(), self._token)
            if scheme.lower() != "bearer" or not right:
                self._strikes.add(request.remote)
                return problem(
                    401, "the state token is wanted", (("WWW-Authenticate", "Bearer"),)
                )
            return answer(request)

        return guarded

    def _healthz(self, _request: Request) -> Answer:
        silent = self._monotonic() - self._snapshot().turned_at
        if silent > TURN_WITHIN_S:
            return problem(503, f"the loop has not turned for {silent:.0f} s")
        return Answer(200, b'{"status":"ok"}\n')

    def _state(self, _request: Request) -> Answer:
        return Answer(200, self._snapshot().state.model_dump_json().encode() + b"\n")

    def _metrics(self, _request: Request) -> Answer:
        snapshot = self._snapshot()
        text = text_of(snapshot.state, snapshot.counts)
        return Answer(200, text.encode(), "text/plain; version=0.0.4; charset=utf-8")


class Agent:
    """The application on an address, on threads of its own."""

    def __init__(
        self, app: AgentApp, host: str, port: int, *, threads: int = 4
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError as exc:
            raise CannotServe(
                f"the agent cannot listen on {host}:{port} ({exc.strerror}): is another"
                " kiosk running? Change [agent] in the settings or set"
                " SEIRIKEN_KIOSK_PORT"
            ) from exc
        self.port = int(listening.getsockname()[1])
        self._open: dict[int, object] = {}
        self._server = waitress.server.create_server(
            app,
            map=self._open,
            sockets=[listening],
            threads=threads,
            ident=None,
            max_request_body_size=BODY_MAX,
            clear_untrusted_proxy_headers=True,
        )
        self._thread = threading.Thread(target=self._run, name="agent", daemon=True)
        self._closing = False

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """End it; connections that are open are cut."""
        self._closing = True
        self._server.pull_trigger()
        if self._thread.ident is not None:
            self._thread.join(timeout=5)
        self._server.task_dispatcher.shutdown(timeout=1)
        waitress.wasyncore.close_all(self._open)

    def _run(self) -> None:
        while not self._closing:
            waitress.wasyncore.loop(30, use_poll=True, map=self._open, count=1)


def problem(
    status: int, title: str, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """An error after RFC 9457."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status})
    return Answer(status, body.encode() + b"\n", "application/problem+json", headers)


def _request(environ: dict[str, Any], path: str, method: str, length: int) -> Request:
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return Request(
        method,
        path,
        dict(parse_qsl(environ.get("QUERY_STRING", ""))),
        headers,
        environ["wsgi.input"].read(length) if length else b"",
        environ.get("REMOTE_ADDR", ""),
    )
