"""seiriken-printer-sim: the virtual printer as a program."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from math import isnan
from pathlib import Path

from drivers.sim.faults import ORDINARY, Misuse, Quirks, quirk
from drivers.sim.keeping import Keeper
from drivers.sim.page_server import PageServer
from drivers.sim.sim import PrinterSim
from drivers.sim.web import application

_EPILOG = """\
quirks: no_gsh no_clear mute_when_offline asb_off_on_init (true unless =false)
        cutter_needs_enq sjis_by_default ibm_rows poses_as_epson refuse_second
Faults are switched on the page, or: curl -d '{"fault": "paper_end", "on": true}'
http://127.0.0.1:9180/fault
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="seiriken-printer-sim",
        description="A virtual ESC/POS receipt printer on TCP or a pseudo terminal.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address for both ports (%(default)s)")
    add(
        "--port",
        type=_port,
        default=os.environ.get("SEIRIKEN_PRINTER_PORT", "9100"),
        help="the printer's port, 0 for a free one (%(default)s)",
    )
    add(
        "--web-port",
        type=_port,
        default=os.environ.get("SEIRIKEN_PRINTER_WEB_PORT", "9180"),
        help="the page's port, 0 for a free one (%(default)s)",
    )
    add(
        "--pty",
        nargs="?",
        const="",
        metavar="NAME",
        help="a pseudo terminal instead of TCP, with a link to it called NAME",
    )
    add("--speed", type=_amount, default=250.0, help="mm/s, or inf (%(default)s)")
    add("--width", type=_dots, default=576, help="printable dots (%(default)s)")
    add("--roll", type=_amount, default=60_000.0, help="mm of paper (%(default)s)")
    add("--quirk", action="append", default=[], metavar="NAME[=BOOL]", help="see below")
    add("--seed", type=int, default=0, help="which replies get lost (%(default)s)")
    add("--paper-dir", type=Path, help="keep every sheet there (.png .bin .json)")
    add("--capture", type=Path, help="append every received byte to this file")
    return parser


def _port(text: str) -> int:
    if text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a port (0 to 65535)")


def _amount(text: str) -> float:
    amount = float(text)
    if isnan(amount) or amount <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number above 0")
    return amount


def _dots(text: str) -> int:
    if text.isdigit() and 8 <= int(text) <= 4096:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a number of dots (8 to 4096)")


def _quirks(words: Sequence[str]) -> Quirks:
    chosen = ORDINARY
    for word in words:
        chosen = quirk(word, chosen)
    return chosen


def main(argv: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM. 0 stopped, 1 could not start, 2 bad usage."""
    parser = _parser()
    wish = parser.parse_args(argv)
    try:
        quirks = _quirks(wish.quirk)
    except Misuse as misuse:
        parser.error(str(misuse))
    over = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: over.set())
    try:
        _serve(wish, quirks, over)
    except OSError as problem:
        print(
            f"seiriken-printer-sim: {problem}; choose other ports or paths, see --help",
            file=sys.stderr,
        )
        return 1
    return 0


def _serve(wish: argparse.Namespace, quirks: Quirks, over: threading.Event) -> None:
    printer = PrinterSim(
        host=wish.host,
        port=wish.port,
        pty=wish.pty is not None,
        pty_name=Path(wish.pty) if wish.pty else None,
        speed=wish.speed,
        width=wish.width,
        roll=wish.roll,
        quirks=quirks,
        capture=wish.capture,
        seed=wish.seed,
    )
    with printer, PageServer(application(printer), wish.host, wish.web_port) as page:
        where = printer.pty_path or f"{wish.host}:{printer.port}"
        print(f"printer {where}  page http://{wish.host}:{page.port}/", flush=True)
        if wish.paper_dir is None:
            over.wait()
        else:
            Keeper(printer, wish.paper_dir).run(over)


if __name__ == "__main__":
    sys.exit(main())
