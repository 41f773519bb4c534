"""Where everything of the demo answers; each port has its environment variable."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"


class BadAddress(ValueError):
    """A port in the environment is not one; the sentence names the variable."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Ports on the loopback interface, and the folder that holds all data."""

    data: Path
    server_port: int
    kiosk_port: int
    printer_port: int
    printer_page_port: int

    @property
    def server(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    @property
    def kiosk(self) -> str:
        return f"http://{HOST}:{self.kiosk_port}"

    @property
    def printer(self) -> str:
        return f"{HOST}:{self.printer_port}"

    @property
    def printer_page(self) -> str:
        return f"http://{HOST}:{self.printer_page_port}"


def addresses(environment: Mapping[str, str]) -> Addresses:
    """Read the environment; what it does not set has the value of the contract."""
    return Addresses(
        data=Path(environment.get("SEIRIKEN_DATA", "var/demo")).absolute(),
        server_port=_port(environment, "SEIRIKEN_SERVER_PORT", 8080),
        kiosk_port=_port(environment, "SEIRIKEN_KIOSK_PORT", 8090),
        printer_port=_port(environment, "SEIRIKEN_PRINTER_PORT", 9100),
        printer_page_port=_port(environment, "SEIRIKEN_PRINTER_WEB_PORT", 9180),
    )


def _port(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    text = environment.get(name, str(otherwise))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise BadAddress(f"{name} must be a port from 1 to 65535, not {text!r}")
    return int(text)
