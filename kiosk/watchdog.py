"""Tells systemd that the first frame is shown and that the loop still turns.

The protocol is one datagram to the socket named in `NOTIFY_SOCKET` (sd_notify(3)); a
leading `@` stands for the abstract namespace. Started by hand there is no such socket.
"""

import socket
from collections.abc import Mapping


class Watchdog:
    """Says nothing if nobody listens."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):
            self._address = "\0" + self._address[1:]

    def ready(self) -> None:
        """The first frame is on the screen and the ledger is open."""
        self._tell("READY=1")

    def turned(self, status: str) -> None:
        """The loop has turned; `status` is one line for people."""
        self._tell(f"WATCHDOG=1\nSTATUS={status}")

    def stopping(self) -> None:
        self._tell("STOPPING=1")

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.connect(self._address)
            line.sendall(message.encode())
