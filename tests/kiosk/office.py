"""A small ward office for the kiosk's tests, and a ledger stocked with numbers."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

from kiosk.clock import Moment
from kiosk.store import Store
from kiosk.tickets import IssuedTicket
from protocol.catalogue import Catalogue, Group, Hours, Procedure, Series
from protocol.messages import ClockTrust, Lease, LeaseKind

JST = timezone(timedelta(hours=9))
TUESDAY = date(2026, 11, 24)
LEDGER = "ledger.db"


def at(
    clock: str = "10:00", *, day: date = TUESDAY, trust: ClockTrust = "server"
) -> Moment:
    """A moment by the clock on the office's wall, `HH:MM`."""
    hour, minute = (int(part) for part in clock.split(":"))
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)
    return Moment(local.astimezone(UTC), trust)


CATALOGUE = Catalogue(
    office="chuo",
    name={"ja": "中央区役所", "en": "Chuo Ward Office"},
    hours=Hours(opens="09:00", closes="17:00"),
    public_url="https://queue.example.jp",
    procedures=(
        Procedure(
            id="moving",
            name={"ja": "引っこし", "en": "Moving"},
            pictogram="moving",
            series="moving",
            group="desk",
        ),
        Procedure(
            id="preapplied",
            name={"ja": "事前申請", "en": "Applied online"},
            pictogram="phone",
            series="fast",
            group="desk",
            preapplied=True,
        ),
    ),
    series=(
        Series(id="moving", first=1, last=900),
        Series(id="fast", prefix="F", first=1, last=99),
    ),
    groups=(Group(id="desk"),),
    counters=(),
)


def counting() -> Callable[[], UUID]:
    """Ids in order: a test that is run again sees the same ones."""

    def ids() -> Iterator[UUID]:
        number = 0
        while True:
            number += 1
            yield UUID(int=number)

    return ids().__next__


def touch(number: int) -> UUID:
    """The id of the n-th touch on the glass."""
    return UUID(int=1 << 64 | number)


def grant(
    first: int,
    last: int,
    kind: LeaseKind = "run",
    *,
    day: date = TUESDAY,
    series: str = "moving",
    id: int | None = None,
) -> Lease:
    """Numbers as the server grants them."""
    of_day = day if kind == "run" else None
    lease = UUID(int=(2 << 64 | first) if id is None else id)
    return Lease(
        lease=lease, series=series, kind=kind, first=first, last=last, day=of_day
    )


def opened(directory: Path, now: Moment | None = None) -> Store:
    """The ledger in that directory, with the catalogue."""
    store = Store.open(directory, now=now or at(), new_id=counting())
    if store.catalogue() is None:
        store.keep_catalogue(CATALOGUE, '"1"', now or at())
    return store


def stocked(
    directory: Path,
    *,
    run: tuple[int, int] | None = (1, 30),
    reserve: tuple[int, int] | None = (501, 520),
    now: Moment | None = None,
) -> Store:
    """A ledger with numbers of `moving`."""
    store = opened(directory, now)
    if run is not None:
        store.add_lease(grant(*run), UUID(int=0), now or at())
    if reserve is not None:
        store.add_lease(grant(*reserve, "reserve"), UUID(int=0), now or at())
    return store


def issue(store: Store, number: int, now: Moment | None = None) -> IssuedTicket:
    """The ticket of the n-th touch on 引っこし."""
    return store.issue("moving", touch(number), language="ja", now=now or at())


def kinds(store: Store) -> list[str]:
    """The kinds of the events the server has not heard, oldest first."""
    return [str(event["kind"]) for event in store.unsent(1000)]
