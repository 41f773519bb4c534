"""The real server as a process of its own, with a clock handed in.

`python -m bench.proofs.serving DATA CATALOGUE PORT PUBLIC_URL OPEN CLOCK`: started by
`bench.proofs.central` only. Serves until SIGTERM.
"""

import sys
from pathlib import Path

from bench.proofs.clock import ProofClock
from server.running import run
from server.settings import Settings


def main(arguments: list[str]) -> None:
    """See the head of this file; OPEN is `always` or `hours`."""
    data, catalogue, port, public_url, opening, clock = arguments
    run(
        settings_of(Path(data), Path(catalogue), int(port), public_url, opening),
        ProofClock.parse(clock).now,
    )


def settings_of(
    data: Path, catalogue: Path, port: int, public_url: str, opening: str
) -> Settings:
    """A server on this machine; it asks no kiosk for its state."""
    return Settings(
        data=data,
        catalogue=catalogue,
        public_url=public_url,
        server_port=port,
        always_open=opening == "always",
        poll_seconds=3600,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
