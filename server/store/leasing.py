"""Numbers on lease: which kiosk may print which, and that no two ever may at a time."""

from collections.abc import Iterator
from uuid import UUID, uuid4

from sqlalchemy import (
    Connection,
    Integer,
    RowMapping,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from protocol.catalogue import Series
from protocol.messages import Lease, LeaseRequest, LeaseReturned
from server.offices import Office
from server.rules.numbering import REST, allocate_reserve, allocate_run
from server.store.database import Transaction
from server.store.kiosks import Kiosk
from server.store.queue import OPEN_STATES
from server.tables import kiosks, leases, series_cursors, tickets


class UnknownSeries(LookupError):
    """The office has no such series; the kiosk should fetch the catalogue again."""


class LeaseRefused(Exception):
    """What is to be given back is not this kiosk's to give."""


def lease(
    tx: Transaction, office: Office, kiosk: Kiosk, wanted: LeaseRequest, *, share: int
) -> Lease:
    """Numbers for the kiosk; the same request id gets the same lease again.

    A kiosk alone in its office may have all it asks for. Among several, a run is at
    most `share` numbers, so that their numbers stay near the order of arrival; all
    reserves together are at most half the series.
    """
    earlier = _by_request(tx.connection, kiosk.id, wanted.request_id)
    if earlier is not None:
        return earlier
    try:
        series = office.catalogue.series_of(wanted.series)
    except KeyError:
        raise UnknownSeries(
            f"office {office.id} has no series {wanted.series}"
        ) from None
    peers = _kiosks_of(tx.connection, office.id)
    blocked = list(_blocked(tx, office.id, series))
    day = office.day(tx.now)
    if wanted.kind == "run":
        count = wanted.count if peers == 1 else min(wanted.count, share)
        cursor = _cursor(tx, office, series)
        got = allocate_run(series, cursor=cursor, blocked=blocked, count=count)
        _set_cursor(tx, office, series, got.next_cursor)
    else:
        most = max(1, series.size // 2 // peers)
        count = min(wanted.count, most)
        got = allocate_reserve(series, blocked=blocked, count=count)
    granted = Lease(
        lease=uuid4(),
        series=series.id,
        kind=wanted.kind,
        first=got.first,
        last=got.last,
        day=day if wanted.kind == "run" else None,
    )
    tx.connection.execute(
        insert(leases),
        {
            "id": granted.lease,
            "request_id": wanted.request_id,
            "kiosk": kiosk.id,
            "office": office.id,
            "series": series.id,
            "kind": granted.kind,
            "first": granted.first,
            "last": granted.last,
            "day": granted.day,
            "granted_at": tx.now,
            "held_first": granted.first,
            "held_last": granted.last,
        },
    )
    return granted


_HOLDS = (
    (leases.c.kiosk == bindparam("of_kiosk"))
    & (leases.c.series == bindparam("of_series"))
    & leases.c.ended_at.is_(None)
    & (leases.c.held_first <= bindparam("number"))
    & (leases.c.held_last >= bindparam("number"))
)
_SPEND = (
    update(leases)
    .where(_HOLDS, leases.c.kind == "run")
    .values(
        held_first=bindparam("number", type_=Integer) + 1,
        ended_at=case((leases.c.held_last == bindparam("number"), bindparam("now"))),
    )
)
_IN_RESERVE = select(leases.c.id).where(_HOLDS)


def use_number(tx: Transaction, kiosk: str, series: str, number: int) -> bool:
    """The kiosk printed this number: no longer free in its run. Was it leased to it?

    A kiosk uses a run in order, so everything up to the number is spent.
    """
    values = {"of_kiosk": kiosk, "of_series": series, "number": number}
    if tx.connection.execute(_SPEND, {**values, "now": tx.now}).rowcount:
        return True
    return tx.connection.execute(_IN_RESERVE, values).first() is not None


def take_back(tx: Transaction, kiosk: str, returned: LeaseReturned) -> None:
    """The unused rest of a run is free again; LeaseRefused if it is not the rest.

    A reserve is given back for good, whichever of its numbers were used today.
    """
    row = (
        tx.connection.execute(
            select(leases).where(leases.c.id == returned.lease, leases.c.kiosk == kiosk)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise LeaseRefused(f"lease {returned.lease} was not given to {kiosk}")
    if row["ended_at"] is not None:
        return
    if row["kind"] == "reserve":
        _shrink(tx, row, row["held_last"] + 1, row["held_last"])
        return
    if returned.first > row["held_last"]:
        return
    if returned.last < row["held_last"]:
        raise LeaseRefused(
            f"{returned.first} to {returned.last} is not the rest of the lease, "
            f"which ends at {row['held_last']}"
        )
    _shrink(tx, row, row["held_first"], max(returned.first, row["first"]) - 1)


def _shrink(tx: Transaction, row: RowMapping, first: int, last: int) -> None:
    ended = tx.now if first > last else None
    tx.connection.execute(
        update(leases)
        .where(leases.c.id == row["id"])
        .values(held_first=first, held_last=last, ended_at=ended)
    )


def _by_request(connection: Connection, kiosk: str, request_id: UUID) -> Lease | None:
    row = (
        connection.execute(
            select(leases).where(
                leases.c.kiosk == kiosk, leases.c.request_id == request_id
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    return Lease(
        lease=row["id"],
        series=row["series"],
        kind=row["kind"],
        first=row["first"],
        last=row["last"],
        day=row["day"],
    )


def _kiosks_of(connection: Connection, office: str) -> int:
    count: int = connection.execute(
        select(func.count())
        .select_from(kiosks)
        .where(kiosks.c.office == office, kiosks.c.revoked_at.is_(None))
    ).scalar_one()
    return max(1, count)


def _blocked(tx: Transaction, office: str, series: Series) -> Iterator[int | range]:
    """Numbers that may be on somebody's paper, or that a kiosk may yet print."""
    yield from tx.connection.execute(
        select(tickets.c.number).where(
            tickets.c.office == office,
            tickets.c.series == series.id,
            or_(
                tickets.c.state.in_(OPEN_STATES),
                tickets.c.ended_at > tx.now - REST,
            ),
        )
    ).scalars()
    for row in tx.connection.execute(
        select(leases.c.held_first, leases.c.held_last).where(
            leases.c.office == office,
            leases.c.series == series.id,
            leases.c.ended_at.is_(None),
        )
    ):
        yield range(row.held_first, row.held_last + 1)


def _cursor(tx: Transaction, office: Office, series: Series) -> int:
    row = tx.connection.execute(
        select(series_cursors).where(
            series_cursors.c.office == office.id, series_cursors.c.series == series.id
        )
    ).one_or_none()
    if row is None or row.day != office.day(tx.now):
        return series.first
    cursor: int = row.cursor
    return cursor if series.first <= cursor <= series.last + 1 else series.first


def _set_cursor(tx: Transaction, office: Office, series: Series, cursor: int) -> None:
    mine = (series_cursors.c.office == office.id) & (
        series_cursors.c.series == series.id
    )
    day = office.day(tx.now)
    done = tx.connection.execute(
        update(series_cursors).where(mine).values(day=day, cursor=cursor)
    )
    if done.rowcount == 0:
        tx.connection.execute(
            insert(series_cursors),
            {"office": office.id, "series": series.id, "day": day, "cursor": cursor},
        )
