"""Every command: 0 when done, 1 with one line that says what to do, 2 for bad usage.

`print-test` has a page of its own, test_trial; `run` too, test_starting.
"""

import configparser
import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from kiosk import __main__ as command
from kiosk import asking, identity, usage
from kiosk.asking import NoAnswer
from kiosk.database import LedgerLock
from kiosk.endpoint import Agent, AgentApp, Answer, Request, Route, Snapshot, problem
from kiosk.identity import Identity
from kiosk.pin import is_right
from tests.kiosk.field import ENROLLED, Field
from tests.kiosk.office import LEDGER

ROOT = Path(__file__).parents[2]
VERBS = tuple(command.COMMANDS)
PATIENCE = 30.0


@pytest.fixture
def field(tmp_path: Path, morning: Path) -> Field:
    """Enrolled, stopped, without a printer; its agent would take any port."""
    field = Field(tmp_path)
    field.remember(morning)
    field.put("link", '"fake"')
    field.put("port", "0", section="agent")
    return field


@pytest.fixture
def served(field: Field, state) -> Iterator[Field]:
    """The agent of a running kiosk, and the settings that name its port."""
    app = AgentApp(lambda: Snapshot(state, 0.0), ENROLLED.state_token, lambda: 0.0)
    agent = Agent(app, "127.0.0.1", 0)
    agent.start()
    field.put("port", str(agent.port), section="agent")
    yield field
    agent.close()


def asked(field: Field, *words: str) -> int:
    return command.main(["--settings", str(field.path), *words])


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """What a failed command said: one line on stderr that begins with its name."""
    (line,) = capsys.readouterr().err.splitlines()
    name, _, sentence = line.partition(": ")
    assert name == "seiriken-kiosk"
    return sentence


# Usage


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_explains_itself(verb, capsys):
    with pytest.raises(SystemExit) as end:
        command.main([verb, "--help"])
    assert end.value.code == 0
    assert f"seiriken-kiosk {verb}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["dance"],
        ["status", "--yaml"],
        ["provision"],
        ["provision", "--code", "1", "--pin"],
        ["bundle", "--log-lines", "many"],
        ["print-test", "--language", "tlh"],
    ],
)
def test_bad_usage_is_2(words, capsys):
    with pytest.raises(SystemExit) as end:
        command.main(words)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: seiriken-kiosk")


def test_the_settings_may_be_named_before_or_after_the_command(served, capsys):
    path = str(served.path)
    assert command.main(["--settings", path, "status"]) == 0
    assert command.main(["status", "--settings", path]) == 0
    first, second = capsys.readouterr().out.split("chuo-1 in chuo")[1:]
    assert first == second


def test_the_unit_says_what_the_command_line_understands():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "systemd" / "seiriken-kiosk.service", "utf-8")
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/seiriken-kiosk")
    given = usage.parser({"STATE_DIRECTORY": "/var/lib/seiriken"}).parse_args(words)
    assert given.settings == Path("/etc/seiriken/kiosk.toml")
    assert given.last_good == Path("/var/lib/seiriken")


@pytest.mark.parametrize("verb", ["run", "status", "print-test"])
def test_bad_settings_are_one_line(field, verb, capsys):
    field.put("port", '"eight"', section="agent")
    assert asked(field, verb) == 1
    assert one_line(capsys) == (
        f"{field.path}: agent.port is a whole number, not 'eight'"
    )


def test_the_page_explains_every_command_and_option():
    page = (ROOT / "docs" / "kiosk.md").read_text("utf-8")
    table = page.partition("## The command line")[2].partition("###")[0]
    for verb in VERBS:
        assert f"\n| `{verb}" in table
    for option in ("--last-good", "--code", "--pin", "--output", "--log-lines"):
        assert option in table


# status


def test_status_is_for_people(served, capsys):
    assert asked(served, "status") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "chuo-1 in chuo, version 0.1.0, up 0:01:00"
    assert lines[1] == "screen    home"
    assert lines[2].startswith("printer   ok, paper ok, since 2026-11-24 ")
    assert "numbers   moving 80" in lines
    assert "tickets   2 today" in lines
    assert lines[-1] == "warn      disk: getting full"


