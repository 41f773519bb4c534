"""What an office offers: procedures, number series, groups, counters, hours."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from protocol.message import Message, Names, Slug

ClockTime = Annotated[
    str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")
]
"""Local time of day, `HH:MM`; `24:00` is the end of the day."""

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class Hours(Message):
    """When tickets are issued: on `weekdays` (Monday is 0) from `opens` to `closes`."""

    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (0, 1, 2, 3, 4)
    opens: ClockTime
    closes: ClockTime
    closed_on: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"opens {self.opens} must be before closes {self.closes}")
        return self


class Series(Message):
    """The printed numbers of one or several procedures: `prefix`, `first` to `last`."""

    id: Slug
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]?$")] = ""
    first: Annotated[int, Field(ge=1)]
    last: Annotated[int, Field(le=9999)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError(
                f"series {self.id}: first {self.first} is after last {self.last}"
            )
        return self

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class Group(Message):
    """Procedures that share counters, one fast-lane rule and one `run` counter."""

    id: Slug
    fast_per_ordinary: Annotated[int, Field(ge=1)] = 2
    cap_minutes: Annotated[float, Field(gt=0)] = 45
    forecast_factor: Annotated[float, Field(ge=0)] = 1.5


class Procedure(Message):
    """What a visitor comes for.

    One with `parent` is a choice below its parent's button; the parent issues no
    tickets itself and has no series.
    """

    id: Slug
    name: Names
    example: Names = Field(default_factory=dict)
    pictogram: str
    where: Names = Field(default_factory=dict)
    series: Slug | None = None
    group: Slug | None = None
    parent: Slug | None = None
    preapplied: bool = False
    hours: Hours | None = None
    expected_minutes: Annotated[float, Field(gt=0)] = 10
    suspended: Names | None = None


class Counter(Message):
    """Where a staff member serves; `number` is what the board and the voice say."""

    id: Slug
    number: str
    procedures: tuple[Slug, ...]


class Catalogue(Message):
    """All a kiosk needs to serve one office; cached by it for lonely mornings."""

    version: str = ""
    office: Slug
    name: Names
    timezone: str = "Asia/Tokyo"
    languages: tuple[str, ...] = ("ja", "en")
    phone: str = ""
    hours: Hours
    public_url: str
    procedures: tuple[Procedure, ...]
    series: tuple[Series, ...]
    groups: tuple[Group, ...]
    counters: tuple[Counter, ...]

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            raise ValueError(f"unknown time zone {name!r}") from exc
        return name

    @model_validator(mode="after")
    def _whole(self) -> Self:
        faults = list(faults_of(self))
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def procedure(self, id: str) -> Procedure:
        """The procedure of that id; KeyError if the office does not know it."""
        for procedure in self.procedures:
            if procedure.id == id:
                return procedure
        raise KeyError(id)

    def series_of(self, id: str) -> Series:
        """The series of that id; KeyError if the office does not know it."""
        for series in self.series:
            if series.id == id:
                return series
        raise KeyError(id)

    def buttons(self) -> tuple[Procedure, ...]:
        """What stands on the home screen, in catalogue order."""
        return tuple(p for p in self.procedures if p.parent is None)

    def choices(self, parent: str) -> tuple[Procedure, ...]:
        """What stands below that button; empty if a touch on it issues at once."""
        return tuple(p for p in self.procedures if p.parent == parent)

    def issuable(self) -> tuple[Procedure, ...]:
        """The procedures that tickets are issued for."""
        return tuple(p for p in self.procedures if not self.choices(p.id))


def faults_of(catalogue: Catalogue) -> Iterator[str]:
    """Every reason why this catalogue must not be used, each a sentence."""
    yield from _doubles("procedure", (p.id for p in catalogue.procedures))
    yield from _doubles("series", (s.id for s in catalogue.series))
    yield from _doubles("group", (g.id for g in catalogue.groups))
    yield from _doubles("counter", (c.id for c in catalogue.counters))
    yield from _doubles("counter number", (c.number for c in catalogue.counters))
    for language in catalogue.languages:
        yield from _doubles(
            f"procedure name ({language})",
            (p.name[language] for p in catalogue.procedures if language in p.name),
        )
    yield from _overlaps(catalogue.series)
    known = {p.id: p for p in catalogue.procedures}
    parents = {p.parent for p in catalogue.procedures if p.parent is not None}
    series = {s.id for s in catalogue.series}
    groups = {g.id for g in catalogue.groups}
    for p in catalogue.procedures:
        for language in catalogue.languages:
            if not p.name.get(language):
                yield f"procedure {p.id} has no name in {language}"
        if p.parent is not None and p.parent not in known:
            yield f"procedure {p.id}: parent {p.parent} is not a procedure"
        elif p.parent is not None and known[p.parent].parent is not None:
            yield f"procedure {p.id}: its parent {p.parent} is a choice itself"
        if p.id in parents:
            if p.series is not None:
                yield f"procedure {p.id} has choices, so it cannot have a series"
        elif p.series not in series:
            yield f"procedure {p.id}: series {p.series} is not defined"
        elif p.group not in groups:
            yield f"procedure {p.id}: group {p.group} is not defined"
    for counter in catalogue.counters:
        for id in counter.procedures:
            if id not in known or id in parents:
                yield f"counter {counter.id} serves {id}, which issues no tickets"


def _doubles(what: str, values: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            yield f"two of {what} {value!r}"
        seen.add(value)


def _overlaps(series: tuple[Series, ...]) -> Iterator[str]:
    for index, one in enumerate(series):
        for other in series[index + 1 :]:
            if (
                one.prefix == other.prefix
                and one.first <= other.last
                and other.first <= one.last
            ):
                yield f"the numbers of series {one.id} and {other.id} overlap"
