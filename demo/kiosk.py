"""The demo's kiosk: the real one, with the mirror handed to its agent."""

import argparse
import os
import sys
from pathlib import Path

from demo.mirror import mirror
from kiosk import __main__ as command
from kiosk import machine, settings


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM; 1 with one line on stderr if it cannot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("settings", type=Path)
    parser.add_argument("--printer-page", required=True)
    parser.add_argument("--link", action="append", default=[], metavar="TEXT=ADDRESS")
    given = parser.parse_args(arguments)
    links = dict(link.rsplit("=", 1) for link in given.link)
    try:
        chosen = settings.load(given.settings, os.environ)
        command.start_logging(chosen)
        machine.run(
            chosen, extra_routes=lambda face: mirror(face, given.printer_page, links)
        )
    except command.TROUBLES as exc:
        print(f"seiriken-demo kiosk: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
