"""The numbers this kiosk may give out, as rows of the ledger.

Functions on an open transaction. Which number of a lease comes next is nowhere stored:
it is the highest one in `tickets` for that lease and day, plus one, and a unique index
makes sure. So the two cannot disagree.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from kiosk.core.numbers import Holding, Need
from kiosk.database import Connection
from protocol.messages import Lease, LeaseRequest


def holdings(db: Connection, series: str | None, day: date) -> tuple[Holding, ...]:
    """The leases not ended, oldest first, with what was used of them on `day`."""
    rows = db.execute(
        "SELECT l.*, (SELECT max(number) FROM tickets t"
        " WHERE t.lease = l.lease AND t.day = :day) AS used FROM leases l"
        " WHERE l.ended IS NULL AND (:series IS NULL OR l.series = :series)"
        " ORDER BY l.rowid",
        {"series": series, "day": day.isoformat()},
    )
    return tuple(
        Holding(
            UUID(row["lease"]),
            row["series"],
            row["kind"],
            row["first"],
            row["last"],
            None if row["day"] is None else date.fromisoformat(row["day"]),
            row["used"],
        )
        for row in rows
    )


def as_lease(holding: Holding) -> Lease:
    """The lease as the server gave it."""
    return Lease(
        lease=holding.lease,
        series=holding.series,
        kind=holding.kind,
        first=holding.first,
        last=holding.last,
        day=holding.day,
    )


def add(db: Connection, lease: Lease) -> None:
    """Keep a lease. The same one again changes nothing."""
    db.execute(
        "INSERT INTO leases (lease, series, kind, first, last, day)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (lease) DO NOTHING",
        (
            str(lease.lease),
            lease.series,
            lease.kind,
            lease.first,
            lease.last,
            None if lease.day is None else lease.day.isoformat(),
        ),
    )


def end(db: Connection, lease: UUID, why: str, day: date) -> None:
    """No more numbers from this lease."""
    db.execute(
        "UPDATE leases SET ended = ?, ended_on = ? WHERE lease = ? AND ended IS NULL",
        (why, day.isoformat(), str(lease)),
    )


def end_past_runs(db: Connection, day: date) -> None:
    """Runs of earlier days are the server's again without a word."""
    db.execute(
        "UPDATE leases SET ended = 'past', ended_on = ?"
        " WHERE kind = 'run' AND day < ? AND ended IS NULL",
        (day.isoformat(), day.isoformat()),
    )


def end_spent(db: Connection, held: Iterable[Holding], day: date) -> None:
    """A run that is used up is never looked at again."""
    for holding in held:
        if holding.kind == "run" and holding.left == 0:
            end(db, holding.lease, "spent", day)


def withdrawn_on(db: Connection, series: str, day: date) -> bool:
    """Whether the server took this series' reserve back on that day."""
    return (
        db.execute(
            "SELECT 1 FROM leases WHERE series = ? AND ended = 'withdrawn'"
            " AND ended_on = ?",
            (series, day.isoformat()),
        ).fetchone()
        is not None
    )


def open_requests(
    db: Connection, wanted: Iterable[tuple[Need, UUID]], day: date
) -> tuple[LeaseRequest, ...]:
    """The requests to send. One not yet answered keeps its id; `UUID` is for a new one.

    Requests of earlier days are dropped: their runs would not count any more.
    """
    db.execute("DELETE FROM lease_requests WHERE day < ?", (day.isoformat(),))
    for need, request_id in wanted:
        db.execute(
            "INSERT INTO lease_requests (request_id, series, kind, count, day)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (series, kind) DO NOTHING",
            (str(request_id), need.series, need.kind, need.count, day.isoformat()),
        )
    rows = db.execute("SELECT * FROM lease_requests ORDER BY rowid")
    return tuple(
        LeaseRequest(
            request_id=UUID(row["request_id"]),
            series=row["series"],
            count=row["count"],
            kind=row["kind"],
        )
        for row in rows
    )


def close_request(db: Connection, request_id: UUID) -> None:
    """The request was answered, with numbers or with no."""
    db.execute("DELETE FROM lease_requests WHERE request_id = ?", (str(request_id),))
