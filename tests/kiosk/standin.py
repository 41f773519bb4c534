"""A central server as the protocol describes it, in the same process and with faults.

It shares no code with the real one: another vendor's server could look like this.
"""

import json
from collections.abc import Callable
from email.utils import format_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import requests
from requests.adapters import BaseAdapter

from kiosk.line import Line
from tests.kiosk.office import CATALOGUE, TUESDAY, at

ADDRESS = "http://queue.test"


class StandIn(BaseAdapter):
    """Mounted in a session it answers instead of the network.

    `fault`: what the next requests meet, by path: `down`, `lost` (done, but no answer),
    or a status. `refuses`: which events it will not have.
    """

    def __init__(self) -> None:
        super().__init__()
        self.credential = "secret"
        self.catalogue = CATALOGUE
        self.figures: dict[str, Any] = {
            "as_of": at().at.isoformat(),
            "procedures": {"moving": {"waiting": 3, "wait_minutes": None}},
        }
        self.commands: list[dict[str, Any]] = []
        self.events: dict[int, dict[str, Any]] = {}
        self.refuses: Callable[[dict[str, Any]], bool] = lambda _: False
        self.contiguous = False
        self.leases: dict[str, dict[str, Any]] = {}
        self.next_number = {"moving": 1, "fast": 1}
        self.lease_day = TUESDAY.isoformat()
        self.states: list[dict[str, Any]] = []
        self.fault: dict[str, list[str | int]] = {}
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        self.asked: list[str] = []
        self.now = at().at

    def line(self, **other: Any) -> Line:
        """A line to this server."""
        session = requests.Session()
        session.mount(ADDRESS, self)
        return Line(session, ADDRESS, self.credential, **other)

    def tickets(self) -> list[str]:
        """The ids of the tickets it knows, in order of arrival."""
        return [
            e["ticket_id"] for e in self.events.values() if e["kind"] == "ticket_issued"
        ]

    def close(self) -> None:
        pass

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        path = urlsplit(str(request.url)).path.removeprefix("/api/kiosk/v1/")
        self.asked.append(f"{request.method} {path}")
        faults = self.fault.get(path, []) or self.fault.get("*", [])
        fault = faults.pop(0) if faults else None
        if fault == "down":
            raise requests.ConnectTimeout("nobody there")
        if isinstance(fault, int):
            return self._answer(request, fault, {"title": "a fault was asked for"})
        status, body, headers = self._do(request, path)
        if fault == "lost":
            raise requests.ReadTimeout("the answer was lost")
        return self._answer(request, status, body, headers)

    def _do(
        self, request: requests.PreparedRequest, path: str
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        shown = request.headers.get("Authorization")
        if path != "enrol" and shown != f"Bearer {self.credential}":
            return 401, {"title": "enrol again"}, {}
        if request.method == "GET":
            return self._read(request, path)
        key = request.headers["Idempotency-Key"]
        if key not in self.answers:
            body = json.loads(request.body or b"{}")
            self.answers[key] = getattr(self, f"_take_{path}")(body)
        return *self.answers[key], {}

    def _read(
        self, request: requests.PreparedRequest, path: str
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        document = {
            "catalogue": json.loads(self.catalogue.model_dump_json()),
            "figures": self.figures,
            "commands": {"commands": self.commands},
        }[path]
        etag = f'"{hash(json.dumps(document)):x}"'
        if path != "commands" and request.headers.get("If-None-Match") == etag:
            return 304, {}, {"ETag": etag}
        return 200, document, {"ETag": etag}

    def _take_events(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        refused = []
        for event in body["events"]:
            if self.refuses(event):
                refused.append({"seq": event["seq"], "title": "not like this"})
            self.events.setdefault(event["seq"], event)
        ack = 0
        if self.contiguous:
            while ack + 1 in self.events:
                ack += 1
        else:
            ack = max(self.events, default=0)
        return 200, {"ack": ack, "refused": refused}

    def _take_leases(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if body["request_id"] not in self.leases:
            first = self.next_number[body["series"]]
            last = first + body["count"] - 1
            self.next_number[body["series"]] = last + 1
            self.leases[body["request_id"]] = {
                "lease": str(UUID(int=(7 << 64) + len(self.leases))),
                "series": body["series"],
                "kind": body["kind"],
                "first": first,
                "last": last,
                "day": self.lease_day if body["kind"] == "run" else None,
            }
        return 200, self.leases[body["request_id"]]

    def _take_state(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.states.append(body)
        return 204, {}

    def _take_enrol(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if body["code"] != "12345678":
            return 403, {"title": "this code is unknown or used"}
        return 200, {
            "kiosk_id": "chuo-1",
            "office": "chuo",
            "key_id": 7,
            "credential": "secret",
            "token_key": "AAECAwQFBgcICQoLDA0ODw==",
            "server_public_key": "AAECAwQFBgcICQoLDA0ODw==",
            "state_token": "state-secret",
        }

    def _answer(
        self,
        request: requests.PreparedRequest,
        status: int,
        body: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        answer = requests.Response()
        answer.status_code = status
        answer.headers.update(headers or {})
        answer.headers["Date"] = format_datetime(self.now, usegmt=True)
        answer.raw = BytesIO(b"" if status == 304 else json.dumps(body).encode())
        answer.request, answer.url = request, str(request.url)
        return answer
