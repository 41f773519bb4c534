"""The city's configuration: TOML files become one checked catalogue per office.

`city.toml` holds what all offices share, `procedures.toml` each procedure once, and
`offices/ID.toml` one office with its numbers, counters and what differs there. A fault
anywhere is one sentence that names the file and the key; nothing is guessed.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from assets import find
from protocol.catalogue import (
    EVERY_DAY,
    Catalogue,
    Counter,
    Group,
    Hours,
    Procedure,
    Series,
)
from server.catalogue_tables import (
    CityFile,
    HoursTable,
    OfficeFile,
    OverrideTable,
    ProceduresFile,
    ProcedureTable,
    Table,
)

MOST_BUTTONS: Final = 6
"""So many choices fit a screen; the last should be 'not sure, questions'."""
_PRINTER_CODE: Final = "cp932"

_AnyTable = TypeVar("_AnyTable", bound=Table)


class BadCatalogue(ValueError):
    """The configuration cannot be used; one sentence with the file and the key."""


def load(
    directory: Path, *, public_url: str, always_open: bool = False
) -> dict[str, Catalogue]:
    """The catalogue of every office below `directory`, by office id.

    `public_url` is where visitors reach the server. With `always_open` every office
    issues tickets 00:00-24:00 on all days (demo, tests). Each catalogue's `version` is
    a short hash of its content. Raises BadCatalogue.
    """
    city = _read(directory / "city.toml", CityFile)
    procedures = _read(directory / "procedures.toml", ProceduresFile).procedures
    _check_procedures(directory / "procedures.toml", procedures)
    files = sorted((directory / "offices").glob("*.toml"))
    if not files:
        raise BadCatalogue(f"{directory / 'offices'}: there is no office file ID.toml")
    found: dict[str, Catalogue] = {}
    for path in files:
        office = _read(path, OfficeFile)
        found[path.stem] = _catalogue(
            path, city, procedures, office, public_url, always_open=always_open
        )
    _check_counters(files, found)
    return found


def _read(path: Path, kind: type[_AnyTable]) -> _AnyTable:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadCatalogue(f"{path}: the file is missing") from None
    except UnicodeDecodeError as exc:
        raise BadCatalogue(f"{path}: the file is not UTF-8 text") from exc
    except tomllib.TOMLDecodeError as exc:
        raise BadCatalogue(f"{path}: not TOML: {exc}") from exc
    try:
        read = kind.model_validate(content)
    except ValidationError as exc:
        raise BadCatalogue(f"{path}: {_fault(exc)}") from exc
    for key, text in _japanese(content):
        for character in text:
            if not _printable(character):
                raise BadCatalogue(
                    f"{path}: {key}: the printer has no {character!r}"
                    f" (U+{ord(character):04X}); write it another way"
                )
    return read


def _fault(exc: ValidationError) -> str:
    """The first fault, as `key: what is wrong`."""
    first = exc.errors(include_url=False, include_context=False)[0]
    key = ".".join(str(part) for part in first["loc"] if part != "[key]")
    match first["type"]:
        case "extra_forbidden":
            return f"{key}: this key is unknown"
        case "missing":
            return f"{key}: this key is missing"
        case "value_error":
            return f"{key}: {first['msg'].removeprefix('Value error, ')}"
    told = first["msg"][0].lower() + first["msg"][1:]
    return f"{key}: {told}, not {first['input']!r}"


def _japanese(content: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, str]]:
    """Every text under a key `ja`, with the way to it."""
    for name, value in content.items():
        way = f"{key}.{name}" if key else name
        if isinstance(value, Mapping):
            yield from _japanese(value, way)
        elif name == "ja" and isinstance(value, str):
            yield way, value


def _printable(character: str) -> bool:
    try:
        character.encode(_PRINTER_CODE)
    except UnicodeEncodeError:
        return False
    return character.isprintable() or character == "\u3000"


def _check_procedures(path: Path, procedures: Mapping[str, ProcedureTable]) -> None:
    named: dict[tuple[str, str], str] = {}
    for id, procedure in procedures.items():
        key = f"procedures.{id}"
        try:
            find(f"pictograms/{procedure.pictogram}.svg")
        except FileNotFoundError:
            raise BadCatalogue(
                f"{path}: {key}.pictogram: there is no pictogram"
                f" {procedure.pictogram!r} in assets/pictograms"
            ) from None
        for language, name in procedure.name.items():
            other = named.setdefault((language, name), id)
            if other != id:
                raise BadCatalogue(
                    f"{path}: {key}.name.{language}: {name!r} is already the name of"
                    f" {other}"
                )


def _check_counters(files: list[Path], offices: Mapping[str, Catalogue]) -> None:
    """A counter's id stands alone in addresses, so it may occur once in the city."""
    at: dict[str, str] = {}
    for path in files:
        for counter in offices[path.stem].counters:
            other = at.setdefault(counter.id, path.stem)
            if other != path.stem:
                raise BadCatalogue(
                    f"{path}: counters: the id {counter.id!r} is already one of {other}"
                )