def test_status_is_for_machines_too(served, state, capsys):
    assert asked(served, "status", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(state.model_dump_json())


def test_status_of_a_kiosk_that_does_not_run(field, capsys):
    field.put("port", "1", section="agent")
    assert asked(field, "status") == 1
    assert one_line(capsys) == (
        "no kiosk at http://127.0.0.1:1 (nobody answers there): start it, or correct"
        " [agent] in the settings"
    )


def test_status_of_a_kiosk_that_was_never_enrolled(field, capsys):
    for path in field.data.glob("identity*.json"):
        path.unlink()
    assert asked(field, "status") == 1
    assert "run seiriken-kiosk provision" in one_line(capsys)


def test_status_of_a_kiosk_that_was_enrolled_anew_while_it_ran(field, state, capsys):
    app = AgentApp(lambda: Snapshot(state, 0.0), "yesterday", lambda: 0.0)
    agent = Agent(app, "127.0.0.1", 0)
    agent.start()
    try:
        field.put("port", str(agent.port), section="agent")
        assert asked(field, "status") == 1
        assert "refuses the state token" in one_line(capsys)
        for _ in range(9):
            asked(field, "status")
        capsys.readouterr()
        asked(field, "status")
        assert "wait a minute" in one_line(capsys)
    finally:
        agent.close()


def test_what_takes_the_connection_and_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/state"
        with pytest.raises(NoAnswer, match=r"no answer within 0\.05 s"):
            asking.ask(address, patience=0.05)


def test_status_of_something_else(field):
    def other(address: str, token: str) -> asking.Answer:
        return asking.Answer(404, b"<html>a router</html>")

    with pytest.raises(asking.NoState, match="is no kiosk of this version"):
        asking.state(field.settings.agent, Identity(ENROLLED), other)


def test_an_agent_on_all_addresses_is_asked_on_the_own_one(field):
    for host, reached in (
        ("0.0.0.0", "http://127.0.0.1:0"),
        ("::", "http://[::1]:0"),
        ("192.168.1.20", "http://192.168.1.20:0"),
    ):
        field.put("host", f'"{host}"', section="agent")
        assert asking.address_of(field.settings.agent) == reached


# provision


@pytest.fixture
def server(state) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that enrols whoever has the code 12345678; its address, its visitors."""
    asked_by: list[dict[str, Any]] = []

    def enrol(request: Request) -> Answer:
        asked_by.append(json.loads(request.body))
        if asked_by[-1]["code"] != "12345678":
            return problem(404, "this code is not known")
        return Answer(201, ENROLLED.model_dump_json().encode())

    route = Route("POST", "/api/kiosk/v1/enrol", enrol)
    app = AgentApp(lambda: Snapshot(state, 0.0), "none", lambda: 0.0, [route])
    agent = Agent(app, "127.0.0.1", 0)
    agent.start()
    yield f"http://127.0.0.1:{agent.port}", asked_by
    agent.close()


@pytest.fixture
def new(tmp_path: Path, server) -> Field:
    """A kiosk out of the box, its settings written."""
    field = Field(tmp_path)
    field.put("url", f'"{server[0]}"')
    field.put("host", '"0.0.0.0"', section="agent")
    return field


def test_a_code_makes_it_a_kiosk_the_server_can_reach(new, server, capsys):
    assert asked(new, "provision", "--code", "12345678") == 0
    assert capsys.readouterr().out == (
        "enrolled as chuo-1 in chuo, reached at http://127.0.0.1:8090\n"
    )
    assert server[1][0]["agent_address"] == "http://127.0.0.1:8090"
    assert identity.load(new.data) == Identity(ENROLLED)


def test_the_address_can_be_said(new, server):
    where = "http://kiosk-2.example.jp:8090"
    words = ("provision", "--code", "12345678", "--agent-address", where)
    assert asked(new, *words) == 0
    assert server[1][0]["agent_address"] == where


def test_a_wrong_code_is_1(new, capsys):
    assert asked(new, "provision", "--code", "87654321") == 1
    assert one_line(capsys) == (
        "enrol: this code is not known: make a new code with seiriken-server enrol and"
        " try again"
    )


def test_a_server_no_way_leads_to(new, capsys):
    new.put("url", '"http://no-such-host.invalid"')
    assert asked(new, "provision", "--code", "12345678") == 1
    assert "say --agent-address" in one_line(capsys)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root writes for others")
def test_what_root_writes_belongs_to_the_kiosks_user(new):
    os.chown(new.data, 12345, 12345)
    assert asked(new, "provision", "--code", "12345678") == 0
    new.put("link", '"fake"')
    assert asked(new, "print-test") == 0
    assert {path.stat().st_uid for path in new.data.iterdir()} == {12345}
    assert (new.data / "ledger.lock").exists()


def test_a_pin_becomes_a_hash_and_a_bad_one_a_sentence():
    def asks() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "kiosk", "provision", "--pin"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # no terminal: it is read from here
        )

    pins = ("4821", "12")
    begun = [asks() for _ in pins]
    (hashed, _), (nothing, said) = (
        process.communicate(f"{pin}\n", timeout=PATIENCE)
        for process, pin in zip(begun, pins, strict=True)
    )
    assert is_right("4821", hashed.strip())
    assert [process.returncode for process in begun] == [0, 1]
    assert nothing == ""
    assert said.endswith("seiriken-kiosk: the PIN has 4 to 8 digits\n")


# doctor


def test_the_doctor_ends_with_1_when_there_is_a_fault(field, capsys):
    (field.data / LEDGER).write_bytes(b"noise" * 4000)
    assert asked(field, "doctor") == 1
    told = capsys.readouterr()
    assert told.out.startswith("OK     settings ")
    assert f"\nFAULT  ledger       {field.data}" in told.out
    (line,) = told.err.splitlines()
    assert "ledger" in line.partition("faults: ")[2]


def test_the_doctors_json_is_nothing_but_json(field, capsys):
    field.put("link", '"network"')
    field.put("port", "1", section="printer")
    assert asked(field, "doctor", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["kiosk_id"], told["running"]) == ("chuo-1", False)
    levels = {check["name"]: check["level"] for check in told["checks"]}
    assert levels["printer"] == "fault"
    assert levels["ledger"] == "ok"


def test_the_doctor_of_a_running_kiosk_asks_the_kiosk(served, capsys):
    lock = LedgerLock(served.data)
    try:
        asked(served, "doctor", "--json")
    finally:
        lock.release()
    told = json.loads(capsys.readouterr().out)
    assert told["running"]
    checks = {check["name"]: check for check in told["checks"]}
    assert checks["agent"]["text"] == "the kiosk reports disk: getting full"


# bundle


def test_a_bundle_lies_where_it_is_made(field, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert asked(field, "bundle", "--log-lines", "1") == 0
    (path,) = tmp_path.glob("seiriken-kiosk-chuo-1-*.zip")
    assert capsys.readouterr().out == f"{path.name}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with ZipFile(path) as archive:
        doctor = json.loads(archive.read("doctor.json"))
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert doctor["kiosk_id"] == "chuo-1"
    for secret in (ENROLLED.credential, ENROLLED.token_key, ENROLLED.state_token):
        assert secret.encode() not in whole


def test_a_bundle_is_made_of_a_running_kiosk(served, tmp_path):
    out = tmp_path / "out.zip"
    assert asked(served, "bundle", "--output", str(out)) == 0
    with ZipFile(out) as archive:
        assert json.loads(archive.read("state.json"))["tickets_today"] == 2


def test_a_bundle_is_made_of_a_kiosk_with_bad_settings(field, tmp_path):
    field.put("port", '"eight"', section="agent")
    out = tmp_path / "out.zip"
    assert asked(field, "bundle", "--output", str(out)) == 0
    with ZipFile(out) as archive:
        doctor = json.loads(archive.read("doctor.json"))
    assert doctor["checks"][0]["level"] == "fault"


def test_a_bundle_with_nowhere_to_go(field, tmp_path, capsys):
    assert asked(field, "bundle", "--output", str(tmp_path / "no" / "b.zip")) == 1
    assert one_line(capsys).endswith("is no directory: choose another --output")
    assert asked(field, "bundle", "--output", "/proc/b.zip") == 1
    assert one_line(capsys).endswith("choose another --output")


# Somebody else


@pytest.fixture
def nobody(morning: Path) -> Iterator[Field]:
    """Somebody who may read the settings of a kiosk, and nothing else of it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        field = Field(Path(folder))
        field.remember(morning)
        os.seteuid(65534)
        yield field
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("verb", ["run", "status", "print-test"])
def test_somebody_elses_kiosk_is_one_line(nobody, verb, capsys):
    assert asked(nobody, verb) == 1
    assert one_line(capsys).endswith(" (Permission denied)")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_the_doctor_tells_somebody_else_what_to_do(nobody, capsys):
    assert asked(nobody, "doctor") == 1
    told = capsys.readouterr().out
    for name in ("data", "ledger", "identity"):
        (line,) = [w for w in told.splitlines() if w.split()[1] == name]
        assert line.startswith("FAULT")
        assert line.endswith("another user's: run this with sudo")
