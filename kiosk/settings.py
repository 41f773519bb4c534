"""config/kiosk.toml as one frozen value, checked completely before anything starts.

Every key must be there and no other. An environment variable overrides a key:
`SEIRIKEN_SCREEN_WIDTH` the `width` of `[screen]`; the names of the contract,
`SEIRIKEN_KIOSK_PORT` and `SEIRIKEN_DATA`, mean `[agent] port` and `data_dir`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from drivers.profile import PROFILES
from kiosk.files import write_whole
from kiosk.pin import BadPinHash, check_hash

LAST_GOOD = "kiosk.last-good.toml"

_ALIASES = {"SEIRIKEN_KIOSK_PORT": "SEIRIKEN_AGENT_PORT"}
_DATA = ("SEIRIKEN_DATA_DIR", "SEIRIKEN_DATA")
_SECRET = {"staff.pin"}
"""What a sentence about a bad value does not repeat."""
_YES, _NO = {"1", "true", "yes"}, {"0", "false", "no"}


class BadSettings(Exception):
    """The settings cannot be used; the sentence names file and key."""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    push_state: bool


@dataclass(frozen=True, slots=True)
class Agent:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    video: Literal["kmsdrm", "wayland", "x11", "dummy", "auto"]
    width: int
    height: int
    px_per_mm: float
    fullscreen: bool
    turn: Literal[0, 90, 180, 270]


@dataclass(frozen=True, slots=True)
class Numbers:
    reserve: int


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    link: Literal["network", "serial", "fake"]
    host: str
    port: int
    device: str
    baud: int
    flow: Literal["none", "rtscts", "xonxoff"]
    profile: str


@dataclass(frozen=True, slots=True)
class Pins:
    factory: Literal["lgpio", "mock", "none"]
    call_button: int
    mouth_lamp: int


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    device: str
    baud: int


@dataclass(frozen=True, slots=True)
class Staff:
    pin: str


@dataclass(frozen=True, slots=True)
class ClockSettings:
    rtc: bool


@dataclass(frozen=True, slots=True)
class Log:
    level: Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Every key is explained in config/kiosk.toml."""

    data_dir: Path
    server: Server
    agent: Agent
    screen: ScreenSettings
    numbers: Numbers
    printer: PrinterSettings
    pins: Pins
    scanner: ScannerSettings
    staff: Staff
    clock: ClockSettings
    log: Log


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check the file; BadSettings in one sentence."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as exc:
        raise BadSettings(f"{path} is missing: copy config/kiosk.toml there") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(f"{path} cannot be read: {exc}") from exc
    return parse(text, environ, where=str(path))


def parse(text: str, environ: Mapping[str, str], *, where: str) -> Settings:
    """Check the text of a settings file; `where` is what the sentence calls it."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise BadSettings(f"{where}: {exc}") from exc
    _override(found, environ)
    settings: Settings = _build(Settings, found, where, "")
    _check(settings, where)
    return settings


def keep_last_good(path: Path, settings: Settings) -> None:
    """After a good start: keep the file, for `load_last_good`."""
    copy = settings.data_dir / LAST_GOOD
    text = path.read_bytes()
    if not copy.exists() or copy.read_bytes() != text:
        write_whole(copy, text)


def load_last_good(
    path: Path, data_dir: Path, environ: Mapping[str, str]
) -> tuple[Settings, str | None]:
    """The settings, or the last good ones and the sentence that says what is wrong.

    For a machine in the field: an office with yesterday's settings is better than one
    without tickets. BadSettings if there are no last good ones either.
    """
    try:
        return load(path, environ), None
    except BadSettings as exc:
        kept = data_dir / LAST_GOOD
        if not kept.exists():
            raise
        return load(kept, environ), f"{exc}; the last good settings are used"


def _override(found: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Put the environment's words over the file's; the check comes after."""
    words = dict(environ)
    for alias, name in _ALIASES.items():
        if alias in words:
            words.setdefault(name, words[alias])
    for name in _DATA:
        if name in words:
            found["data_dir"] = words[name]
            break
    for section in fields(Settings):
        inside = get_type_hints(Settings)[section.name]
        if not is_dataclass(inside):
            continue
        kinds = get_type_hints(inside)
        for key in fields(inside):
            name = f"SEIRIKEN_{section.name}_{key.name}".upper()
            if name in words:
                values = found.setdefault(section.name, {})
                values[key.name] = _from_word(words[name], kinds[key.name], name)


