"""The command line of `seiriken-kiosk`: which commands there are and what they take."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk.bundle import LOG_LINES
from language.words import available

PROGRAM: Final = "seiriken-kiosk"
_SETTINGS: Final = Path("/etc/seiriken/kiosk.toml")
_DATA: Final = Path("/var/lib/seiriken")


def parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    """Gives the `command` by name; the environment says where things usually are."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Run the ticket machine and look after it."
    )
    default = Path(environ.get("SEIRIKEN_KIOSK_SETTINGS", _SETTINGS))
    _take_settings(parser, default)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _verb(verbs, "run", "serve visitors until SIGTERM")
    run.add_argument(
        "--last-good",
        type=Path,
        nargs="?",
        const=data_directory(environ),
        metavar="DATA_DIR",
        help="if the settings are bad, take the last good ones kept there"
        " (default: $STATE_DIRECTORY or %(const)s)",
    )
    enrol = _verb(verbs, "provision", "enrol this kiosk, or make a PIN hash")
    what = enrol.add_mutually_exclusive_group(required=True)
    what.add_argument("--code", help="the one-time code from seiriken-server enrol")
    what.add_argument("--pin", action="store_true", help="make a hash for [staff] pin")
    enrol.add_argument(
        "--agent-address",
        metavar="URL",
        help="where the server reaches this kiosk (default: found out)",
    )
    look = _verb(verbs, "doctor", "examine this machine; works at any time")
    look.add_argument("--json", action="store_true", help="for machines")
    ask = _verb(verbs, "status", "ask the running kiosk how it is")
    ask.add_argument("--json", action="store_true", help="the state document itself")
    pack = _verb(verbs, "bundle", "pack what support needs, without secrets")
    pack.add_argument("--output", type=Path, metavar="FILE", help="where to write it")
    pack.add_argument(
        "--log-lines",
        type=_count,
        default=LOG_LINES,
        metavar="N",
        help="how many lines of the log (default: %(default)s)",
    )
    slip = _verb(verbs, "print-test", "print a test slip; no kiosk runs")
    slip.add_argument("--language", choices=available(), default="ja")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help, description=help)
    # Before or after the command; without a word here the one before stands.
    _take_settings(parser, argparse.SUPPRESS)
    parser.set_defaults(command=name)
    return parser


def _take_settings(parser: argparse.ArgumentParser, default: Path | str) -> None:
    shown = "" if default == argparse.SUPPRESS else " or %(default)s"
    parser.add_argument(
        "--settings",
        type=Path,
        default=default,
        metavar="FILE",
        help=f"settings file (default: $SEIRIKEN_KIOSK_SETTINGS{shown})",
    )


def _count(word: str) -> int:
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"{word!r} is no number of lines")
    return int(word)


def data_directory(environ: Mapping[str, str]) -> Path:
    """Where the last good settings are looked for while there are no others."""
    names = ("SEIRIKEN_DATA_DIR", "SEIRIKEN_DATA", "STATE_DIRECTORY")
    told = [environ[name] for name in names if environ.get(name)]
    return Path(told[0]) if told else _DATA
