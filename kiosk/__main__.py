"""`seiriken-kiosk`: run the ticket machine and look after it."""

import argparse
import logging
import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path

import requests

from drivers import DeviceError
from kiosk import machine, provision, settings
from kiosk.database import LedgerInUse, LedgerTooNew, StorageTrouble
from kiosk.endpoint import CannotServe
from kiosk.identity import BadIdentity
from kiosk.line import Line, LineTrouble
from kiosk.pin import hash_pin
from kiosk.provision import EnrolmentRefused
from kiosk.settings import BadSettings, Settings
from kiosk.ui.window import NoDisplay
from protocol.messages import Finding

PROGRAM = "seiriken-kiosk"
DEFAULT_SETTINGS = Path("/etc/seiriken/kiosk.toml")
TROUBLES = (
    BadIdentity,
    BadSettings,
    CannotServe,
    DeviceError,
    EnrolmentRefused,
    LedgerInUse,
    LedgerTooNew,
    LineTrouble,
    NoDisplay,
    StorageTrouble,
)


class Failed(Exception):
    """The command could not do it; the sentence says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """0 on success, 1 on failure with one line on stderr; argparse exits with 2."""
    given = _parser().parse_args(arguments)
    try:
        given.command(given)
    except (*TROUBLES, Failed) as exc:
        print(f"{PROGRAM}: {exc}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    parser.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("SEIRIKEN_KIOSK_SETTINGS", DEFAULT_SETTINGS)),
        help="settings file (default: $SEIRIKEN_KIOSK_SETTINGS or %(default)s)",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _verb(verbs, "run", _run, "serve visitors until SIGTERM")
    run.add_argument(
        "--last-good",
        type=Path,
        metavar="DATA_DIR",
        help="if the settings are bad, take the last good ones kept there",
    )
    enrol = _verb(
        verbs, "provision", _provision, "enrol this kiosk, or make a PIN hash"
    )
    enrol.add_argument("--code", help="the one-time code from seiriken-server enrol")
    enrol.add_argument("--agent-address", help="where the server reaches this kiosk")
    enrol.add_argument("--pin", action="store_true", help="make a hash for [staff] pin")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], None],
    help: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help, description=help)
    parser.set_defaults(command=command)
    return parser


def _run(given: argparse.Namespace) -> None:
    findings: tuple[Finding, ...] = ()
    if given.last_good is None:
        chosen = settings.load(given.settings, os.environ)
    else:
        chosen, fault = settings.load_last_good(
            given.settings, given.last_good, os.environ
        )
        if fault is not None:
            findings = (_finding("bad_settings", fault),)
    start_logging(chosen)
    kept = given.settings if not findings else None

    def keep() -> None:
        if kept is not None:
            settings.keep_last_good(kept, chosen)

    machine.run(chosen, findings=findings, when_ready=keep)


def start_logging(chosen: Settings) -> None:
    """To standard error: systemd's journal adds the time."""
    logging.basicConfig(
        level=chosen.log.level.upper(),
        format="%(levelname)s %(name)s: %(message)s",
        force=True,
    )


def _provision(given: argparse.Namespace) -> None:
    if given.pin:
        print(hash_pin(getpass("PIN (4 to 8 digits): "), secrets.token_bytes(16)))
        return
    if not given.code:
        raise Failed("give the one-time code: --code CODE")
    chosen = settings.load(given.settings, os.environ)
    chosen.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = given.agent_address or f"http://{chosen.agent.host}:{chosen.agent.port}"
    line = Line(requests.Session(), chosen.server.url)
    enrolled = provision.provision(
        chosen.data_dir, line, given.code, address, lambda: secrets.token_urlsafe(24)
    )
    print(f"enrolled as {enrolled.kiosk_id} in {enrolled.office}")


def _finding(code: str, text: str) -> Finding:
    now: datetime = machine.system_now().astimezone(UTC)
    return Finding(code=code, level="fault", text=text, since=now)


if __name__ == "__main__":
    sys.exit(main())