def _from_word(word: str, kind: Any, name: str) -> object:
    if kind is bool:
        if word.lower() in _YES | _NO:
            return word.lower() in _YES
        raise BadSettings(f"{name} is true or false, not {word!r}")
    if get_origin(kind) is Literal and word.isdecimal():
        return int(word)
    try:
        return kind(word) if kind in (int, float) else word
    except ValueError as exc:
        raise BadSettings(f"{name} is a number, not {word!r}") from exc


def _build(kind: Any, found: object, where: str, at: str) -> Any:
    if not isinstance(found, dict):
        raise BadSettings(f"{where}: {at} is a table, write [{at}]")
    kinds = get_type_hints(kind)
    inside = f" in [{at}]" if at else ""
    if unknown := sorted(found.keys() - kinds.keys()):
        raise BadSettings(f"{where}: unknown key {', '.join(unknown)}{inside}")
    if missing := sorted(kinds.keys() - found.keys()):
        raise BadSettings(
            f"{where}: missing key {', '.join(missing)}{inside};"
            " config/kiosk.toml explains every key"
        )
    values = {}
    for key, wanted in kinds.items():
        name = f"{at}.{key}" if at else key
        if is_dataclass(wanted):
            values[key] = _build(wanted, found[key], where, name)
        else:
            values[key] = _value(found[key], wanted, where, name)
    return kind(**values)


def _value(value: Any, wanted: Any, where: str, name: str) -> object:
    if get_origin(wanted) is Literal:
        choices = get_args(wanted)
        if value not in choices:
            raise BadSettings(
                f"{where}: {name} is one of {', '.join(choices)}, not {value!r}"
            )
        return value
    if wanted is Path and isinstance(value, str) and value:
        return Path(value)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        kind = {int: "a whole number", float: "a number", bool: "true or false"}
        expected = kind.get(wanted, "a text")
        found = "" if name in _SECRET else f", not {value!r}"
        raise BadSettings(f"{where}: {name} is {expected}{found}")
    return value


def _check(settings: Settings, where: str) -> None:
    """What types alone do not say."""
    for fault in _faults(settings):
        raise BadSettings(f"{where}: {fault}")


def _faults(settings: Settings) -> list[str]:
    faults = []
    url = urlsplit(settings.server.url)
    if url.scheme not in ("http", "https") or not url.hostname or url.query:
        faults.append("server.url is an address such as https://queue.example.jp")
    for name, port in (
        ("agent.port", settings.agent.port),
        ("printer.port", settings.printer.port),
    ):
        if not 0 <= port <= 65535:
            faults.append(f"{name} is a port from 0 to 65535")
    if settings.screen.width < 320 or settings.screen.height < 320:
        faults.append("screen.width and screen.height are at least 320 pixels")
    if not 1 <= settings.screen.px_per_mm <= 40:
        faults.append("screen.px_per_mm lies between 1 and 40")
    if not 1 <= settings.numbers.reserve <= 999:
        faults.append("numbers.reserve lies between 1 and 999")
    if settings.printer.profile not in PROFILES:
        faults.append(f"printer.profile is one of {', '.join(sorted(PROFILES))}")
    if settings.printer.link == "network" and not settings.printer.host:
        faults.append("printer.host is missing though printer.link is network")
    if settings.printer.link == "serial" and not settings.printer.device:
        faults.append("printer.device is missing though printer.link is serial")
    if settings.pins.factory != "none" and (
        settings.pins.call_button == settings.pins.mouth_lamp
    ):
        faults.append("pins.call_button and pins.mouth_lamp are the same pin")
    try:
        check_hash(settings.staff.pin)
    except BadPinHash as exc:
        faults.append(f"staff.pin: {exc}")
    return faults