def _catalogue(
    path: Path,
    city: CityFile,
    procedures: Mapping[str, ProcedureTable],
    office: OfficeFile,
    public_url: str,
    *,
    always_open: bool,
) -> Catalogue:
    for key, ids in (("without", office.without), ("overrides", office.overrides)):
        for id in ids:
            if id not in procedures:
                raise BadCatalogue(f"{path}: {key}.{id}: no such procedure")
    holidays = tuple(sorted({*city.holidays, *office.holidays}))
    try:
        catalogue = Catalogue(
            office=path.stem,
            name=office.name,
            timezone=city.timezone,
            languages=tuple(office.languages or city.languages),
            phone=office.phone,
            hours=_hours(office.hours or city.hours, holidays, always_open=always_open),
            public_url=public_url,
            procedures=tuple(
                _procedure(id, one, office, holidays, always_open=always_open)
                for id, one in procedures.items()
                if id not in office.without
            ),
            series=tuple(
                Series(id=id, **one.model_dump()) for id, one in office.series.items()
            ),
            groups=tuple(
                Group(id=id, **one.model_dump()) for id, one in office.groups.items()
            ),
            counters=tuple(
                Counter(id=one.id, number=one.number, procedures=tuple(one.procedures))
                for one in office.counters
            ),
        )
    except ValidationError as exc:
        raise BadCatalogue(f"{path}: {_first_reason(exc)}") from exc
    _check_office(path, catalogue)
    content = catalogue.model_dump_json(exclude={"version"})
    version = sha256(content.encode()).hexdigest()[:12]
    return catalogue.model_copy(update={"version": version})


def _first_reason(exc: ValidationError) -> str:
    first = exc.errors(include_url=False, include_context=False, include_input=False)[0]
    reason = first["msg"].removeprefix("Value error, ").split("; ")[0]
    key = ".".join(str(part) for part in first["loc"])
    return f"{key}: {reason}" if key else reason


def _procedure(
    id: str,
    shared: ProcedureTable,
    office: OfficeFile,
    holidays: tuple[date, ...],
    *,
    always_open: bool,
) -> Procedure:
    own = office.overrides.get(id, OverrideTable())
    hours = own.hours or shared.hours
    kept = shared.model_dump(exclude={"hours"})
    changed = own.model_dump(exclude={"hours"}, exclude_none=True)
    return Procedure(
        id=id,
        **{**kept, **changed},
        hours=None
        if hours is None or always_open
        else _hours(hours, holidays, always_open=False),
    )


def _hours(
    hours: HoursTable, holidays: tuple[date, ...], *, always_open: bool
) -> Hours:
    if always_open:
        return Hours(weekdays=EVERY_DAY, opens="00:00", closes="24:00")
    return Hours(
        weekdays=tuple(hours.weekdays),
        opens=hours.opens,
        closes=hours.closes,
        closed_on=holidays,
    )


def _check_office(path: Path, catalogue: Catalogue) -> None:
    for language in catalogue.languages:
        if language not in catalogue.name:
            raise BadCatalogue(f"{path}: name.{language}: this key is missing")
    buttons = len(catalogue.buttons())
    if buttons > MOST_BUTTONS:
        raise BadCatalogue(
            f"{path}: without: {buttons} buttons would stand on the home screen,"
            f" at most {MOST_BUTTONS} fit; leave some out or put them below a parent"
        )
    for procedure in catalogue.procedures:
        if len(catalogue.choices(procedure.id)) > MOST_BUTTONS:
            raise BadCatalogue(
                f"{path}: without: more than {MOST_BUTTONS} choices stand below"
                f" {procedure.id}; leave some out"
            )
