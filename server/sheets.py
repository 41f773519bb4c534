"""The published documents of an office as bytes with an ETag: JSON, CSV, for kiosks."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from protocol.messages import Figures, ProcedureFigures, WaitRange
from server.offices import Office
from server.rules.figures import ProcedureView


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document, ready to send."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "Sheet":
        return cls(body, f'"{sha256(body).hexdigest()[:24]}"')


def document_of(
    office: Office, views: Mapping[str, ProcedureView], now: datetime
) -> dict[str, Any]:
    """The public document of one office."""
    return {
        "as_of": utc(now),
        "stale": False,
        "office": office.id,
        "procedures": [
            {
                "id": procedure.id,
                "name": dict(procedure.name),
                "open": office.is_open(procedure, now),
                "last_called": view.last_called,
                "next_up": view.next_up,
                "waiting": view.waiting,
                "wait_minutes": _range(view),
                "on_hold": view.on_hold,
            }
            for procedure in office.catalogue.issuable()
            for view in (views[procedure.id],)
        ],
    }


def _range(view: ProcedureView) -> dict[str, int] | None:
    if view.wait_minutes is None:
        return None
    low, high = view.wait_minutes
    return {"low": low, "high": high}


def kiosk_figures(
    office: Office, views: Mapping[str, ProcedureView], now: datetime
) -> bytes:
    """What the office's kiosks show on their buttons."""
    suspended = {p.id: p.suspended for p in office.catalogue.procedures}
    document = Figures(
        as_of=now,
        procedures={
            id: ProcedureFigures(
                waiting=view.waiting,
                wait_minutes=(
                    WaitRange(low=view.wait_minutes[0], high=view.wait_minutes[1])
                    if view.wait_minutes
                    else None
                ),
                suspended=suspended.get(id),
            )
            for id, view in views.items()
        },
    )
    return document.model_dump_json().encode()


def table_of(office: Office, document: Mapping[str, Any]) -> bytes:
    """UTF-8 with a byte order mark: spreadsheets there open it without being asked."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        [
            "office", "procedure", "name", "open", "last_called", "next_up",
            "waiting", "wait_low", "wait_high", "on_hold", "as_of",
        ]
    )  # fmt: skip
    for one in document["procedures"]:
        wait = one["wait_minutes"] or {"low": "", "high": ""}
        name = one["name"].get(office.catalogue.languages[0], one["id"])
        rows.writerow(
            [
                office.id, one["id"], name, "true" if one["open"] else "false",
                one["last_called"] or "", one["next_up"] or "", one["waiting"],
                wait["low"], wait["high"], one["on_hold"], document["as_of"],
            ]
        )  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def utc(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def json_bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
