"""`seiriken-server`: set up, run and look after the central queue server."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from server import settings as settings_file
from server.app import offices_of
from server.catalogue_files import BadCatalogue
from server.offices import Office, UnknownPlace
from server.running import run
from server.settings import BadSettings, Settings
from server.store import counters, export, kiosks, replay, schema, users
from server.store.database import Database
from server.store.log import Cause
from server.store.schema import WrongSchema
from server.store.users import ROLES, User

PROGRAM = "seiriken-server"
DEFAULT_SETTINGS = Path("/etc/seiriken/server.toml")
MIN_PASSWORD = 8


class Failed(Exception):
    """The command could not do it; the sentence says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """0 on success, 1 on failure with one line on stderr; argparse exits with 2."""
    given = _parser().parse_args(arguments)
    try:
        settings = settings_file.load(given.settings, os.environ)
        given.command(settings, given)
    except (BadSettings, BadCatalogue, WrongSchema, Failed, OSError) as exc:
        print(f"{PROGRAM}: {exc}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    parser.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("SEIRIKEN_SERVER_SETTINGS", DEFAULT_SETTINGS)),
        help="settings file (default: $SEIRIKEN_SERVER_SETTINGS or %(default)s)",
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    init = _verb(verbs, "init", _init, "make the database or bring it up to date")
    init.add_argument(
        "--open-counters",
        action="store_true",
        help="open every counter of every office",
    )
    _verb(verbs, "run", _run, "serve until SIGTERM")

    user = verbs.add_parser("user", help="people of the staff").add_subparsers(
        required=True, metavar="COMMAND"
    )
    add = _verb(user, "add", _user_add, "add a user, or change role and password")
    add.add_argument("name")
    add.add_argument("--role", choices=ROLES, required=True)
    add.add_argument("--office", help="leave out for the whole city")
    add.add_argument(
        "--password-stdin", action="store_true", help="read the password from stdin"
    )
    disable = _verb(user, "disable", _user_disable, "let a user in no more")
    disable.add_argument("name")

    enrol = verbs.add_parser("enrol", help="kiosks").add_subparsers(
        required=True, metavar="COMMAND"
    )
    code = _verb(enrol, "create-code", _create_code, "print a one-time enrolment code")
    code.add_argument("--office", required=True)
    code.add_argument("--kiosk", help="its name (default: the next of the office)")
    code.add_argument("--hours", type=float, default=24.0, help="how long it holds")
    revoke = _verb(enrol, "revoke", _revoke, "withdraw a kiosk's credential")
    revoke.add_argument("kiosk")

    out = _verb(verbs, "export", _export, "write the events of a day as CSV")
    out.add_argument("--office", required=True)
    out.add_argument(
        "--day", type=date.fromisoformat, help="YYYY-MM-DD (default: today)"
    )
    out.add_argument("--output", type=Path, help="file (default: standard output)")
    again = _verb(verbs, "replay", _replay, "rebuild the tickets from their events")
    again.add_argument(
        "--replace",
        action="store_true",
        help="put right what differs (stop the server)",
    )
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[Settings, argparse.Namespace], None],
    help: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=help, description=help)
    parser.set_defaults(command=command)
    return parser


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - here the clock enters


def _open(settings: Settings) -> Database:
    database = Database(settings.database)
    schema.check(database.engine)
    return database


def _init(settings: Settings, given: argparse.Namespace) -> None:
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    offices = offices_of(settings)
    database = Database(settings.database)
    schema.upgrade(database.engine)
    with database.write(_now()) as tx:
        kiosks.make_server_key(tx)
        if given.open_counters:
            for office in offices.values():
                for counter in office.catalogue.counters:
                    cause = Cause("system", reason="opened at set-up")
                    counters.set_open(tx, office, counter.id, open=True, cause=cause)
    database.close()
    print(f"ready: {len(offices)} offices, {database.engine.url.render_as_string()}")


def _run(settings: Settings, given: argparse.Namespace) -> None:
    run(settings, _now)


def _user_add(settings: Settings, given: argparse.Namespace) -> None:
    if given.office is not None:
        _check_office(settings, given.office)
    password = (
        sys.stdin.readline().rstrip("\n")
        if given.password_stdin
        else getpass.getpass("password: ")
    )
    if len(password) < MIN_PASSWORD:
        raise Failed(f"a password has at least {MIN_PASSWORD} characters")
    database = _open(settings)
    with database.write(_now()) as tx:
        users.put_user(tx, User(given.name, given.role, given.office), password)
    print(f"{given.name} may log in as {given.role}")


def _user_disable(settings: Settings, given: argparse.Namespace) -> None:
    with _open(settings).write(_now()) as tx:
        if not users.disable_user(tx, given.name):
            raise Failed(f"there is no user {given.name}")
    print(f"{given.name} may log in no more")


def _create_code(settings: Settings, given: argparse.Namespace) -> None:
    _check_office(settings, given.office)
    life = timedelta(hours=given.hours)
    with _open(settings).write(_now()) as tx:
        code, _ = kiosks.create_code(tx, given.office, given.kiosk, life)
    print(code)


def _revoke(settings: Settings, given: argparse.Namespace) -> None:
    with _open(settings).write(_now()) as tx:
        if not kiosks.revoke(tx, given.kiosk):
            raise Failed(f"there is no kiosk {given.kiosk}")
    print(f"{given.kiosk} is withdrawn; its numbers are free")


def _export(settings: Settings, given: argparse.Namespace) -> None:
    office = _check_office(settings, given.office)
    day = given.day or office.day(_now())
    with _open(settings).read() as connection:
        text = export.events_csv(connection, office.id, day)
    if given.output is None:
        sys.stdout.buffer.write(text)
    else:
        given.output.write_bytes(text)


def _replay(settings: Settings, given: argparse.Namespace) -> None:
    with _open(settings).write(_now()) as tx:
        result = replay.replay(tx, replace=given.replace)
    print(f"{result.tickets} tickets, {len(result.different)} differ from their events")
    if result.different and not given.replace:
        raise Failed(
            f"ticket {result.different[0]} and {len(result.different) - 1} others "
            "differ; stop the server and run: seiriken-server replay --replace"
        )


def _check_office(settings: Settings, office: str) -> Office:
    offices = offices_of(settings)
    try:
        return offices.of(office)
    except UnknownPlace as exc:
        raise Failed(f"{exc}; known: {', '.join(offices)}") from exc


if __name__ == "__main__":
    sys.exit(main())
