"""`seiriken-kiosk`: run the ticket machine and look after it."""

import argparse
import json
import logging
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from getpass import getpass
from importlib.metadata import version
from pathlib import Path
from time import monotonic

import requests
from pydantic import JsonValue

from drivers import DeviceError
from kiosk import (
    asking,
    bundle,
    identity,
    machine,
    provision,
    settings,
    status,
    trial,
    usage,
)
from kiosk.clock import FLOOR, Clock, system_evidence
from kiosk.database import LedgerInUse, LedgerTooNew, StorageTrouble
from kiosk.doctor import real, verdict
from kiosk.doctor.examination import Examination, examine
from kiosk.endpoint import CannotServe
from kiosk.files import write_whole
from kiosk.identity import BadIdentity
from kiosk.line import Line, LineTrouble
from kiosk.pin import hash_pin
from kiosk.provision import EnrolmentRefused
from kiosk.settings import BadSettings, Settings
from kiosk.ui.window import NoDisplay
from kiosk.vitals import Doctor, ask_vcgencmd
from protocol.messages import Finding

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
    asking.NoState,
    trial.KioskRuns,
    trial.NotPrinted,
)


class Failed(Exception):
    """The command could not do it; the sentence says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """0 on success, 1 on failure with one line on stderr; argparse exits with 2."""
    given = usage.parser(os.environ).parse_args(arguments)
    try:
        COMMANDS[given.command](given)
    except (*TROUBLES, Failed) as exc:
        return _fail(str(exc))
    except PermissionError as exc:
        who = f"as the user it belongs to, or with sudo ({exc.strerror})"
        return _fail(f"{exc.filename} may not be used: run this {who}")
    return 0


def _fail(sentence: str) -> int:
    print(f"{usage.PROGRAM}: {' '.join(sentence.split())}", file=sys.stderr)
    return 1


# Running


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


def _finding(code: str, text: str) -> Finding:
    now: datetime = machine.system_now().astimezone(UTC)
    return Finding(code=code, level="fault", text=text, since=now)


# Looking after it


def _provision(given: argparse.Namespace) -> None:
    if given.pin:
        try:
            print(hash_pin(getpass("PIN (4 to 8 digits): "), secrets.token_bytes(16)))
        except ValueError as exc:
            raise Failed(str(exc)) from exc
        return
    chosen = settings.load(given.settings, os.environ)
    chosen.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = given.agent_address or _own_address(chosen)
    line = Line(requests.Session(), chosen.server.url)
    try:
        enrolled = provision.provision(
            *(chosen.data_dir, line, given.code, address),
            lambda: secrets.token_urlsafe(24),
        )
    finally:
        _leave_to_its_user(chosen.data_dir)
    print(f"enrolled as {enrolled.kiosk_id} in {enrolled.office}, reached at {address}")


def _own_address(chosen: Settings) -> str:
    try:
        return asking.address_for(chosen.server.url, chosen.agent)
    except asking.NoAnswer as exc:
        raise Failed(f"{exc}; say --agent-address http://ADDRESS:PORT") from exc


def _leave_to_its_user(directory: Path) -> None:
    """What root writes there belongs to the kiosk's user, who has to read it."""
    if os.geteuid() != 0:
        return
    about = directory.stat()
    for path in directory.iterdir():
        with suppress(FileNotFoundError):  # a running kiosk's short-lived helper file
            os.chown(path, about.st_uid, about.st_gid, follow_symlinks=False)


def _examine(given: argparse.Namespace) -> Examination:
    world = real.world(os.environ, machine.system_now, monotonic)
    return examine(given.settings, usage.data_directory(os.environ), world)


def _told(found: Examination) -> dict[str, JsonValue]:
    return verdict.document_of(
        found.verdicts,
        kiosk_id=found.identity.kiosk_id if found.identity else "",
        version=version("seiriken"),
        running=found.running,
    )


def _doctor(given: argparse.Namespace) -> None:
    _be_quiet()
    found = _examine(given)
    if given.json:
        print(json.dumps(_told(found), ensure_ascii=False, indent=2))
    else:
        print(verdict.text_of(found.verdicts))
    if faults := verdict.faults_in(found.verdicts):
        raise Failed(f"faults: {', '.join(faults)}; their lines say what to do")


def _status(given: argparse.Namespace) -> None:
    chosen = settings.load(given.settings, os.environ)
    known = identity.load(chosen.data_dir)
    state = asking.state(chosen.agent, known, asking.ask)
    print(state.model_dump_json(indent=2) if given.json else status.text_of(state))


def _bundle(given: argparse.Namespace) -> None:
    _be_quiet()
    found, now = _examine(given), machine.system_now()
    chosen = found.settings
    vitals = None
    if chosen is not None and chosen.data_dir.is_dir():
        vitals = Doctor(chosen.data_dir, monotonic, ask_vcgencmd).read()
    files = bundle.contents(
        bundle.Sources(
            settings_path=given.settings,
            chosen=chosen,
            doctor=_told(found),
            state=found.state or "no kiosk that could be asked",
            vitals=vitals,
            log=bundle.tail_of_log(given.log_lines),
            environ=os.environ,
        )
    )
    name = bundle.name_for(found.identity.kiosk_id if found.identity else "", now)
    path: Path = given.output or Path(name)
    if not path.absolute().parent.is_dir():
        raise Failed(
            f"{path.absolute().parent} is no directory: choose another --output"
        )
    try:
        write_whole(path.absolute(), bundle.pack(files, now))
    except OSError as exc:
        raise Failed(f"{path}: {exc.strerror}; choose another --output") from exc
    print(path)


def _print_test(given: argparse.Namespace) -> None:
    chosen = settings.load(given.settings, os.environ)
    _be_quiet()
    floor = chosen.data_dir / FLOOR
    evidence = system_evidence(rtc=chosen.clock.rtc)
    clock = Clock(machine.system_now, monotonic, floor, evidence)
    chosen.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        said = trial.print_slip(
            chosen, language=given.language, now=clock.now, monotonic=monotonic
        )
    finally:
        _leave_to_its_user(chosen.data_dir)
    print(said)


def _be_quiet() -> None:
    """What the devices log is for the journal; a command says one thing."""
    logging.basicConfig(level=logging.CRITICAL, force=True)


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "run": _run,
    "provision": _provision,
    "doctor": _doctor,
    "status": _status,
    "bundle": _bundle,
    "print-test": _print_test,
}

if __name__ == "__main__":
    sys.exit(main())
