"""Serves the printer's page with waitress, in a thread that ends when told to."""

import socket
import threading
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

import waitress
from waitress import wasyncore


class PageServer:
    """`port` 0 takes a free one. Raises OSError if the port is taken."""

    def __init__(self, page: WSGIApplication, host: str, port: int) -> None:
        # Bound here: waitress leaves its own socket open when the port is taken.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.create_server((host, port), family=family)
        self.port: int = bound.getsockname()[1]
        self._sockets: dict[int, object] = {}
        self._server = waitress.create_server(
            page, map=self._sockets, sockets=[bound], threads=4, ident=None
        )
        self._stopping = False
        self._thread = threading.Thread(
            target=self._run, name="printer-page", daemon=True
        )

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stopping = True
        self._server.pull_trigger()
        self._thread.join()
        self._server.task_dispatcher.shutdown()
        # Closed last: until here someone may still pull the trigger.
        wasyncore.close_all(self._sockets)

    def _run(self) -> None:
        while not self._stopping:
            wasyncore.loop(timeout=30, map=self._sockets, count=1)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
