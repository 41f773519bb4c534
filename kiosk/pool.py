"""The numbers this kiosk holds: what is left, what to ask for, what to give back.

Each method is one transaction; the number book hears of every change of the leases.
"""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from kiosk import days, journal, leases
from kiosk.clock import Moment
from kiosk.core import numbers
from kiosk.core.numbers import Holding, Need
from kiosk.database import Connection
from kiosk.outbox import Outbox
from protocol.messages import AnyEvent, Lease, LeaseRequest, LeaseReturned

CLOSING = timedelta(minutes=5)
"""How long after closing a visitor who had begun may still get a run's number."""


class NumberPool(Outbox):
    """The leases of one ledger."""

    def business_day(self, now: Moment) -> date:
        """The day the kiosk works on; never earlier than one it really worked on."""
        with self._database.reading() as db:
            return days.at(db, self._shelf.timezone(db), now)

    def remaining(self, now: Moment) -> dict[str, int]:
        """Numbers that can still be issued today, by series; 0 where there are none."""
        with self._database.reading() as db:
            day = days.at(db, self._shelf.timezone(db), now)
            left = dict.fromkeys(self._shelf.series(db), 0)
            for holding in leases.holdings(db, None, day):
                left[holding.series] = left.get(holding.series, 0) + numbers.left(
                    [holding], day
                )
            return left

    def lease_requests(self, now: Moment) -> tuple[LeaseRequest, ...]:
        """What to ask the server for. One not yet answered keeps its id."""
        with self._database.transaction() as db:
            day = days.begin(db, self._shelf.timezone(db), now)
            wanted = [(n, self._shared.new_id()) for n in self._needs(db, day, now)]
            return leases.open_requests(db, wanted, day)

    def add_lease(self, lease: Lease, request_id: UUID, now: Moment) -> bool:
        """Keep granted numbers; False if they are for another day than the kiosk's.

        BadLease if the catalogue does not have them.
        """
        with self._database.transaction() as db:
            leases.close_request(db, request_id)
            day = days.begin(db, self._shelf.timezone(db), now)
            if lease.kind == "run" and lease.day is None:
                lease = lease.model_copy(update={"day": day})
            self._shelf.must_have(db, lease)
            leases.end_spent(db, leases.holdings(db, lease.series, day), day)
            leases.add(db, lease)
            if lease.day is not None and days.take_back(
                db, lease.day, self._shelf.timezone(db), now
            ):
                day = lease.day
            held = leases.holdings(db, None, day)
        self._note_leases(day, held)
        return lease.kind == "reserve" or lease.day == day

    def refuse_lease(self, request_id: UUID) -> None:
        """The server said no; the next request is a new one."""
        with self._database.transaction() as db:
            leases.close_request(db, request_id)

    def return_leases(self, now: Moment) -> int:
        """Give back what is left of the runs; how many numbers that is."""
        return self._end(lambda h: h.kind == "run", "returned", now)

    def return_leases_after_closing(self, now: Moment) -> int:
        """Give the runs back once the office has closed for the day.

        Some minutes later, for a visitor who had begun may finish; and only by a clock
        that can be trusted to say that it is evening.
        """
        if not now.printable or self.catalogue() is None:
            return 0
        with self._database.reading() as db:
            day = days.at(db, self._shelf.timezone(db), now)
            wanted = {s.id for s in self._shelf.wanted_series(db, now.at - CLOSING)}
            wanted |= {s.id for s in self._shelf.wanted_series(db, now.at)}
            held = leases.holdings(db, None, day)
        if all(h.kind == "reserve" or h.series in wanted for h in held):
            return 0
        return self._end(
            lambda h: h.kind == "run" and h.series not in wanted, "returned", now
        )

    def withdraw_reserve(self, series: str | None, now: Moment) -> int:
        """The server takes the reserve of that series (None: of all) back.

        None is asked for again on this business day.
        """
        return self._end(
            lambda h: h.kind == "reserve" and series in (None, h.series),
            "withdrawn",
            now,
        )

    def _note_leases(self, day: date, held: tuple[Holding, ...]) -> None:
        listed = tuple(leases.as_lease(holding) for holding in held)
        self._shared.book.note_leases(day, listed)

    def _needs(self, db: Connection, day: date, now: Moment) -> list[Need]:
        needed = []
        for series in self._shelf.wanted_series(db, now.at):
            held = leases.holdings(db, series.id, day)
            for need in numbers.needs(
                series.id, series.size, held, day, reserve=self._shared.reserve
            ):
                if need.kind == "run" or not leases.withdrawn_on(db, series.id, day):
                    needed.append(need)
        return needed

    def _end(self, which: Callable[[Holding], bool], why: str, now: Moment) -> int:
        """End those leases and tell the server which numbers were not used."""
        returned = 0
        with self._database.transaction() as db:
            day = days.begin(db, self._shelf.timezone(db), now)
            for holding in leases.holdings(db, None, day):
                if not which(holding):
                    continue
                leases.end(db, holding.lease, why, day)
                if holding.left:
                    returned += holding.left
                    journal.append(db, _returned(holding, now))
            held = leases.holdings(db, None, day)
        self._note_leases(day, held)
        self._journalled()
        return returned


def _returned(holding: Holding, now: Moment) -> AnyEvent:
    return LeaseReturned(
        at=now.at,
        clock_trust=now.trust,
        lease=holding.lease,
        first=holding.next,
        last=holding.last,
    )
