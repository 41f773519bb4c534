"""`seiriken-kiosk`: run the ticket machine and look after it."""

import argparse
import json
import logging
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from getpass import getpass
from importlib.metadata import version
from pathlib import Path
from time import monotonic

import requests
from pydantic import JsonValue

from drivers import DeviceError
from kiosk import asking, bundle, identity, machine, provision, settings, status, trial
from kiosk.clock import Clock, system_evidence
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
from language.words import available
from protocol.messages import Finding

PROGRAM = "seiriken-kiosk"
DEFAULT_SETTINGS = Path("/etc/seiriken/kiosk.toml")
DEFAULT_DATA = Path("/var/lib/seiriken")
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
    given = parser(os.environ).parse_args(arguments)
    try:
        given.command(given)
    except (*TROUBLES, Failed) as exc:
        return _fail(str(exc))
    except PermissionError as exc:
        who = f"as the user it belongs to, or with sudo ({exc.strerror})"
        return _fail(f"{exc.filename} may not be used: run this {who}")
    return 0


def _fail(sentence: str) -> int:
    print(f"{PROGRAM}: {' '.join(sentence.split())}", file=sys.stderr)
    return 1


# What can be asked for


def parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    """The command line; the environment says where settings and data usually are."""
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    default = Path(environ.get("SEIRIKEN_KIOSK_SETTINGS", DEFAULT_SETTINGS))
    _take_settings(parser, default)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _verb(verbs, "run", _run, "serve visitors until SIGTERM")
    run.add_argument(
        "--last-good",
        type=Path,
        nargs="?",
        const=_data_directory(environ),
        metavar="DATA_DIR",
        help="if the settings are bad, take the last good ones kept there"
        " (default: $STATE_DIRECTORY or %(const)s)",
    )
    enrol = _verb(
        verbs, "provision", _provision, "enrol this kiosk, or make a PIN hash"
    )
    what = enrol.add_mutually_exclusive_group(required=True)
    what.add_argument("--code", help="the one-time code from seiriken-server enrol")
    what.add_argument("--pin", action="store_true", help="make a hash for [staff] pin")
    enrol.add_argument(
        "--agent-address",
        metavar="URL",
        help="where the server reaches this kiosk (default: found out)",
    )
    look = _verb(verbs, "doctor", _doctor, "examine this machine; works at any time")
    look.add_argument("--json", action="store_true", help="for machines")
    ask = _verb(verbs, "status", _status, "ask the running kiosk how it is")
    ask.add_argument("--json", action="store_true", help="the state document itself")
    pack = _verb(verbs, "bundle", _bundle, "pack what support needs, without secrets")
    pack.add_argument("--output", type=Path, metavar="FILE", help="where to write it")
    pack.add_argument(
        "--log-lines",
        type=_count,
        default=bundle.LOG_LINES,
        metavar="N",
        help="how many lines of the log (default: %(default)s)",
    )
    slip = _verb(verbs, "print-test", _print_test, "print a test slip; no kiosk runs")
    slip.add_argument("--language", choices=available(), default="ja")
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], None],
    help: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help, description=help)
    # Before or after the command; without a word here the one before stands.
    _take_settings(parser, argparse.SUPPRESS)
    parser.set_defaults(command=command)
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


def _data_directory(environ: Mapping[str, str]) -> Path:
    """Where the last good settings are looked for while there are no others."""
    names = ("SEIRIKEN_DATA_DIR", "SEIRIKEN_DATA", "STATE_DIRECTORY")
    told = [environ[name] for name in names if environ.get(name)]
    return Path(told[0]) if told else DEFAULT_DATA


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
    return examine(given.settings, _data_directory(os.environ), world)


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
    floor = chosen.data_dir / machine.CLOCK_FLOOR
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


if __name__ == "__main__":
    sys.exit(main())
