"""The events of a day as a table, for statistics and audits."""

import csv
import io
import json
from datetime import date
from typing import Final

from sqlalchemy import Connection, select

from server.tables import events

COLUMNS: Final = (
    "seq",
    "office",
    "business_day",
    "ticket_id",
    "leg",
    "type",
    "from_state",
    "to_state",
    "actor",
    "device",
    "counter",
    "at",
    "device_at",
    "reason",
    "payload",
)


def events_csv(connection: Connection, office: str, day: date) -> bytes:
    """CSV in UTF-8 with a byte order mark, one event a line in the order of the log."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    found = connection.execute(
        select(events)
        .where(events.c.office == office, events.c.business_day == day)
        .order_by(events.c.seq)
    ).mappings()
    for row in found:
        rows.writerow(_cell(row[name]) for name in COLUMNS)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = str(value)
    # A text that begins like a formula would be one for a spreadsheet.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
