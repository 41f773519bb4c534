"""One process, one worker, until it is told to stop; streams are closed first."""

import signal
import socket
import sys
from collections.abc import Callable
from datetime import datetime
from types import FrameType

import uvicorn

from server.app import create_app
from server.bell import Bell
from server.settings import Settings


class Server(uvicorn.Server):
    """Tells every open stream to end before it waits for connections to close."""

    def __init__(self, config: uvicorn.Config, bell: Bell) -> None:
        super().__init__(config)
        self._bell = bell

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._bell.close()
        await super().shutdown(sockets)


def run(settings: Settings, now: Callable[[], datetime]) -> None:
    """Serve until SIGTERM or Ctrl-C; prints the address once it can be reached."""
    # Requests wait for the press at most this long, not Python's usual 5 ms each time.
    sys.setswitchinterval(0.001)
    app = create_app(settings, now=now)
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    # uvicorn passes the signal on once it has stopped: then that was the end, and well.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, _end)
    print(f"seiriken-server listens on http://{host}:{port}/", flush=True)
    Server(config, app.state.hall.bell).run([listening])


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _listen(settings: Settings) -> socket.socket:
    """Bind before anything is printed, so that a taken port is one clear sentence."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    address = (settings.server_host, settings.server_port)
    try:
        listening.bind(address)
    except OSError as exc:
        listening.close()
        raise OSError(
            f"cannot listen on {address[0]}:{address[1]}: {exc.strerror}"
        ) from exc
    listening.listen(2048)
    return listening
