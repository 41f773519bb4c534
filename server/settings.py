"""How this server is set up: a TOML file, overridden by `SEIRIKEN_…` variables.

Checked once and completely at the door; behind it the values are trusted.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

PREFIX: Final = "SEIRIKEN_"


class BadSettings(ValueError):
    """The settings cannot be used; the sentence names the key and the file."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every key of `config/server.toml`; those without a default must be given.

    `data` is a directory of the server's own; `catalogue` holds one file per office.
    `database_url` empty means SQLite inside `data`. `public_url` is what stands in the
    QR of every ticket. `always_open` ignores all opening hours (demo and tests).
    """

    data: Path
    catalogue: Path
    public_url: str
    database_url: str = ""
    server_host: str = "127.0.0.1"
    server_port: int = 8080
    always_open: bool = False
    poll_seconds: float = 10.0
    poll_timeout_seconds: float = 3.0
    figures_seconds: float = 15.0
    session_hours: float = 12.0
    max_calls: int = 3
    same_press_seconds: float = 3.0
    run_share: int = 20
    command_wait_seconds: float = 25.0

    @property
    def database(self) -> str:
        """The database to open, as SQLAlchemy writes addresses."""
        return self.database_url or f"sqlite:///{self.data / 'server.sqlite3'}"


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of `path` with `environ` on top; BadSettings says what is wrong."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as exc:
        raise BadSettings(f"{path}: cannot be read: {exc.strerror}") from exc
    except tomllib.TOMLDecodeError as exc:
        raise BadSettings(f"{path}: is not TOML: {exc}") from exc
    return from_values(found, environ, origin=str(path), beside=path.parent)


def from_values(
    found: Mapping[str, Any],
    environ: Mapping[str, str],
    *,
    origin: str,
    beside: Path,
) -> Settings:
    """Settings out of parsed values; relative directories lie `beside` the file."""
    known = {field.name: field for field in fields(Settings)}
    if unknown := found.keys() - known.keys():
        raise BadSettings(f"{origin}: unknown key {', '.join(sorted(unknown))}")
    values = {
        name: _typed(field, found[name], f"{origin}: {name}")
        for name, field in known.items()
        if name in found
    }
    for name, field in known.items():
        variable = PREFIX + name.upper()
        if variable in environ:
            values[name] = _parsed(field, environ[variable], variable)
        elif name not in values and field.default is MISSING:
            raise BadSettings(f"{origin}: key {name} is missing")
    return _checked(Settings(**values), origin, beside)


def _typed(field: "Field[Any]", value: Any, where: str) -> Any:
    if field.type is Path and isinstance(value, str) and value:
        return Path(value)
    if field.type is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is field.type:
        return value
    raise BadSettings(f"{where} must be a {_word(field)}, not {value!r}")


def _parsed(field: "Field[Any]", text: str, variable: str) -> Any:
    if field.type is bool:
        if text not in {"true", "false"}:
            raise BadSettings(f"{variable} must be true or false, not {text!r}")
        return text == "true"
    try:
        return field.type(text)  # type: ignore[operator]  # Path, str, int or float
    except ValueError as exc:
        raise BadSettings(f"{variable} must be a {_word(field)}, not {text!r}") from exc


def _word(field: "Field[Any]") -> str:
    words = {Path: "path", str: "text", int: "whole number", float: "number"}
    return next((w for kind, w in words.items() if field.type is kind), "true or false")


def _checked(settings: Settings, origin: str, beside: Path) -> Settings:
    if not settings.public_url.lower().startswith(("http://", "https://")):
        raise BadSettings(f"{origin}: public_url must begin with https:// or http://")
    if not 0 <= settings.server_port <= 65535:
        raise BadSettings(f"{origin}: server_port must be from 0 to 65535")
    if settings.same_press_seconds < 0:
        raise BadSettings(f"{origin}: same_press_seconds must be 0 or more")
    for name in (
        "poll_seconds",
        "poll_timeout_seconds",
        "figures_seconds",
        "session_hours",
        "max_calls",
        "run_share",
        "command_wait_seconds",
    ):
        if getattr(settings, name) <= 0:
            raise BadSettings(f"{origin}: {name} must be more than 0")
    return replace(
        settings, data=beside / settings.data, catalogue=beside / settings.catalogue
    )
