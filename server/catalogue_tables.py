"""The tables of the city's TOML files: which keys there are and of what type.

What the keys mean is told in the shipped example, `config/city`.
"""

from datetime import date
from typing import Annotated, Self
from zoneinfo import available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from protocol.catalogue import ClockTime
from protocol.message import Slug

Text = Annotated[str, StringConstraints(min_length=1)]
Texts = dict[str, Text]


class Table(BaseModel):
    """A table whose every key is known: a slip of the pen is a fault, not a default."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class HoursTable(Table):
    weekdays: list[Annotated[int, Field(ge=0, le=6)]]
    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"opens {self.opens} must be before closes {self.closes}")
        return self


class CityFile(Table):
    timezone: str
    languages: Annotated[list[Text], Field(min_length=1)]
    holidays: list[date]
    hours: HoursTable

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"there is no time zone {name!r}")
        return name


class ProcedureTable(Table):
    name: Texts
    example: Texts = {}
    pictogram: str
    where: Texts = {}
    series: Slug | None = None
    group: Slug | None = None
    parent: Slug | None = None
    preapplied: bool = False
    hours: HoursTable | None = None
    expected_minutes: Annotated[float, Field(gt=0)] = 10
    suspended: Texts | None = None


class ProceduresFile(Table):
    procedures: dict[Slug, ProcedureTable]


class OverrideTable(Table):
    name: Texts | None = None
    example: Texts | None = None
    where: Texts | None = None
    series: Slug | None = None
    group: Slug | None = None
    hours: HoursTable | None = None
    expected_minutes: Annotated[float, Field(gt=0)] | None = None
    suspended: Texts | None = None


class SeriesTable(Table):
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]?$")] = ""
    first: Annotated[int, Field(ge=1)]
    last: Annotated[int, Field(le=9999)]


class GroupTable(Table):
    fast_per_ordinary: Annotated[int, Field(ge=1)] = 2
    cap_minutes: Annotated[float, Field(gt=0)] = 45
    forecast_factor: Annotated[float, Field(ge=0)] = 1.5


class CounterTable(Table):
    id: Slug
    number: Text
    procedures: list[Slug]


class OfficeFile(Table):
    name: Texts
    phone: str
    languages: Annotated[list[Text], Field(min_length=1)] | None = None
    holidays: list[date] = []
    without: list[Slug] = []
    hours: HoursTable | None = None
    series: dict[Slug, SeriesTable]
    groups: dict[Slug, GroupTable]
    counters: list[CounterTable]
    overrides: dict[Slug, OverrideTable] = {}
