"""The offices of the city while the server runs: catalogues, ready to be asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from protocol.catalogue import Catalogue, Counter, Procedure
from protocol.day import business_day, opening
from server.rules.calling import GroupRule


@dataclass(frozen=True, slots=True)
class Office:
    """One office and what follows from its catalogue."""

    catalogue: Catalogue
    rules: Mapping[str, GroupRule]
    document: bytes
    """The catalogue as kiosks fetch it."""

    @property
    def id(self) -> str:
        return self.catalogue.office

    @property
    def timezone(self) -> str:
        return self.catalogue.timezone

    def day(self, at: datetime) -> date:
        """The business day at that instant."""
        return business_day(at, self.timezone)

    def is_open(self, procedure: Procedure, at: datetime) -> bool:
        """Whether tickets of this procedure are issued at that instant."""
        hours = procedure.hours or self.catalogue.hours
        return (
            procedure.suspended is None
            and opening(hours, at, self.timezone).state == "open"
        )

    def counter(self, id: str) -> Counter:
        """The counter of that id; KeyError if the office has none."""
        for counter in self.catalogue.counters:
            if counter.id == id:
                return counter
        raise KeyError(id)


class UnknownPlace(LookupError):
    """No office, counter or procedure has this id."""


class Offices(Mapping[str, Office]):
    """Every office by id, and every counter of the city by its own id."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._offices = {id: _office(one) for id, one in catalogues.items()}
        self._counters = {
            counter.id: office
            for office in self._offices.values()
            for counter in office.catalogue.counters
        }

    def __getitem__(self, id: str) -> Office:
        return self._offices[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._offices)

    def __len__(self) -> int:
        return len(self._offices)

    def of(self, id: str) -> Office:
        """The office, or UnknownPlace."""
        try:
            return self._offices[id]
        except KeyError:
            raise UnknownPlace(f"there is no office {id}") from None

    def of_counter(self, counter: str) -> Office:
        """The office in which this counter stands, or UnknownPlace."""
        try:
            return self._counters[counter]
        except KeyError:
            raise UnknownPlace(f"there is no counter {counter}") from None


def _office(catalogue: Catalogue) -> Office:
    rules = {
        group.id: GroupRule(
            group.fast_per_ordinary,
            timedelta(minutes=group.cap_minutes),
            group.forecast_factor,
        )
        for group in catalogue.groups
    }
    return Office(catalogue, rules, catalogue.model_dump_json().encode())
